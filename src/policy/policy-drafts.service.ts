import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { AuditTrail, type AuditAction, CLOCK, inTurns, type Actor } from '../platform';
import {
  canonicalPolicy,
  diffPoliciesInSteps,
  haveSameValues,
  isFieldName,
  parsePolicyInSteps,
  structuralChanges,
  type CompiledPolicy,
  type Policy,
  type PolicyProblem,
} from './domain';
import { PeopleOnLists } from './people-on-lists.service';
import { PolicyExaminer, type Examination } from './policy-examination.service';
import { PolicyLibrary, readStored } from './policy-library.service';
import { PolicyLists } from './policy-lists.service';
import { done, type Outcome } from './policy-refusal';
import { lockVersion, type PolicyRow, type Updated } from './policy-row';

/** A document somebody wants to save, and the stored lists that go with it by the names it gives them. */
export interface Manuscript {
  readonly document: unknown;
  readonly lists: Readonly<Record<string, string>>;
}

/** Who tries what is written. */
export interface Author {
  readonly actor: Actor;
  /** Whether they may see a borrower's data. */
  readonly mayReveal: boolean;
}

export interface SavedDraft extends Examination {
  readonly row: PolicyRow;
}

/** Who brought what the lists of a version say and those of the version in force do not, its authors aside. */
const IMPORTERS = `
  SELECT DISTINCT imported_by FROM policy_list JOIN jsonb_each_text(lists) ON value = sha256
  WHERE imported_by <> ALL (authors)
    AND sha256 NOT IN (
      SELECT value FROM policy_version AS in_force, jsonb_each_text(in_force.lists) WHERE in_force.state = 'active')`;

interface Written {
  readonly row: PolicyRow;
  readonly compiled: CompiledPolicy;
}

