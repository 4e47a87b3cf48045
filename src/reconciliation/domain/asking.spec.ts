import { nextAsk } from './asking';

const MINUTE = 60_000;
const rules = { againAfterMs: MINUTE, againAtMostMs: 10 * MINUTE, giveUpAfterMs: 60 * MINUTE };
const foundAt = new Date('2026-08-18T12:00:00Z');
const at = (minutes: number): Date => new Date(foundAt.getTime() + minutes * MINUTE);

describe('asking QI about a gap', () => {
  it.each([
    [1, 1],
    [2, 2],
    [4, 8],
    [5, 10],
    [5000, 10],
  ])('after %d times waits %d minutes', (asked, minutes) => {
    expect(nextAsk(foundAt, asked, at(3), rules)).toEqual(at(3 + minutes));
  });

  it('ends when the gap has been open for too long', () => {
    expect(nextAsk(foundAt, 5, at(50), rules)).toEqual(at(60));
    expect(nextAsk(foundAt, 5, at(51), rules)).toBeUndefined();
  });
});
