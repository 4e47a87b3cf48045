import { CENT, Decimal } from '../../kernel';
import type { CellBand, CompiledLearning, Facts, LearningCell, PriceBand } from '../../policy/domain';
import { learnedRate, NO_EXPLORATION, WHOLE, type ModelDocument } from '../../winning/domain';

/** Why the table's own rate is bid although rates are learnt. */
export const RATE_MODEL_FALLBACKS = [
  'NO_VERSION',
  'STALE',
  'HASH_MISMATCH',
  'FORMAT_UNKNOWN',
  'ORIGIN_CHANGED',
  'CELLS_MISSING',
  'RATE_OUTSIDE_BOUNDS',
  'PROPENSITIES_BROKEN',
  'RETURNED',
  'FUNDING_SPENT',
  'CELL_UNKNOWN',
  'OUT_OF_BAND',
  'BORROWER_UNKNOWN',
] as const;
export type RateModelFallback = (typeof RATE_MODEL_FALLBACKS)[number];

/** How far a version has come: only watched, on a part of the traffic, on all but the control. */
export const RATE_MODEL_STAGES = ['shadow', 'canary', 'active'] as const;
export type RateModelStage = (typeof RATE_MODEL_STAGES)[number];

/** Which rate a request is bid at: the table's for the control, the rest of a canary and a shadow, else the learned one. */
export type RateLane = 'control' | 'shadow' | 'table' | 'canary' | 'learned';

/** What a decision knows of learned rates; nothing personal. */
export interface RateModel {
  /** Of the borrower: a whole number below ten thousand, the same whatever the version; undefined: who it is, is not known. */
  readonly draw: number | undefined;
  readonly version:
    | {
        readonly kind: 'usable';
        readonly hash: string;
        readonly document: Pick<ModelDocument, 'origin' | 'seed' | 'tables'>;
        readonly stage: RateModelStage;
        /** Which of the version's prices of money is asked. */
        readonly priceStep: number;
      }
    | { readonly kind: 'fallback'; readonly reason: RateModelFallback; readonly hash: string | undefined };
}

/** What the decision keeps: enough to say why the rate is what it is, and to learn from it. */
export interface RateModelTrace {
  readonly version: string | null;
  readonly stage: RateModelStage | null;
  readonly lane: RateLane;
  readonly fallback: RateModelFallback | null;
  readonly segments: string;
  readonly cell: number | null;
  readonly reference_bp: number | null;
  readonly centre_bp: number | null;
  readonly arm: number;
  readonly step_bp: number;
  readonly propensities: readonly number[];
  readonly clamp: 'live_offer' | null;
  /** What the version would bid, and what is bid; null for no rate worth bidding. */
  readonly learned_bp: number | null;
  readonly bid_bp: number | null;
  readonly price_step: number;
}

export interface RateQuestion {
  readonly learning: CompiledLearning;
  readonly model: RateModel;
  readonly policyHash: string;
  readonly auctionKey: string;
  readonly lowestLiveRate: Decimal | undefined;
}

interface LearnedBand extends CellBand {
  readonly trace: RateModelTrace;
}

/** The prices of a request with what is learnt of them. */
export interface LearnedPrices {
  /** What offers are priced at. */
  readonly bands: readonly PriceBand[];
  /** Whether a part of them was left out because no rate there is worth bidding. */
  readonly hasNoMargin: boolean;
  /** Of an offer, or of what was asked where there is none. */
  readonly traceAt: (amount: Decimal, installments: number) => RateModelTrace;
}

/**
 * The price bands of a request at their learned rates, where its lane bids them; else as they were, beside what would have been
 * bid. A learned rate is never outside the cell's band.
 */
export function learnedPrices(
  question: RateQuestion,
  facts: Facts,
  prices: readonly PriceBand[],
): LearnedPrices {
  const { learning, model } = question;
  const lane = laneOf(model, learning);
  const asked = facts.requested_amount ?? NOTHING;
  const parts = learning
    .split(facts, prices)
    .map((part): LearnedBand => ({ ...part, trace: traceOf(question, lane, part, asked) }));
  const traceAt = (amount: Decimal, installments: number): RateModelTrace =>
    parts.find(({ band }) => holds(band, amount, installments))?.trace ?? unknownCell(question, lane);
  const isBid = (lane === 'canary' || lane === 'learned') && parts.length > 0;
  if (!isBid) return { bands: prices, hasNoMargin: false, traceAt };
  return {
    bands: parts.flatMap(({ band, cell, trace }) =>
      trace.bid_bp === null ? [] : [atRate(band, cell, trace.bid_bp)],
    ),
    hasNoMargin: parts.some(({ trace }) => trace.bid_bp === null),
    traceAt,
  };
}

const NOTHING = new Decimal(0);

