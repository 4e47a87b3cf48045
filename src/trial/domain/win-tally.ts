import { Decimal } from '../../kernel';
import type { Decision } from '../../decision/domain';
import { MAX_SILENT_SHARE, MIN_KNOWN, NORMAL_95, shareWon, varianceOfShare } from './win-shares';

/** What is known of how the auction of a request ended for the bid we then made. */
export interface KnownOutcome {
  readonly won: boolean;
  readonly monthlyInterestRate: Decimal;
}

/** What the candidate would do to the number of auctions won, as far as past auctions can tell. */
export interface WinFigures {
  /** Auctions whose end is known for the bid we made. */
  readonly known: { readonly won: number; readonly lost: number };
  readonly verdict: 'no_change' | 'judged' | 'not_judged';
  /** In Portuguese: what it rests on, or why there is none. */
  readonly because: string;
  /** Wins more (or fewer) over the period, with the ends of the 95 % interval. */
  readonly effect: { readonly wins: number; readonly low: number; readonly high: number } | null;
}

/** Rates within a quarter of a percent point a month are taken to win alike. */
const STEP = new Decimal('0.0025');

interface Bucket {
  won: number;
  lost: number;
  baseline: number;
  candidate: number;
}
const COUNTED = ['won', 'lost', 'baseline', 'candidate'] as const;

/** By rate step, as it passes between threads. */
export type WinCounts = ReadonlyMap<string, Readonly<Bucket>>;

/**
 * The share of auctions won by rate, as observed, laid over the bids of both versions. Only the bids that move from
 * one rate to another, appear or vanish make a difference. What other lenders would have done is not known to anybody:
 * where the candidate goes to rates at which too few auctions have ended, there is no judgement.
 */
export class WinTally {
  readonly #buckets = new Map<string, Bucket>();

  add(baseline: Decision, candidate: Decision, known: KnownOutcome | undefined): void {
    if (known !== undefined) this.#bucketOf(known.monthlyInterestRate)[known.won ? 'won' : 'lost'] += 1;
    if (baseline.outcome === 'bid') this.#bucketOf(baseline.bid.monthlyInterestRate).baseline += 1;
    if (candidate.outcome === 'bid') this.#bucketOf(candidate.bid.monthlyInterestRate).candidate += 1;
  }

  get counts(): WinCounts {
    return this.#buckets;
  }

  merge(counts: WinCounts): void {
    for (const [step, counted] of counts) {
      const bucket = this.#bucket(step);
      for (const name of COUNTED) bucket[name] += counted[name];
    }
  }

  figures(): WinFigures {
    const buckets = [...this.#buckets.values()];
    const known = { won: sum(buckets.map(({ won }) => won)), lost: sum(buckets.map(({ lost }) => lost)) };
    const moved = buckets.filter(({ baseline, candidate }) => baseline !== candidate);
    if (moved.length === 0) {
      const because = 'As duas versões fazem as mesmas ofertas em cada faixa de taxa.';
      return { known, verdict: 'no_change', because, effect: { wins: 0, low: 0, high: 0 } };
    }
    const silent = moved.filter(({ won, lost }) => won + lost < MIN_KNOWN);
    const changedBids = sum(moved.map(shift));
    const silentBids = sum(silent.map(shift));
    if (silentBids > changedBids * MAX_SILENT_SHARE) {
      const because = `Em ${String(silentBids)} de ${String(changedBids)} ofertas mudadas, há menos de ${String(MIN_KNOWN)} leilões de resultado conhecido na faixa de taxa: os dados não sustentam um julgamento.`;
      return { known, verdict: 'not_judged', because, effect: null };
    }
    const judged = moved.filter((bucket) => !silent.includes(bucket));
    const wins = sum(judged.map((bucket) => (bucket.candidate - bucket.baseline) * shareWon(bucket)));
    const error = Math.sqrt(sum(judged.map(variance))) * NORMAL_95;
    const because = `Parcela de leilões ganhos por faixa de taxa de 0,25 ponto, em ${String(known.won + known.lost)} leilões de resultado conhecido. Supõe que os concorrentes ofertem como ofertaram.`;
    const effect = { wins: rounded(wins), low: rounded(wins - error), high: rounded(wins + error) };
    return { known, verdict: 'judged', because, effect };
  }

  #bucketOf(rate: Decimal): Bucket {
    return this.#bucket(rate.dividedToIntegerBy(STEP).toFixed());
  }

  #bucket(step: string): Bucket {
    const bucket = this.#buckets.get(step) ?? { won: 0, lost: 0, baseline: 0, candidate: 0 };
    this.#buckets.set(step, bucket);
    return bucket;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const shift = ({ baseline, candidate }: Bucket): number => Math.abs(candidate - baseline);
const rounded = (value: number): number => Math.round(value * 10) / 10;

function variance(bucket: Bucket): number {
  return (bucket.candidate - bucket.baseline) ** 2 * varianceOfShare(bucket);
}
