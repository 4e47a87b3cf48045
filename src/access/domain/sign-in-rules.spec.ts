import { isTooOften, judgeStranger, networkOf } from './sign-in-rules';

const LIMITS = {
  sign_in_max_failures: 5,
  name_slow_after: 5,
  address_slow_after: 50,
  sign_in_first_delay_ms: 500,
  sign_in_max_delay_ms: 10_000,
};
const soon = { kind: 'check', afterMs: 0 };
const after = (afterMs: number) => ({ kind: 'check', afterMs });
const locked = { kind: 'locked' };

/** The table of docs/access.md: attempts without success, the present one included. */
describe('what becomes of a stranger who signs in', () => {
  it.each([
    // here, name, address
    [1, 1, 1, soon],
    [5, 5, 50, soon],
    // somebody guesses at one name from one address
    [6, 6, 6, locked],
    [1_000, 1_000, 1_000, locked],
    // one name from many addresses, or somebody who only wants the administrator out: others wait and get in
    [1, 6, 1, after(500)],
    [1, 7, 1, after(1_000)],
    [1, 10, 1, after(8_000)],
    [1, 11, 1, after(10_000)],
    [1, 1_000_000, 1, after(10_000)],
    [5, 1_000_000, 1, after(10_000)],
    // many names from one address: the address waits, each name as well
    [1, 1, 51, after(500)],
    [1, 1, 52, after(1_000)],
    [1, 1, 1_000_000, after(10_000)],
    // both: the longer one
    [1, 7, 51, after(1_000)],
    [1, 6, 55, after(8_000)],
    [6, 7, 51, locked],
  ])('%i here, %i of the name, %i of the address: %j', (here, name, address, verdict) => {
    expect(judgeStranger({ here, name, address }, LIMITS)).toEqual(verdict);
  });

  it('a known browser, or a session that changes its password, has the same tries of its own', () => {
    expect([1, 5, 6, 100].map((attempts) => isTooOften(attempts, LIMITS))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('who is one address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::7', '2001:db8:0:0::/64'],
    ['2001:0db8:0001:0000::7', '2001:db8:1:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
