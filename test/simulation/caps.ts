import type { Queries } from './simulated-database';

/** A bid that was decided and reserved, with what the policy that decided it allows. */
interface CountedBid {
  readonly control_key: string;
  readonly ordinal: number;
  /** The minute, in UTC, in which its pace is counted. */
  readonly minute: string;
  readonly policy: string;
  /** Of what it puts at risk, in reais, while it has neither won nor come to nothing; null afterwards. */
  readonly amount: string | null;
  /** By the database's clock. */
  readonly reserved_at: Date | null;
  readonly day: string | null;
  readonly borrower: string | null;
  readonly employer: string | null;
}

/** Of a policy's document: limits in reais, and in bids a minute; null is no limit. */
interface Caps {
  readonly exposure: Readonly<Record<'per_borrower' | 'per_employer' | 'per_day' | 'total', string | null>>;
  readonly pacing: { readonly bids_per_minute: number | null };
}

/** Bids are counted in the order in which they were written; within so long of each other either may have been first. */
const TOGETHER_MS = 30_000;

/**
 * Limits of exposure and pace, counted anew from the bids that QI heard and from what the policies say that decided them; no
 * counter of the product's is believed. What has won is left out, for a win is owed whatever the limits, and so is what a bid
 * counts for that took the place of a refused one: it may stay above a limit that was lowered meanwhile.
 *
 * @param heard the control keys of all bids at QI
 * @param since from when the pace is counted
 * @returns the limits that were passed
 */
export async function limitsPassed(
  sql: Queries,
  heard: ReadonlySet<string>,
  since: Date,
): Promise<readonly string[]> {
  const { rows: policies } = await sql.query<{ policy: string; document: string }>(
    `SELECT number::text AS policy, document FROM policy_version`,
  );
  const caps = new Map(policies.map(({ policy, document }) => [policy, JSON.parse(document) as Caps]));
  const { rows } = await sql.query<CountedBid>(
    `SELECT bid.request_control_key AS control_key, ordinal, policy_version AS policy,
       to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS minute,
       exposure.amount, exposure.changed_at AS reserved_at, exposure.counted_on::text AS day,
       encode(exposure.borrower_index, 'hex') AS borrower, encode(exposure.employer_index, 'hex') AS employer
     FROM bid JOIN decision USING (auction_key, ordinal)
     LEFT JOIN exposure ON exposure.request_control_key = bid.request_control_key AND exposure.status = 'reserved'
     WHERE outcome = 'bid' AND (decided_at >= $1 OR exposure.amount IS NOT NULL) ORDER BY exposure.changed_at`,
    [since],
  );
  const bids = rows.filter(({ control_key }) => heard.has(control_key));
  const reserved = bids.filter(({ amount }) => amount !== null);
  const atRisk = (name: keyof Caps['exposure'], key: (bid: CountedBid) => string | null): readonly string[] =>
    grouped(reserved, key).flatMap(([whose, group]) =>
      exposureAbove(group, ({ policy }) => caps.get(policy)?.exposure[name] ?? null).map(
        (what) => `${name} ${whose}: ${what}`,
      ),
    );
  return [
    ...grouped(bids, ({ minute }) => minute).flatMap(([minute, group]) =>
      paceAbove(group, ({ policy }) => caps.get(policy)?.pacing.bids_per_minute ?? null).map(
        (what) => `bids_per_minute ${minute}: ${what}`,
      ),
    ),
    ...atRisk('per_borrower', ({ borrower }) => borrower),
    ...atRisk('per_employer', ({ employer }) => employer),
    ...atRisk('per_day', ({ day }) => day),
    ...atRisk('total', () => ''),
  ];
}

/** Of a minute in which one limit held throughout: with two of them it depends on which came first. */
function paceAbove(
  bids: readonly CountedBid[],
  capOf: (bid: CountedBid) => number | null,
): readonly string[] {
  const [cap = null, ...others] = new Set(bids.map(capOf));
  return cap !== null && others.length === 0 && bids.length > cap ? [`${bids.length} of ${cap} bids`] : [];
}

/** When the last of them was written, all that live still lived, within what was allowed then. */
function exposureAbove(
  bids: readonly CountedBid[],
  capOf: (bid: CountedBid) => string | null,
): readonly string[] {
  const last = bids.findLast(({ ordinal }) => ordinal === 1);
  if (last === undefined) return [];
  const until = writtenAt(last);
  const before = bids.filter((bid) => writtenAt(bid) <= until);
  const caps = before.filter((bid) => writtenAt(bid) > until - TOGETHER_MS).map(capOf);
  const used = before.reduce((sum, { amount }) => sum + Number(amount), 0);
  const cap = Math.max(...caps.map((one) => (one === null ? Infinity : Number(one))));
  // A cent of rounding is no offer.
  return used > cap + 0.005 ? [`${used.toFixed(2)} of ${cap.toFixed(2)}`] : [];
}

const writtenAt = ({ reserved_at }: CountedBid): number => reserved_at?.getTime() ?? 0;

function grouped<T>(all: readonly T[], key: (one: T) => string | null): readonly (readonly [string, T[]])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const name = key(one);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups];
}
