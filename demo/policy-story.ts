import { DataSource } from 'typeorm';
import { Decimal, type Clock } from '../src/kernel';
import type { Settings } from '../src/platform';
import { ActivePolicy } from '../src/policy';
import { PolicyApproval } from '../src/policy/policy-approval.service';
import { PolicyDrafts } from '../src/policy/policy-drafts.service';
import type { Outcome } from '../src/policy/policy-refusal';
import { BacktestReports } from '../src/trial';
import { runBacktest } from '../src/trial/backtest';
import { CAIO, HELENA } from './people';
import type { Product } from './product';

const TRIED_DAYS_MS = 30 * 86_400_000;

/** A change of rates as a fund makes it: written by one, tried on the past, approved and put in force by another. */
export interface RateChange {
  readonly name: string;
  readonly reason: string;
  /** Rows of the price table whose ids begin so; the change of their rate. */
  readonly rows: Readonly<Record<string, string>>;
  /** The mandate to learn rates, where it comes with the change. */
  readonly learning?: object;
}

interface PricedRow {
  readonly id: string;
  readonly then: { readonly monthly_interest_rate: string };
}

interface Table {
  readonly kind: string;
  readonly rows: readonly PricedRow[];
}

export async function changeRates(
  product: Product,
  clock: Clock,
  settings: Settings,
  change: RateChange,
): Promise<void> {
  const [drafts, approval] = [product.get(PolicyDrafts), product.get(PolicyApproval)];
  const copy = done(await drafts.create(undefined, undefined, HELENA));
  const document = withRates(JSON.parse(copy.document) as object, change);
  const { row } = done(
    await drafts.save(copy.number, copy.hash, { document, lists: copy.lists }, 'structure', {
      actor: HELENA,
      mayReveal: true,
    }),
  );
  await tryOnThePast(product, clock, settings, row.hash);
  done(await drafts.submit(row.number, row.hash, change.reason, HELENA));
  done(await approval.approve(row.number, row.hash, CAIO));
  done(await approval.activate(row.number, change.reason, CAIO));
}

async function tryOnThePast(
  product: Product,
  clock: Clock,
  settings: Settings,
  candidateHash: string,
): Promise<void> {
  const [reports, policies] = [product.get(BacktestReports), product.get(ActivePolicy)];
  const before = clock.now();
  const from = new Date(before.getTime() - TRIED_DAYS_MS);
  const baseline = policies.current();
  await reports.order({ candidateHash, baselineHash: baseline.compiled.hash, from, before }, HELENA);
  const report = await reports.claim();
  const candidate = await policies.byHash(candidateHash);
  if (report === undefined || candidate === undefined) throw new Error('the backtest was not taken');
  const archive = {
    database: product.get(DataSource),
    encryptionKeys: settings.ARREMATE_ENCRYPTION_KEY,
  };
  const result = await runBacktest(archive, { baseline, candidate }, { from, before }, (so_far, total) =>
    reports.progress(report.id, so_far, total),
  );
  if (result.kind !== 'done') throw new Error('the backtest was stopped');
  await reports.finish(report.id, result.figures.requests, result.figures);
}

function withRates(document: object, { name, rows, learning }: RateChange): object {
  const { tables, ...policy } = document as { readonly tables: readonly Table[] };
  const changed = (row: PricedRow): PricedRow => {
    const change = Object.entries(rows).find(([prefix]) => row.id.startsWith(prefix))?.[1];
    return change === undefined
      ? row
      : { ...row, then: { ...row.then, monthly_interest_rate: plus(row, change) } };
  };
  return {
    ...policy,
    ...(learning !== undefined && { learning }),
    name,
    tables: tables.map((table) =>
      table.kind === 'price' ? { ...table, rows: table.rows.map(changed) } : table,
    ),
  };
}

function plus({ then }: PricedRow, change: string): string {
  return new Decimal(then.monthly_interest_rate).plus(change).toFixed();
}

/** @throws Error with what stood in the way */
function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Error(`the story stops here: ${JSON.stringify(outcome)}`);
}
