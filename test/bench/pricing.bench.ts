/**
 * npm run bench -- pricing: quotes a second on one core of one process. A quote here is a payout by equal instalments
 * (the shape of a bid) with IOF and CET; ours, a straightforward decimal.js version, and binary floats both written
 * straight down and keeping all they can. Before anything is timed, all of them price the same loans.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addDays, calendarDate, Decimal } from '../../src/kernel';
import { PricingContext, quote, quoteToJson, type Quote, type QuoteRequest } from '../../src/pricing/domain';
import { readPricingData } from '../../src/pricing/pricing-data';
import { PricingReference } from '../support/pricing-reference';
import { FloatKeeper, floatQuote, type PayoutCase } from './pricing-float';

const WARM_UP_MS = 500;
const MEASURE_MS = 1500;
const TERMS = [12, 18, 24, 36, 48];
const RATES = ['0.0149', '0.0199', '0.0249', '0.0299', '0.0349', '0.0399'];
const CACHED_CURVES = 256;

interface Loan {
  readonly request: QuoteRequest;
  readonly float: PayoutCase;
}

interface Measured {
  readonly case: 'warm' | 'cold';
  readonly version: string;
  readonly perSecond: number;
}

const data = readPricingData('config');

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Warm: one day's dates, so that all curves are known after the first few. Cold: a new day for every loan. */
function loans(count: number, kind: 'warm' | 'cold', seed: number): Loan[] {
  const draw = seeded(seed);
  const pick = <T>(values: readonly T[], otherwise: T): T => values[draw(values.length)] ?? otherwise;
  return Array.from({ length: count }, (_, index) => {
    const disbursementDate = addDays(calendarDate('2022-01-03'), kind === 'warm' ? 0 : index);
    const firstDueDate = addDays(disbursementDate, 45);
    const [numberOfInstallments, rate] = [pick(TERMS, 24), pick(RATES, '0.0249')];
    const cents = 50_000 + draw(1_950_000);
    const payout = new Decimal(cents).div(100);
    return {
      request: {
        disbursementDate,
        rate: { kind: 'monthly', value: new Decimal(rate) },
        interestBase: 'calendar_days_365',
        contractFees: [],
        rebates: [],
        shape: {
          kind: 'disbursed_issue_amount',
          disbursedIssueAmount: payout,
          numberOfInstallments,
          firstDueDate,
        },
      },
      float: {
        disbursementDate,
        firstDueDate,
        numberOfInstallments,
        monthlyRate: Number(rate),
        payout: cents / 100,
      },
    };
  });
}

function ours(context: PricingContext, request: QuoteRequest): Quote {
  const result = quote(request, context);
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.quote;
}

/** What a bid needs of a quote, and what the float versions answer; a quote computes its figures when asked. */
function totals(quoted: Quote): Decimal[] {
  const { issueAmount, installmentFaceValue = issueAmount, iofAmount, cet } = quoted;
  return [installmentFaceValue, issueAmount, iofAmount, cet.monthly, cet.annualExact];
}

/** Quotes a second: rounds over all loans until the time is over, one at a time. */
function perSecond(all: readonly Loan[], price: (loan: Loan) => unknown): number {
  const round = (until: number): number => {
    let done = 0;
    for (;;) {
      for (const loan of all) {
        price(loan);
        done += 1;
        if (done % 16 === 0 && performance.now() > until) return done;
      }
    }
  };
  round(performance.now() + WARM_UP_MS);
  const start = performance.now();
  const done = round(start + MEASURE_MS);
  return (done * 1000) / (performance.now() - start);
}

/** How many answers differ from ours to the cent, in instalment or IOF, or in the CET's four decimals. */
function differences(all: readonly Loan[], answer: (loan: Loan) => [string, string, string]): number {
  const context = new PricingContext(data);
  return all.filter((loan) => {
    const mine = ours(context, loan.request);
    const [installment, iof, cet] = answer(loan);
    return (
      mine.installmentFaceValue?.toFixed(2) !== installment ||
      mine.iofAmount.toFixed(2) !== iof ||
      mine.cet.monthly.toFixed(4) !== cet
    );
  }).length;
}

/** Bytes held by a cache filled to its bound with curves of 96 instalments. */
function cacheBytes(): { curves: number; bytes: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const context = new PricingContext(data, CACHED_CURVES);
  const fill = (from: number, count: number): void => {
    for (const { request } of loans(count, 'cold', 7).slice(from)) {
      const { shape } = request;
      if (shape.kind !== 'disbursed_issue_amount') continue;
      ours(context, { ...request, shape: { ...shape, numberOfInstallments: 96 } });
    }
  };
  fill(0, 4);
  collect();
  const before = process.memoryUsage().heapUsed;
  fill(4, 3 * CACHED_CURVES);
  collect();
  const bytes = process.memoryUsage().heapUsed - before;
  return { curves: context.curves.size, bytes };
}

