import type { DataSource, EntityManager } from 'typeorm';
import { DAY_MS, type Clock } from '../kernel';
import { eachApart, type AuditAction, type AuditTrail } from '../platform';
import { oneAtATime } from './one-at-a-time';
import { ERASED, RETENTION_CLASSES, type ErasedTable, type RetentionClass } from './retention-classes';
import type { RetentionPeriods } from './retention-periods';

export interface Erasure {
  readonly class: RetentionClass;
  readonly table: string;
  /** Everything before it goes. */
  readonly before: Date;
  readonly rows: number;
  readonly bytes: number;
}

/** What the audit trail calls a run that came to its end. */
const APPLIED = 'retention.applied';
const SUBJECT = 'personal data';

export interface EraseOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly periods: RetentionPeriods;
  readonly actor: string;
  readonly batchRows?: number;
  /** Asked between batches: what is not done by then the next run does. */
  readonly isStopping?: () => boolean;
}

/**
 * What a run would erase now. Changes nothing. Counters that the run itself brings to nothing, it does not foresee.
 */
export async function previewErasure(
  dataSource: DataSource,
  { clock, periods }: Pick<EraseOptions, 'clock' | 'periods'>,
): Promise<readonly Erasure[]> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query('SET LOCAL statement_timeout = 0');
    const counted: Erasure[] = [];
    // A row that an earlier class takes is not there any more for a later one.
    const taken = new Map<string, { readonly old: string; readonly before: Date }[]>();
    for (const { name, table, before } of everyTable(clock, periods)) {
      const earlier = taken.get(table.table) ?? [];
      const others = earlier.map(
        ({ old }, i) => `AND NOT coalesce((${old.replaceAll('$1', `$${i + 2}`)}), false)`,
      );
      const [row] = await tx.query<{ rows: string; bytes: string }[]>(
        `SELECT count(*) AS rows, coalesce(sum(${table.bytes}), 0) AS bytes FROM ${table.table}
         WHERE (${table.old}) ${others.join(' ')}`,
        [before, ...earlier.map((other) => other.before)],
      );
      taken.set(table.table, [...earlier, { old: table.old, before }]);
      counted.push(erasureOf(name, table, before, Number(row?.rows ?? 0), Number(row?.bytes ?? 0)));
    }
    return counted;
  });
}

/**
 * Erases what is older than its period, so many rows in each transaction. Stopped or killed at any moment, it leaves
 * nothing half done, and the next run goes on with what is left. The audit trail has what was begun and what was done.
 * @returns undefined when another run is under way
 */
export function erase(
  dataSource: DataSource,
  audit: AuditTrail,
  options: EraseOptions,
): Promise<readonly Erasure[] | undefined> {
  return oneAtATime(dataSource, () => eraseAll(dataSource, audit, options));
}

/** When a run of this actor's last erased everything it found. */
export async function lastApplied(dataSource: DataSource, actor: string): Promise<Date | undefined> {
  const [row] = await dataSource.query<{ at: Date }[]>(
    `SELECT at FROM audit_event WHERE subject = $1 AND action = $2 AND actor = $3 ORDER BY id DESC LIMIT 1`,
    [SUBJECT, APPLIED, actor],
  );
  return row?.at;
}

async function eraseAll(
  dataSource: DataSource,
  audit: AuditTrail,
  options: EraseOptions,
): Promise<Erasure[]> {
  const { periods, actor, batchRows = 500, isStopping = () => false } = options;
  const now = options.clock.now();
  const clock = { now: () => now };
  const expected = await previewErasure(dataSource, { clock, periods });
  const note = (action: AuditAction, erasures: readonly Erasure[]): Promise<void> =>
    dataSource.transaction((tx) =>
      audit.record(tx, { actor, action, subject: SUBJECT, details: detailsOf(erasures) }),
    );
  if (expected.every(({ rows }) => rows === 0)) return [...expected];
  await note('retention.begun', expected);
  const done: Erasure[] = [];
  try {
    // What of one class cannot be erased does not keep what of the others is due.
    await eachApart(
      everyTable(clock, periods),
      ({ name, table }) => `${name} in ${table.table}`,
      async ({ name, table, before }) => {
        let [rows, bytes] = [0, 0];
        for (;;) {
          if (isStopping()) break;
          const batch = await dataSource.transaction((tx) => eraseBatch(tx, table, before, batchRows));
          rows += batch.rows;
          bytes += batch.bytes;
          if (batch.rows === 0) break;
        }
        done.push(erasureOf(name, table, before, rows, bytes));
      },
    );
  } catch (error) {
    await note('retention.interrupted', done).catch(() => undefined); // why it ended says more
    throw error;
  }
  await note(isStopping() ? 'retention.interrupted' : APPLIED, done);
  return done;
}

async function eraseBatch(
  tx: EntityManager,
  { table, old, emptied, along, bytes }: ErasedTable,
  before: Date,
  limit: number,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  await tx.query('SET LOCAL statement_timeout = 0');
  const change = emptied === undefined ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${emptied}`;
  const [row] = await tx.query<{ rows: string; bytes: string }[]>(
    `WITH batch AS MATERIALIZED (
       SELECT ctid AS place_of_row, ${bytes} AS freed, ${table}.* FROM ${table} WHERE ${old} LIMIT ${limit} FOR UPDATE),
     changed AS (${change} WHERE ctid = ANY (ARRAY(SELECT place_of_row FROM batch)) RETURNING 1)
     ${along === undefined ? '' : `, along AS (${along})`}
     SELECT (SELECT count(*) FROM changed) AS rows, (SELECT coalesce(sum(freed), 0) FROM batch) AS bytes`,
    [before],
  );
  return { rows: Number(row?.rows ?? 0), bytes: Number(row?.bytes ?? 0) };
}

/** The tables of every class with the instant before which each is erased. */
function everyTable(
  clock: Pick<Clock, 'now'>,
  periods: RetentionPeriods,
): readonly { readonly name: RetentionClass; readonly table: ErasedTable; readonly before: Date }[] {
  const now = clock.now().getTime();
  return RETENTION_CLASSES.flatMap((name) =>
    ERASED[name].map((table) => ({
      name,
      table,
      before: new Date(now - periods[name].keep_days * DAY_MS),
    })),
  );
}

function erasureOf(
  name: RetentionClass,
  { table }: ErasedTable,
  before: Date,
  rows: number,
  bytes: number,
): Erasure {
  return { class: name, table, before, rows, bytes };
}

function detailsOf(erasures: readonly Erasure[]): Record<string, string> {
  return Object.fromEntries(erasures.map((each) => [`${each.class}.${each.table}`, String(each.rows)]));
}
