import { parseDecimal, showPercent, showReais, type Decimal } from '../../kernel';
import { isPace, LIMIT_NAMES, type Caps, type LimitName, type ReachedLimit } from '../../exposure/domain';
import { missingReason, type Reason } from '../../policy/domain';
import type { EngineReasonCode } from './reason-codes';

/** What the credit team reads when a limit of the policy's exposure or pacing is reached. */
const REACHED: Readonly<Record<LimitName, readonly [code: EngineReasonCode, sentence: string]>> = {
  per_borrower: ['EXPOSURE_PER_BORROWER', 'A oferta passaria do limite de exposição no CPF.'],
  per_employer: ['EXPOSURE_PER_EMPLOYER', 'A oferta passaria do limite de exposição no empregador.'],
  per_day: ['EXPOSURE_PER_DAY', 'A oferta passaria do limite de exposição do dia.'],
  total: ['EXPOSURE_TOTAL', 'A oferta passaria do limite de exposição total.'],
  bids_per_minute: ['PACING_PER_MINUTE', 'O limite de ofertas por minuto foi atingido.'],
  bids_per_hour: ['PACING_PER_HOUR', 'O limite de ofertas por hora foi atingido.'],
  bids_per_day: ['PACING_PER_DAY', 'O limite de ofertas por dia foi atingido.'],
};

const WHOSE: Readonly<Partial<Record<LimitName, 'borrower_cpf' | 'employer_document'>>> = {
  per_borrower: 'borrower_cpf',
  per_employer: 'employer_document',
};

/** Observed is what would have been used with the offer. Whose limit is unknown cannot be kept: that is missing data. */
export function limitReason({ name, cap, wouldBe }: ReachedLimit): Reason {
  const whose = WHOSE[name];
  if (wouldBe === undefined && whose !== undefined) return missingReason(whose);
  const [code, message] = REACHED[name];
  const show = (value: Decimal): string =>
    code.startsWith('PACING') ? `${value.toFixed()} ofertas` : showReais(value);
  return {
    code,
    message,
    severity: 'decline',
    ruleId: undefined,
    observed: wouldBe && show(wouldBe),
    required: `até ${show(cap)}`,
  };
}

/** The limit that a reason of `limitReason` speaks of. */
const LIMIT_OF: ReadonlyMap<string, LimitName> = new Map(
  LIMIT_NAMES.flatMap((name) => {
    const whose = WHOSE[name];
    const codes = [REACHED[name][0], ...(whose === undefined ? [] : [missingReason(whose).code])];
    return codes.map((code) => [code, name] as const);
  }),
);

/** A bid that limits stopped when it was decided. */
export interface StoppedBid {
  /** As `limitReason` gave them. */
  readonly added: readonly Reason[];
  /** What it would have paid out, in reais; undefined where nothing was stopped, or a release wrote it that does not say. */
  readonly stoppedAmount: Decimal | undefined;
}

export const NOT_STOPPED: StoppedBid = { added: [], stoppedAmount: undefined };

/**
 * Of the limits that stopped a bid once, those that stop another for the same request under other caps, with the counters as they
 * stood then: what other caps would have made of the counters is not known. Where the amount of then is not, it is taken for the
 * same.
 * @param offered what the other bid pays out, in reais
 */
export function limitReasonsUnder(
  caps: Caps,
  { added, stoppedAmount }: StoppedBid,
  offered: Decimal,
): readonly Reason[] {
  const more = offered.minus(stoppedAmount ?? offered);
  return added.flatMap((reason): readonly Reason[] => {
    const name = LIMIT_OF.get(reason.code);
    if (name === undefined) return [reason];
    const cap = caps[name];
    if (cap === undefined) return [];
    const then = readShown(reason.observed);
    if (then === undefined) return [reason];
    const wouldBe = isPace(name) ? then : then.plus(more);
    return wouldBe.gt(cap) ? [limitReason({ name, cap, wouldBe })] : [];
  });
}

/** "R$ 1.234,56" or "12 ofertas", as `limitReason` shows them. */
function readShown(text: string | undefined): Decimal | undefined {
  return parseDecimal(text?.replace(/[^\d,]/g, '').replace(',', '.') ?? '');
}

/**
 * A cheaper offer of ours that is still alive blocks the reservation of a dearer one: DATAPREV refuses it with
 * `monthly_interest_rate_exceeds_active_proposal`.
 */
export function dearerThanLiveReason(offered: Decimal, lowestLive: Decimal): Reason {
  return {
    code: 'RATE_ABOVE_LIVE_OFFER' satisfies EngineReasonCode,
    message: 'Há oferta nossa viva mais barata para este CPF; ela impediria a averbação desta.',
    severity: 'decline',
    ruleId: undefined,
    observed: showPercent(offered),
    required: `até ${showPercent(lowestLive)}`,
  };
}

/** No rate within the mandate brings more than it costs. */
export function noMarginReason(): Reason {
  return {
    code: 'MODEL_NO_MARGIN' satisfies EngineReasonCode,
    message: 'Nenhuma taxa dentro do mandato de aprendizado traria margem para este pedido.',
    severity: 'decline',
    ruleId: undefined,
    observed: undefined,
    required: undefined,
  };
}
