import { Injectable } from '@nestjs/common';
import { ProblemException, ReadDatabase } from '../../platform';
import { readWithin } from '../read-within';
import { summedSource } from './daily-sums';
import { dimension, type DimensionName } from './dimensions';
import {
  measureOf,
  SUM_NAMES,
  sumOf,
  sumsIn,
  type Figure,
  type MeasureName,
  type SumName,
  type Sums,
} from './measures';
import { factsIn, type Selection } from './selection';

export interface PivotAsk {
  /** None: one row, the total. */
  readonly by: readonly DimensionName[];
  readonly measures: readonly MeasureName[];
  readonly selection: Selection;
}

export interface PivotRow {
  /** One for each dimension; null where it is not known. Employers are opaque marks. */
  readonly keys: readonly (string | null)[];
  /** One for each measure. */
  readonly figures: readonly Figure[];
}

export interface Pivot {
  readonly rows: readonly PivotRow[];
  /** Of two dimensions: each value of the first, all values of the second together; else empty. */
  readonly rowTotals: readonly PivotRow[];
  readonly columnTotals: readonly PivotRow[];
  readonly total: readonly Figure[];
}

/** Groups that a table, a chart or a printed page can still show. */
export const MAX_GROUPS = 2_000;
/** A look at the past never takes longer from the database. */
const LONGEST_MS = 10_000;

export interface Grouped {
  readonly keys: readonly (string | null)[];
  readonly sums: Sums;
}

/**
 * Any dimension by any measure, on the server: from the daily sums where they suffice, else by one scan of the facts of
 * the period, with a limit to its time and its size.
 */
@Injectable()
export class Pivots {
  constructor(private readonly database: ReadDatabase) {}

  /** @throws ProblemException 422 with the number of groups when they are too many */
  async of({ by, measures, selection }: PivotAsk): Promise<Pivot> {
    const groups = await this.sums(
      by,
      measures.flatMap((name) => measureOf(name).sums),
      selection,
    );
    const figures = (sums: Sums): Figure[] => measures.map((name) => measureOf(name).of(sums));
    const rowsOf = (of: readonly Grouped[]): PivotRow[] =>
      of.map(({ keys, sums }) => ({ keys, figures: figures(sums) }));
    const [rowTotals, columnTotals] = by.length < 2 ? [[], []] : [groupedBy(groups, 0), groupedBy(groups, 1)];
    return {
      rows: rowsOf(groups),
      rowTotals: rowsOf(rowTotals),
      columnTotals: rowsOf(columnTotals),
      total: figures(totalOf(groups)),
    };
  }

  /** The sums of each group, in the order of the dimensions; of none, one group. Sums not asked for are nought. */
  async sums(
    by: readonly DimensionName[],
    names: readonly SumName[],
    selection: Selection,
  ): Promise<readonly Grouped[]> {
    const wanted = [...new Set(names)];
    const summed = summedSource(by, wanted, selection);
    const { rows, parameters, keys } = summed ?? {
      ...factsIn(selection),
      keys: by.map((name) => dimension(name).sql),
    };
    const columns = [
      ...keys.map((sql, at) => `${sql} AS k${String(at)}`),
      ...wanted.map(
        (name) => `${summed === undefined ? sumOf(name) : `coalesce(sum(${name}), 0)`} AS ${name}`,
      ),
    ];
    const places = keys.map((_, at) => `k${String(at)}`);
    const [group, order] = keys.length === 0 ? ['', ''] : [' GROUP BY ', ' ORDER BY '];
    // In text: sums are wider than the numbers of JavaScript. In the order of what they are, not of their text.
    const shown = [...places, ...wanted].map((name) => `grouped.${name}::text`);
    const statement = `SELECT ${shown.join(', ')}, (count(*) OVER ())::text AS groups
       FROM (SELECT ${columns.join(', ')} ${rows}${group}${places.join(', ')}) AS grouped
       ${order}${by.map((name, at) => orderOf(name, `grouped.k${String(at)}`)).join(', ')} LIMIT ${String(MAX_GROUPS)}`;
    const found = await readWithin(this.database, LONGEST_MS, (tx) =>
      tx.query<Row[]>(statement, [...parameters]),
    );
    const groups = Number(found[0]?.['groups'] ?? 0);
    if (groups > MAX_GROUPS) throw tooLarge(groups);
    return found.map((row) => ({
      keys: by.map((name, at) => keyOf(name, row[`k${String(at)}`])),
      sums: sumsIn(row),
    }));
  }
}

/** As PostgreSQL gives it, all in text. */
type Row = Readonly<Record<string, string | null>>;

/** Versions of a policy are numbers that stand in text: the tenth comes after the second. */
const orderOf = (name: DimensionName, key: string): string =>
  dimension(name).kind === 'policy' ? `length(${key}), ${key}` : key;

function tooLarge(groups: number): ProblemException {
  return new ProblemException(422, {
    type: 'pivot_too_large',
    title: `A tabela teria ${groups.toLocaleString('pt-BR')} linhas; cabem ${MAX_GROUPS.toLocaleString('pt-BR')}`,
    detail: 'Peça um período menor, menos dimensões ou uma dimensão com menos valores.',
    groups,
    limit: MAX_GROUPS,
  });
}

function keyOf(name: DimensionName, value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return dimension(name).kind === 'employer' ? Buffer.from(value, 'hex').toString('base64url') : value;
}

/** The sums of the groups that are alike in one dimension, so that no figure is made of rounded parts. */
function groupedBy(groups: readonly Grouped[], at: number): readonly Grouped[] {
  const alike = new Map<string | null, Grouped[]>();
  for (const group of groups) {
    const key = group.keys[at] ?? null;
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [group]);
    else others.push(group);
  }
  return [...alike].map(([key, members]) => ({ keys: [key], sums: totalOf(members) }));
}

/** The sums of all groups together. */
export function totalOf(groups: readonly Grouped[]): Sums {
  const entries = SUM_NAMES.map(
    (name) => [name, groups.reduce((total, { sums }) => total + sums[name], 0n)] as const,
  );
  return Object.fromEntries(entries) as Record<SumName, bigint>;
}