function laneOf({ draw, version }: RateModel, { mandate }: CompiledLearning): RateLane {
  const control = Number(mandate.control_share) * WHOLE;
  if (draw === undefined || draw < control) return 'control';
  if (version.kind === 'fallback') return 'table';
  if (version.stage === 'shadow') return 'shadow';
  if (version.stage === 'active') return 'learned';
  return draw < control + Number(mandate.canary_share) * WHOLE ? 'canary' : 'table';
}

function traceOf(
  question: RateQuestion,
  lane: RateLane,
  { band, cell }: CellBand,
  asked: Decimal,
): RateModelTrace {
  const { learning, model } = question;
  const place = learning.cells[cell];
  if (place === undefined) return unknownCell(question, lane);
  const plain = {
    ...plainTrace(question, lane),
    cell,
    reference_bp: place.referenceBp,
    bid_bp: place.referenceBp,
  };
  const { version } = model;
  if (version.kind === 'fallback') return plain;
  if (version.document.origin.policy !== question.policyHash) return { ...plain, fallback: 'ORIGIN_CHANGED' };
  const table =
    version.document.tables[Math.min(version.priceStep, version.document.tables.length - 1)] ?? [];
  const amount = Number(within(band, asked).toFixed());
  const found = learnedRate(table, version.document.seed, cell, amount, question.auctionKey);
  const bids = lane === 'canary' || lane === 'learned';
  if (found.kind === 'fallback') return { ...plain, fallback: found.reason };
  if (found.kind === 'no_bid') return bids ? { ...plain, bid_bp: null } : plain;
  if (!isWithin(found.rateBp, place) || !isWithin(found.centreBp, place))
    return { ...plain, fallback: 'OUT_OF_BAND' };
  const drawn = {
    centre_bp: found.centreBp,
    arm: found.arm,
    step_bp: found.stepBp,
    propensities: found.propensities,
    learned_bp: found.rateBp,
    ...besideLiveOffer(found.rateBp, place, question.lowestLiveRate),
  };
  return { ...plain, ...drawn, bid_bp: bids ? drawn.learned_bp : place.referenceBp };
}

/**
 * Beside an offer of ours that is alive: a dearer one could not be reserved, a cheaper one would keep the live one from it. So
 * the same rate is asked where the band has it, and the table's where it has not.
 */
function besideLiveOffer(
  rateBp: number,
  place: LearningCell,
  live: Decimal | undefined,
): Partial<RateModelTrace> {
  if (live === undefined) return {};
  const liveBp = Number(live.times(10_000).toFixed());
  if (liveBp === rateBp) return {};
  const fits = Number.isInteger(liveBp) && isWithin(liveBp, place);
  return {
    clamp: 'live_offer',
    learned_bp: fits ? liveBp : place.referenceBp,
    arm: 0,
    step_bp: 0,
    propensities: NO_EXPLORATION.propensities,
  };
}

function isWithin(rateBp: number, { floorBp, ceilingBp }: LearningCell): boolean {
  return rateBp >= floorBp && rateBp <= ceilingBp;
}

/** The asked amount as far as the band has it. */
function within({ amount }: PriceBand, asked: Decimal): Decimal {
  const most = amount.below === undefined ? asked : Decimal.min(asked, amount.below.minus(CENT));
  return Decimal.max(most, amount.min);
}

function holds({ amount, installments }: PriceBand, offered: Decimal, term: number): boolean {
  return (
    installments.min <= term &&
    term <= installments.max &&
    offered.gte(amount.min) &&
    (amount.below === undefined || offered.lt(amount.below))
  );
}

function unknownCell(question: RateQuestion, lane: RateLane): RateModelTrace {
  return { ...plainTrace(question, lane), fallback: 'CELL_UNKNOWN' };
}

function plainTrace({ model, learning }: RateQuestion, lane: RateLane): RateModelTrace {
  const { version, draw } = model;
  const isUsable = version.kind === 'usable';
  return {
    version: version.hash ?? null,
    stage: isUsable ? version.stage : null,
    lane,
    fallback: draw === undefined ? 'BORROWER_UNKNOWN' : isUsable ? null : version.reason,
    segments: learning.segmentsHash,
    cell: null,
    reference_bp: null,
    centre_bp: null,
    arm: 0,
    step_bp: 0,
    propensities: NO_EXPLORATION.propensities,
    clamp: null,
    learned_bp: null,
    bid_bp: null,
    price_step: isUsable ? version.priceStep : 0,
  };
}

/** Pricing keeps what it worked out for each band by its identity. */
const made = new WeakMap<PriceBand, Map<number, PriceBand>>();

function atRate(band: PriceBand, cell: number, rateBp: number): PriceBand {
  const byRate = made.get(band) ?? new Map<number, PriceBand>();
  made.set(band, byRate);
  const known = byRate.get(rateBp);
  if (known !== undefined) return known;
  const priced = {
    ...band,
    id: `${band.id}@${String(cell)}`,
    row: band.id,
    monthlyInterestRate: new Decimal(rateBp).dividedBy(WHOLE),
  };
  byRate.set(rateBp, priced);
  return priced;
}
