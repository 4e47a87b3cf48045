import { Injectable } from '@nestjs/common';
import {
  DIMENSION,
  MEASURE,
  NO_MARGIN,
  wordOf,
  AUCTION_STATUS,
  OPERATION_STATUS,
  reasonWord,
  WEEKDAY,
  type Words,
} from '../../words';
import { PRODUCT_LABELS } from '../../policy/domain';
import { parseDecimal } from '../../kernel';
import { DIMENSIONS, type DimensionKind, type DimensionName } from '../explore/dimensions';
import { EmployerNames } from '../explore/employer-names.service';
import { marksIn } from '../explore/figures.dto';
import { MEASURES, type MeasureName } from '../explore/measures';
import { Pivots, type PivotAsk, type PivotRow } from '../explore/pivot.service';
import type { ColumnKind, ExportColumn } from '../exports/export-columns';

type Names = ReadonlyMap<string, string | null>;
type Column = ExportColumn<PivotRow>;

export interface FiguresFile {
  readonly columns: readonly Column[];
  readonly rows: readonly PivotRow[];
}

/** Figures as a file has them: dimensions in words beside their codes, measures with what they rest on. */
@Injectable()
export class FiguresFiles {
  constructor(
    private readonly pivots: Pivots,
    private readonly names: EmployerNames,
  ) {}

  async of(ask: PivotAsk): Promise<FiguresFile> {
    const { rows } = await this.pivots.of(ask);
    const names = await this.names.of(marksIn(ask.by, rows));
    return {
      columns: [
        ...ask.by.flatMap((name, at) => dimensionColumns(name, at, names)),
        ...ask.measures.flatMap(measureColumns),
      ],
      rows,
    };
  }
}

/** Numbers stay numbers; of codes there are words first. */
function dimensionColumns(name: DimensionName, at: number, names: Names): readonly Column[] {
  const { kind } = DIMENSIONS[name] as { readonly kind: DimensionKind };
  const title = wordOf(DIMENSION, name);
  const code = (row: PivotRow): string | null => row.keys[at] ?? null;
  const number = NUMBERS[kind];
  if (number !== undefined)
    return [{ title: number.title(title), name, kind: number.kind, value: (row) => number.value(code(row)) }];
  const words = wordsOf(kind, names);
  if (words === undefined) return [{ title, name, kind: 'text', value: code }];
  const inWords: Column = {
    title,
    name: `${name}_words`,
    kind: 'text',
    value: (row) => {
      const key = code(row);
      return key === null ? null : words(key);
    },
  };
  // An employer's code is a mark of ours: nobody reads it.
  return kind === 'employer'
    ? [{ ...inWords, kind: 'cnpj' }]
    : [inWords, { title: `${title} (código)`, name, kind: 'text', value: code }];
}

interface NumberColumn {
  readonly kind: ColumnKind;
  readonly title: (title: string) => string;
  readonly value: (key: string | null) => string | null;
}
const same = (text: string): string => text;
const since = (title: string): string => `${title} (desde)`;
const NUMBERS: Readonly<Partial<Record<DimensionKind, NumberColumn>>> = {
  hour: { kind: 'count', title: same, value: (key) => key },
  months: { kind: 'count', title: (title) => `${title} (desde, meses)`, value: (key) => key },
  count: { kind: 'count', title: since, value: (key) => key },
  reais: { kind: 'amount', title: since, value: (key) => key },
  rate: {
    kind: 'rate',
    title: since,
    value: (key) => (key === null ? null : (parseDecimal(key)?.div(1_000_000).toFixed() ?? null)),
  },
};

function wordsOf(kind: DimensionKind, names: Names): ((key: string) => string | null) | undefined {
  const of = (words: Words) => (key: string) => wordOf(words, key);
  switch (kind) {
    case 'status':
      return of(AUCTION_STATUS);
    case 'loan':
      return of(OPERATION_STATUS);
    case 'product':
      return of(PRODUCT_LABELS);
    case 'margin':
      return of({ known: 'calculada', ...NO_MARGIN });
    case 'reason':
      return reasonWord;
    case 'weekday':
      return (key) => WEEKDAY[Number(key) - 1] ?? null;
    case 'employer':
      return (key) => names.get(key) ?? null;
    default:
      return undefined;
  }
}

function measureColumns(name: MeasureName, at: number): readonly Column[] {
  const { kind } = MEASURES[name];
  const title = wordOf(MEASURE, name);
  const value: Column['value'] = ({ figures }) => figures[at]?.value ?? null;
  const figure: Column = { title, name, kind: kind === 'share' ? 'rate' : kind, value };
  if (kind === 'count') return [figure];
  const sample: Column = {
    title: `${title} (n)`,
    name: `${name}_sample`,
    kind: 'count',
    value: ({ figures }) => figures[at]?.sample ?? null,
  };
  return [figure, sample];
}
