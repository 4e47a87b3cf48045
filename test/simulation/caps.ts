import { calendarDateAt } from '../../src/kernel';
import type { Queries } from './simulated-database';

/** A bid that was decided and reserved, with what the policy that decided it allows. */
interface CountedBid {
  readonly control_key: string;
  /** The minute, in UTC, in which its pace is counted. */
  readonly minute: string;
  readonly policy: string;
}

/** What a bid, or a debt without an auction, puts at risk, for as long as it does. Times are the database's. */
interface AtRisk {
  readonly control_key: string;
  /** In reais, and since when as much. */
  readonly amount: string;
  readonly since: Date;
  /** It was counted then whatever the limits: it had won, or the debt was made. */
  readonly is_owed: boolean;
  /** When the limits had to leave room for it, and for how much; null where they had not, or nobody can say when. */
  readonly asked_at: Date | null;
  readonly asked: string | null;
  /** The policy that decided it; null of a debt, which goes by the one in force. */
  readonly policy: string | null;
  readonly day: string;
  readonly borrower: string | null;
  readonly employer: string | null;
}

interface Activation {
  readonly policy: string;
  readonly at: Date;
}

/** Of a policy's document: limits in reais, and in bids a minute; null is no limit. */
interface Caps {
  readonly exposure: Readonly<Record<'per_borrower' | 'per_employer' | 'per_day' | 'total', string | null>>;
  readonly pacing: { readonly bids_per_minute: number | null };
}

/** Within so long of each other either of two may have been first. */
const TOGETHER_MS = 30_000;

/**
 * Limits of exposure and pace, counted anew from the bids and debts that QI has and from what the policies say; no counter of
 * the product's is believed. For a bid, and for the order of a debt, there must have been room beside all that counted then and
 * counts still. What is owed stays counted whatever the limits: a win, a debt that was made, a loan that came back. So does what a
 * bid counts for that took the place of a refused one: it may stay above a limit that was lowered meanwhile.
 *
 * @param heard the control keys of all bids and debts at QI
 * @param since from when the pace is counted, and whatever asked for room is looked at
 * @returns the limits that were passed
 */
