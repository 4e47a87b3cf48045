import { compareScalars, readScalar, scalarOf, type ScalarJson } from './scalars';
import { fieldDefinition, haveSameValues, looksAlike, type FieldName } from './fields';
import { operatorDefinition, type Operator } from './operators';

export interface RangeOperand {
  /** First value inside; none: no lower bound. */
  readonly from?: ScalarJson | undefined;
  /** First value outside; none: no upper bound. */
  readonly below?: ScalarJson | undefined;
}
export interface ListOperand {
  readonly list: string;
}
export type SetOperand = readonly ScalarJson[] | ListOperand;
/** What an operator compares with. */
export type Operand = ScalarJson | SetOperand | RangeOperand;
/** What a table's row asks of one column; `any` is written out, so that an empty cell is always a mistake. */
export type Cell = 'any' | SetOperand | RangeOperand;

/** A named list as the document declares it. */
export interface DeclaredList {
  readonly of: FieldName;
  readonly inline: boolean;
}
export type DeclaredLists = ReadonlyMap<string, DeclaredList>;

/** What an operand may say and refer to. */
export interface OperandScope {
  /** It was accepted when it was stored: forms that came later do not hold for it. */
  readonly stored: boolean;
  readonly lists: DeclaredLists;
}

/** Reports a problem at a path below the value being read. */
export type Report = (message: string, path: readonly (string | number)[], value: unknown) => void;

function isPlainObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** Distinct values of one field, sorted: the same set is always written the same way. */
export function readValues(
  field: FieldName,
  raw: readonly unknown[],
  { stored }: Pick<OperandScope, 'stored'>,
  report: Report,
): readonly ScalarJson[] {
  const values = new Set<ScalarJson>();
  raw.forEach((item, index) => {
    const reading = readScalar(field, item, stored);
    if (!reading.ok) report(reading.message, [index], item);
    else if (values.has(reading.value)) report('valor repetido', [index], item);
    else values.add(reading.value);
  });
  return [...values].sort();
}

function readSet(field: FieldName, raw: unknown, scope: OperandScope, report: Report): SetOperand {
  if (Array.isArray(raw)) {
    if (raw.length === 0) report('a lista de valores está vazia', [], raw);
    return readValues(field, raw, scope, report);
  }
  if (!isPlainObject(raw) || typeof raw.list !== 'string' || Object.keys(raw).length !== 1) {
    report('esperada uma lista de valores ou {"list": "nome da lista"}', [], raw);
    return [];
  }
  const list = scope.lists.get(raw.list);
  if (list === undefined) report('a política não declara uma lista com este nome', ['list'], raw.list);
  else if (!(scope.stored ? looksAlike : haveSameValues)(list.of, field)) {
    report(`a lista é de ${list.of} e não serve para ${field}`, ['list'], raw.list);
  }
  return { list: raw.list };
}

function readRange(field: FieldName, raw: unknown, { stored }: OperandScope, report: Report): RangeOperand {
  if (!isPlainObject(raw) || Object.keys(raw).some((key) => key !== 'from' && key !== 'below')) {
    report('esperada uma faixa {"from": início, "below": fim exclusivo}', [], raw);
    return {};
  }
  if (raw.from === undefined && raw.below === undefined) report('a faixa não tem início nem fim', [], raw);
  const bound = (key: 'from' | 'below'): ScalarJson | undefined => {
    if (raw[key] === undefined) return undefined;
    const reading = readScalar(field, raw[key], stored);
    if (reading.ok) return reading.value;
    report(reading.message, [key], raw[key]);
    return undefined;
  };
  const [from, below] = [bound('from'), bound('below')];
  if (from !== undefined && below !== undefined) {
    const empty = compareScalars(scalarOf(field, from), scalarOf(field, below)) >= 0;
    if (empty) report('a faixa está vazia: o fim exclusivo não é maior que o início', ['below'], raw.below);
  }
  return { from, below };
}

/** Reads what a rule compares a field with; anything that does not suit field and operator is reported. */
export function readOperand(
  field: FieldName,
  op: Operator,
  raw: unknown,
  scope: OperandScope,
  report: Report,
): Operand {
  const { types, operand } = operatorDefinition(op);
  const { type, personal } = fieldDefinition(field);
  if (personal === true && operand !== 'set')
    report('dado pessoal: só pode ser comparado com uma lista', [], null);
  else if (personal === true && Array.isArray(raw)) report('dado pessoal: use {"list": "nome"}', [], null);
  else if (!types.includes(type))
    report(`o operador ${op} não se aplica a um campo do tipo ${type}`, [], raw);
  else if (operand === 'set') return readSet(field, raw, scope, report);
  else if (operand === 'range') return readRange(field, raw, scope, report);
  else return readOneValue(field, raw, scope, report);
  return '';
}

function readOneValue(field: FieldName, raw: unknown, { stored }: OperandScope, report: Report): ScalarJson {
  const reading = readScalar(field, raw, stored);
  if (reading.ok) return reading.value;
  report(reading.message, [], raw);
  return '';
}

/** Reads one cell of a table. Only lists written in the document itself may stand in a cell. */
export function readCell(field: FieldName, raw: unknown, scope: OperandScope, report: Report): Cell {
  if (raw === 'any') return 'any';
  if (raw === undefined || raw === null || raw === '') {
    report('célula vazia: escreva "any" se a coluna não importa nesta linha', [], raw ?? null);
    return 'any';
  }
  const { type } = fieldDefinition(field);
  if (type === 'boolean' || type === 'code' || type === 'text') {
    const cell = readSet(field, raw, scope, report);
    if ('list' in cell && scope.lists.get(cell.list)?.inline === false) {
      report('uma célula só pode usar lista escrita na própria política', ['list'], cell.list);
    }
    return cell;
  }
  return readRange(field, raw, scope, report);
}
