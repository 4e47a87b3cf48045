import { HouseClock } from './clock';

describe("the house's clock", () => {
  const at = new Date('2026-11-29T12:00:00Z');
  const clock = new HouseClock({ now: () => at, monotonicMs: () => 7 });

  it.each([
    ["is the machine's while that is right", 0, '2026-11-29T12:00:00.000Z'],
    ["is the database's while the machine's is ahead", 3_600_000, '2026-11-29T11:00:00.000Z'],
    ['or behind', -5_000, '2026-11-29T12:00:05.000Z'],
    ["and the machine's again", 0, '2026-11-29T12:00:00.000Z'],
  ])('%s', (_, aheadMs, now) => {
    clock.correct(aheadMs);
    expect(clock.now().toISOString()).toBe(now);
    expect(clock.reading()).toEqual({ wallMs: at.getTime(), monotonicMs: 7 });
    expect(clock.monotonicMs()).toBe(7);
  });
});
