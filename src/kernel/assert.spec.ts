import { assert, AssertionError, itemAt } from './index';

test('what holds passes, what does not stops the work', () => {
  expect(() => {
    assert(true, 'never');
  }).not.toThrow();
  expect(() => {
    assert(undefined, 'a quote has a rate');
  }).toThrow(new AssertionError('a quote has a rate'));
});

test('an item is there, or the work stops', () => {
  expect(itemAt(['a', 'b'], 1)).toBe('b');
  expect(itemAt([0], 0)).toBe(0);
  expect(() => itemAt(['a'], 1)).toThrow('no item 1 in a list of 1');
  expect(() => itemAt([], -1)).toThrow(AssertionError);
});
