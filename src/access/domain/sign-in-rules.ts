/** From `config/engine.yaml`, under `access`. */
export interface SignInLimits {
  readonly sign_in_max_failures: number;
  readonly name_slow_after: number;
  readonly address_slow_after: number;
  readonly sign_in_first_delay_ms: number;
  readonly sign_in_max_delay_ms: number;
}

/** How often somebody has tried lately without success, this time included. */
export interface Attempts {
  /** Of this name from this address. */
  readonly here: number;
  /** Of this name, from wherever. */
  readonly name: number;
  /** Of this address, whatever name. */
  readonly address: number;
}

export type SignInVerdict =
  | { readonly kind: 'check'; readonly afterMs: number }
  | { readonly kind: 'locked' };

/**
 * Whether a stranger's password is checked, and how long that waits. What others do to a name or an address makes
 * strangers wait and never shuts them out; only who fails again and again with one name from one address is refused.
 */
export function judgeStranger(attempts: Attempts, limits: SignInLimits): SignInVerdict {
  if (isTooOften(attempts.here, limits)) return { kind: 'locked' };
  const tooMany = Math.max(
    attempts.name - limits.name_slow_after,
    attempts.address - limits.address_slow_after,
  );
  return { kind: 'check', afterMs: delayOf(tooMany, limits) };
}

/** True when a pair of name and address, a known browser or a session has no try left. */
export function isTooOften(attempts: number, { sign_in_max_failures }: SignInLimits): boolean {
  return attempts > sign_in_max_failures;
}

/** Doubles with each attempt too many. */
function delayOf(
  tooMany: number,
  { sign_in_first_delay_ms: first, sign_in_max_delay_ms: most }: SignInLimits,
): number {
  return tooMany <= 0 ? 0 : Math.min(most, first * 2 ** (tooMany - 1));
}

/** Who is one to the throttle: an IPv4 address, or all the 2^64 of an IPv6 network, which one customer has. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const whole = [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${whole.slice(0, 4).join(':')}::/64`;
}
