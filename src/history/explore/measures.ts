import { wilsonInterval } from '../domain';
import { Decimal } from '../../kernel';
import { AFTER_SIGNATURE } from '../../operation/domain';

/*
 * What may be counted of the facts. A closed list, like the dimensions. Each measure is worked out of sums, so that the
 * figure of a total is made of the same sums as the figures of its parts.
 */

const BID = `status IN ('bid', 'unknown', 'won', 'lost', 'expired')`;
const WON = `status = 'won'`;
const LOST = `status = 'lost'`;
/** With the place that its end told, by a bid that QI had answered. */
const RANKED = `${LOST} AND rank IS NOT NULL AND unanswered IS NOT TRUE`;
const SIGNED = `loan IN (${AFTER_SIGNATURE.map((status) => `'${status}'`).join(', ')})`;
const RESERVED = `loan IN ('reserved', 'disbursement_failed', 'disbursed')`;
const PAID = `loan = 'disbursed'`;
const KNOWN = `margin_is = 'known'`;

const counted = (where: string): string => `(${where})::int`;
const summed = (what: string, where: string): string => `CASE WHEN ${where} THEN ${what} END`;
/** Of what was paid out, as far as its margin is known. */
const earned = (column: string): string => summed(column, `${PAID} AND ${KNOWN}`);

/** What one row of `history_fact` adds to each sum; money in cents, nothing where it is empty. All are counted exactly. */
export const ADDENDS = {
  requests: '1',
  asked: 'asked',
  /** A bid was decided, whatever became of it. */
  decided: counted('bid_key IS NOT NULL'),
  decided_asked: summed('asked', 'bid_key IS NOT NULL'),
  bids: counted(BID),
  bids_asked: summed('asked', BID),
  offered: summed('offered', BID),
  rate_by_amount: summed('rate * offered', BID),
  won: counted(WON),
  lost: counted(LOST),
  won_amount: summed('offered', WON),
  signed: counted(SIGNED),
  signed_amount: summed('offered', SIGNED),
  reserved: counted(RESERVED),
  reserved_amount: summed('offered', RESERVED),
  paid: counted(PAID),
  paid_amount: summed('offered', PAID),
  won_known: counted(`${WON} AND ${KNOWN}`),
  won_margin: summed('margin', `${WON} AND ${KNOWN}`),
  /** Margin of what was won, each with the share that is expected to be paid out: cents and millionths. */
  expected: summed('margin * paid_out', `${WON} AND ${KNOWN}`),
  paid_known: counted(`${PAID} AND ${KNOWN}`),
  paid_known_amount: summed('offered', `${PAID} AND ${KNOWN}`),
  interest: earned('interest'),
  discount: earned('discount'),
  rebate: earned('rebate'),
  funding: earned('funding'),
  prepayment: earned('prepayment'),
  expected_loss: earned('expected_loss'),
  cost: earned('cost'),
  margin: earned('margin'),
  margin_rate_by_amount: earned('margin_rate * offered'),
  /** Where the end of a loan was told, its expected loss and the one it had. */
  told: counted(`${PAID} AND ${KNOWN} AND told_loss IS NOT NULL`),
  told_expected_loss: summed('expected_loss', `${PAID} AND ${KNOWN} AND told_loss IS NOT NULL`),
  told_loss: summed('told_loss', `${PAID} AND ${KNOWN} AND told_loss IS NOT NULL`),
  first_told: counted(`${PAID} AND first_paid IS NOT NULL`),
  first_paid: counted(`${PAID} AND first_paid`),
  /** Lost with a place that QI told, and those in which only one was cheaper. */
  lost_ranked: counted(RANKED),
  second: counted(`${RANKED} AND rank = 2`),
  /** Of those with a bid that QI did not answer. */
  unanswered_won: counted(`${WON} AND unanswered`),
  unanswered_lost: counted(`${LOST} AND unanswered`),
} as const;
/** What is kept by day, in `history_sum`. */
export type KeptSum = keyof typeof ADDENDS;
export const KEPT_SUMS = Object.keys(ADDENDS) as KeptSum[];

/**
 * Sums of auctions alone. A loan that no auction brought counts as won, but had no rival to lose to. They are not kept: what
 * is kept is kept by product.
 */
const OF_AUCTIONS = { auctions_won: 'won' } as const satisfies Readonly<Record<string, KeptSum>>;
type AuctionSum = keyof typeof OF_AUCTIONS;
const isOfAuctions = (name: SumName): name is AuctionSum => name in OF_AUCTIONS;
const IS_AUCTION = `product = 'private_payroll'`;

export type SumName = KeptSum | AuctionSum;
export const SUM_NAMES = [...KEPT_SUMS, ...(Object.keys(OF_AUCTIONS) as AuctionSum[])];
/** Over rows of `history_fact`. */
export const sumOf = (name: SumName): string =>
  isOfAuctions(name)
    ? `coalesce(sum(${ADDENDS[OF_AUCTIONS[name]]}) FILTER (WHERE ${IS_AUCTION}), 0)`
    : `coalesce(sum(${ADDENDS[name]}), 0)`;
/** Over one row of `history_sum`. */
export const keptSum = (name: SumName): string =>
  isOfAuctions(name) ? summed(OF_AUCTIONS[name], IS_AUCTION) : name;
