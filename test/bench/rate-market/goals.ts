import type { Figures } from './studies';

/** A figure with what it must reach: in the median of the markets, and in the worst of them. */
export interface Goal {
  readonly study: 'still' | 'twin' | 'shift' | 'drift' | 'cap';
  readonly figure: string;
  readonly median?: number;
  readonly worst?: number;
  /** Of most figures more is better. */
  readonly lowIsGood?: true;
}

export const GOALS: readonly Goal[] = [
  { study: 'still', figure: 'learned to 1000' },
  { study: 'still', figure: 'learned to 3000' },
  { study: 'still', figure: 'learned to 10000', median: 97.5, worst: 94 },
  { study: 'still', figure: 'learned 7500-10000', median: 96.5, worst: 93 },
  { study: 'still', figure: 'learned 20000-30000', median: 97.5, worst: 96 },
  { study: 'still', figure: 'learned to 30000' },
  { study: 'still', figure: 'weekly to 3000' },
  { study: 'still', figure: 'weekly to 10000' },
  { study: 'still', figure: 'weekly to 30000' },
  { study: 'still', figure: 'constant to 3000' },
  { study: 'still', figure: 'constant to 10000' },
  { study: 'still', figure: 'constant to 30000' },
  { study: 'twin', figure: 'greedy to 10000' },
  { study: 'twin', figure: 'without ranks to 10000' },
  { study: 'still', figure: 'calibration 5000-10000', median: 1.5, lowIsGood: true },
  { study: 'still', figure: 'calibration 25000-30000', median: 1.5, lowIsGood: true },
  { study: 'still', figure: 'false alarms', lowIsGood: true },
  { study: 'still', figure: 'nights returned to the table', lowIsGood: true },
  { study: 'shift', figure: 'shift first 1000', median: 93.5 },
  { study: 'shift', figure: 'shift 10000-20000', median: 96.5, worst: 92 },
  { study: 'shift', figure: 'calibration after shift', median: 2, worst: 3.5, lowIsGood: true },
  { study: 'shift', figure: 'days to alarm', lowIsGood: true },
  { study: 'shift', figure: 'nights returned after the shift', lowIsGood: true },
  { study: 'drift', figure: 'drift to 30000', median: 96 },
  { study: 'drift', figure: 'nights returned while drifting', lowIsGood: true },
  { study: 'cap', figure: 'cap 20000-30000', median: 93 },
  { study: 'cap', figure: 'cap without a price 20000-30000' },
  { study: 'cap', figure: 'cap, of an oracle that keeps it on average' },
  { study: 'cap', figure: 'most of a cap spent in a day', worst: 100, lowIsGood: true },
];

export interface Judged {
  readonly figure: string;
  readonly goal: string;
  readonly median: string;
  readonly worst: string;
  readonly reached: '' | 'yes' | 'NO';
}

export function judgeGoal({ figure, median, worst, lowIsGood }: Goal, figures: readonly Figures[]): Judged {
  const values = figures.map((each) => each[figure] ?? NaN).toSorted((a, b) => a - b);
  const middle =
    ((values[Math.floor((values.length - 1) / 2)] ?? NaN) +
      (values[Math.ceil((values.length - 1) / 2)] ?? NaN)) /
    2;
  const last = (lowIsGood ? values.at(-1) : values[0]) ?? NaN;
  const holds = (value: number, goal: number | undefined): boolean =>
    goal === undefined || (lowIsGood ? value <= goal : value >= goal);
  const asked = [median, worst].map((goal) => (goal === undefined ? '-' : String(goal)));
  return {
    figure,
    goal: asked.every((goal) => goal === '-') ? '' : asked.join(' / '),
    median: middle.toFixed(2),
    worst: last.toFixed(2),
    reached:
      median === undefined && worst === undefined
        ? ''
        : holds(middle, median) && holds(last, worst)
          ? 'yes'
          : 'NO',
  };
}
