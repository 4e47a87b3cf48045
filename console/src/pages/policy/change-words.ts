import { inSentence, PRODUCT, wordOf } from '../../words/words';
import { OUTPUT, outputType } from './grid';
import { placeInSection, productAt } from './product-view';
import type { FieldWords } from './rule-words';
import { AUTHORIZATION, DIRECT, ECONOMICS, EXPOSURE, LIMITS, PACING, type Setting } from './settings';
import { showValue, UNIT, type ValueType } from './values';

interface Place {
  /** As the editor calls it: "Linha t1-p1-v1 de precos: taxa". */
  readonly words: string;
  /** Of the value that stands there, where it is one. */
  readonly type?: ValueType | undefined;
}

type Words = Readonly<Record<string, string>>;

const SECTION: Words = {
  limits: 'Oferta',
  late_bidding: 'Depois do encerramento',
  exposure: 'Exposição',
  pacing: 'Ritmo',
  authorization: 'Autorização',
  settings: 'Consulta e desembolso',
};
const SETTINGS: readonly Setting[] = [
  ...LIMITS(['limits']),
  ...LIMITS(['late_bidding', 'limits']),
  ...EXPOSURE,
  ...PACING,
  ...AUTHORIZATION,
  ...DIRECT,
];
const EDGE: Words = { from: ' de', below: ' até antes de' };
const TABLE_PART: Words = {
  columns: 'colunas de entrada',
  hit: 'se mais de uma linha serve',
  monotone: 'ordem da taxa',
  label: 'nome',
};
const ITEM_PART: Words = {
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
const ITEM: Words = { rules: 'Regra', lists: 'Lista', test_cases: 'Caso de teste', tables: 'Tabela' };
const TOP: Words = {
  name: 'Nome da política',
  description: 'Descrição da política',
  economics: 'Margem dos lances',
  'economics.inputs (ordem)': 'Margem dos lances: ordem das vigências',
};

/** A place of a document in the words of the editor; undefined for what only its path can say. */
export function placeInWords(path: string, words: Pick<FieldWords, 'labelOf' | 'typeOf'>): Place | undefined {
  const product = productAt(path);
  if (product === 'private_payroll') return placeOfSection(path, words);
  const place = placeOfSection(placeInSection(path), words);
  return place && { ...place, words: `${wordOf(PRODUCT, product)} · ${place.words}` };
}

function placeOfSection(path: string, words: Pick<FieldWords, 'labelOf' | 'typeOf'>): Place | undefined {
  const [, table = '', row, rest = ''] =
    /^tables\[([^\]]+)\](?:\.rows\[([^\]]+)\])?\.?(.*)$/.exec(path) ?? [];
  if (row !== undefined) return cellInWords(table, row, rest, words);
  if (TABLE_PART[rest] !== undefined) return { words: `Tabela ${table}: ${TABLE_PART[rest]}` };
  const [, list = '', item = '', part] = /^([a-z_]+)\[([^\]]+)\](?:\.([a-z_]+).*)?$/.exec(path) ?? [];
  const kind = ITEM[list];
  if (kind !== undefined)
    return { words: part === undefined ? `${kind} ${item}` : `${kind} ${item}: ${ITEM_PART[part] ?? part}` };
  const [, from = '', entryPart = ''] = /^economics\.inputs\[([^\]]+)\](?:\.(.*))?$/.exec(path) ?? [];
  if (from !== '') return entryInWords(from, entryPart);
  const setting = SETTINGS.find((one) => one.path.join('.') === path);
  if (setting !== undefined)
    return {
      words: `${SECTION[setting.path[0] ?? ''] ?? ''}: ${inSentence(setting.label)}`,
      type: setting.type,
    };
  return TOP[path] === undefined ? undefined : { words: TOP[path] };
}

const ENTRY_PART: Words = { losses: 'tabela de perdas', fees: 'tarifas que pagamos por contrato' };

/** A dated entry of what the house pays and expects. */
function entryInWords(from: string, part: string): Place {
  const entry = `Margem dos lances, a partir de ${showValue('date', from)}`;
  if (part === '') return { words: entry };
  const setting = ECONOMICS.find(({ path }) => path[0] === part);
  if (setting === undefined) return { words: `${entry}: ${ENTRY_PART[part] ?? part}` };
  return { words: `${entry}: ${inSentence(setting.label)}`, type: setting.type };
}

function cellInWords(
  table: string,
  row: string,
  rest: string,
  { labelOf, typeOf }: Pick<FieldWords, 'labelOf' | 'typeOf'>,
): Place | undefined {
  const line = `Linha ${row} de ${table}`;
  if (rest === '') return { words: line };
  const [, side, name = '', edge = ''] = /^(when|then)\.([a-z_]+)(?:\.(from|below))?$/.exec(rest) ?? [];
  if (side === 'then') {
    const type = outputType(name);
    return {
      words: `${line}: ${inSentence(OUTPUT[name]?.[0] ?? name)}`,
      type: type === 'rebates' || type === 'decision' ? undefined : type,
    };
  }
  if (side === undefined) return undefined;
  return {
    words: `${line}: ${inSentence(labelOf(name))}${EDGE[edge] ?? ''}`,
    type: edge === '' ? undefined : typeOf(name),
  };
}

/** A value of a document as the editor shows it, with its unit. */
export function valueInWords(value: string, type: ValueType | undefined): string {
  if (type === undefined) return value;
  const [shown, unit] = [showValue(type, value), UNIT[type]];
  if (unit === undefined) return shown;
  return unit === '%' ? `${shown}%` : `${unit} ${shown}`;
}
