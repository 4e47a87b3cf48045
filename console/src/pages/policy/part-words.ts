import { valueWord } from '../../words/value-words';
import { FIELD, inSentence, plainName, PRODUCT, reasonWord, wordOf, type Words } from '../../words/words';
import type { Condition } from './document';
import { OUTPUT, outputType, rebatesText } from './grid';
import { inWords, type FieldWords } from './rule-words';
import { showValue, UNIT, type ValueType } from './values';

export type KnownFields = Pick<FieldWords, 'labelOf' | 'typeOf'> & Partial<Pick<FieldWords, 'unitOf'>>;

/** What stands at a place, as far as the place says it. */
interface Standing {
  readonly type?: ValueType | undefined;
  readonly unit?: string | undefined;
  /** The field or output. */
  readonly name?: string | undefined;
}

export const ITEM_PART: Words = {
  label: 'nome',
  entries: 'itens',
  facts: 'dados do caso',
  expect: 'o que se espera',
  require: 'o que exige',
  code: 'código do motivo',
  sentence: 'frase',
  severity: 'se não valer',
  on_missing: 'se faltar um dado',
  effective: 'quando vale',
};
export const EXPECTED: Words = {
  outcome: 'resultado esperado',
  reasons: 'motivos esperados',
  row: 'linha de preço esperada',
  fee_table: 'tabela de tarifas esperada',
};
/** Parts of what is more than a value. */
const PART: Words = {
  ...ITEM_PART,
  ...EXPECTED,
  id: 'nome',
  name: 'nome',
  when: 'quando',
  then: 'então',
  on: 'em',
  like: 'como o caso',
  window: 'momento',
  product: 'produto',
  from: 'de',
  below: 'até antes de',
  until: 'até antes de',
  list: 'lista',
};
const VALUE: Words = {
  accept: 'aceita',
  review: 'pede pessoa',
  decline: 'recusa',
  allow: 'permite',
  flag: 'sinaliza',
  pass: 'deixa passar',
  true: 'sim',
  false: 'não',
  null: '–',
  any: 'qualquer',
};
/** Values that mean something else elsewhere. */
const VALUE_OF: Readonly<Record<string, (value: string) => string>> = {
  reasons: reasonWord,
  product: (product) => wordOf(PRODUCT, product),
  window: (window) => (window === 'late' ? 'depois do encerramento' : 'antes do encerramento'),
};
/** What people called something: it stays to the letter. */
const CALLED = ['id', 'name', 'label', 'like', 'row', 'list', 'code', 'sentence', 'entries', 'fee_table'];
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A value of a document as the editor shows it, with its unit; what is more than a value, part by part. */
export function valueInWords(value: string, { type, unit, name }: Standing, fields: KnownFields): string {
  if (/^["[{]/.test(value)) return partsInWords(value, name, fields);
  return type === undefined ? plainValue(value) : typed(value, type, unit);
}

function partsInWords(json: string, name: string | undefined, fields: KnownFields): string {
  try {
    return partInWords(JSON.parse(json), name, fields);
  } catch {
    return json;
  }
}

/** @param name of the member that holds it, or of the field that a cell asks */
function partInWords(part: unknown, name: string | undefined, fields: KnownFields): string {
  if (Array.isArray(part)) return listInWords(part, name, fields);
  if (typeof part !== 'object' || part === null) return scalarInWords(String(part), name, fields);
  if (name === 'require' || 'op' in part)
    return inWords(part as Condition, { unitOf: () => undefined, ...fields });
  return Object.entries(part)
    .map(([member, value]) => {
      const label = PART[member] ?? inSentence(OUTPUT[member]?.[0] ?? wordOf(FIELD, member));
      const isEdge = member === 'from' || member === 'below';
      return `${label}: ${partInWords(value, isEdge ? name : member, fields)}`;
    })
    .join('; ');
}

function listInWords(parts: readonly unknown[], name: string | undefined, fields: KnownFields): string {
  if (parts.length === 0) return 'nenhum';
  const areFees = parts.every((part) => typeof part === 'object' && part !== null && 'fee_type' in part);
  return areFees ? rebatesText(parts) : parts.map((part) => partInWords(part, name, fields)).join(', ');
}

function scalarInWords(value: string, name: string | undefined, fields: KnownFields): string {
  if (name === undefined || CALLED.includes(name)) return value;
  const own = VALUE_OF[name];
  if (own !== undefined) return own(value);
  const type = typeOf(name, fields);
  if (type !== undefined && VALUE[value] === undefined) return typed(value, type, fields.unitOf?.(name));
  return DAY.test(value) ? showValue('date', value) : plainValue(value);
}

/** Of a field or an output; undefined for what is neither. */
function typeOf(name: string, fields: KnownFields): ValueType | undefined {
  const output = outputType(name);
  if (output !== undefined) return output === 'rebates' || output === 'decision' ? undefined : output;
  return FIELD[name] === undefined ? undefined : fields.typeOf(name);
}

function typed(value: string, type: ValueType, unit: string | undefined): string {
  const [shown, sign] = [showValue(type, value), UNIT[type]];
  if (type === 'code' || type === 'code_list') return valueWord(shown);
  if (sign === undefined) return unit === undefined ? shown : `${shown} ${unit}`;
  return sign === '%' ? `${shown}%` : `${sign} ${shown}`;
}

const plainValue = (value: string): string =>
  VALUE[value] ?? (/^[a-z_]+$/.test(value) ? plainName(value) : value);