export type Sums = Readonly<Record<SumName, bigint>>;

/** Of a row as PostgreSQL gives it, in text; what it does not have is nought. */
export function sumsIn(row: Readonly<Record<string, string | null>>): Sums {
  const entries = SUM_NAMES.map((name) => [name, BigInt(row[name] ?? 0)] as const);
  return Object.fromEntries(entries) as Record<SumName, bigint>;
}

export type MeasureKind = 'count' | 'amount' | 'share' | 'rate';

/** One figure and what it rests on. */
export interface Figure {
  /** Exact decimal; null where there is nothing to divide by. */
  readonly value: string | null;
  /** Rows it rests on. */
  readonly sample: number;
  /** 95 % interval of a share, as fractions. */
  readonly low: number | null;
  readonly high: number | null;
}

interface Measure {
  readonly kind: MeasureKind;
  readonly sums: readonly SumName[];
  readonly of: (sums: Sums) => Figure;
}

const MILLION = 1_000_000n;

const whole = (value: bigint, sample: bigint): Figure => ({
  value: value.toString(),
  sample: Number(sample),
  low: null,
  high: null,
});
const count = (name: SumName): Measure => ({
  kind: 'count',
  sums: [name],
  of: (sums) => whole(sums[name], sums[name]),
});
const amount = (name: SumName, sample: SumName): Measure => ({
  kind: 'amount',
  sums: [name, sample],
  of: (sums) => ({ ...whole(0n, sums[sample]), value: reais(sums[name]) }),
});
/** A share of counts, with Wilson's interval. */
function shareOf(hits: bigint, trials: bigint): Figure {
  const interval = wilsonInterval(Number(hits), Number(trials));
  return {
    value: interval === undefined ? null : new Decimal(hits.toString()).div(trials.toString()).toFixed(6),
    sample: Number(trials),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  };
}
const share = (hits: SumName, trials: SumName): Measure => ({
  kind: 'share',
  sums: [hits, trials],
  of: (sums) => shareOf(sums[hits], sums[trials]),
});
/** Millionths weighted with amounts. */
const weighted = (product: SumName, weight: SumName, sample: SumName): Measure => ({
  kind: 'rate',
  sums: [product, weight, sample],
  of: (sums) => ({
    ...whole(0n, sums[sample]),
    value:
      sums[weight] === 0n
        ? null
        : new Decimal(sums[product].toString()).div((sums[weight] * MILLION).toString()).toFixed(6),
  }),
});

const ENDS = ['won', 'lost', 'unanswered_won', 'unanswered_lost'] as const satisfies readonly SumName[];
/** Auctions that were won and lost with a bid that QI had answered: the others say nothing of our price. */
export function answeredEnds(sums: Pick<Sums, (typeof ENDS)[number]>): { won: bigint; lost: bigint } {
  return { won: sums.won - sums.unanswered_won, lost: sums.lost - sums.unanswered_lost };
}

/** What was earned of what was paid out: where the end of a loan was told, with the loss that it had. */
export function realisedCents(sums: Pick<Sums, 'margin' | 'told_expected_loss' | 'told_loss'>): bigint {
  return sums.margin + sums.told_expected_loss - sums.told_loss;
}

export const MEASURES = {
  requests: count('requests'),
  asked: amount('asked', 'requests'),
  bids: count('bids'),
  offered: amount('offered', 'bids'),
  mean_rate: weighted('rate_by_amount', 'offered', 'bids'),
  won: count('won'),
  lost: count('lost'),
  win_rate: {
    kind: 'share',
    sums: ['auctions_won', ...ENDS],
    of: (sums) => {
      const { won, lost } = answeredEnds({ ...sums, won: sums.auctions_won });
      return shareOf(won, won + lost);
    },
  },
  won_amount: amount('won_amount', 'won'),
  paid: count('paid'),
  paid_amount: amount('paid_amount', 'paid'),
  paid_share: share('paid', 'won'),
  expected_margin: {
    kind: 'amount',
    sums: ['expected', 'won_known'],
    of: (sums) => ({
      ...whole(0n, sums.won_known),
      value: new Decimal(sums.expected.toString()).div('1e8').toFixed(2),
    }),
  },
  realised_margin: {
    kind: 'amount',
    sums: ['margin', 'told_expected_loss', 'told_loss', 'paid_known'],
    of: (sums) => ({ ...whole(0n, sums.paid_known), value: reais(realisedCents(sums)) }),
  },
  margin_rate: weighted('margin_rate_by_amount', 'paid_known_amount', 'paid_known'),
  interest: amount('interest', 'paid_known'),
  discount: amount('discount', 'paid_known'),
  rebate: amount('rebate', 'paid_known'),
  funding: amount('funding', 'paid_known'),
  prepayment: amount('prepayment', 'paid_known'),
  expected_loss: amount('expected_loss', 'paid_known'),
  cost: amount('cost', 'paid_known'),
  first_paid: share('first_paid', 'first_told'),
  second_share: share('second', 'lost_ranked'),
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as [MeasureName, ...MeasureName[]];

export const measureOf = (name: MeasureName): Measure => MEASURES[name];

/** Cents as reais. */
export function reais(cents: bigint): string {
  return new Decimal(cents.toString()).div(100).toFixed(2);
}
