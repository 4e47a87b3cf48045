import { valueWord } from '../../words/value-words';
import { plainName } from '../../words/words';
import { isList, type Comparison, type Condition, type Operand, type Range } from './document';
import { showValue, type ValueType } from './values';

/** How fields are called and what they hold: the dictionary, as far as sentences need it. */
export interface FieldWords {
  readonly labelOf: (field: string) => string;
  readonly typeOf: (field: string) => ValueType;
  readonly unitOf: (field: string) => string | undefined;
  /** What a named list is called; without it, its name. */
  readonly listOf?: (name: string) => string;
}

const OPERATOR: Readonly<Record<string, string>> = {
  eq: 'igual a',
  ne: 'diferente de',
  lt: 'menor que',
  lte: 'no máximo',
  gt: 'maior que',
  gte: 'no mínimo',
  between: 'entre',
  in: 'é um de',
  not_in: 'não é nenhum de',
  any_of: 'tem algum de',
  none_of: 'não tem nenhum de',
  only_of: 'só tem itens de',
};

const WITH_LIST: Readonly<Record<string, string>> = {
  in: 'está na lista',
  not_in: 'não está na lista',
  any_of: 'tem algum da lista',
  none_of: 'não tem nenhum da lista',
  only_of: 'só tem itens da lista',
};

/** A rule's sentence as its author reads it, what is filled in by its name: "de {observado}". */
export function sentenceInWords(sentence: string, { labelOf }: Pick<FieldWords, 'labelOf'>): string {
  return sentence.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => `{${FILLED[name] ?? labelOf(name)}}`);
}

const FILLED: Readonly<Record<string, string>> = { observed: 'observado', required: 'exigido' };

export function operatorWord(op: string): string {
  return OPERATOR[op] ?? op;
}

/** What must hold, as a sentence: "Idade no mínimo 18 anos". */
export function inWords(condition: Condition, words: FieldWords): string {
  if ('all' in condition) return condition.all.map((one) => comparisonInWords(one, words)).join(' e ');
  if ('any' in condition) return condition.any.map((one) => comparisonInWords(one, words)).join(' ou ');
  if ('cel' in condition) return condition.cel;
  return comparisonInWords(condition, words);
}

function comparisonInWords({ field, op, value }: Comparison, words: FieldWords): string {
  const label = words.labelOf(field);
  if (op === 'eq' && value === true) return label;
  if (op === 'eq' && value === false) return `Não: ${label.toLowerCase()}`;
  if (isList(value))
    return `${label} ${WITH_LIST[op] ?? op} “${words.listOf?.(value.list) ?? plainName(value.list)}”`;
  return `${label} ${operatorWord(op)} ${operandInWords(value, field, words)}`;
}

function operandInWords(value: Operand | undefined, field: string, words: FieldWords): string {
  if (value === undefined || value === '') return '…';
  if (Array.isArray(value))
    return value.length === 0 ? '…' : value.map((one) => valueWord(String(one))).join(', ');
  if (typeof value !== 'object') {
    const shown = showValue(words.typeOf(field), value);
    return words.typeOf(field) === 'code' ? valueWord(shown) : withUnit(shown, field, words);
  }
  const { from, below } = value as Range;
  const edge = (scalar: Range['from']) =>
    scalar === undefined ? '…' : withUnit(showValue(words.typeOf(field), scalar), field, words);
  if (below === undefined) return `${edge(from)} ou mais`;
  return from === undefined ? `menos de ${edge(below)}` : `${edge(from)} e menos de ${edge(below)}`;
}

function withUnit(text: string, field: string, words: FieldWords): string {
  const type = words.typeOf(field);
  if (type === 'amount') return `R$ ${text}`;
  if (type === 'rate') return `${text}%`;
  const unit = words.unitOf(field);
  return unit === undefined ? text : `${text} ${unit}`;
}
