import { isDay } from '../../format/format';
import { DIMENSION, MEASURE } from '../../words/result-words';
import { PRESETS, TWO_PERIODS, type Preset } from './period';

/** What stands in the addresses of the pages about results: they are shared by sending them. */
export interface ResultSearch {
  readonly de?: string;
  readonly ate?: string;
  readonly por?: string;
  readonly politica?: string;
  /** Another period that the figures are held against, as `otherPeriod` reads it. */
  readonly contra?: string;
}
export interface CompareSearch {
  readonly periodo?: Preset | typeof TWO_PERIODS;
  /** Where two periods are chosen: the one, and the other. */
  readonly de?: string;
  readonly ate?: string;
  readonly contra?: string;
  readonly por?: string;
  /** Versions of the policy held against each other, instead of periods. */
  readonly versao?: string;
  readonly com?: string;
}
export interface ExploreSearch {
  /** The last days up to today, instead of dates. */
  readonly dias?: string;
  readonly de?: string;
  readonly ate?: string;
  readonly linhas?: string;
  readonly colunas?: string;
  readonly medida?: string;
  readonly contra?: string;
}

const dayIn = (value: unknown): string | undefined =>
  typeof value === 'string' && isDay(value) ? value : undefined;
/** A number in an address is read as one. */
const textIn = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '' && value.length <= 100) || typeof value === 'number'
    ? String(value)
    : undefined;

/** What the curve of wins is taken apart by. */
export const CURVE_DIMENSIONS = ['tenure', 'term', 'amount'] as const;
export const RATE_TABS = ['curva', 'aprendizado', 'ese', 'equidade', 'empregadores'] as const;
export const FAIRNESS_GROUPS = ['age', 'region'] as const;
export interface RateSearch {
  readonly de?: string;
  readonly ate?: string;
  readonly aba?: (typeof RATE_TABS)[number];
  readonly grupo?: (typeof FAIRNESS_GROUPS)[number];
  readonly por?: (typeof CURVE_DIMENSIONS)[number];
  /** The segment whose bands are shown. */
  readonly faixa?: string;
  readonly contra?: string;
}

type Known<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };
function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Known<T>;
}

export function readResultSearch(search: Record<string, unknown>): ResultSearch {
  return known({
    de: dayIn(search['de']),
    ate: dayIn(search['ate']),
    por: textIn(search['por']),
    politica: textIn(search['politica']),
    contra: textIn(search['contra']),
  });
}

export function readCompareSearch(search: Record<string, unknown>): CompareSearch {
  return known({
    periodo: ([...PRESETS, TWO_PERIODS] as const).find((preset) => preset === search['periodo']),
    de: dayIn(search['de']),
    ate: dayIn(search['ate']),
    contra: textIn(search['contra']),
    por: textIn(search['por']),
    versao: textIn(search['versao']),
    com: textIn(search['com']),
  });
}

export function readExploreSearch(search: Record<string, unknown>): ExploreSearch {
  return known({
    dias: textIn(search['dias']),
    de: dayIn(search['de']),
    ate: dayIn(search['ate']),
    linhas: textIn(search['linhas']),
    colunas: textIn(search['colunas']),
    medida: textIn(search['medida']),
    contra: textIn(search['contra']),
  });
}

export function readRateSearch(search: Record<string, unknown>): RateSearch {
  return known({
    de: dayIn(search['de']),
    ate: dayIn(search['ate']),
    aba: RATE_TABS.find((name) => name === search['aba']),
    grupo: FAIRNESS_GROUPS.find((name) => name === search['grupo']),
    por: CURVE_DIMENSIONS.find((name) => name === search['por']),
    faixa: textIn(search['faixa']),
    contra: textIn(search['contra']),
  });
}

/** What a saved address asks for that is not there any more, in words; undefined when all of it is. */
export function goneFrom({ linhas, colunas, medida }: ExploreSearch): string | undefined {
  const gone = [linhas, colunas].find((name) => name !== undefined && DIMENSION[name] === undefined);
  if (gone !== undefined) return `A dimensão “${gone}” não existe mais. Escolha outra.`;
  if (medida !== undefined && MEASURE[medida] === undefined)
    return `A medida “${medida}” não existe mais. Escolha outra.`;
  return undefined;
}
