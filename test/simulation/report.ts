import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HOUR_MS } from '../../src/kernel';
import { INVARIANTS } from './auditor';
import { FAULT_KINDS } from './faults';
import type { LifeResult } from './life';

const FIGURES = join('docs', 'figures', 'simulation.json');
const DOCUMENT = join('docs', 'reliability.md');
const BEGIN = '<!-- written by npm run simulate -- --report -->';
const END = '<!-- until here -->';

/** All that was lived through since the figures were begun. */
interface Figures {
  readonly lives: number;
  readonly hours: number;
  /** Of them, rest between the rounds: what the product does by itself it did hourly then. */
  readonly restedHours: number;
  readonly seconds: number;
  readonly findings: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly guards: readonly {
    readonly name: string;
    readonly breaks: string;
    readonly seenBy: number | null;
  }[];
  readonly fuzz: Readonly<Record<string, number>>;
}

const NOTHING: Figures = {
  lives: 0,
  hours: 0,
  restedHours: 0,
  seconds: 0,
  findings: 0,
  counts: {},
  faults: {},
  guards: [],
  fuzz: {},
};

export interface Lived {
  readonly life?: { readonly result: LifeResult; readonly seconds: number };
  readonly guard?: Figures['guards'][number];
  readonly fuzz?: {
    readonly seed: number;
    readonly count: number;
    readonly findings: number;
    readonly counts: Readonly<Record<string, number>>;
  };
}

/** Adds to the figures, kept where every machine finds them, and writes them into docs/reliability.md between its two marks. */
export function writeReport(lived: Lived): void {
  const before = existsSync(FIGURES)
    ? { ...NOTHING, ...(JSON.parse(readFileSync(FIGURES, 'utf8')) as Figures) }
    : NOTHING;
  const figures = added(before, lived);
  mkdirSync(dirname(FIGURES), { recursive: true });
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
  const document = readFileSync(DOCUMENT, 'utf8');
  const [head = '', rest = ''] = document.split(BEGIN);
  const [, tail = ''] = rest.split(END);
  writeFileSync(DOCUMENT, `${head}${BEGIN}\n\n${inWords(figures)}\n\n${END}${tail}`);
}

function added(before: Figures, { life, guard, fuzz }: Lived): Figures {
  const figures = { ...before };
  if (guard !== undefined)
    return { ...figures, guards: [...before.guards.filter(({ name }) => name !== guard.name), guard] };
  if (fuzz !== undefined)
    return {
      ...figures,
      fuzz: sum(before.fuzz, { sent: fuzz.count, findings: fuzz.findings, ...fuzz.counts }),
    };
  if (life === undefined) return figures;
  const { result, seconds } = life;
  return {
    ...figures,
    lives: before.lives + 1,
    hours: before.hours + result.simulatedMs / HOUR_MS,
    restedHours: before.restedHours + result.restedMs / HOUR_MS,
    seconds: before.seconds + seconds,
    findings: before.findings + result.findings.length,
    counts: sum(before.counts, result.counts),
    faults: sum(before.faults, tally(result.faults.map(({ kind }) => kind))),
  };
}

function inWords({
  lives,
  hours,
  restedHours,
  seconds,
  findings,
  counts,
  faults,
  guards,
  fuzz,
}: Figures): string {
  const count = (name: string): string => said(counts[name] ?? 0);
  const seen = INVARIANTS.flatMap((invariant) => guards.filter(({ breaks }) => breaks === invariant)).map(
    ({ name, breaks, seenBy }) => [breaks, name, seenBy === null ? 'no' : `round ${seenBy}`],
  );
  return [
    table([
      ['lived through', ''],
      ['lives', said(lives)],
      ['simulated hours', said(Math.round(hours))],
      ['of them at rest, between rounds', said(Math.round(restedHours))],
      ['real hours', (seconds / 3600).toFixed(2)],
      ['auctions', count('auctions')],
      ['deliveries of webhooks, repeated ones too', count('webhooks')],
      ['calls to QI', count('calls')],
      ['requests to the database', count('statements')],
      ['processes killed', count('crashes')],
      ['violations', said(findings)],
    ]),
    table([['fault', 'drawn'], ...FAULT_KINDS.map((kind) => [kind, said(faults[kind] ?? 0)])]),
    table([['promise', 'with this guard taken out', 'seen'], ...seen]),
    table([
      ['webhooks with mistakes', ''],
      ...Object.entries(fuzz)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([what, times]) => [what, said(times)]),
    ]),
  ].join('\n\n');
}

const said = (value: number): string => value.toLocaleString('en');

/** As the formatter of the repository writes one; the first row is its head. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sum(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const total: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) total[name] = (total[name] ?? 0) + value;
  return total;
}
