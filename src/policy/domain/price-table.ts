import { Decimal } from '../../kernel';
import type { PolicyDocument, PriceTable } from './document';
import type { Scalar } from './display';
import type { Facts, FieldName } from './fields';
import { cellsIn, gridOf, subtract, type Axis, type Grid, type InlineLists, type Region } from './grid';
import { compileMatch, type TableResult } from './match-table';

/** A rebate, or a fee of the contract. */
export interface PriceRebate {
  readonly feeType: string;
  readonly amountType: 'percentage' | 'absolute';
  /** Percent points of the issue amount (4.17 is 4.17%), or reais. */
  readonly amount: Decimal;
}

interface PriceTerms {
  /** Fraction: 0.0249 is 2.49% a month. */
  readonly monthlyInterestRate: Decimal;
  readonly rebates: readonly PriceRebate[];
  readonly daysToExpiration: number;
}

/** One price and the offers it is for. Bands of one request never overlap. */
export interface PriceBand extends PriceTerms {
  /** Of its row, or of a part of it that has a rate of its own. */
  readonly id: string;
  /** The row, where the id is another. */
  readonly row?: string;
  /** Both inclusive; of an advance on withdrawals, their number. */
  readonly installments: { readonly min: number; readonly max: number };
  /** Disbursed amount in reais, from `min` up to but not including `below`. */
  readonly amount: { readonly min: Decimal; readonly below: Decimal | undefined };
}

/** The two columns that the offer decides, not the request. */
export const OFFER_COLUMNS: ReadonlySet<FieldName> = new Set<FieldName>([
  'offered_amount',
  'offered_installments',
  'offered_periods',
]);

/** The band that prices an offer of this amount and term. */
export function bandFor(bands: readonly PriceBand[], amount: Decimal, term: number): PriceBand | undefined {
  return bands.find(
    (band) =>
      term >= band.installments.min &&
      term <= band.installments.max &&
      amount.gte(band.amount.min) &&
      (band.amount.below === undefined || amount.lt(band.amount.below)),
  );
}

type Section = Pick<PolicyDocument['pricing'], 'rebates' | 'days_to_expiration'>;
type Terms = PolicyDocument['limits']['installments'];

export function compilePrices(
  table: PriceTable,
  section: Section,
  terms: Terms,
  lists: InlineLists,
): (facts: Facts) => TableResult<readonly PriceBand[]> {
  const grid = gridOf(table, lists);
  const prices = table.rows.map((row) => priceOf(row.then, section));
  return compileMatch(table, grid, OFFER_COLUMNS, (rows) => {
    const bands = disjoint(grid, rows).flatMap(({ row, region }): readonly PriceBand[] => {
      const [id, priced] = [table.rows[row]?.id, prices[row]];
      if (id === undefined || priced === undefined) return [];
      return rectangles(grid, region, terms).map((rectangle) => ({ id, ...rectangle, ...priced }));
    });
    return bands.length === 0 ? undefined : bands;
  });
}

function priceOf(then: PriceTable['rows'][number]['then'], section: Section): PriceTerms {
  return {
    monthlyInterestRate: new Decimal(then.monthly_interest_rate),
    daysToExpiration: then.days_to_expiration ?? section.days_to_expiration,
    rebates: (then.rebates ?? section.rebates).map(readFee),
  };
}

/** A rebate or a fee as decisions take it. */
export function readFee({ fee_type, amount_type, amount }: Section['rebates'][number]): PriceRebate {
  return { feeType: fee_type, amountType: amount_type, amount: new Decimal(amount) };
}

/** Each row's part of the offers, less what the rows before it take. In a `unique` table nothing is taken. */
function disjoint(grid: Grid, rows: readonly number[]): readonly { row: number; region: Region }[] {
  const offersOf = (row: number): Region =>
    grid.axes.map((axis, at) =>
      OFFER_COLUMNS.has(axis.column) ? (grid.rows[row]?.[at] ?? 0n) : axis.maskOf('any'),
    );
  return rows.flatMap((row, at) => {
    let left: readonly Region[] = [offersOf(row)];
    for (const earlier of rows.slice(0, at)) {
      left = left.flatMap((region) => subtract(region, offersOf(earlier)));
    }
    return left.map((region) => ({ row, region }));
  });
}

type Rectangle = Pick<PriceBand, 'amount' | 'installments'>;

function rectangles(grid: Grid, region: Region, terms: Terms): readonly Rectangle[] {
  const runsOn = (...columns: readonly FieldName[]): readonly Run[] => {
    const at = grid.axes.findIndex((axis) => columns.includes(axis.column));
    const axis = grid.axes[at];
    return axis === undefined ? [{ from: undefined, below: undefined }] : runs(axis, region[at] ?? 0n);
  };
  return runsOn('offered_installments', 'offered_periods').flatMap((term) => {
    const min = Math.max(typeof term.from === 'number' ? term.from : 1, terms.minimum);
    const max = Math.min(typeof term.below === 'number' ? term.below - 1 : terms.maximum, terms.maximum);
    if (min > max) return [];
    return runsOn('offered_amount').map(({ from, below }) => ({
      installments: { min, max },
      amount: {
        min: Decimal.isDecimal(from) ? from : new Decimal(0),
        below: Decimal.isDecimal(below) ? below : undefined,
      },
    }));
  });
}

interface Run {
  readonly from: Scalar | undefined;
  readonly below: Scalar | undefined;
}

/** The cells of a mask, neighbours joined. */
function runs(axis: Axis, mask: bigint): readonly Run[] {
  const joined: { first: number; last: number }[] = [];
  for (const cell of cellsIn(mask)) {
    const previous = joined.at(-1);
    if (previous?.last === cell - 1) previous.last = cell;
    else joined.push({ first: cell, last: cell });
  }
  return joined.map(({ first, last }) => ({
    from: axis.boundsOf(first).from,
    below: axis.boundsOf(last).below,
  }));
}
