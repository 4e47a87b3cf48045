import { growingWaitMs } from './growing-wait';

it.each([
  [1, undefined, 50],
  [2, undefined, 100],
  [3, undefined, 200],
  [3, 3, 450],
  [6, undefined, 1_000],
  [10_000, undefined, 1_000],
])('after %i failures, factor %s: %i ms', (failures, factor, expected) => {
  const rules = { baseMs: 50, maxMs: 1_000, ...(factor !== undefined && { factor }) };
  expect(growingWaitMs(failures, rules)).toBe(expected);
});
