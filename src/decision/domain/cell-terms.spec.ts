import { readFileSync } from 'node:fs';
import { MANDATE } from '../../../test/support/learning-policies';
import { A_PROGRAMME } from '../../../test/support/programme';
import { compiledPolicy } from '../../../test/support/policies';
import { calendarDate, parseJson } from '../../kernel';
import { readPricingData } from '../../pricing';
import { PricingContext } from '../../pricing/domain';
import type { LearningCell } from '../../policy/domain';
import { cellTerms, type CellWorld } from './cell-terms';

const seed = parseJson(readFileSync('config/policies/default.json', 'utf8')) as Record<string, unknown>;
const world: CellWorld = {
  pricing: new PricingContext(readPricingData('config')),
  programme: A_PROGRAMME,
  on: calendarDate('2026-08-17'),
};

const cellsWithin = (railBp: number): readonly (LearningCell | undefined)[] => {
  const rails = { below_bp: railBp, above_bp: railBp };
  return compiledPolicy({ ...seed, learning: { ...MANDATE, rails, features: [] } }).learning?.cells ?? [];
};
const termsOf = (cell: LearningCell | undefined) =>
  cell && cellTerms(cell, world, { minimumMarginBp: 0, ceilingBp: 10_000, payoutGroup: 0 });

it('knows what each rate brings, whatever the bounds are: others held when it was bid', () => {
  const [narrow, wide] = [cellsWithin(5), cellsWithin(60)].map((cells) => cells.map(termsOf));
  expect(narrow?.filter((terms) => terms !== undefined).length).toBeGreaterThan(20);
  narrow?.forEach((terms, at) => {
    if (terms === undefined) return;
    expect(terms.ceilingBp - terms.floorBp).toBeLessThanOrEqual(10);
    const rates = Array.from({ length: 101 }, (_, step) => terms.referenceBp - 50 + step);
    const margins = rates.map((rate) => terms.marginPerReal(rate));
    expect(margins).toEqual(rates.map((rate) => wide?.[at]?.marginPerReal(rate)));
    expect(margins).toEqual(margins.toSorted((a, b) => (a ?? NaN) - (b ?? NaN)));
  });
});
