import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { calendarDateAt, Decimal, SAO_PAULO, type CalendarDate, type Clock } from '../../kernel';
import { instalmentsOwed, printedInstalments } from '../../operation';
import { AuditTrail, CLOCK, inTurns, ProblemException, type Actor } from '../../platform';
import { problemsWithLoans, type ToldLoan } from './held-against-loan';
import { KEY, outcomeInWords, type LoanOutcome, type OutcomeProblem, type OutcomesRead } from './outcome';

/** A month of a portfolio; more come as more files. */
export const MOST_OUTCOMES = 50_000;
/** Wrong lines, and replaced figures, that are named; the count is always whole. */
const MOST_NAMED = 200;

/** The parameter by which somebody says that stored figures are meant to be replaced. */
export const CONFIRM_REPLACEMENT = 'confirm_replacement';

/** What is told, beside what is stored of the same instalments. */
interface Compared {
  /** Of an instalment of which nothing was stored. */
  readonly added: number;
  /** Told again as it is stored. */
  readonly same: number;
  /** In whose place another figure comes. */
  readonly changed: number;
  /** Says which figures these are and what comes in place of each; null where none is replaced. */
  readonly replaces: string | null;
  /** Every wrong line, every unknown loan and everything that cannot be of its loan. */
  readonly problems: readonly OutcomeProblem[];
}

export interface OutcomesPreview extends Compared {
  readonly rows: number;
  /** The first figures that others replace: where each stands, what it was and what it becomes. */
  readonly replaced: readonly OutcomeProblem[];
  /** Lines, each of which may have more than one problem. */
  readonly refused: number;
  /** Sums of the lines that can be read, in reais. */
  readonly paid_amount: string;
  readonly loss_amount: string;
  readonly asks_for: typeof CONFIRM_REPLACEMENT | null;
}

export interface OutcomesTaken {
  readonly id: string;
  readonly outcomes: number;
  readonly loans: number;
  readonly added: number;
  readonly changed: number;
  readonly same: number;
}

/** What became of loans after disbursement, told by who services them. All of a file, or nothing of it. */
@Injectable()
export class LoanOutcomes {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What `take` would do; nothing is stored. */
  async preview(read: OutcomesRead): Promise<OutcomesPreview> {
    const { manager } = this.dataSource;
    const told = JSON.stringify(read.outcomes);
    const { problems, ...counts } = await compare(manager, read, told, calendarDateAt(this.clock.now()));
    return {
      rows: read.lines,
      ...counts,
      refused: new Set(problems.map(({ path }) => /\d+$/.exec(path)?.[0] ?? path)).size,
      ...(await sumsOf(manager, told)),
      replaced: counts.changed > 0 ? await replacedInWords(manager, read, told) : [],
      problems: problems.slice(0, MOST_NAMED),
      asks_for: counts.changed > 0 ? CONFIRM_REPLACEMENT : null,
    };
  }

