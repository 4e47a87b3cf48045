import type { z } from 'zod';
import { calendarDateAt, addDays } from '../../kernel';
import { ProblemException } from '../../platform';
import { figuresQuery } from '../explore/figures.dto';
import type { PivotAsk } from '../explore/pivot.service';

type FiguresQuery = z.output<typeof figuresQuery>;

/**
 * What a saved view of figures asks for. It is the query of GET /history/pivot, kept as text: what it names may be gone by
 * the time it is read.
 * @throws ProblemException 422 that names what cannot be read
 */
export function readFiguresView(query: string): FiguresQuery {
  const read = figuresQuery.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (read.success) return read.data;
  throw new ProblemException(422, {
    type: 'view_unreadable',
    title: 'A visão pede uma dimensão ou medida que não existe mais',
    errors: read.error.issues.map(({ path, message }) => ({ path: ['query', ...path].join('.'), message })),
  });
}

/** The question as of an instant: a view of the last days moves on with them. */
export function askOf({ by, measures, days, ...selection }: FiguresQuery, at: Date): PivotAsk {
  if (days === undefined) return { by, measures, selection };
  const today = calendarDateAt(at);
  return { by, measures, selection: { ...selection, from: addDays(today, 1 - days), to: today } };
}
