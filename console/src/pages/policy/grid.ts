import { decimal, typedDecimal } from '../../format/format';
import {
  freshName,
  isList,
  type Cell,
  type PolicyTable,
  type PolicyTableRow,
  type Range,
  type Scalar,
} from './document';
import { EXAMPLE, readValue, showValue, type ValueType } from './values';

/** One column of the sheet: the row's name, the edge of a range, a set of values, or an output. */
export interface GridColumn {
  readonly key: string;
  readonly part: 'id' | 'from' | 'below' | 'set' | 'then';
  readonly name: string;
  readonly type: ValueType | 'rebates' | 'decision';
}

const OUTPUTS: Readonly<
  Record<string, readonly (readonly [string, GridColumn['type'], 'always' | 'if used'])[]>
> = {
  price: [
    ['monthly_interest_rate', 'rate', 'always'],
    ['days_to_expiration', 'integer', 'if used'],
    ['rebates', 'rebates', 'if used'],
  ],
  limits: [
    ['minimum_amount', 'amount', 'always'],
    ['maximum_amount', 'amount', 'always'],
    ['minimum_installments', 'integer', 'always'],
    ['maximum_installments', 'integer', 'always'],
  ],
  eligibility: [['decision', 'decision', 'always']],
  loss: [
    ['expected_loss_rate', 'rate', 'always'],
    ['prepayment_monthly_rate', 'rate', 'always'],
  ],
};
/** What a table of eligibility decides, as one types it. */
const DECISIONS: Readonly<Record<string, string>> = {
  allow: 'permite',
  review: 'pessoa',
  decline: 'recusa',
};
/** What an output is called, and how it is written. */
export const OUTPUT: Readonly<Record<string, readonly [label: string, hint: string]>> = {
  monthly_interest_rate: ['Taxa', '% a.m.'],
  days_to_expiration: ['Validade', 'dias'],
  rebates: ['Rebates', 'spread 2,00%'],
  minimum_amount: ['Valor mínimo', 'R$'],
  maximum_amount: ['Valor máximo', 'R$'],
  minimum_installments: ['Prazo mínimo', 'parcelas'],
  maximum_installments: ['Prazo máximo', 'parcelas'],
  decision: ['Decisão', 'permite, pessoa ou recusa'],
  expected_loss_rate: ['Perda esperada', '% do emitido'],
  prepayment_monthly_rate: ['Pré-pagamento', '% a.m.'],
};
const MUST: readonly string[] = [
  'monthly_interest_rate',
  'decision',
  'expected_loss_rate',
  'prepayment_monthly_rate',
];

/** The type of an output of any kind of table. */
export function outputType(name: string): GridColumn['type'] | undefined {
  return Object.values(OUTPUTS)
    .flat()
    .find(([output]) => output === name)?.[1];
}

/** @param typeOf the type of a field, as the dictionary has it. @param withOptional outputs too that no row has. */
export function columnsOf(
  table: PolicyTable,
  typeOf: (field: string) => ValueType,
  withOptional = false,
): readonly GridColumn[] {
  const inputs = table.columns.flatMap((name): readonly GridColumn[] => {
    const type = typeOf(name);
    if (isRanged(type))
      return [
        { key: `${name}.from`, part: 'from', name, type },
        { key: `${name}.below`, part: 'below', name, type },
      ];
    return [{ key: name, part: 'set', name, type }];
  });
  const outputs = (OUTPUTS[table.kind] ?? [])
    .filter(
      ([name, , when]) =>
        when === 'always' || withOptional || table.rows.some(({ then }) => then[name] !== undefined),
    )
    .map(([name, type]): GridColumn => ({ key: `then.${name}`, part: 'then', name, type }));
  return [{ key: 'id', part: 'id', name: 'id', type: 'text' }, ...inputs, ...outputs];
}

/** Whether values of this type have an order, so that a cell is a range of them. */
export const isRanged = (type: ValueType): boolean => ['amount', 'rate', 'integer', 'date'].includes(type);

export function textOf(row: PolicyTableRow, { part, name, type }: GridColumn): string {
  if (part === 'id') return row.id;
  if (type === 'rebates') return isNone(row.then[name]) ? NO_REBATES : rebatesText(row.then[name]);
  if (type === 'decision') return DECISIONS[String(row.then[name])] ?? '';
  if (part === 'set') return setText(row.when[name], type);
  const value = part === 'then' ? row.then[name] : rangeOf(row.when[name])[part];
  return typeof value === 'string' || typeof value === 'number' ? showValue(type, value) : '';
}

function rangeOf(cell: Cell | undefined): Range {
  return typeof cell === 'object' && !Array.isArray(cell) && !isList(cell) ? (cell as Range) : {};
}

