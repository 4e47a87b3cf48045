import { NORMAL_95 } from '../../trial/domain';
import { wilsonInterval, type Interval } from './wilson-interval';

/** A decision as the report of rates and refusals by group sees it. Nothing in it tells who it was about. */
export interface JudgedRequest {
  /** Undefined: not known. */
  readonly group: string | undefined;
  readonly isDeclined: boolean;
  /** The first bid: its rate in basis points a month, and where its price is from. */
  readonly bid: { readonly rateBp: number; readonly price: string } | undefined;
}

export interface GroupFairness {
  /** Undefined: not known. */
  readonly group: string | undefined;
  readonly decisions: number;
  readonly declined: Interval;
  readonly bids: number;
  readonly meanRateBp: number | undefined;
  /**
   * How far its rates are, in the mean, from those of all who were priced from the same row of the same policy: what amount, term
   * and tenure do not explain. Undefined with too few bids.
   */
  readonly unexplainedBp: { readonly mean: number; readonly low: number; readonly high: number } | undefined;
}

export interface Fairness {
  readonly groups: readonly GroupFairness[];
  /** Groups too small to be shown without telling of somebody. */
  readonly suppressed: number;
}

/** Fewer decisions than this are not shown. */
export const SMALLEST_GROUP = 20;

/** Rates and refusals by group, the groups in order. */
export function fairness(requests: readonly JudgedRequest[]): Fairness {
  const usual = meansByPrice(requests);
  const groups = new Map<string | undefined, JudgedRequest[]>();
  for (const request of requests) {
    const of = groups.get(request.group) ?? [];
    of.push(request);
    groups.set(request.group, of);
  }
  const sorted = [...groups].toSorted(([a = '~'], [b = '~']) => (a < b ? -1 : 1));
  const shown = sorted.filter(([, of]) => of.length >= SMALLEST_GROUP);
  return {
    groups: shown.flatMap(([group, of]) => groupOf(group, of, usual)),
    suppressed: sorted.length - shown.length,
  };
}

function meansByPrice(requests: readonly JudgedRequest[]): ReadonlyMap<string, number> {
  const sums = new Map<string, { count: number; sum: number }>();
  for (const { bid } of requests) {
    if (bid === undefined) continue;
    const { count, sum } = sums.get(bid.price) ?? { count: 0, sum: 0 };
    sums.set(bid.price, { count: count + 1, sum: sum + bid.rateBp });
  }
  return new Map([...sums].map(([price, { count, sum }]) => [price, sum / count]));
}

function groupOf(
  group: string | undefined,
  requests: readonly JudgedRequest[],
  usual: ReadonlyMap<string, number>,
): readonly GroupFairness[] {
  const bids = requests.flatMap(({ bid }) => bid ?? []);
  const declined = wilsonInterval(requests.filter(({ isDeclined }) => isDeclined).length, requests.length);
  if (declined === undefined) return [];
  const enough = bids.length >= SMALLEST_GROUP;
  return [
    {
      group,
      decisions: requests.length,
      declined,
      bids: bids.length,
      meanRateBp: enough ? mean(bids.map(({ rateBp }) => rateBp)) : undefined,
      unexplainedBp: enough
        ? withInterval(bids.map(({ rateBp, price }) => rateBp - (usual.get(price) ?? rateBp)))
        : undefined,
    },
  ];
}

function withInterval(values: readonly number[]): NonNullable<GroupFairness['unexplainedBp']> {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  const half = NORMAL_95 * Math.sqrt(variance / values.length);
  return { mean: middle, low: middle - half, high: middle + half };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
