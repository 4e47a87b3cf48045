import { markUnderLease } from './lease';

function clocks() {
  let [wallMs, monotonicMs] = [1_000_000, 50];
  return {
    clock: { now: () => new Date(wallMs), monotonicMs: () => monotonicMs },
    pass: (wall: number, monotonic: number) => {
      wallMs += wall;
      monotonicMs += monotonic;
    },
  };
}

test.each<[name: string, wallMs: number, monotonicMs: number, expected: string | undefined]>([
  ['within the lease', 999, 999, undefined],
  ['at its end', 1_000, 1_000, 'lease_may_be_lost'],
  ['after the machine has slept', 60_000, 5, 'lease_may_be_lost'],
  ['after the wall clock was set back', -60_000, 1_000, 'lease_may_be_lost'],
])('a lease of a second, %s', async (_, wallMs, monotonicMs, expected) => {
  const { clock, pass } = clocks();
  const refusal = await markUnderLease(clock, () => Promise.resolve({ left_ms: 1_000 }));
  pass(wallMs, monotonicMs);
  expect(refusal?.()).toBe(expected);
});
