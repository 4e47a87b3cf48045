import { Decimal, showReais } from '../../kernel';
import type { Reason } from '../../policy/domain';
import type { Decision } from '../../decision/domain';
import { differenceBetween, type DifferenceKind } from './decision-difference';
import type { ProposalRequest } from '../../auction/domain';
import { WinTally, type KnownOutcome, type WinCounts, type WinFigures } from './win-tally';

/** What one version came to. Amounts in reais. */
export interface SideFigures {
  readonly bids: number;
  readonly disbursed_amount: string;
  /** Weighted by amount; null without bids. */
  readonly average_monthly_rate: string | null;
  readonly reasons: Readonly<Record<string, number>>;
}

interface SegmentSide {
  readonly bids: number;
  readonly disbursed_amount: string;
  readonly average_monthly_rate: string | null;
}

export interface BacktestFigures extends Readonly<AsideCounts> {
  readonly requests: number;
  /** ISO 8601, to the microsecond: when the newest of the erased was received, after which it begins; null: none was erased. */
  readonly kept_after: string | null;
  readonly baseline: SideFigures;
  readonly candidate: SideFigures;
  readonly segments: readonly {
    readonly segment: string;
    readonly requests: number;
    readonly baseline: SegmentSide;
    readonly candidate: SegmentSide;
  }[];
  readonly changed: {
    readonly gained: number;
    readonly lost: number;
    readonly changed: number;
    readonly other_reasons: number;
    /** The rule or row that did it, most frequent first. */
    readonly causes: readonly { readonly kind: string; readonly cause: string; readonly requests: number }[];
    /** Some of the auctions, to look at. */
    readonly examples: readonly {
      readonly auction: string;
      readonly kind: string;
      readonly causes: readonly string[];
    }[];
  };
  readonly wins: WinFigures;
}

/** Requests that a backtest takes otherwise than the rest. */
export interface AsideCounts {
  /** Never decided: taken as if decided on arrival by somebody without other offers. */
  assumed_standing: number;
  /**
   * Stopped by a limit of exposure or pacing when they were decided, and bid by a version that has it no more, or whose bid it has
   * room for beside what was used then. What the version itself would have used by then is not known.
   */
  limits_lifted: number;
  /** Stored, and cannot be read; both versions go without them. */
  unreadable: number;
  /**
   * Received up to the newest one that was erased. Those without success are erased years before the won ones, so that of these
   * times the winners alone are left: both versions go without them.
   */
  erased: number;
  /** One of the versions threw: no bid, and a bug to be found. */
  failed: number;
}

/** What has been added up, as it passes between threads. */
export interface BacktestCounts {
  readonly requests: number;
  readonly aside: Readonly<AsideCounts>;
  /** As in the figures; undefined: none was erased. */
  readonly keptAfter: string | undefined;
  readonly baseline: SideCounts;
  readonly candidate: SideCounts;
  readonly segments: ReadonlyMap<string, SegmentCounts>;
  readonly kinds: Readonly<Kinds>;
  readonly causes: readonly CauseCount[];
  readonly examples: readonly Example[];
  readonly wins: WinCounts;
}

type Example = BacktestFigures['changed']['examples'][number];
type CauseCount = BacktestFigures['changed']['causes'][number];
type Kinds = Record<DifferenceKind, number>;

/** More causes than this are not told apart: memory stays flat whatever the policies are. */
const MAX_CAUSES = 500;
const MAX_EXAMPLES = 50;

