import fc from 'fast-check';
import { cholesky, inverse, solve } from './symmetric-matrix';

/** B B' + I: positive definite whatever B is. */
const matrix = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: size * size, maxLength: size * size })
    .map((b) => {
      const values = new Float64Array(size * size);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          let sum = i === j ? 1 : 0;
          for (let k = 0; k < size; k++) sum += (b[i * size + k] ?? 0) * (b[j * size + k] ?? 0);
          values[i * size + j] = sum;
        }
      return { size, values };
    }),
);

describe('symmetric matrices', () => {
  it('are solved and inverted', () => {
    fc.assert(
      fc.property(matrix, ({ size, values }) => {
        const lower = cholesky(values, size) ?? new Float64Array();
        const x = solve(
          lower,
          size,
          Float64Array.from({ length: size }, (_, at) => at + 1),
        );
        const turned = inverse(lower, size);
        for (let row = 0; row < size; row++) {
          let [right, identity] = [0, 0];
          for (let k = 0; k < size; k++) {
            right += (values[row * size + k] ?? 0) * (x[k] ?? 0);
            identity += (values[row * size + k] ?? 0) * (turned[k * size] ?? 0);
          }
          expect(right).toBeCloseTo(row + 1, 6);
          expect(identity).toBeCloseTo(row === 0 ? 1 : 0, 6);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('are refused when they are not positive definite', () => {
    expect(cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toBeUndefined();
    expect(cholesky(Float64Array.from([NaN]), 1)).toBeUndefined();
  });
});
