import { Decimal } from '../../kernel';
import type { Decision } from './decide';
import { differenceBetween } from './decision-difference';
import type { ProposalRequest } from './proposal-request';
import { WinTally, type WinFigures } from './win-tally';

/** What is known of how the auction of a request ended for the bid we then made. */
export interface KnownOutcome {
  readonly won: boolean;
  readonly monthlyInterestRate: Decimal;
}

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

export interface BacktestFigures {
  readonly requests: number;
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

/** More causes than this are not told apart: memory stays flat whatever the policies are. */
const MAX_CAUSES = 500;
const MAX_EXAMPLES = 50;

/** Adds up a backtest, one request at a time, in memory that does not grow with their number. */
export class BacktestTally {
  #requests = 0;
  readonly #sides = { baseline: new Side(), candidate: new Side() };
  readonly #segments = new Map<string, { requests: number; baseline: Money; candidate: Money }>();
  readonly #kinds = { same: 0, gained: 0, lost: 0, changed: 0, other_reasons: 0 };
  readonly #causes = new Map<string, { kind: string; cause: string; requests: number }>();
  readonly #examples: BacktestFigures['changed']['examples'][number][] = [];
  readonly #wins = new WinTally();

  add(
    request: ProposalRequest,
    baseline: Decision,
    candidate: Decision,
    known: KnownOutcome | undefined,
  ): void {
    this.#requests += 1;
    this.#sides.baseline.add(baseline);
    this.#sides.candidate.add(candidate);
    this.#wins.add(baseline, candidate, known);
    for (const name of segmentsOf(request)) {
      const segment = this.#segments.get(name) ?? {
        requests: 0,
        baseline: new Money(),
        candidate: new Money(),
      };
      segment.requests += 1;
      segment.baseline.add(baseline);
      segment.candidate.add(candidate);
      this.#segments.set(name, segment);
    }
    const { kind, causes } = differenceBetween(baseline, candidate);
    this.#kinds[kind] += 1;
    if (kind === 'same') return;
    for (const cause of causes) this.#countCause(kind, cause);
    if (this.#examples.length < MAX_EXAMPLES && kind !== 'other_reasons')
      this.#examples.push({ auction: request.key, kind, causes });
  }

  figures(): BacktestFigures {
    const { gained, lost, changed, other_reasons } = this.#kinds;
    return {
      requests: this.#requests,
      baseline: this.#sides.baseline.figures(),
      candidate: this.#sides.candidate.figures(),
      segments: [...this.#segments]
        .map(([segment, { requests, baseline, candidate }]) => ({
          segment,
          requests,
          baseline: baseline.figures(),
          candidate: candidate.figures(),
        }))
        .sort((a, b) => (a.segment < b.segment ? -1 : 1)),
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

  #countCause(kind: string, cause: string): void {
    const key = `${kind} ${cause}`;
    const isNew = !this.#causes.has(key);
    const named = isNew && this.#causes.size >= MAX_CAUSES ? 'outras causas' : cause;
    const counted = this.#causes.get(`${kind} ${named}`) ?? { kind, cause: named, requests: 0 };
    counted.requests += 1;
    this.#causes.set(`${kind} ${named}`, counted);
  }
}

const ZERO = new Decimal(0);

class Money {
  #bids = 0;
  #amount = ZERO;
  #weighted = ZERO;

  add(decision: Decision): void {
    if (decision.outcome !== 'bid') return;
    const { disbursedIssueAmount: amount, monthlyInterestRate: rate } = decision.bid;
    this.#bids += 1;
    this.#amount = this.#amount.plus(amount);
    this.#weighted = this.#weighted.plus(amount.times(rate));
  }

  figures(): SegmentSide {
    return {
      bids: this.#bids,
      disbursed_amount: this.#amount.toFixed(2),
      average_monthly_rate: this.#bids === 0 ? null : this.#weighted.dividedBy(this.#amount).toFixed(6),
    };
  }
}

class Side {
  readonly #money = new Money();
  readonly #reasons = new Map<string, number>();

  add(decision: Decision): void {
    this.#money.add(decision);
    for (const { code } of decision.reasons) this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1);
  }

  figures(): SideFigures {
    const reasons = [...this.#reasons].sort(([, a], [, b]) => b - a);
    return { ...this.#money.figures(), reasons: Object.fromEntries(reasons) };
  }
}

const AMOUNTS = [1_000, 5_000, 10_000, 20_000].map((below) => ({
  below: new Decimal(below),
  text: String(below),
}));
const TERMS = [12, 24, 36, 48];

/** The groups a request is shown in: by what was asked for. */
function segmentsOf({ requestedAmount, requestedInstallments }: ProposalRequest): readonly string[] {
  const band = AMOUNTS.find(({ below }) => requestedAmount?.lte(below) ?? false);
  const term = TERMS.find((most) => requestedInstallments !== undefined && requestedInstallments <= most);
  const last = AMOUNTS.at(-1)?.text ?? '';
  return [
    requestedAmount === undefined
      ? 'valor: não informado'
      : `valor: ${band ? `até ${band.text}` : `acima de ${last}`}`,
    requestedInstallments === undefined
      ? 'prazo: não informado'
      : `prazo: ${term ? `até ${String(term)}` : 'acima de 48'}`,
  ];
}
