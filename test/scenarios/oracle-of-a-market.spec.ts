import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Oracle } from '../bench/rate-market/oracle';
import { readMarket } from '../bench/rate-market/read-market';

const folder = 'test/bench/rate-market/markets';

describe('the oracle', () => {
  const files = readdirSync(folder);
  const some = process.env.THOROUGH === '1' ? files : files.filter((name) => /-(0|7|15)\.json$/.test(name));

  it.each(some)('finds the margins that %s says', (name) => {
    const { market, oracle: told } = readMarket(readFileSync(join(folder, name), 'utf8'));
    const oracle = new Oracle(market);
    for (const [level, { rate_bp, margin, per_request, constant_50 }] of Object.entries(told)) {
      const sums = { best: 0, constant: 0 };
      market.cells.forEach(({ share, usualAmount, breakEvenBp }, cell) => {
        const best = oracle.best(cell, usualAmount, Number(level));
        expect(Math.abs(best.rateBp - (rate_bp[cell] ?? 0))).toBeLessThanOrEqual(1);
        expect(relative(best.margin, margin[cell] ?? 0)).toBeLessThan(1e-3);
        sums.best += share * best.margin;
        sums.constant += share * oracle.expectedMargin(cell, usualAmount, breakEvenBp + 50, Number(level));
      });
      expect(relative(sums.best, per_request)).toBeLessThan(1e-3);
      expect(relative(sums.constant, constant_50)).toBeLessThan(1e-3);
    }
  });
});

const relative = (found: number, told: number): number =>
  Math.abs(found - told) / Math.max(1, Math.abs(told));
