import { performance } from 'node:perf_hooks';
import { ProblemException } from '../../../src/platform';

export const ROUNDS = 20;
export const GOAL_MS = 300;
/** What is so slow is known after three. */
const ENOUGH_MS = 4_000;

export interface Figures {
  readonly search: string;
  readonly rows: number;
  readonly p50: number;
  readonly p95: number;
}

export function print(rows: readonly Figures[]): void {
  console.table(
    rows.map(({ p50, p95, ...row }) => ({ ...row, 'p50 ms': p50.toFixed(1), 'p95 ms': p95.toFixed(1) })),
  );
}

export async function timed<T>(work: () => Promise<T>, rounds = ROUNDS) {
  const each: number[] = [];
  let result = await work(); // what was never read before is read from disk: that is not what is measured
  const begun = performance.now();
  for (let round = 0; round < rounds && (round < 3 || performance.now() - begun < ENOUGH_MS); round += 1) {
    const started = performance.now();
    result = await work();
    each.push(performance.now() - started);
  }
  return { figures: { p50: percentile(each, 0.5), p95: percentile(each, 0.95) }, result, each };
}

/** The same of what may be cut off by its limit of time: that took for ever, and has no result. */
export async function timedOrCut<T>(work: () => Promise<T>, rounds?: number) {
  try {
    return await timed(work, rounds);
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return { figures: { p50: Infinity, p95: Infinity }, result: undefined, each: [Infinity] };
  }
}

export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;
}

export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
export const count = (value: number): string => value.toLocaleString('en');
export const seconds = (started: number): string => ((performance.now() - started) / 1_000).toFixed(1);