/** Adds up a backtest, request by request or part by part, in memory that does not grow with their number. */
export class BacktestTally {
  #requests = 0;
  #keptAfter: string | undefined;
  readonly #aside: AsideCounts = {
    assumed_standing: 0,
    limits_lifted: 0,
    unreadable: 0,
    erased: 0,
    failed: 0,
  };
  readonly #baseline = new Side();
  readonly #candidate = new Side();
  readonly #segments = new Map<string, Segment>();
  readonly #kinds: Kinds = { same: 0, gained: 0, lost: 0, changed: 0, other_reasons: 0 };
  readonly #causes = new Map<string, { kind: string; cause: string; requests: number }>();
  readonly #examples: Example[] = [];
  readonly #wins = new WinTally();

  /** @param erased what came before it begins, when the last of it was received, and how many */
  constructor(erased?: { readonly keptAfter: string; readonly requests: number }) {
    this.#keptAfter = erased?.keptAfter;
    this.#aside.erased = erased?.requests ?? 0;
  }

  add(
    request: ProposalRequest,
    baseline: Decision,
    candidate: Decision,
    known: KnownOutcome | undefined,
  ): void {
    this.#requests += 1;
    const offers = [offerOf(baseline), offerOf(candidate)] as const;
    this.#baseline.add(offers[0], baseline.reasons);
    this.#candidate.add(offers[1], candidate.reasons);
    this.#wins.add(baseline, candidate, known);
    for (const name of segmentsOf(request)) this.#segment(name).add(...offers);
    const { kind, causes } = differenceBetween(baseline, candidate);
    this.#kinds[kind] += 1;
    if (kind === 'same') return;
    for (const cause of causes) this.#countCause(kind, cause, 1);
    if (kind !== 'other_reasons') this.#keepExample({ auction: request.key, kind, causes });
  }

  setAside(why: keyof AsideCounts): void {
    this.#aside[why] += 1;
  }

  get counts(): BacktestCounts {
    return {
      requests: this.#requests,
      aside: this.#aside,
      keptAfter: this.#keptAfter,
      baseline: this.#baseline.counts,
      candidate: this.#candidate.counts,
      segments: new Map([...this.#segments].map(([name, segment]) => [name, segment.counts])),
      kinds: this.#kinds,
      causes: [...this.#causes.values()],
      examples: this.#examples,
      wins: this.#wins.counts,
    };
  }

  /** This one and what was added up elsewhere, over requests that come after: without all that came before one that was erased. */
  with(counts: BacktestCounts): BacktestTally {
    const { keptAfter } = counts;
    const tally = keptAfter === undefined ? this : new BacktestTally({ keptAfter, requests: this.#handled });
    tally.#merge(counts);
    return tally;
  }

  get #handled(): number {
    const { unreadable, erased, failed } = this.#aside;
    return this.#requests + unreadable + erased + failed;
  }

  #merge(counts: BacktestCounts): void {
    this.#requests += counts.requests;
    addTo(this.#aside, counts.aside);
    this.#baseline.merge(counts.baseline);
    this.#candidate.merge(counts.candidate);
    for (const [name, segment] of counts.segments) this.#segment(name).merge(segment);
    addTo(this.#kinds, counts.kinds);
    for (const { kind, cause, requests } of counts.causes) this.#countCause(kind, cause, requests);
    for (const example of counts.examples) this.#keepExample(example);
    this.#wins.merge(counts.wins);
  }

  figures(): BacktestFigures {
    const { gained, lost, changed, other_reasons } = this.#kinds;
    return {
      requests: this.#requests,
      ...this.#aside,
      kept_after: this.#keptAfter ?? null,
      baseline: this.#baseline.figures(),
      candidate: this.#candidate.figures(),
      segments: [...this.#segments]
        .map(([segment, figures]) => ({ segment, ...figures.figures() }))
        .sort((a, b) => SEGMENTS.indexOf(a.segment) - SEGMENTS.indexOf(b.segment)),
      changed: {
        gained,
        lost,
        changed,
        other_reasons,
        causes: [...this.#causes.values()].sort((a, b) => b.requests - a.requests),
        examples: this.#examples,
      },
      wins: this.#wins.figures(),
    };
  }

  #segment(name: string): Segment {
    const segment = this.#segments.get(name) ?? new Segment();
    this.#segments.set(name, segment);
    return segment;
  }

  #keepExample(example: Example): void {
    if (this.#examples.length < MAX_EXAMPLES) this.#examples.push(example);
  }

  #countCause(kind: string, cause: string, requests: number): void {
    const isNew = !this.#causes.has(`${kind} ${cause}`);
    const named = isNew && this.#causes.size >= MAX_CAUSES ? 'outras causas' : cause;
    const counted = this.#causes.get(`${kind} ${named}`) ?? { kind, cause: named, requests: 0 };
    counted.requests += requests;
    this.#causes.set(`${kind} ${named}`, counted);
  }
}

function addTo<Name extends string>(
  sums: Record<Name, number>,
  counts: Readonly<Record<Name, number>>,
): void {
  for (const name of Object.keys(sums) as Name[]) sums[name] += counts[name];
}

const ZERO = new Decimal(0);

/** Exact sums as text: a Decimal does not pass between threads. */
interface MoneyCounts {
  readonly bids: number;
  readonly amount: string;
  readonly weighted: string;
}

/** What a bid adds to the sums. */
interface Offer {
  readonly amount: Decimal;
  /** The rate times the amount. */
  readonly weighted: Decimal;
}

function offerOf(decision: Decision): Offer | undefined {
  if (decision.outcome !== 'bid') return undefined;
  const { disbursedIssueAmount: amount, monthlyInterestRate: rate } = decision.bid;
  return { amount, weighted: amount.times(rate) };
}

class Money {
  #bids = 0;
  #amount = ZERO;
  #weighted = ZERO;

  add(offer: Offer | undefined): void {
    if (offer === undefined) return;
    this.#bids += 1;
    this.#amount = this.#amount.plus(offer.amount);
    this.#weighted = this.#weighted.plus(offer.weighted);
  }

  get counts(): MoneyCounts {
    return { bids: this.#bids, amount: this.#amount.toFixed(), weighted: this.#weighted.toFixed() };
  }

  merge({ bids, amount, weighted }: MoneyCounts): void {
    this.#bids += bids;
    this.#amount = this.#amount.plus(amount);
    this.#weighted = this.#weighted.plus(weighted);
  }

  figures(): SegmentSide {
    return {
      bids: this.#bids,
      disbursed_amount: this.#amount.toFixed(2),
      average_monthly_rate: this.#bids === 0 ? null : this.#weighted.dividedBy(this.#amount).toFixed(6),
    };
  }
}

interface SideCounts {
  readonly money: MoneyCounts;
  readonly reasons: ReadonlyMap<string, number>;
}

class Side {
  readonly #money = new Money();
  readonly #reasons = new Map<string, number>();

  add(offer: Offer | undefined, reasons: readonly Reason[]): void {
    this.#money.add(offer);
    for (const { code } of reasons) this.#count(code, 1);
  }

  get counts(): SideCounts {
    return { money: this.#money.counts, reasons: this.#reasons };
  }

  merge({ money, reasons }: SideCounts): void {
    this.#money.merge(money);
    for (const [code, requests] of reasons) this.#count(code, requests);
  }

  figures(): SideFigures {
    const reasons = [...this.#reasons].sort(([, a], [, b]) => b - a);
    return { ...this.#money.figures(), reasons: Object.fromEntries(reasons) };
  }

  #count(code: string, requests: number): void {
    this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + requests);
  }
}

interface SegmentCounts {
  readonly requests: number;
  readonly baseline: MoneyCounts;
  readonly candidate: MoneyCounts;
}

class Segment {
  #requests = 0;
  readonly #baseline = new Money();
  readonly #candidate = new Money();

  add(baseline: Offer | undefined, candidate: Offer | undefined): void {
    this.#requests += 1;
    this.#baseline.add(baseline);
    this.#candidate.add(candidate);
  }

  get counts(): SegmentCounts {
    return {
      requests: this.#requests,
      baseline: this.#baseline.counts,
      candidate: this.#candidate.counts,
    };
  }

  merge({ requests, baseline, candidate }: SegmentCounts): void {
    this.#requests += requests;
    this.#baseline.merge(baseline);
    this.#candidate.merge(candidate);
  }

  figures(): Omit<BacktestFigures['segments'][number], 'segment'> {
    return {
      requests: this.#requests,
      baseline: this.#baseline.figures(),
      candidate: this.#candidate.figures(),
    };
  }
}

const AMOUNTS = [1_000, 5_000, 10_000, 20_000].map((below) => ({
  below: new Decimal(below),
  text: showReais(new Decimal(below)).replace(/,00$/, ''),
}));
const TERMS = [12, 24, 36, 48];

const LAST_AMOUNT = AMOUNTS.at(-1)?.text ?? '';
const UNTOLD = 'não informado';

/** Every group, in the order in which they are shown. */
const SEGMENTS = [
  ...AMOUNTS.map(({ text }) => `valor: até ${text}`),
  `valor: acima de ${LAST_AMOUNT}`,
  `valor: ${UNTOLD}`,
  ...TERMS.map((most) => `prazo: até ${String(most)} parcelas`),
  'prazo: acima de 48 parcelas',
  `prazo: ${UNTOLD}`,
];

/** The groups a request is shown in: by what was asked for. */
function segmentsOf({ requestedAmount, requestedInstallments }: ProposalRequest): readonly string[] {
  const band = AMOUNTS.find(({ below }) => requestedAmount?.lte(below) ?? false);
  const term = TERMS.find((most) => requestedInstallments !== undefined && requestedInstallments <= most);
  return [
    requestedAmount === undefined
      ? `valor: ${UNTOLD}`
      : `valor: ${band ? `até ${band.text}` : `acima de ${LAST_AMOUNT}`}`,
    requestedInstallments === undefined
      ? `prazo: ${UNTOLD}`
      : `prazo: ${term ? `até ${String(term)}` : 'acima de 48'} parcelas`,
  ];
}
