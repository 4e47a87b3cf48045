import { clamp, monotone, type RateBounds } from './bounds';
import type { RateTable } from './rate-table';
import { bandsOfCell, cellCount, cellOfBands, type Segmentation } from './segments';

/** What the committee declared of the learned table: along an axis, all else alike, rates rise or fall. */
export interface Declaration {
  /** Of the segmentation, by its name. */
  readonly axis: string;
  readonly direction: 'rising' | 'falling';
}

/** The table with neighbours that break a declaration put at their mean, within each cell's bounds. Lines without a bid stay. */
export function keepingDeclarations(
  table: RateTable,
  segmentation: Segmentation,
  declarations: readonly Declaration[],
): RateTable {
  return declarations.reduce((kept, { axis, direction }) => {
    const rates = kept.map(({ ratesBp }) => [...ratesBp]);
    for (const { line, step, bps } of linesAlong(kept, segmentation, axis)) {
      const bounds = line.map((cell) => kept[cell] ?? NOWHERE);
      settled(bps, bounds, direction).forEach((rate, at) => {
        const row = rates[line[at] ?? -1];
        if (row !== undefined) row[step] = rate;
      });
    }
    return kept.map((each, cell) => ({ ...each, ratesBp: rates[cell] ?? each.ratesBp }));
  }, table);
}

const NOWHERE: RateBounds = { floorBp: 0, ceilingBp: 0 };

/** At the mean of those that break it, within the bounds of each: where a bound is in the way, its neighbours come to it. */
function settled(
  bps: readonly number[],
  bounds: readonly RateBounds[],
  direction: Declaration['direction'],
): readonly number[] {
  const pooled = monotone(bps, [], direction).map((rate, at) => clamp(rate, bounds[at] ?? NOWHERE));
  const rising = direction === 'rising' ? pooled : pooled.toReversed();
  const within = direction === 'rising' ? bounds : bounds.toReversed();
  for (let at = rising.length - 2; at >= 0; at--)
    rising[at] = Math.max(within[at]?.floorBp ?? 0, Math.min(rising[at] ?? 0, rising[at + 1] ?? Infinity));
  for (let at = 1; at < rising.length; at++)
    rising[at] = Math.min(within[at]?.ceilingBp ?? Infinity, Math.max(rising[at] ?? 0, rising[at - 1] ?? 0));
  return direction === 'rising' ? rising : rising.toReversed();
}

/** The first declaration that a table breaks: such a version is refused. */
export function brokenDeclaration(
  table: RateTable,
  segmentation: Segmentation,
  declarations: readonly Declaration[],
): Declaration | undefined {
  return declarations.find(({ axis, direction }) =>
    linesAlong(table, segmentation, axis).some(({ bps }) =>
      bps.some((rate, at) => {
        const before = bps[at - 1] ?? rate;
        return direction === 'rising' ? rate < before : rate > before;
      }),
    ),
  );
}

interface Line {
  readonly line: readonly number[];
  readonly step: number;
  readonly bps: readonly number[];
}

/** Cells that differ in one axis only, with their rates of one amount step: as far as all of them bid. */
function linesAlong(table: RateTable, segmentation: Segmentation, name: string): readonly Line[] {
  const axis = segmentation.axes.findIndex((each) => each.name === name);
  const count = segmentation.axes[axis]?.bands ?? 0;
  const firsts = Array.from({ length: cellCount(segmentation) }, (_, cell) => cell).filter(
    (cell) => bandsOfCell(segmentation, cell)[axis] === 0,
  );
  return firsts.flatMap((first) => {
    const line = Array.from({ length: count }, (_, band) => {
      const bands = bandsOfCell(segmentation, first).with(axis, band);
      return cellOfBands(segmentation, bands) ?? first;
    });
    return (table[first]?.ratesBp ?? []).flatMap((_, step) => {
      const bps = line.map((cell) => table[cell]?.ratesBp[step] ?? null).filter((rate) => rate !== null);
      return bps.length === count ? [{ line, step, bps }] : [];
    });
  });
}
