import { createHash } from 'node:crypto';
import { canonicalText, CENT, Decimal, type CalendarDate } from '../../kernel';
import type { PolicyDocument } from './document';
import type { CompiledEconomics, EconomicInputs } from './economics';
import type { Facts, FieldName } from './fields';
import { intersect, type Axis, type InlineLists, type Region } from './grid';
import {
  bandSplitter,
  cellsOf,
  combinations,
  learningGrid,
  MOST_LEARNING_CELLS,
  type CellBand,
  type LearningGrid,
  type Mandate,
} from './learning-grid';
import { readFee, type PriceBand } from './price-table';

/** One feature of the mandate, in the bands that some row of the price table is for. */
export interface LearningAxis {
  readonly column: FieldName;
  /** Of each band, in Portuguese. */
  readonly bands: readonly string[];
}

/** Both ends included. */
export interface Span<Value> {
  readonly min: Value;
  readonly max: Value;
}

/** One combination of bands, and the row that prices it. */
export interface LearningCell {
  readonly row: string;
  /** Of the row: bp a month, whole but in a policy of an earlier release. */
  readonly referenceBp: number;
  readonly learns: boolean;
  /** Whether its floor and ceiling are named, or rails beside its own rate. */
  readonly hasOwnBand: boolean;
  /** What the mandate allows, before break-even, law and live offers: floor and ceiling are the reference where it may not learn. */
  readonly floorBp: number;
  readonly ceilingBp: number;
  readonly amount: Span<Decimal>;
  readonly installments: Span<number>;
  readonly rebates: PriceBand['rebates'];
  readonly daysToExpiration: number;
  readonly inputs: (on: CalendarDate) => EconomicInputs | undefined;
}

/** A mandate, ready to be asked. */
export interface CompiledLearning {
  readonly mandate: Mandate;
  /** SHA-256 of the mandate, and of what tells cells apart: cells of the same hash are the same. */
  readonly mandateHash: string;
  readonly segmentsHash: string;
  readonly axes: readonly LearningAxis[];
  /** Every combination, the last axis fastest; undefined where no row is for it. */
  readonly cells: readonly (LearningCell | undefined)[];
  /** Along which axis rates were declared to rise or fall. */
  readonly declarations: readonly { readonly axis: string; readonly direction: 'rising' | 'falling' }[];
  /** The price bands of a request, cut where cells end; a part in no cell is left out. */
  readonly split: (facts: Facts, bands: readonly PriceBand[]) => readonly CellBand[];
}

/** Undefined without the section, or where it learns nothing. @param economics of the same document */
export function compileLearning(
  policy: PolicyDocument,
  economics: CompiledEconomics | undefined,
  lists: InlineLists,
): CompiledLearning | undefined {
  const { learning: mandate } = policy;
  if (mandate?.enabled !== true) return undefined;
  const layout = learningGrid(policy, mandate, lists);
  if (cellsOf(layout) > MOST_LEARNING_CELLS) return undefined; // checkLearning says so
  const axes = layout.axes.map(({ axis, bands }) => ({
    column: axis.column,
    bands: bands.map((band) => axis.wordsFor(band)),
  }));
  const cells = combinations(layout.axes.map(({ bands }) => bands)).map((bands) =>
    cellOf(policy, mandate, layout, bands, economics),
  );
  return {
    mandate,
    mandateHash: sha256(mandate),
    segmentsHash: sha256(axes),
    axes,
    cells,
    declarations: declarationsOf(layout),
    split: bandSplitter(layout),
  };
}

function cellOf(
  policy: PolicyDocument,
  mandate: Mandate,
  { table, losses, grid, axes }: LearningGrid,
  bands: readonly number[],
  economics: CompiledEconomics | undefined,
): LearningCell | undefined {
  const region: Region = bands.map((band) => 1n << BigInt(band));
  const covering = (from: number, count: number): number =>
    grid.rows.slice(from, from + count).findIndex((row) => intersect(row, region) !== undefined);
  const row = table.rows[covering(0, table.rows.length)];
  if (row === undefined) return undefined;
  const lossRows = new Map(
    losses.map((each) => [each.table.id, each.table.rows[covering(each.from, each.table.rows.length)]?.id]),
  );
  const referenceBp = Number(bpOf(row.then.monthly_interest_rate).toFixed());
  const spans = spansOf(
    policy,
    axes.map(({ axis }, at) => ({ axis, band: bands[at] ?? 0 })),
  );
  return {
    row: row.id,
    referenceBp,
    ...bandOf(mandate, row.id, referenceBp),
    ...spans,
    rebates: (row.then.rebates ?? policy.pricing.rebates).map(readFee),
    daysToExpiration: row.then.days_to_expiration ?? policy.pricing.days_to_expiration,
    inputs: (on) => {
      const entry = policy.economics?.inputs.findLast(({ from }) => from <= on);
      const lossRow = entry && lossRows.get(entry.losses);
      return lossRow === undefined ? undefined : economics?.at({ from: entry?.from ?? on, row: lossRow });
    },
  };
}

function bandOf(
  { rows, rails, bands }: Mandate,
  row: string,
  referenceBp: number,
): Pick<LearningCell, 'learns' | 'hasOwnBand' | 'floorBp' | 'ceilingBp'> {
  if (rows !== undefined && !rows.includes(row))
    return { learns: false, hasOwnBand: false, floorBp: referenceBp, ceilingBp: referenceBp };
  const own = bands.find((band) => band.row === row);
  const ends =
    own === undefined
      ? { floorBp: referenceBp - rails.below_bp, ceilingBp: referenceBp + rails.above_bp }
      : {
          floorBp: Number(bpOf(own.floor).ceil().toFixed()),
          ceilingBp: Number(bpOf(own.ceiling).floor().toFixed()),
        };
  return { learns: true, hasOwnBand: own !== undefined, ...ends };
}

/** Amounts and terms of a cell, within the limits of the policy. */
function spansOf(
  { limits }: PolicyDocument,
  places: readonly { readonly axis: Axis; readonly band: number }[],
): Pick<LearningCell, 'amount' | 'installments'> {
  const boundsOn = (column: FieldName) => {
    const place = places.find(({ axis }) => axis.column === column);
    return place?.axis.boundsOf(place.band);
  };
  const [amount, term] = [boundsOn('offered_amount'), boundsOn('offered_installments')];
  return {
    amount: {
      min: Decimal.isDecimal(amount?.from) ? amount.from : new Decimal(limits.amount.minimum),
      max: Decimal.isDecimal(amount?.below) ? amount.below.minus(CENT) : new Decimal(limits.amount.maximum),
    },
    installments: {
      min: typeof term?.from === 'number' ? term.from : limits.installments.minimum,
      max: typeof term?.below === 'number' ? term.below - 1 : limits.installments.maximum,
    },
  };
}

function declarationsOf({ table, axes }: LearningGrid): CompiledLearning['declarations'] {
  return table.monotone
    .filter(({ column }) => axes.some(({ axis }) => axis.column === column))
    .map(({ column, rate }) => ({ axis: column, direction: rate === 'not_falling' ? 'rising' : 'falling' }));
}

/** A rate in bp, not rounded. */
function bpOf(rate: string): Decimal {
  return new Decimal(rate).times(10_000);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalText(value)).digest('hex');
}
