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

export const PRESET_LABEL: Readonly<Record<Preset, string>> = {
  hoje: 'Hoje com ontem',
  '7dias': '7 dias com os 7 de antes',
  semana: 'Esta semana com a passada',
  mes: 'Este mês com o passado',
};

const MS_OF_DAY = 86_400_000;

export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * MS_OF_DAY).toISOString().slice(0, 10);
}

/** Weeks begin on Monday. The running period is held against the same days of the one before. */
export function periodsOf(preset: Preset, today: string): PeriodPair {
  switch (preset) {
    case 'hoje':
      return both({ from: today, to: today }, 1);
    case '7dias':
      return both({ from: daysAfter(today, -6), to: today }, 7);
    case 'semana': {
      const sinceMonday = (new Date(`${today}T12:00:00Z`).getUTCDay() + 6) % 7;
      return both({ from: daysAfter(today, -sinceMonday), to: today }, 7);
    }
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