function setText(cell: Cell | undefined, type: ValueType): string {
  if (cell === undefined) return '';
  if (cell === 'any') return 'qualquer';
  if (isList(cell)) return `lista:${cell.list}`;
  return Array.isArray(cell)
    ? (cell as readonly Scalar[]).map((value) => showValue(type, value)).join('; ')
    : '';
}

/**
 * The row with one cell changed to what was typed; undefined for what cannot stand there. A range without edges, and
 * an empty set, are "any"; an output that is not a must may be empty.
 */
export function withText(row: PolicyTableRow, column: GridColumn, typed: string): PolicyTableRow | undefined {
  const { part, name, type } = column;
  const text = typed.trim();
  switch (part) {
    case 'id':
      return text === '' ? undefined : { ...row, id: text };
    case 'then': {
      const { [name]: _, ...others } = row.then;
      if (text === '') return MUST.includes(name) ? undefined : { ...row, then: others };
      const value = readOutput(type, text);
      return value === undefined ? undefined : { ...row, then: { ...row.then, [name]: value } };
    }
    case 'set': {
      const cell = isValue(type) ? readSet(text, type) : undefined;
      return cell === undefined ? undefined : { ...row, when: { ...row.when, [name]: cell } };
    }
    case 'from':
    case 'below': {
      const { [part]: _, ...other } = rangeOf(row.when[name]);
      const value = isValue(type) && text !== '' ? readValue(type, text) : undefined;
      if (value === undefined && text !== '') return undefined;
      const range: Range = value === undefined ? other : { ...other, [part]: value };
      const isAny = range.from === undefined && range.below === undefined;
      return { ...row, when: { ...row.when, [name]: isAny ? 'any' : range } };
    }
  }
}

/** What is wrong with an output as it stands, in the words of whoever types it; undefined: nothing that can be seen here. */
export function outputProblem(row: PolicyTableRow, { part, name, type }: GridColumn): string | undefined {
  if (part !== 'then') return undefined;
  const label = (OUTPUT[name]?.[0] ?? name).toLowerCase();
  const value = row.then[name];
  if (value === undefined || value === '')
    return MUST.includes(name) ? `linha ${row.id} sem ${label}` : undefined;
  if (type !== 'rate' || typeof value !== 'string' || !(Number(value) > 1)) return undefined;
  return `${label} da linha ${row.id}: ${showValue('rate', value)}% passa de 100%; escreva como ${EXAMPLE.rate}`;
}

/** Why a text was not taken: what a cell of this column takes. */
export function expected({ part, type }: GridColumn, text: string): string {
  if (part === 'id') return 'a linha precisa de um nome';
  if (part === 'then' && text.trim() === '') return 'não pode ficar vazia';
  if (type === 'rebates')
    return `“${text}” não serve aqui: escreva como spread 2,00%; tac R$ 50,00, ou ${NO_REBATES}`;
  if (type === 'decision') return `“${text}” não serve aqui: escreva ${Object.values(DECISIONS).join(', ')}`;
  const range = type === 'rate' ? 'de 0 a 100, ' : '';
  return `“${text}” não serve aqui: escreva ${range}como ${EXAMPLE[type]}${part === 'set' ? `, ou qualquer` : ''}`;
}

const isValue = (type: GridColumn['type']): type is ValueType => type !== 'rebates' && type !== 'decision';

function readOutput(type: GridColumn['type'], text: string): unknown {
  if (type === 'rebates') return readRebates(text);
  if (type === 'decision')
    return Object.keys(DECISIONS).find((decision) => DECISIONS[decision] === text.toLowerCase());
  return readValue(type, text);
}

function readSet(text: string, type: ValueType): Cell | undefined {
  if (text === '' || /^(any|qualquer)$/i.test(text)) return 'any';
  const [, list] = /^lista:\s*(\S+)$/.exec(text) ?? [];
  if (list !== undefined) return { list };
  const values = text.split(/[;,]/).map((part) => readValue(type, part));
  return values.some((value) => value === undefined) ? undefined : (values as Cell);
}

interface Rebate {
  readonly fee_type: string;
  readonly amount_type: string;
  readonly amount: string;
}

/** No rebates at all, where an empty cell means those of the section. */
const NO_REBATES = 'nenhum';
const isNone = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** "spread 2,00%; tac R$ 50,00" */
export function rebatesText(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return (value as Rebate[])
    .map(({ fee_type, amount_type, amount }) => {
      const places = Math.max(2, (amount.split('.')[1] ?? '').length);
      const number = decimal(amount, places);
      return `${fee_type} ${amount_type === 'percentage' ? `${number}%` : `R$ ${number}`}`;
    })
    .join('; ');
}

