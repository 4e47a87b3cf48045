import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { FAULTS, FAULT_NAMES, type FaultName } from './faults';

/** One run of `faults`. */
export interface FaultRun {
  readonly seed: number;
  readonly strikes: Partial<Record<FaultName, number>>;
  readonly skipped: readonly string[];
  readonly requests: number;
  readonly ends: number;
  readonly copies: number;
  readonly refused: number;
  readonly pages: number;
  readonly bids: number;
  /** The longest that this trial itself was held up: what it saw late, came no later than so long before. */
  readonly held_ms?: number;
  readonly wrong: readonly string[];
}

/** Every run of a campaign on this machine, one a line: what was struck adds up over days. */
type Book = 'faults' | 'kills';
const fileOf = (book: Book): string => `.data/reports/${book}.jsonl`;

export function noteRun(book: Book, run: FaultRun): void {
  appendFileSync(fileOf(book), `${JSON.stringify(run)}\n`);
}

export function runsOnRecord(book: Book): readonly FaultRun[] {
  if (!existsSync(fileOf(book))) return [];
  const lines = readFileSync(fileOf(book), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as FaultRun);
}

/** As a table of faults, and a line of what was carried meanwhile. */
export function faultsAsMarkdown(runs: readonly FaultRun[]): string {
  const sum = (read: (run: FaultRun) => number): string =>
    runs.reduce((total, run) => total + read(run), 0).toLocaleString('en-GB');
  const rows = FAULT_NAMES.filter((name) => runs.some(({ strikes }) => strikes[name] !== undefined)).map(
    (name) => `| ${FAULTS[name].what} | ${sum(({ strikes }) => strikes[name] ?? 0)} |`,
  );
  const skipped = [...new Set(runs.flatMap((run) => run.skipped))].map((line) => `Left out: ${line}.`);
  return [
    `Seeds ${[...new Set(runs.map(({ seed }) => seed))].join(', ')}: ` +
      `${sum(({ requests, ends, copies }) => requests + ends + copies)} webhooks, of them ` +
      `${sum(({ requests }) => requests)} requests and ` +
      `${sum(({ ends }) => ends)} ends acknowledged, ${sum(({ copies }) => copies)} sent again after their 200, ` +
      `${sum(({ refused }) => refused)} sendings not taken and repeated, ${sum(({ bids }) => bids)} bids at QI, ` +
      `${sum(({ pages }) => pages)} pages asked for. **${sum(({ wrong }) => wrong.length)} violations**${withViolations(runs)}.`,
    '',
    '| fault | times |',
    '| --- | --- |',
    ...rows,
    ...(skipped.length > 0 ? ['', ...skipped] : []),
  ].join('\n');
}

/** Which runs had any: no sum may hide them. The auditor names twenty of a run at most. */
function withViolations(runs: readonly FaultRun[]): string {
  const those = runs.filter(({ wrong }) => wrong.length > 0);
  return those.length === 0
    ? ''
    : ` (${those.map(({ seed, wrong }) => `seed ${seed}: ${wrong.length}${wrong.length >= 20 ? ' or more' : ''}`).join(', ')})`;
}