function main(): void {
  const [iof] = data.iof;
  if (iof === undefined) throw new Error('no IOF rates in config/');
  const straightforward = new PricingReference(iof, 34);
  const sample = [...loans(60, 'warm', 1), ...loans(60, 'cold', 2)];
  const decimalDifferences = differences(sample, ({ request }) => {
    const theirs = straightforward.quote(request);
    return [
      theirs?.amounts[0]?.toFixed(2) ?? '',
      theirs?.iof.toFixed(2) ?? '',
      theirs?.monthlyCet.toFixed(4) ?? '',
    ];
  });
  const floatDifferences = differences(sample, ({ float }) => {
    const theirs = floatQuote(float);
    return [theirs.installment.toFixed(2), theirs.iof.toFixed(2), theirs.monthlyCet.toFixed(4)];
  });

  const results: Measured[] = [];
  for (const kind of ['warm', 'cold'] as const) {
    const all = loans(4000, kind, 3);
    const context = new PricingContext(data, CACHED_CURVES);
    const keeper = new FloatKeeper();
    const versions: [string, (loan: Loan) => unknown][] = [
      ['Arremate: totals, IOF and CET', ({ request }) => totals(ours(context, request))],
      ['Arremate: and its whole JSON with schedule', ({ request }) => quoteToJson(ours(context, request))],
      ['straightforward decimal.js', ({ request }) => straightforward.quote(request)],
      ['binary floats, straightforward', ({ float }) => floatQuote(float)],
    ];
    if (kind === 'warm') versions.push(['binary floats, all kept', ({ float }) => keeper.quote(float)]);
    for (const [version, price] of versions) {
      results.push({ case: kind, version, perSecond: perSecond(all, price) });
    }
  }
  const memory = cacheBytes();
  report(results, memory, { decimal: decimalDifferences, float: floatDifferences, of: sample.length });
  if (decimalDifferences > 0) process.exitCode = 1;
}

function report(
  results: readonly Measured[],
  memory: { curves: number; bytes: number },
  answers: { decimal: number; float: number; of: number },
): void {
  const rate = (kind: Measured['case'], version: string): number =>
    results.find((each) => each.case === kind && each.version.startsWith(version))?.perSecond ?? 0;
  console.log(`Payouts over ${TERMS.join(', ')} months, Node ${process.version}, ${cpus()[0]?.model ?? ''}`);
  console.table(
    results.map(({ case: kind, version, perSecond: perSec }) => ({
      case: kind,
      version,
      'quotes/s': Math.round(perSec).toLocaleString('en'),
      'us each': (1e6 / perSec).toFixed(1),
    })),
  );
  const goals = {
    warm_of_float: rate('warm', 'Arremate: totals') / rate('warm', 'binary floats, straightforward'),
    warm_of_float_all_kept: rate('warm', 'Arremate: totals') / rate('warm', 'binary floats, all kept'),
    warm_over_decimal: rate('warm', 'Arremate: totals') / rate('warm', 'straightforward'),
    cold_over_decimal: rate('cold', 'Arremate: totals') / rate('cold', 'straightforward'),
  };
  console.log(`warm: ${goals.warm_of_float.toFixed(2)} of the float version's rate (goal: at least 0.33),`);
  console.log(
    `      ${goals.warm_of_float_all_kept.toFixed(2)} of the rate of floats that keep all they can,`,
  );
  console.log(`      ${goals.warm_over_decimal.toFixed(0)} times straightforward decimal.js (goal: 20)`);
  console.log(`cold: ${goals.cold_over_decimal.toFixed(1)} times straightforward decimal.js (goal: 3)`);
  const megabytes = (memory.bytes / 2 ** 20).toFixed(1);
  console.log(`cache: full at ${memory.curves} curves; ${megabytes} MiB when each holds 96 instalments`);
  console.log(
    `answers unlike ours, of ${answers.of}: decimal.js ${answers.decimal}, binary floats ${answers.float}`,
  );
  const reports = join(process.cwd(), '.data', 'reports');
  mkdirSync(reports, { recursive: true });
  writeFileSync(
    join(reports, 'pricing.json'),
    `${JSON.stringify({ results, goals, cache: memory, answers }, null, 2)}\n`,
  );
}

main();
