import { Injectable } from '@nestjs/common';
import { winCurve, type NextRival } from '../domain';
import { Decimal } from '../../kernel';
import { answeredEnds, MEASURES, reais, type SumName, type Sums } from '../explore/measures';
import { Pivots, totalOf, type Grouped } from '../explore/pivot.service';
import type { WinCurveQuery, WinCurveView } from './win-curve.dto';

type Segment = WinCurveView['segments'][number];

const BECAME = [
  'won',
  ...MEASURES.expected_margin.sums,
  ...MEASURES.realised_margin.sums,
  ...MEASURES.first_paid.sums,
  'told',
] as const satisfies readonly SumName[];
const STANDS = [
  ...BECAME,
  ...MEASURES.win_rate.sums,
  ...MEASURES.second_share.sums,
  ...MEASURES.mean_rate.sums,
] as const satisfies readonly SumName[];

/** How often each rate wins, by segment, and what came of it. */
@Injectable()
export class WinCurves {
  constructor(private readonly pivots: Pivots) {}

  async of({ by, ...asked }: WinCurveQuery): Promise<WinCurveView> {
    // Of loans that no auction brought none is lost, and no place is told.
    const selection = { ...asked, product: 'private_payroll' } as const;
    const dimensions = by === undefined ? (['rate'] as const) : ([by, 'rate'] as const);
    const groups = await this.pivots.sums(dimensions, STANDS, selection);
    const ranks = await this.pivots.sums(['rank'], BECAME, selection);
    const ended = groups.filter(hasEnded);
    const keyOf = ({ keys }: Grouped): string | null => (by === undefined ? null : (keys[0] ?? null));
    return {
      by: by ?? null,
      segments: [...new Set(ended.map(keyOf))].map((key) =>
        segmentOf(
          key,
          ended.filter((group) => keyOf(group) === key),
        ),
      ),
      by_rank: ranks
        .filter(({ sums }) => sums.won > 0n)
        .map(({ keys: [rank], sums }) => ({ rank: rank == null ? null : Number(rank), ...became(sums) })),
    };
  }
}

function hasEnded({ keys, sums }: Grouped): boolean {
  return keys.at(-1) != null && sums.won + sums.lost > 0n;
}

function isHeard({ sums }: Grouped): boolean {
  const { won, lost } = answeredEnds(sums);
  return won + lost > 0n;
}

function segmentOf(key: string | null, ended: readonly Grouped[]): Segment {
  const bands = ended.filter(isHeard);
  const rates = bands.map(({ keys }) => Number(keys.at(-1)));
  const curve = winCurve(bands.map(({ sums }, at) => ({ rate: rates[at] ?? 0, ...answered(sums) })));
  const all = totalOf(ended);
  return {
    key,
    ...stands(all, curve.nextRival),
    mean_rate: MEASURES.mean_rate.of(all),
    bands: bands.map(({ sums }, at) => ({
      rate: new Decimal(rates[at] ?? 0).div(1_000_000).toFixed(6),
      smoothed: curve.points[at]?.smoothed ?? 0,
      ...stands(sums, curve.points[at]?.nextRival),
    })),
  };
}

function became(sums: Sums): Omit<WinCurveView['by_rank'][number], 'rank'> {
  return {
    won: Number(sums.won),
    expected_margin: MEASURES.expected_margin.of(sums),
    realised_margin: MEASURES.realised_margin.of(sums),
    first_paid: MEASURES.first_paid.of(sums),
    ended: Number(sums.told),
    expected_loss: reais(sums.told_expected_loss),
    told_loss: reais(sums.told_loss),
  };
}

function stands(sums: Sums, rival: NextRival | undefined) {
  return {
    ...became(sums),
    lost: Number(sums.lost),
    answered: answered(sums),
    win_rate: MEASURES.win_rate.of(sums),
    second_share: MEASURES.second_share.of(sums),
    margin_per_bid: marginPerBid(sums),
    next_rival:
      rival === undefined
        ? null
        : { above_when_won: tenth(rival.aboveWhenWon), below_when_lost: tenth(rival.belowWhenLost) },
  };
}

function answered(sums: Sums): { readonly won: number; readonly lost: number } {
  const { won, lost } = answeredEnds(sums);
  return { won: Number(won), lost: Number(lost) };
}

/** What a win brings, of those whose margin is known, times how often one wins. */
function marginPerBid(sums: Sums): string | null {
  const { expected, won_known: known } = sums;
  const { won, lost } = answeredEnds(sums);
  if (won + lost === 0n) return null;
  if (known === 0n) return won === 0n && lost > 0n ? '0.00' : null;
  const ofAWin = new Decimal(expected.toString()).div('1e8').div(known.toString());
  return ofAWin
    .times(won.toString())
    .div((won + lost).toString())
    .toFixed(2);
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
