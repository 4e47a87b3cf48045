import type { AcceptanceRow } from './acceptance-model';
import type { DayOfWins } from './drift-alarm';
import type { PayoutRow } from './payout-counts';
import type { WinRow } from './win-model';

/** What became known in a day. Of acceptances and payouts only those old enough that all their like are known. */
export interface DayOfEnds {
  readonly wins: readonly WinRow[];
  readonly tally: DayOfWins;
  readonly acceptances: readonly AcceptanceRow[];
  readonly payouts: readonly PayoutRow[];
}

/** Why a day is not learnt from. */
export interface DayFault {
  readonly model: 'win' | 'acceptance' | 'payout';
  readonly reason: RowFault;
}

type RowFault = 'CELL_UNKNOWN' | 'NOT_A_COUNT' | 'RATE_NOT_WHOLE';

/** The first row that cannot be: one is enough to doubt the day. */
export function faultOf(
  { wins, acceptances, payouts }: DayOfEnds,
  cells: number,
  payoutGroups: number,
): DayFault | undefined {
  const faults: readonly { model: DayFault['model']; reason: RowFault | undefined }[] = [
    ...wins.map((row) => ({ model: 'win' as const, reason: placedFault(row, cells) })),
    ...acceptances.map((row) => ({ model: 'acceptance' as const, reason: placedFault(row, cells) })),
    ...payouts.map(({ group, ...counts }) => ({
      model: 'payout' as const,
      reason: isIndex(group, payoutGroups) ? countFault(counts) : ('CELL_UNKNOWN' as const),
    })),
  ];
  for (const { model, reason } of faults) if (reason !== undefined) return { model, reason };
  return undefined;
}

function placedFault(
  { cell, distanceBp, ...counts }: WinRow | AcceptanceRow,
  cells: number,
): RowFault | undefined {
  if (!isIndex(cell, cells)) return 'CELL_UNKNOWN';
  return Number.isInteger(distanceBp) ? countFault(counts) : 'RATE_NOT_WHOLE';
}

function countFault(counts: Readonly<Record<string, number>>): RowFault | undefined {
  return Object.values(counts).every(isCount) ? undefined : 'NOT_A_COUNT';
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;
const isIndex = (value: number, count: number): boolean => isCount(value) && value < count;

/** One row for all of a cell at a distance, in the order of cells and distances: however they came, they add up alike. */
export function merged<Row extends WinRow | AcceptanceRow>(rows: readonly Row[]): readonly Row[] {
  const byPlace = new Map<string, Record<string, number>>();
  for (const row of rows) {
    const { cell, distanceBp } = row;
    const key = `${cell} ${distanceBp}`;
    const sum = byPlace.get(key) ?? {};
    for (const [name, count] of Object.entries<number>({ ...row })) sum[name] = (sum[name] ?? 0) + count;
    byPlace.set(key, { ...sum, cell, distanceBp });
  }
  // Every count of a row is in its sum.
  const sums = [...byPlace.values()] as unknown as Row[];
  return sums.toSorted((a, b) => a.cell - b.cell || a.distanceBp - b.distanceBp);
}