/** What an author does: copies a version, changes the copy, hands it in. */
@Injectable()
export class PolicyDrafts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly library: PolicyLibrary,
    private readonly lists: PolicyLists,
    private readonly people: PeopleOnLists,
    private readonly examiner: PolicyExaminer,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A draft that begins as a copy: of the version named, or of the active one. Whoever wrote what nobody has approved yet is an
   * author of its copy too, and approves neither.
   */
  create(
    basedOn: number | undefined,
    ownName: string | undefined,
    actor: Actor,
  ): Promise<Outcome<PolicyRow>> {
    return this.dataSource.transaction(async (tx) => {
      const [row] = await tx.query<PolicyRow[]>(
        `INSERT INTO policy_version (hash, document, lists, state, based_on, authors, created_at, changed_at, own_name)
         SELECT hash, document, lists, 'draft', number,
           CASE WHEN state NOT IN ('draft', 'in_review') THEN ARRAY[$2]
             WHEN $2 = ANY (authors) THEN authors ELSE authors || $2 END,
           $3, $3, $4
         FROM policy_version WHERE number = $1 OR ($1::integer IS NULL AND state = 'active')
         RETURNING *`,
        [basedOn ?? null, actor.id, this.clock.now(), ownName ?? null],
      );
      if (row === undefined) return { kind: 'not_found', what: 'versão de origem' };
      await this.#record(tx, 'policy.created', row, actor, { based_on: String(row.based_on) });
      return done(row);
    });
  }

  /** Reads a document without keeping it. */
  async check(
    manuscript: Manuscript,
    { mayReveal }: Pick<Author, 'mayReveal'>,
  ): Promise<Outcome<Examination & { readonly hash: string }>> {
    const read = await this.#read(manuscript, mayReveal);
    if (read.kind !== 'done') return read;
    return done({ hash: read.value.hash, ...(await this.examiner.examine(read.value)) });
  }

  /**
   * Replaces a draft's content, whole. A document with any problem replaces nothing.
   * @param level `values`: nothing but cells, limits and lists may differ.
   */
  async save(
    number: number,
    ifMatch: string,
    manuscript: Manuscript,
    level: 'values' | 'structure',
    { actor, mayReveal }: Author,
  ): Promise<Outcome<SavedDraft>> {
    const read = await this.#read(manuscript, mayReveal);
    const saved = await this.dataSource.transaction(async (tx): Promise<Outcome<Written>> => {
      const before = await lockVersion(tx, number);
      if (before === undefined) return { kind: 'not_found', what: `versão ${String(number)}` };
      if (before.state !== 'draft') return wrongState(before, 'draft');
      if (before.hash !== ifMatch) return { kind: 'changed_meanwhile', hash: before.hash };
      if (read.kind !== 'done') return read;
      const compiled = read.value;
      const changes = await inTurns(diffPoliciesInSteps(readStored(before), compiled.policy));
      const structural = level === 'structure' ? [] : structuralChanges(changes);
      if (structural.length > 0) return { kind: 'structure', paths: structural.map(({ path }) => path) };
      const [[row]] = await tx.query<Updated>(
        `UPDATE policy_version SET hash = $2, document = $3, lists = $4, changed_at = $5,
           authors = CASE WHEN $6 = ANY (authors) THEN authors ELSE authors || $6 END
         WHERE number = $1 RETURNING *`,
        [
          number,
          compiled.hash,
          canonicalPolicy(compiled.policy),
          JSON.stringify(manuscript.lists),
          this.clock.now(),
          actor.id,
        ],
      );
      if (row === undefined) throw new Error('a locked draft is gone');
      await this.#record(tx, 'policy.saved', row, actor, {
        hash_before: before.hash,
        changes: String(changes.length),
      });
      return done({ row, compiled });
    });
    if (saved.kind !== 'done') return saved;
    // After the commit: until then everybody else who records a deed waits, whoever stops bidding among them.
    const { row, compiled } = saved.value;
    return done({ row, ...(await this.examiner.examine(compiled)) });
  }

  /** Calls a draft something else; its content and ETag stay. */
  rename(number: number, ownName: string, actor: Actor): Promise<Outcome<PolicyRow>> {
    return this.#move(number, 'draft', async (tx) => {
      const [[row]] = await tx.query<Updated>(
        `UPDATE policy_version SET own_name = $2 WHERE number = $1 RETURNING *`,
        [number, ownName],
      );
      if (row === undefined) throw new Error('a locked draft is gone');
      await this.#record(tx, 'policy.renamed', row, actor, { name: ownName });
      return done(row);
    });
  }

  /**
   * Hands a draft in for review. One that could never be activated is not worth a reviewer's time. Whoever brought the entries of
   * a list that the version in force lacks wrote a part of it.
   */
  async submit(
    number: number,
    read: string | undefined,
    note: string | undefined,
    actor: Actor,
  ): Promise<Outcome<PolicyRow>> {
    const seen = await this.examiner.obstaclesOf(this.dataSource, { number, from: ['draft'] });
    return this.#move(number, 'draft', async (tx, row) => {
      if (seen?.hash !== row.hash || (read !== undefined && read !== row.hash))
        return { kind: 'changed_meanwhile', hash: row.hash };
      const [same] = await tx.query<{ number: number }[]>(
        `SELECT number FROM policy_version WHERE hash = $1 AND state <> 'draft'`,
        [row.hash],
      );
      if (same !== undefined) return { kind: 'exists_already', number: same.number };
      if (seen.obstacles.length > 0) return { kind: 'not_ready', obstacles: seen.obstacles };
      const [[submitted]] = await tx.query<Updated>(
        `UPDATE policy_version SET state = 'in_review', submitted_at = $2, change_note = coalesce($3, change_note),
           authors = authors || ARRAY(${IMPORTERS})
         WHERE number = $1 RETURNING *`,
        [number, this.clock.now(), note ?? null],
      );
      return this.#recorded(tx, 'policy.submitted', submitted, actor);
    });
  }

  /** Throws a draft away; anything else stays for ever. */
  discard(number: number, read: string | undefined, actor: Actor): Promise<Outcome<PolicyRow>> {
    return this.#move(number, 'draft', async (tx, row) => {
      if (read !== undefined && read !== row.hash) return { kind: 'changed_meanwhile', hash: row.hash };
      await tx.query(`DELETE FROM policy_version WHERE number = $1`, [number]);
      return this.#recorded(tx, 'policy.discarded', row, actor);
    });
  }

  #move(
    number: number,
    from: PolicyRow['state'],
    work: (tx: EntityManager, row: PolicyRow) => Promise<Outcome<PolicyRow>>,
  ): Promise<Outcome<PolicyRow>> {
    return this.dataSource.transaction(async (tx): Promise<Outcome<PolicyRow>> => {
      const row = await lockVersion(tx, number);
      if (row === undefined) return { kind: 'not_found', what: `versão ${String(number)}` };
      return row.state === from ? work(tx, row) : wrongState(row, from);
    });
  }

  async #read({ document, lists }: Manuscript, mayReveal: boolean): Promise<Outcome<CompiledPolicy>> {
    const parsed = await inTurns(parsePolicyInSteps(document));
    if (parsed.kind === 'invalid') return parsed;
    const problems = await this.#listProblems(parsed.policy, lists);
    if (problems.length > 0) return { kind: 'invalid', problems };
    const compiled = await this.library.compileWith(parsed.policy, lists);
    const tried = mayReveal ? done(undefined) : await this.people.tryOnCases(parsed.policy, lists);
    return tried.kind === 'done' || (await this.#isStored(compiled)) ? done(compiled) : tried;
  }

  /** What comes of a stored version's cases is there to be read. */
  async #isStored({ hash }: CompiledPolicy): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT FROM policy_version WHERE hash = $1 LIMIT 1`,
      [hash],
    );
    return rows.length > 0;
  }

  /** Every list that the document leaves outside must be there, hold what the document says, and nothing more be named. */
  async #listProblems(
    policy: Policy,
    given: Readonly<Record<string, string>>,
  ): Promise<readonly PolicyProblem[]> {
    const stored = new Map((await this.lists.find(Object.values(given))).map((one) => [one.sha256, one]));
    const outside = policy.lists.filter((list) => !('entries' in list));
    const problemAt = (name: string, message: string): PolicyProblem => ({
      path: `lists[${name}]`,
      message,
      value: null,
    });
    const missing = outside.flatMap(({ name, of }) => {
      const hash = given[name];
      if (hash === undefined)
        return [problemAt(name, 'a lista fica fora da política: informe o sha256 da lista importada')];
      const list = stored.get(hash);
      if (list === undefined) return [problemAt(name, 'não há lista importada com este sha256')];
      const fits = isFieldName(list.field) && haveSameValues(list.field, of);
      return fits ? [] : [problemAt(name, `a lista importada é de ${list.field}, não de ${of}`)];
    });
    const surplus = Object.keys(given)
      .filter((name) => !outside.some((list) => list.name === name))
      .map((name) => problemAt(name, 'a política não declara uma lista externa com este nome'));
    return [...missing, ...surplus];
  }

  async #recorded(
    tx: EntityManager,
    action: AuditAction,
    row: PolicyRow | undefined,
    actor: Actor,
  ): Promise<Outcome<PolicyRow>> {
    if (row === undefined) throw new Error('a locked policy version is gone');
    await this.#record(tx, action, row, actor);
    return done(row);
  }

  #record(
    tx: EntityManager,
    action: AuditAction,
    { number, hash }: PolicyRow,
    actor: Actor,
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const subject = `policy:${String(number)}`;
    return this.audit.record(tx, { actor: actor.id, action, subject, details: { hash, ...details } });
  }
}

export function wrongState({ state }: PolicyRow, ...needed: PolicyRow['state'][]): Outcome<never> {
  return { kind: 'wrong_state', state, needed };
}
