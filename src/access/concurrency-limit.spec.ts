import { ConcurrencyLimit } from './concurrency-limit';

describe('places', () => {
  it('are so many in all and so many with anything in common, and come back', () => {
    const places = new ConcurrencyLimit(3, 2);
    const first = places.take(['maria', '203.0.113.7']);
    expect(places.take(['joão', '203.0.113.7'])).toBeDefined();
    expect(places.take(['ana', '203.0.113.7'])).toBeUndefined();
    expect(places.take(['maria', '203.0.113.8'])).toBeDefined();
    expect(places.take(['ana', '203.0.113.9'])).toBeUndefined();
    first?.();
    expect(places.take(['ana', '203.0.113.7'])).toBeDefined();
    expect(places.take(['rui', '203.0.113.9'])).toBeUndefined();
  });
});
