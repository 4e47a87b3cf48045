import { DAY_MS } from '../../format/durations';
import { date, isDay } from '../../format/format';

/** Days of São Paulo, both inclusive, "2026-11-28". */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export interface PeriodPair {
  readonly a: Period;
  readonly b: Period;
}

/** What is compared most: a period with the one before it. */
export const PRESETS = ['hoje', '7dias', 'semana', 'mes'] as const;
export type Preset = (typeof PRESETS)[number];

/** Instead of a preset: any two, chosen day by day. */
export const TWO_PERIODS = 'datas';

export const PRESET_LABEL: Readonly<Record<Preset, string>> = {
  hoje: 'Hoje com ontem',
  '7dias': '7 dias com os 7 de antes',
  semana: 'Esta semana com a passada',
  mes: 'Este mês com o passado',
};

export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Weeks begin on Monday. The running period is held against the same days of the one before. */
export function periodsOf(preset: Preset, today: string): PeriodPair {
  switch (preset) {
    case 'hoje':
      return both({ from: today, to: today }, 1);
    case '7dias':
      return both({ from: daysAfter(today, -6), to: today }, 7);
    case 'semana':
      return both({ from: mondayOf(today), to: today }, 7);
    case 'mes':
      return monthToDate(today);
  }
}

const both = (a: Period, days: number): PeriodPair => ({
  a,
  b: { from: daysAfter(a.from, -days), to: daysAfter(a.to, -days) },
});

/** The month so far, and the same days of the month before, as far as it has them. */
function monthToDate(today: string): PeriodPair {
  const first = `${today.slice(0, 7)}-01`;
  const lastBefore = daysAfter(first, -1);
  const sameDay = `${lastBefore.slice(0, 7)}-${today.slice(8)}`;
  return {
    a: { from: first, to: today },
    b: { from: `${lastBefore.slice(0, 7)}-01`, to: sameDay < lastBefore ? sameDay : lastBefore },
  };
}

/** What a figure is held against, besides days that are chosen one by one. */
export const AGAINST = ['anterior', 'semana', 'mes'] as const;
export type Against = (typeof AGAINST)[number];

export const AGAINST_LABEL: Readonly<Record<Against, string>> = {
  anterior: 'Período anterior',
  semana: 'Uma semana antes',
  mes: 'Quatro semanas antes',
};

const DAYS_OF_4_WEEKS = 28;
const CHOSEN = /^(\d{4}-\d\d-\d\d)a(\d{4}-\d\d-\d\d)$/;

/** As an address says it: a name above, or days "2026-10-01a2026-10-31". Nothing where it is neither. */
export function otherPeriod(against: string | undefined, { from, to }: Period): Period | undefined {
  const back = (days: number): Period => ({ from: daysAfter(from, -days), to: daysAfter(to, -days) });
  switch (against) {
    case 'anterior':
      return back(daysBetween(from, to) + 1);
    case 'semana':
      return back(7);
    case 'mes':
      return back(DAYS_OF_4_WEEKS);
    default: {
      const [, first, last] = CHOSEN.exec(against ?? '') ?? [];
      if (first === undefined || last === undefined || !isDay(first) || !isDay(last)) return undefined;
      return { from: first, to: last };
    }
  }
}

export const periodInWords = ({ from, to }: Period): string =>
  from === to ? date(from) : `${date(from)} a ${date(to)}`;

export const chosenPeriod = ({ from, to }: Period): string => `${from}a${to}`;

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** Where a group stands in a period that begins on `from`, so that the third day of two periods is one place. */
export function placeIn(dimension: string, key: string | null, from: string): number | string {
  if (key === null) return '';
  switch (dimension) {
    case 'day':
      return daysBetween(from, key);
    case 'week':
      return Math.floor(daysBetween(mondayOf(from), key) / 7);
    case 'month':
      return monthsOf(key) - monthsOf(from);
    default:
      return key;
  }
}

const mondayOf = (day: string): string =>
  daysAfter(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));

const monthsOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
