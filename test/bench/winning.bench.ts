/**
 * npm run bench -- winning [MARKETS] [FAMILY] [FROM]: the product's own deciding and learning on simulated markets, against an oracle
 * that knows them, and the goals beside the figures. 24 markets take some minutes; FAMILY is one of
 * sandbox/rate-market/draw-market.ts. From the market FROM on it goes on with the figures that the report holds of those before.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MARKET_FAMILIES, type MarketFamily } from '../../sandbox/rate-market';
import { costFigures } from './rate-market/cost';
import { GOALS, judgeGoal, type Goal } from './rate-market/goals';
import { capStudy, driftStudy, shiftStudy, stillStudy, twinStudy, type Figures } from './rate-market/studies';

const STUDIES = { still: stillStudy, twin: twinStudy, shift: shiftStudy, drift: driftStudy, cap: capStudy };

type Studied = Record<Goal['study'], Figures[]>;

function main(): void {
  const [markets, families] = [Number(process.argv[2] ?? 24), chosenFamilies(process.argv[3])];
  const from = Number(process.argv[4] ?? 0);
  const before = from === 0 ? { report: {}, cost: costFigures() } : lastReport();
  const { cost } = before;
  console.table(cost);
  const report: Record<string, { rows: unknown; figures: Studied }> = { ...before.report };
  for (const family of families) {
    const figures = study(family, from, markets, report[family]?.figures);
    const rows = GOALS.map((goal) => judgeGoal(goal, figures[goal.study]));
    console.log(
      `\n${markets} markets "${family}"; percent of the oracle's expected margin; goal and figure: median / worst`,
    );
    console.table(rows);
    console.log(overWeekly(figures.still));
    for (const when of ['at 10000', 'at 30000']) console.log(whatIfLine(figures.still, when));
    report[family] = { rows, figures };
  }
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify({ report, cost }, null, 2)}\n`);
}

const REPORTS = join(process.cwd(), '.data', 'reports');
const REPORT = join(REPORTS, 'winning.json');

function lastReport(): { report: Record<string, { rows: unknown; figures: Studied }>; cost: object } {
  return JSON.parse(readFileSync(REPORT, 'utf8')) as ReturnType<typeof lastReport>;
}

function chosenFamilies(name: string | undefined): readonly MarketFamily[] {
  const families = Object.keys(MARKET_FAMILIES) as MarketFamily[];
  const chosen = families.filter((family) => name === undefined || family === name);
  if (chosen.length === 0)
    throw new Error(`no family of markets "${name}": there are ${families.join(', ')}`);
  return chosen;
}

function study(family: MarketFamily, from: number, markets: number, before: Studied | undefined): Studied {
  const figures: Studied = { still: [], twin: [], shift: [], drift: [], cap: [] };
  for (const [name, list] of Object.entries(before ?? figures))
    figures[name as Goal['study']].push(...list.slice(0, from));
  if (figures.still.length < from) throw new Error(`the report holds no ${from} markets of ${family}`);
  for (let seed = from; seed < markets; seed++) {
    for (const [name, look] of Object.entries(STUDIES))
      figures[name as Goal['study']].push(look(family, seed));
    process.stderr.write(`${family} ${seed + 1} of ${markets}\r`);
  }
  return figures;
}

/** At each checkpoint from 3,000 on: learned less weekly, in the median market. */
function overWeekly(figures: readonly Figures[]): string {
  const over = [3_000, 10_000, 20_000, 30_000].map((until) => {
    const goal: Goal = { study: 'still', figure: 'over' };
    const less = figures.map((each) => ({
      over: (each[`learned to ${until}`] ?? NaN) - (each[`weekly to ${until}`] ?? NaN),
    }));
    return `${until}: ${judgeGoal(goal, less).median}`;
  });
  return `over the weekly hand-tuned table, points in the median (goal: never under 0): ${over.join(', ')}`;
}

function whatIfLine(figures: readonly Figures[], when: string): string {
  const sum = (name: string): number =>
    figures.reduce((total, each) => total + (each[`what-if ${name} ${when}`] ?? 0), 0);
  const answered = sum('answered');
  const part = answered === 0 ? '-' : `${((100 * sum('covered')) / answered).toFixed(0)} %`;
  return `what-if ${when}: ${answered} of ${4 * figures.length} answered, ${part} of them hold the truth (goal: 90), ${sum('wrong sign')} with the wrong sign, ${sum('should have refused')} that should have been refused`;
}

main();
