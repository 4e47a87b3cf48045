import {
  isSilent,
  MAX_SILENT_SHARE,
  MIN_KNOWN,
  NO_ENDS,
  NORMAL_95,
  shareWon,
  varianceOfShare,
  type KnownEnds,
} from '../../trial/domain';

/** One bid of the past, and what a win is worth at its rate and at the other one. Statistics: not money that is paid. */
export interface ShiftedBid {
  /** Millionths a month. */
  readonly rate: number;
  /** Cents, as far as a win is worth something that can be worked out. */
  readonly worth: { readonly asBid: number; readonly shifted: number } | undefined;
}

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type RateShift =
  /** @property because in Portuguese, with the number that is too small */
  | { readonly verdict: 'refused'; readonly because: string }
  | {
      readonly verdict: 'judged';
      readonly because: string;
      /** Wins more, or fewer. */
      readonly wins: Estimate;
      /** Reais more, or fewer; undefined without a margin of the bids. */
      readonly margin: Estimate | undefined;
    };

/** Rates within a quarter of a point a month are taken to win alike, as in a backtest. */
const STEP = 2_500;
/** A change of some basis points is not judged on less. */
const MIN_ENDS = 200;
const MAX_UNKNOWN_WORTH = 0.1;

interface Cell extends KnownEnds {
  wins: number;
  reais: number;
}

/** The step that a rate is in. */
const stepOf = (rate: number): number => Math.floor(rate / STEP);

/**
 * What would have come of the same bids, each so much cheaper or dearer: the share won by step of rate as it was, laid
 * over the bids at the other rates. What others would have done then nobody knows: a step where too few auctions have
 * ended says nothing. Bids that come from there or go there are left out, and when that is more than a tenth of them there is
 * no judgement.
 * @param known ends by step
 * @param shift millionths a month: -1,000 is 10 basis points lower
 * @param scale how many bids each of `bids` stands for
 */
export function rateShift(
  known: ReadonlyMap<number, KnownEnds>,
  bids: readonly ShiftedBid[],
  shift: number,
  scale: number,
): RateShift {
  const ends = [...known.values()].reduce((total, { won, lost }) => total + won + lost, 0);
  if (ends < MIN_ENDS) {
    const because = `Há ${String(ends)} lances de resultado conhecido; abaixo de ${String(MIN_ENDS)} não se julga.`;
    return { verdict: 'refused', because };
  }
  const isHeard = (rate: number): boolean => !isSilent(known.get(stepOf(rate)) ?? NO_ENDS);
  const heard = bids.filter(({ rate }) => isHeard(rate) && isHeard(rate + shift));
  const silent = String(Math.round((bids.length - heard.length) * scale));
  if (bids.length - heard.length > bids.length * MAX_SILENT_SHARE) {
    const because = `Em ${silent} lances a taxa de então ou a nova fica onde há menos de ${String(MIN_KNOWN)} leilões de resultado conhecido: os dados não sustentam um julgamento.`;
    return { verdict: 'refused', because };
  }
  const cells = cellsOf(known, heard, shift);
  const unknown = heard.filter(({ worth }) => worth === undefined).length;
  const without =
    heard.length === bids.length
      ? ''
      : ` Lances fora da conta, por falta de resultados na faixa de onde saem ou para onde vão: ${silent}.`;
  return {
    verdict: 'judged',
    because: `Parcela ganha por faixa de taxa de 0,25 ponto, em ${String(ends)} leilões de resultado conhecido. Supõe que os concorrentes ofertem como ofertaram.${without}`,
    wins: estimate(cells, ({ wins }) => wins * scale),
    margin:
      unknown > heard.length * MAX_UNKNOWN_WORTH
        ? undefined
        : estimate(cells, ({ reais }) => (reais * scale) / 100),
  };
}

function cellsOf(
  known: ReadonlyMap<number, KnownEnds>,
  bids: readonly ShiftedBid[],
  shift: number,
): readonly Cell[] {
  const cells = new Map<number, Cell>();
  const cellAt = (rate: number): Cell => {
    const step = stepOf(rate);
    const cell = cells.get(step) ?? { ...(known.get(step) ?? NO_ENDS), wins: 0, reais: 0 };
    cells.set(step, cell);
    return cell;
  };
  for (const { rate, worth } of bids) {
    const [before, after] = [cellAt(rate), cellAt(rate + shift)];
    before.wins -= 1;
    after.wins += 1;
    before.reais -= worth?.asBid ?? 0;
    after.reais += worth?.shifted ?? 0;
  }
  return [...cells.values()];
}

function estimate(cells: readonly Cell[], weight: (cell: Cell) => number): Estimate {
  const value = cells.reduce((total, cell) => total + weight(cell) * shareWon(cell), 0);
  const variance = cells.reduce((total, cell) => total + weight(cell) ** 2 * varianceOfShare(cell), 0);
  const spread = NORMAL_95 * Math.sqrt(variance);
  return { value, low: value - spread, high: value + spread };
}
