import { Decimal } from '../../kernel';
import type { Decision } from '../../decision/domain';
import {
  isSilent,
  MAX_SILENT_SHARE,
  MIN_KNOWN,
  NO_ENDS,
  NORMAL_95,
  shareWon,
  varianceOfShare,
  type KnownEnds,
} from './win-shares';

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

/** Of a rate; undefined where there is no bid. */
type Step = string | undefined;

/** Requests that the baseline bids for in one step and the candidate in another one. */
interface Move {
  readonly from: Step;
  readonly to: Step;
  readonly bids: number;
}

/** As it passes between threads. */
export interface WinCounts {
  /** By rate step. */
  readonly ends: ReadonlyMap<string, KnownEnds>;
  readonly moves: ReadonlyMap<string, Move>;
}

/**
 * The share of auctions won by rate, as observed, laid over the bids of both versions. Only the bids that move from
 * one rate to another, appear or vanish make a difference. What other lenders would have done is not known to anybody:
 * a bid that moves to, or from, a rate at which too few auctions have ended is left out, and where many do there is no judgement.
 */
export class WinTally {
  readonly #ends = new Map<string, KnownEnds>();
  readonly #moves = new Map<string, Move>();

  add(baseline: Decision, candidate: Decision, known: KnownOutcome | undefined): void {
    if (known !== undefined)
      this.#countEnds(stepOf(known.monthlyInterestRate), known.won ? ONE_WON : ONE_LOST);
    this.#countMove({ from: stepOfBid(baseline), to: stepOfBid(candidate), bids: 1 });
  }

  get counts(): WinCounts {
    return { ends: this.#ends, moves: this.#moves };
  }

  merge({ ends, moves }: WinCounts): void {
    for (const [step, counted] of ends) this.#countEnds(step, counted);
    for (const move of moves.values()) this.#countMove(move);
  }

  figures(): WinFigures {
    const ends = [...this.#ends.values()];
    const known = { won: sum(ends.map(({ won }) => won)), lost: sum(ends.map(({ lost }) => lost)) };
    const moves = [...this.#moves.values()];
    if (netByStep(moves).size === 0) {
      const because = 'As duas versões fazem as mesmas ofertas em cada faixa de taxa.';
      return { known, verdict: 'no_change', because, effect: { wins: 0, low: 0, high: 0 } };
    }
    const heard = moves.filter(({ from, to }) => this.#isHeard(from) && this.#isHeard(to));
    const changedBids = bidsOf(moves);
    const silentBids = changedBids - bidsOf(heard);
    if (silentBids > changedBids * MAX_SILENT_SHARE) {
      const because = `Em ${String(silentBids)} de ${String(changedBids)} ofertas mudadas, há menos de ${String(MIN_KNOWN)} leilões de resultado conhecido na faixa de taxa: os dados não sustentam um julgamento.`;
      return { known, verdict: 'not_judged', because, effect: null };
    }
    const net = [...netByStep(heard)].map(([step, bids]) => ({ bids, ends: this.#endsAt(step) }));
    const wins = sum(net.map(({ bids, ends: at }) => bids * shareWon(at)));
    const error =
      Math.sqrt(sum(net.map(({ bids, ends: at }) => bids ** 2 * varianceOfShare(at)))) * NORMAL_95;
    const without =
      silentBids === 0
        ? ''
        : ` Ofertas fora da conta, por falta de resultados na faixa de onde saem ou para onde vão: ${String(silentBids)}.`;
    const because = `Parcela de leilões ganhos por faixa de taxa de 0,25 ponto, em ${String(known.won + known.lost)} leilões de resultado conhecido. Supõe que os concorrentes ofertem como ofertaram.${without}`;
    const effect = { wins: rounded(wins), low: rounded(wins - error), high: rounded(wins + error) };
    return { known, verdict: 'judged', because, effect };
  }

  #endsAt(step: string): KnownEnds {
    return this.#ends.get(step) ?? NO_ENDS;
  }

  #isHeard(step: Step): boolean {
    return step === undefined || !isSilent(this.#endsAt(step));
  }

  #countEnds(step: string, { won, lost }: KnownEnds): void {
    const before = this.#endsAt(step);
    this.#ends.set(step, { won: before.won + won, lost: before.lost + lost });
  }

  #countMove({ from, to, bids }: Move): void {
    if (from === to) return;
    const key = `${from ?? ''}>${to ?? ''}`;
    this.#moves.set(key, { from, to, bids: (this.#moves.get(key)?.bids ?? 0) + bids });
  }
}

const ONE_WON: KnownEnds = { won: 1, lost: 0 };
const ONE_LOST: KnownEnds = { won: 0, lost: 1 };

const stepOf = (rate: Decimal): string => rate.dividedToIntegerBy(STEP).toFixed();
const stepOfBid = (decision: Decision): Step =>
  decision.outcome === 'bid' ? stepOf(decision.bid.monthlyInterestRate) : undefined;

/** Bids more, or fewer, in each step where that is not nought. */
function netByStep(moves: readonly Move[]): ReadonlyMap<string, number> {
  const net = new Map<string, number>();
  const count = (step: Step, bids: number): void => {
    if (step !== undefined) net.set(step, (net.get(step) ?? 0) + bids);
  };
  for (const { from, to, bids } of moves) {
    count(from, -bids);
    count(to, bids);
  }
  return new Map([...net].filter(([, bids]) => bids !== 0));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const bidsOf = (moves: readonly Move[]): number => sum(moves.map(({ bids }) => bids));
const rounded = (value: number): number => Math.round(value * 10) / 10;
