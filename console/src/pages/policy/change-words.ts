import { inSentence, plainName, PRODUCT, wordOf, type Words } from '../../words/words';
import { OUTPUT, outputType } from './grid';
import { EXPECTED, ITEM_PART, type KnownFields } from './part-words';
import { placeInSection, productAt } from './product-view';
import {
  AUTHORIZATION,
  DIRECT,
  ECONOMICS,
  EXPOSURE,
  LEARNING,
  LIMITS,
  PACING,
  type Setting,
} from './settings';
import { showValue, type ValueType } from './values';

interface Place {
  /** As the editor calls it: "Linha t1-p1-v1 de precos: taxa". */
  readonly words: string;
  /** Of the value that stands there, where it is one. */
  readonly type?: ValueType | undefined;
  /** Behind the value: "meses". */
  readonly unit?: string | undefined;
  /** The field or output that stands there, where it may be more than a value. */
  readonly name?: string | undefined;
}

const SECTION: Words = {
  limits: 'Oferta',
  late_bidding: 'Depois do encerramento',
  exposure: 'Exposição',
  learning: 'Aprendizado das taxas',
  pacing: 'Ritmo',
  authorization: 'Autorização',
  settings: 'Consulta e desembolso',
};
const SETTINGS: readonly Setting[] = [
  ...LIMITS(['limits']),
  ...LIMITS(['late_bidding', 'limits']),
  ...EXPOSURE,
  ...LEARNING,
  ...PACING,
  ...AUTHORIZATION,
  ...DIRECT,
];
const EDGE: Words = { from: ' de', below: ' até antes de' };
const TABLE_PART: Words = {
  columns: 'colunas de entrada',
  hit: 'se mais de uma linha serve',
  monotone: 'ordem da taxa',
  'rows (ordem)': 'ordem das linhas',
  label: 'nome',
};
const ITEM: Words = { rules: 'Regra', lists: 'Lista', test_cases: 'Caso de teste', tables: 'Tabela' };
const TOP: Words = {
  name: 'Nome da política',
  description: 'Descrição da política',
  economics: 'Margem dos lances',
  learning: 'Aprendizado das taxas',
  'economics.below_break_even': 'Margem dos lances: linha de preço abaixo do equilíbrio',
  'economics.inputs (ordem)': 'Margem dos lances: ordem das vigências',
};

/** A place of a document in the words of the editor; undefined for what only its path can say. */
export function placeInWords(path: string, words: KnownFields): Place | undefined {
  const product = productAt(path);
  if (product === 'private_payroll') return placeOfSection(path, words);
  const place = placeOfSection(placeInSection(path), words);
  return place && { ...place, words: `${wordOf(PRODUCT, product)} · ${place.words}` };
}

function placeOfSection(path: string, words: KnownFields): Place | undefined {
  const [, table = '', row, rest = ''] =
    /^tables\[([^\]]+)\](?:\.rows\[([^\]]+)\])?\.?(.*)$/.exec(path) ?? [];
  if (row !== undefined) return cellInWords(table, row, rest, words);
  if (TABLE_PART[rest] !== undefined) return { words: `Tabela ${table}: ${TABLE_PART[rest]}` };
  const [, list = '', item = '', part] = /^([a-z_]+)\[([^\]]+)\](?:\.([a-z_]+).*)?$/.exec(path) ?? [];
  if (list === 'test_cases') return caseInWords(item, path, words);
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
      unit: setting.unit,
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

/** "test_cases[Novo].facts.margin" is "Caso de teste Novo: margem consignável". */
function caseInWords(name: string, path: string, { labelOf, typeOf, unitOf }: KnownFields): Place {
  const [, part, field] = /\]\.([a-z_]+)(?:\.([a-z_]+))?/.exec(path) ?? [];
  const words = `Caso de teste ${name}`;
  if (part === undefined) return { words };
  if (part === 'facts' && field !== undefined)
    return {
      words: `${words}: ${inSentence(labelOf(field))}`,
      type: typeOf(field),
      unit: unitOf?.(field),
      name: field,
    };
  const expected = field === undefined ? undefined : EXPECTED[field];
  return { words: `${words}: ${expected ?? ITEM_PART[part] ?? plainName(part)}` };
}

function cellInWords(
  table: string,
  row: string,
  rest: string,
  { labelOf, typeOf, unitOf }: KnownFields,
): Place | undefined {
  const line = `Linha ${row} de ${table}`;
  if (rest === '') return { words: line };
  const [, side, name = '', edge = ''] = /^(when|then)\.([a-z_]+)(?:\.(from|below))?$/.exec(rest) ?? [];
  if (side === 'then') {
    const type = outputType(name);
    return {
      words: `${line}: ${inSentence(OUTPUT[name]?.[0] ?? name)}`,
      type: type === 'rebates' || type === 'decision' ? undefined : type,
      name,
    };
  }
  if (side === undefined) return undefined;
  return {
    words: `${line}: ${inSentence(labelOf(name))}${EDGE[edge] ?? ''}`,
    type: edge === '' ? undefined : typeOf(name),
    unit: edge === '' ? undefined : unitOf?.(name),
    name,
  };
}
