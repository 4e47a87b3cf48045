import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Steps } from '../kernel';
import { decodeCursor, inTurns, pageOf, type Page } from '../platform';
import { diffPoliciesInSteps, takenBackInSteps, type Policy, type PolicyChange } from './domain';
import { PolicyExaminer, type Examination } from './policy-examination.service';
import { readStored } from './policy-library.service';
import type { Sql } from './policy-lists.service';
import { done, type Outcome } from './policy-refusal';
import { findVersion, type PolicyRow, type PolicyState } from './policy-row';

export interface ActivationRow {
  readonly number: number;
  readonly hash: string;
  readonly replaced: number | null;
  readonly activated_at: Date;
  readonly actor: string;
  readonly reason: string;
}

/** What a version changes. */
export interface PolicyDifference {
  /** The version it is held against. */
  readonly before: number;
  readonly after: PolicyRow;
  readonly changes: readonly PolicyChange[];
}

/** How a version stands to the one in force. */
export interface PolicyStanding {
  readonly inForce: number;
  /** What was put in force since the two parted and would be undone, or changed again. */
  readonly takenBack: readonly PolicyChange[];
}

/**
 * Where a version and the one in force parted: the newest version that the first comes from and that was in force once, or
 * that both come from. By the first alone a way back parts from what it left, though that was copied from what it goes to.
 */
const FORK = `
  WITH RECURSIVE line (of, number) AS (
    SELECT number, number FROM policy_version WHERE number IN ($1, $2)
    UNION ALL
    SELECT line.of, based_on FROM line JOIN policy_version USING (number) WHERE based_on IS NOT NULL)
  SELECT * FROM policy_version
  WHERE number = (
    SELECT max(number) FROM line JOIN policy_version USING (number)
    WHERE of = $1 AND (state IN ('active', 'retired') OR number IN (SELECT number FROM line WHERE of = $2)))`;

const position = z.tuple([z.string().regex(/^\d{1,9}$/)]);

/** The versions as people read them. */
@Injectable()
export class PoliciesReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly examiner: PolicyExaminer,
  ) {}

  async list(query: {
    readonly state?: PolicyState | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  }): Promise<Page<PolicyRow>> {
    const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, position);
    const rows = await this.dataSource.query<PolicyRow[]>(
      `SELECT * FROM policy_version
       WHERE ($1::integer IS NULL OR number < $1) AND ($2::text IS NULL OR state = $2)
       ORDER BY number DESC LIMIT $3`,
      [after, query.state ?? null, query.limit + 1],
    );
    return pageOf(
      rows,
      query.limit,
      (row) => row,
      ({ number }) => [String(number)],
    );
  }

  async find(number: number): Promise<Outcome<PolicyRow>> {
    const row = await findVersion(this.dataSource, number);
    return row === undefined ? { kind: 'not_found', what: `versão ${String(number)}` } : done(row);
  }

  async active(sql: Sql = this.dataSource): Promise<PolicyRow> {
    const [row] = await sql.query<PolicyRow[]>(`SELECT * FROM policy_version WHERE state = 'active'`);
    if (row === undefined) throw new Error('no policy is active');
    return row;
  }

  activations(): Promise<ActivationRow[]> {
    return this.dataSource.query(
      `SELECT number, hash, replaced, activated_at, actor, reason FROM policy_activation ORDER BY id DESC LIMIT 200`,
    );
  }

  async examine(number: number): Promise<Outcome<Examination & { readonly hash: string }>> {
    const found = await this.find(number);
    if (found.kind !== 'done') return found;
    return done(await this.examiner.examineStored(found.value));
  }

  /** What a version changes: against another, or against the one it was copied from. */
  async diff(number: number, against: number | undefined): Promise<Outcome<PolicyDifference>> {
    const after = await this.find(number);
    if (after.kind !== 'done') return after;
    const before = await this.find(against ?? after.value.based_on ?? number);
    if (before.kind !== 'done') return before;
    const changes = await inTurns(changesBetween(before.value, after.value));
    return done({ before: before.value.number, after: after.value, changes });
  }

  /** Whether putting a version in force would undo what was put in force meanwhile. */
  async standing(number: number): Promise<Outcome<PolicyStanding>> {
    const [found, active] = await Promise.all([this.find(number), this.active()]);
    if (found.kind !== 'done') return found;
    return done({ inForce: active.number, takenBack: await this.#takenBack(found.value, active) });
  }

  /**
   * The same of a scheduled version, but for what was there to be seen when its date was set.
   * @throws UnreadablePolicyError when one of those to be compared cannot be read any more
   */
  async standingSinceScheduled(number: number): Promise<Outcome<PolicyStanding>> {
    const [found, active] = await Promise.all([this.find(number), this.active()]);
    if (found.kind !== 'done') return found;
    const { scheduled_over: over } = found.value;
    const inForce = active.number;
    if (over === inForce) return done({ inForce, takenBack: [] });
    const takenBack = await this.#takenBack(found.value, active);
    if (takenBack.length === 0) return done({ inForce, takenBack });
    const before = over === null ? undefined : await findVersion(this.dataSource, over);
    if (before === undefined) return done({ inForce, takenBack });
    const seen = await inTurns(changesTakenBack(before, active, found.value));
    const since = new Set(seen.map(({ path }) => path));
    return done({ inForce, takenBack: takenBack.filter(({ path }) => since.has(path)) });
  }

  async #takenBack(candidate: PolicyRow, active: PolicyRow): Promise<readonly PolicyChange[]> {
    const [fork] = await this.dataSource.query<PolicyRow[]>(FORK, [candidate.number, active.number]);
    return fork === undefined || fork.number === active.number
      ? []
      : inTurns(changesTakenBack(fork, active, candidate));
  }
}

function* changesBetween(before: PolicyRow, after: PolicyRow): Steps<readonly PolicyChange[]> {
  const [a, b] = [yield* read(before), yield* read(after)];
  return [...(yield* diffPoliciesInSteps(a, b)), ...diffLists(before.lists, after.lists)];
}

function* changesTakenBack(
  fork: PolicyRow,
  active: PolicyRow,
  candidate: PolicyRow,
): Steps<readonly PolicyChange[]> {
  const lists = diffLists(fork.lists, active.lists).map(({ path }) => path);
  const [then, now, next] = [yield* read(fork), yield* read(active), yield* read(candidate)];
  return [
    ...(yield* takenBackInSteps(then, now, next)),
    ...diffLists(active.lists, candidate.lists).filter(({ path }) => lists.includes(path)),
  ];
}

/** Others have a turn after each: a large one takes tenths of a second. */
function* read(row: PolicyRow): Steps<Policy> {
  const policy = readStored(row);
  yield;
  return policy;
}

/** Lists kept outside a document are part of what it says. */
function diffLists(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly PolicyChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): readonly PolicyChange[] => {
    const [a, b] = [before[name], after[name]];
    if (a === b) return [];
    const kind = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    return [{ path: `lists[${name}] (sha256)`, kind, before: a, after: b }];
  });
}
