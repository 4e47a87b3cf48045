import type { ExportSchedule } from '../../api/client';

export const EVERY: Readonly<Record<ExportSchedule['every'], string>> = {
  day: 'Todo dia',
  week: 'Toda semana',
  month: 'Todo mês',
};

/** Monday first, as the API numbers them from 1. */
export const WEEKDAYS = [
  'segunda-feira',
  'terça-feira',
  'quarta-feira',
  'quinta-feira',
  'sexta-feira',
  'sábado',
  'domingo',
] as const;

/** "Toda semana, segunda-feira, às 7h". */
export function recurrenceInWords({ every, weekday, month_day: day, hour }: ExportSchedule): string {
  const on =
    every === 'week'
      ? [WEEKDAYS[(weekday ?? 1) - 1]]
      : every === 'month'
        ? [day === 31 ? 'no último dia' : `no dia ${String(day)}`]
        : [];
  return [EVERY[every], ...on, `às ${String(hour)}h`].join(', ');
}