export async function limitsPassed(
  sql: Queries,
  heard: ReadonlySet<string>,
  since: Date,
): Promise<readonly string[]> {
  const caps = await capsOfPolicies(sql);
  const activations = await activationsOf(sql);
  const bids = (await bidsSince(sql, since)).filter(({ control_key }) => heard.has(control_key));
  const counted = (await allAtRisk(sql)).filter(({ control_key }) => heard.has(control_key));
  const atRisk = (name: keyof Caps['exposure'], key: (row: AtRisk) => string | null): readonly string[] =>
    grouped(counted, key).flatMap(([whose, group]) =>
      group
        .filter(({ asked_at }) => asked_at !== null && asked_at >= since)
        .flatMap((row) => {
          const allowed = policiesFor(row, group, activations).map(
            (policy) => caps.get(policy)?.exposure[name] ?? null,
          );
          return exposureAbove(row, group, allowed).map((what) => `${name} ${whose}: ${what}`);
        }),
    );
  return [
    ...counted
      .filter(isOnAnotherDay)
      .map(({ day, control_key }) => `per_day ${day}: not the day of ${control_key}`),
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

async function capsOfPolicies(sql: Queries): Promise<ReadonlyMap<string, Caps>> {
  const { rows } = await sql.query<{ policy: string; document: string }>(
    `SELECT number::text AS policy, document FROM policy_version`,
  );
  return new Map(rows.map(({ policy, document }) => [policy, JSON.parse(document) as Caps]));
}

async function activationsOf(sql: Queries): Promise<readonly Activation[]> {
  const { rows } = await sql.query<Activation>(
    `SELECT number::text AS policy, activated_at AS at FROM policy_activation ORDER BY id`,
  );
  return rows;
}

async function bidsSince(sql: Queries, since: Date): Promise<readonly CountedBid[]> {
  const { rows } = await sql.query<CountedBid>(
    `SELECT request_control_key AS control_key, policy_version AS policy,
       to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') AS minute
     FROM bid JOIN decision USING (auction_key, ordinal) WHERE outcome = 'bid' AND decided_at >= $1`,
    [since],
  );
  return rows;
}

/**
 * A debt is known by the one order that it was made of: of two nobody here can say which. Its offer has the amount of the order,
 * whatever it is owed with since.
 */
async function allAtRisk(sql: Queries): Promise<readonly AtRisk[]> {
  const { rows } = await sql.query<AtRisk>(
    `SELECT exposure.request_control_key AS control_key, exposure.amount, changed_at AS since, exposure.status = 'committed' AS is_owed,
       CASE WHEN bid.ordinal = 1 AND exposure.status = 'reserved' THEN changed_at ELSE ordered.at END AS asked_at,
       coalesce(proposal.offer #>> '{figures,disbursed_issue_amount}', exposure.amount::text) AS asked,
       decision.policy_version AS policy, counted_on::text AS day, encode(exposure.borrower_index, 'hex') AS borrower,
       encode(exposure.employer_index, 'hex') AS employer
     FROM exposure LEFT JOIN bid USING (request_control_key)
     LEFT JOIN decision ON decision.auction_key = bid.auction_key AND decision.ordinal = bid.ordinal
     LEFT JOIN proposal ON control_key = exposure.request_control_key
     LEFT JOIN LATERAL (SELECT min(created_at) AS at FROM proposal_command
       WHERE proposal_id = proposal.id AND action = 'issue' HAVING count(*) = 1) AS ordered ON true
     WHERE exposure.status <> 'released'`,
  );
  return rows;
}

/** In São Paulo, where it may have been another one a moment before or after it. */
function isOnAnotherDay({ asked_at, day }: AtRisk): boolean {
  const days = [-TOGETHER_MS, TOGETHER_MS].map((ms) => calendarDateAt(new Date(timeOf(asked_at) + ms)));
  return asked_at !== null && days.every((one) => one !== day);
}

/** Those by which there may have been room for it. */
function policiesFor(
  { asked_at }: AtRisk,
  group: readonly AtRisk[],
  activations: readonly Activation[],
): readonly string[] {
  const asked = timeOf(asked_at);
  const inForce = activations.filter(
    ({ at }, nth) =>
      timeOf(at) <= asked + TOGETHER_MS &&
      timeOf(activations[nth + 1]?.at ?? asked_at) >= asked - TOGETHER_MS,
  );
  const beside = group.filter((one) => Math.abs(timeOf(one.asked_at) - asked) < TOGETHER_MS);
  return [...inForce, ...beside].flatMap(({ policy }) => policy ?? []);
}

/** Of a minute in which one limit held throughout: with two of them it depends on which came first. */
function paceAbove(
  bids: readonly CountedBid[],
  capOf: (bid: CountedBid) => number | null,
): readonly string[] {
  const [cap = null, ...others] = new Set(bids.map(capOf));
  return cap !== null && others.length === 0 && bids.length > cap ? [`${bids.length} of ${cap} bids`] : [];
}

/** When it asked for room, beside all that counted by then and counts still. */
function exposureAbove(
  row: AtRisk,
  group: readonly AtRisk[],
  allowed: readonly (string | null)[],
): readonly string[] {
  const asked = timeOf(row.asked_at);
  const before = group.filter(
    (one) => one !== row && timeOf(one.since) <= asked - (one.is_owed ? TOGETHER_MS : 0),
  );
  const used = before.reduce((sum, { amount }) => sum + Number(amount), Number(row.asked));
  const cap = Math.max(...allowed.map((one) => (one === null ? Infinity : Number(one))));
  // A cent of rounding is no offer.
  return used > cap + 0.005 ? [`${used.toFixed(2)} of ${cap.toFixed(2)} with ${row.control_key}`] : [];
}

const timeOf = (at: Date | null): number => at?.getTime() ?? 0;

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
