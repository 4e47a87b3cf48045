import { AUCTION_STATUS, OPERATION_STATUS, PRODUCT, reasonWord, wordOf } from './words';
import { DIMENSION, MEASURE, NO_MARGIN, WEEKDAY, type Words } from '../../../src/words';
import { count, date, NOTHING, percent, reais, shift, taxpayer } from '../format/format';

export { DIMENSION, MEASURE, NO_MARGIN };

/** The parts of a margin, signed; they add up to it. */
export const MARGIN_PART: Words = {
  interest: 'Juros',
  discount: 'Deságio (ágio se negativo)',
  rebate: 'Spread líquido',
  funding: 'Funding',
  prepayment: 'Pré-pagamento',
  expected_loss: 'Perda esperada',
  told_loss: 'Perda informada, no lugar da esperada',
  cost: 'Custos e tarifas',
};

/** Why nothing is said of what a bid earns, or a loan that no auction brought. */
export const WITHOUT_MARGIN: Words = {
  ...NO_MARGIN,
  direct_product: 'produto sem leilão: a política não diz custos e perdas dele',
};

export const STEP: Words = {
  requests: 'Pedidos recebidos',
  bids: 'Lances aceitos',
  won: 'Leilões ganhos',
  signed: 'Assinados',
  reserved: 'Averbados',
  paid: 'Desembolsados',
};

export type MeasureKind = 'count' | 'amount' | 'share' | 'rate';
const SHARES: readonly string[] = ['win_rate', 'paid_share', 'first_paid', 'second_share'];
const RATES: readonly string[] = ['mean_rate', 'margin_rate'];
const COUNTS: readonly string[] = ['requests', 'bids', 'won', 'lost', 'paid'];

export function kindOf(measure: string): MeasureKind {
  if (SHARES.includes(measure)) return 'share';
  if (RATES.includes(measure)) return 'rate';
  return COUNTS.includes(measure) ? 'count' : 'amount';
}

/** A figure as people read it: "1.234", "R$ 1.234,56", "61,30%", "2,49% a.m.". */
export function figureInWords(measure: string, value: string | null): string {
  if (value === null) return NOTHING;
  switch (kindOf(measure)) {
    case 'count':
      return count(Number(value));
    case 'amount':
      return reais(value);
    case 'share':
      return percent(value);
    case 'rate':
      return `${percent(value)} a.m.`;
  }
}

const UNKNOWN = 'não se sabe';

/** A value of a dimension as people read it. @param employers their documents by their marks */
export function keyInWords(
  dimension: string,
  key: string | null,
  employers: ReadonlyMap<string, string | null> = new Map(),
): string {
  if (key === null) return UNKNOWN;
  switch (dimension) {
    case 'day':
    case 'paid_on':
      return date(key);
    case 'week':
      return `semana de ${date(key)}`;
    case 'month':
    case 'paid_month':
      return date(key).slice(3);
    case 'weekday':
      return WEEKDAY[Number(key) - 1] ?? UNKNOWN;
    case 'hour':
      return `${key}h`;
    case 'product':
      return wordOf(PRODUCT, key);
    case 'status':
      return wordOf(AUCTION_STATUS, key);
    case 'loan':
      return wordOf(OPERATION_STATUS, key);
    case 'reason':
      return reasonWord(key);
    case 'employer': {
      const document = employers.get(key);
      return document == null ? 'empregador sem documento' : taxpayer(document);
    }
    case 'policy':
      return `versão ${key}`;
    case 'margin':
      return key === 'known' ? 'calculada' : wordOf(NO_MARGIN, key);
    default:
      return bandInWords(dimension, key);
  }
}

/** Bands are named by where they begin. */
function bandInWords(dimension: string, key: string): string {
  switch (dimension) {
    case 'tenure':
      return `desde ${key} meses`;
    case 'term':
      return `desde ${key} parcelas`;
    case 'amount':
      return `desde ${reais(key)}`;
    case 'rate':
      return `desde ${percent(shift(key, -6))}`;
    case 'rank':
      return `${key}º`;
    default:
      return key;
  }
}
