import { Decimal, showPercent } from '../../kernel';
import {
  bandFor,
  fieldDefinition,
  isWithinCap,
  missingReason,
  PRODUCT_LABELS,
  termField,
  type DirectProduct,
  type Facts,
  type Limits,
  type PriceBand,
  type RateCap,
  type Reason,
} from '../../policy/domain';
import type { FitReasonCode } from '../../pricing/domain';
import { fitReason } from './fit-reasons';
import type { EngineReasonCode } from './reason-codes';

export function notInPolicy(product: DirectProduct): Reason {
  return engineReason(
    'PRODUCT_NOT_IN_POLICY',
    `A política não tem uma seção para ${PRODUCT_LABELS[product]}.`,
  );
}

/** @param severity a flag where the offer has other prices, that are legal. */
export function rateAboveCap(rate: Decimal, cap: RateCap | undefined, severity: 'flag' | 'decline'): Reason {
  const words = cap?.exclusive === true ? 'abaixo de' : 'até';
  return {
    ...engineReason('RATE_ABOVE_LEGAL_CAP', 'A taxa da tabela de preços passa do teto legal em vigor.'),
    severity,
    observed: showPercent(rate),
    required: cap && `${words} ${showPercent(cap.maximum)}`,
  };
}

/** What an offer has to keep to besides rules. */
interface OfferBounds {
  /** Undefined where none can be told; the reasons for that are given already. */
  readonly limits: Limits | undefined;
  /** Of the fee table it comes from, none above the legal cap. */
  readonly bands: readonly PriceBand[];
  readonly cap: RateCap | undefined;
}

/** Why an offer may not be made at its amount, term and rate, and the row that prices it if one does. */
export function offerReasons(
  product: DirectProduct,
  facts: Facts,
  { limits, bands, cap }: OfferBounds,
): { readonly reasons: readonly Reason[]; readonly row?: string } {
  const termName = termField(product);
  const { offered_amount: amount, offered_rate: rate, [termName]: term } = facts;
  if (amount === undefined || term === undefined || rate === undefined) {
    const needed = ['offered_amount', 'offered_rate', termName] as const;
    return { reasons: needed.filter((name) => facts[name] === undefined).map(missingReason) };
  }
  const unit = fieldDefinition(termName).unit?.[1];
  const refuse = (code: FitReasonCode, observed: Decimal, required?: Decimal): Reason =>
    fitReason({ code, observed, required }, unit);
  const band = bandFor(bands, amount, term);
  const reasons = [
    ...(limits === undefined ? [] : outside(limits, amount, term, refuse)),
    ...(cap === undefined || isWithinCap(rate, cap) ? [] : [rateAboveCap(rate, cap, 'decline')]),
    ...(band === undefined ? [refuse('no_price_band', amount)] : []),
    ...(band === undefined || band.monthlyInterestRate.eq(rate) ? [] : [rateNotOfTable(rate, band)]),
  ];
  return { reasons, ...(band && { row: band.id }) };
}

function outside(
  { amount: amounts, installments: terms }: Limits,
  amount: Decimal,
  term: number,
  refuse: (code: FitReasonCode, observed: Decimal, required: Decimal) => Reason,
): readonly Reason[] {
  const count = new Decimal(term);
  return [
    ...(amount.lt(amounts.min) ? [refuse('amount_below_minimum', amount, amounts.min)] : []),
    ...(amount.gt(amounts.max) ? [refuse('amount_above_maximum', amount, amounts.max)] : []),
    ...(term < terms.min ? [refuse('installments_below_minimum', count, new Decimal(terms.min))] : []),
    ...(term > terms.max ? [refuse('installments_above_maximum', count, new Decimal(terms.max))] : []),
  ];
}

function rateNotOfTable(rate: Decimal, { monthlyInterestRate }: PriceBand): Reason {
  return {
    ...engineReason('RATE_NOT_OF_TABLE', 'A taxa da oferta não é a da tabela de preços.'),
    observed: showPercent(rate),
    required: showPercent(monthlyInterestRate),
  };
}

function engineReason(code: EngineReasonCode, message: string): Reason {
  return { code, message, severity: 'decline', ruleId: undefined, observed: undefined, required: undefined };
}
