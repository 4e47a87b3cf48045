import { BoundedCache } from './bounded-cache';

test('makes a value once and keeps it', () => {
  const cache = new BoundedCache<object>(2);
  const first = cache.getOrMake('a', () => ({}));
  expect(cache.getOrMake('a', () => ({}))).toBe(first);
});

test('never holds more than its capacity, and lets go of what was not used the longest', () => {
  const cache = new BoundedCache<string>(2);
  const ask = (key: string): string => cache.getOrMake(key, () => `made ${(made += 1)}`);
  let made = 0;
  ask('a');
  ask('b');
  ask('a');
  ask('c'); // b goes, not a
  expect(cache.size).toBe(2);
  expect(ask('a')).toBe('made 1');
  expect(ask('c')).toBe('made 3');
  expect(ask('b')).toBe('made 4');
  expect(cache.size).toBe(2);
});