  /**
   * @param mayReplace whether a stored figure may be replaced by another
   * @param seen what would be replaced when that was said: other figures may not
   * @throws ProblemException 422 with every wrong line and every unknown loan, 409 where a figure would be replaced that may
   * not; then nothing is stored
   */
  async take(read: OutcomesRead, actor: Actor, mayReplace = true, seen?: string): Promise<OutcomesTaken> {
    const { outcomes } = read;
    const told = JSON.stringify(outcomes);
    return this.dataSource.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('loan outcomes', 0))`);
      const { problems, replaces, ...counts } = await compare(
        tx,
        read,
        told,
        calendarDateAt(this.clock.now()),
      );
      const { changed } = counts;
      if (problems.length > 0) throw refused(problems);
      if (changed > 0 && !mayReplace) throw unconfirmed(changed);
      if (changed > 0 && seen !== undefined && seen !== replaces) throw changedMeanwhile();
      const id = randomUUID();
      const loans = new Set(outcomes.map((one) => one.credit_operation_key)).size;
      await tx.query(
        `INSERT INTO loan_outcome_import (id, imported_by, imported_at, outcomes) VALUES ($1, $2, $3, $4)`,
        [id, actor.id, this.clock.now(), outcomes.length],
      );
      await tx.query(STORE, [told, id]);
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'loan_outcomes.imported',
        subject: `loan outcomes ${id}`,
        details: {
          outcomes: String(outcomes.length),
          loans: String(loans),
          replaced: String(changed),
        },
      });
      return { id, outcomes: outcomes.length, loans, ...counts };
    });
  }
}

type Stored = LoanOutcome & { readonly place: number };

interface LoanRow {
  readonly key: string;
  readonly opened_on: CalendarDate;
  readonly installments: number | null;
  readonly owed: string | null;
  readonly lost_before: string;
}

/**
 * @param told the outcomes as JSON: they are many, and sent more than once
 * @throws ProblemException 422 when there is nothing in it, or more than is taken at once
 */
async function compare(
  tx: EntityManager,
  { outcomes, places, problems }: OutcomesRead,
  told: string,
  today: CalendarDate,
): Promise<Compared> {
  if (outcomes.length > MOST_OUTCOMES) {
    const message = `são ${String(outcomes.length)} linhas; cabem ${String(MOST_OUTCOMES)}`;
    throw refused([{ path: '', message }]);
  }
  if (outcomes.length === 0 && problems.length === 0) throw refused([{ path: '', message: 'nenhuma linha' }]);
  const loans = await toldLoans(tx, told);
  const found = await inTurns(problemsWithLoans(outcomes, loans, today));
  const ofLoans = found.map(({ at, field, message }): OutcomeProblem => ({
    path: places[at]?.(field) ?? '',
    message,
  }));
  const [counted] = await tx.query<{ stored: number; same: number; replaces: string | null }[]>(COUNTED, [
    told,
  ]);
  if (counted === undefined) throw new Error('a count has no row');
  const { stored, same, replaces } = counted;
  return {
    added: outcomes.filter((one) => loans.has(one.credit_operation_key)).length - stored,
    same,
    changed: stored - same,
    replaces,
    problems: [...problems, ...ofLoans],
  };
}

/** Those of the loans told of that there are. */
async function toldLoans(tx: EntityManager, told: string): Promise<ReadonlyMap<string, ToldLoan>> {
  const rows = await tx.query<LoanRow[]>(TOLD_LOANS, [told]);
  return new Map(
    rows.map(({ key, opened_on, installments, owed, lost_before }) => [
      key,
      {
        openedOn: opened_on,
        installments: installments ?? undefined,
        owed: owed === null ? undefined : new Decimal(owed),
        lostBefore: new Decimal(lost_before),
      },
    ]),
  );
}

async function sumsOf(
  tx: EntityManager,
  told: string,
): Promise<Pick<OutcomesPreview, 'paid_amount' | 'loss_amount'>> {
  const [sums] = await tx.query<Pick<OutcomesPreview, 'paid_amount' | 'loss_amount'>[]>(SUMS, [told]);
  if (sums === undefined) throw new Error('a sum has no row');
  return sums;
}

/** @returns the first figures that others would replace */
async function replacedInWords(
  tx: EntityManager,
  { outcomes, places }: OutcomesRead,
  told: string,
): Promise<readonly OutcomeProblem[]> {
  const stored = await tx.query<Stored[]>(REPLACED, [told]);
  return stored.flatMap((before): OutcomeProblem[] => {
    const after = outcomes[before.place];
    if (after === undefined) return [];
    const of = `parcela ${String(after.installment)} de ${after.credit_operation_key}`;
    const message = `${of}: de “${outcomeInWords(before)}” para “${outcomeInWords(after)}”`;
    return [{ path: places[before.place]?.(KEY) ?? '', message }];
  });
}

const TOLD = `(credit_operation_key text, installment smallint, due_on date, status text, paid_on date, paid_amount numeric,
    loss_amount numeric)`;
const COMPARED = ['due_on', 'status', 'paid_on', 'paid_amount', 'loss_amount'];
const rowOf = (table: string): string => `(${COMPARED.map((column) => `${table}.${column}`).join(', ')})`;

const STORED = `
  ROWS FROM (jsonb_to_recordset($1::jsonb) AS ${TOLD}) WITH ORDINALITY AS told
  JOIN loan_outcome AS kept USING (credit_operation_key, installment)`;

/** What it owes are the instalments that its payment was told with, where each of them has an amount. */
const TOLD_LOANS = `
  WITH told AS MATERIALIZED (SELECT credit_operation_key, installment FROM jsonb_to_recordset($1::jsonb) AS told ${TOLD}),
    loan AS MATERIALIZED (SELECT credit_operation_key, opened_at, installment_face_value AS each, ${instalmentsOwed('operation')} AS installments,
        ${printedInstalments('operation')} AS printed
      FROM operation WHERE credit_operation_key IN (SELECT credit_operation_key FROM told)),
    lost AS (SELECT credit_operation_key, sum(loss_amount) AS before
      FROM loan_outcome JOIN loan USING (credit_operation_key)
      WHERE loss_amount > 0 AND installment <= coalesce(installments, installment)
        AND (credit_operation_key, installment) NOT IN (SELECT credit_operation_key, installment FROM told)
      GROUP BY credit_operation_key)
  SELECT credit_operation_key AS key, (opened_at AT TIME ZONE '${SAO_PAULO}')::date::text AS opened_on,
    installments, coalesce(lost.before, 0) AS lost_before,
    coalesce((SELECT sum((one ->> 'total_amount')::numeric) FROM jsonb_array_elements(printed) AS one
        HAVING count(one ->> 'total_amount') = installments),
      installments * each) AS owed
  FROM loan LEFT JOIN lost USING (credit_operation_key)`;

const SUMS = `
  SELECT coalesce(sum(paid_amount), 0)::numeric(20, 2) AS paid_amount, coalesce(sum(loss_amount), 0)::numeric(20, 2) AS loss_amount
  FROM jsonb_to_recordset($1::jsonb) AS told ${TOLD}`;

const COUNTED = `
  SELECT count(*)::int AS stored,
    (count(*) FILTER (WHERE ${rowOf('kept')} IS NOT DISTINCT FROM ${rowOf('told')}))::int AS same,
    encode(sha256(convert_to(string_agg(credit_operation_key || installment || ${rowOf('kept')}::text || ${rowOf('told')}::text, ' '
      ORDER BY credit_operation_key, installment) FILTER (WHERE ${rowOf('kept')} IS DISTINCT FROM ${rowOf('told')}), 'UTF8')), 'hex') AS replaces
  FROM ${STORED}`;

const REPLACED = `
  SELECT told.ordinality::int - 1 AS place, kept.due_on::text, kept.status, kept.paid_on::text, kept.paid_amount::text,
    kept.loss_amount::text
  FROM ${STORED} WHERE ${rowOf('kept')} IS DISTINCT FROM ${rowOf('told')} ORDER BY told.ordinality LIMIT ${String(MOST_NAMED)}`;

const STORE = `
  INSERT INTO loan_outcome (credit_operation_key, installment, due_on, status, paid_on, paid_amount, loss_amount, import_id)
  SELECT told.*, $2::uuid FROM jsonb_to_recordset($1::jsonb) AS told ${TOLD}
  ON CONFLICT (credit_operation_key, installment) DO UPDATE SET due_on = excluded.due_on, status = excluded.status,
    paid_on = excluded.paid_on, paid_amount = excluded.paid_amount, loss_amount = excluded.loss_amount,
    import_id = excluded.import_id`;

function refused(errors: readonly OutcomeProblem[]): ProblemException {
  return new ProblemException(422, {
    type: 'invalid',
    title: 'Nada foi gravado: há linhas erradas',
    problems: errors.length,
    errors: errors.slice(0, MOST_NAMED),
  });
}

function unconfirmed(changed: number): ProblemException {
  return new ProblemException(409, {
    type: 'confirm_replacement',
    title: `Nada foi gravado: ${String(changed)} parcelas já informadas mudariam`,
    detail: `Se é isso mesmo, repita com ${CONFIRM_REPLACEMENT}=true.`,
    flag: CONFIRM_REPLACEMENT,
    changed,
  });
}

function changedMeanwhile(): ProblemException {
  return new ProblemException(409, {
    type: 'changed_meanwhile',
    title: 'Nada foi gravado: o que já estava informado mudou desde a conferência',
  });
}