export function readRebates(text: string): readonly Rebate[] | undefined {
  if (text.trim().toLowerCase() === NO_REBATES) return [];
  const rebates = text.split(';').map((part) => {
    const [, fee_type = '', money, number = '', percent] =
      /^([a-z][a-z0-9_]*)\s+(R\$\s*)?([\d.,]+)\s*(%?)$/.exec(part.trim()) ?? [];
    const amount = typedDecimal(number);
    if (amount === undefined || (money !== undefined) === (percent === '%')) return undefined;
    return { fee_type, amount_type: percent === '%' ? 'percentage' : 'absolute', amount };
  });
  return rebates.some((rebate) => rebate === undefined) ? undefined : (rebates as Rebate[]);
}

/** Where a cell stands in the document, for the problems that the service finds there. */
export function placeOf(table: number, row: number, { part, name }: GridColumn): string {
  const at = `tables[${String(table)}].rows[${String(row)}]`;
  if (part === 'id') return `${at}.id`;
  if (part === 'then') return `${at}.then.${name}`;
  return part === 'set' ? `${at}.when.${name}` : `${at}.when.${name}.${part}`;
}

export interface CellAt {
  readonly row: number;
  readonly column: number;
}

export type Pasted =
  | { readonly kind: 'rows'; readonly rows: readonly PolicyTableRow[]; readonly end: CellAt }
  | { readonly kind: 'wrong'; readonly row: number; readonly column: GridColumn; readonly text: string };

/**
 * A block copied from a spreadsheet, laid over the rows from one cell on; what reaches below the last row becomes new
 * rows. One cell that cannot be meant and nothing is pasted.
 */
export function paste(table: PolicyTable, columns: readonly GridColumn[], at: CellAt, block: string): Pasted {
  const lines = block
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  const changed = [...table.rows];
  let width = 1;
  for (const [down, cells] of lines.entries()) {
    // Numbered by its place: among thousands nobody looks for a free name.
    let row = changed[at.row + down] ?? emptyRow(table, `linha-${String(at.row + down + 1)}`);
    for (const [right, text] of cells.entries()) {
      const column = columns[at.column + right];
      if (column === undefined) continue;
      width = Math.max(width, right + 1);
      const next = withText(row, column, text);
      if (next === undefined) return { kind: 'wrong', row: at.row + down, column, text };
      row = next;
    }
    changed[at.row + down] = row;
  }
  const end = { row: at.row + lines.length - 1, column: at.column + width - 1 };
  return { kind: 'rows', rows: changed, end };
}

/** The cells between two corners as a spreadsheet takes them. */
export function copied(
  rows: readonly PolicyTableRow[],
  columns: readonly GridColumn[],
  from: CellAt,
  to: CellAt,
): string {
  return rows
    .slice(from.row, to.row + 1)
    .map((row) =>
      columns
        .slice(from.column, to.column + 1)
        .map((column) => textOf(row, column))
        .join('\t'),
    )
    .join('\n');
}

/** A row that asks nothing of anybody and says nothing yet. */
export function emptyRow({ columns }: PolicyTable, id: string): PolicyTableRow {
  return {
    id,
    when: Object.fromEntries(columns.map((name) => [name, 'any' as const])),
    then: {},
  };
}

/** A copy of a row to be changed, below it. */
export function withCopyBelow(rows: readonly PolicyTableRow[], at: number): readonly PolicyTableRow[] {
  const row = rows[at];
  if (row === undefined) return rows;
  const copy = {
    ...row,
    id: freshName(
      row.id,
      rows.map(({ id }) => id),
    ),
  };
  return [...rows.slice(0, at + 1), copy, ...rows.slice(at + 1)];
}

/** The topmost row of a block repeated down to its last, in its columns; undefined where that cannot be. */
export function filledDown(
  rows: readonly PolicyTableRow[],
  columns: readonly GridColumn[],
  from: CellAt,
  to: CellAt,
): readonly PolicyTableRow[] | undefined {
  const top = rows[from.row];
  if (top === undefined) return undefined;
  const filling = columns.slice(from.column, to.column + 1).filter(({ part }) => part !== 'id');
  const filled = rows.map((row, at): PolicyTableRow | undefined => {
    if (at <= from.row || at > to.row) return row;
    return filling.reduce<PolicyTableRow | undefined>(
      (next, column) => next && withText(next, column, textOf(top, column)),
      row,
    );
  });
  return filled.some((row) => row === undefined) ? undefined : (filled as PolicyTableRow[]);
}
