import type { ClientBase, Pool } from 'pg';
import type { Sandbox } from '../../sandbox';
import { wrongCounters } from './bids';
import type { ReceivedProposal, ScriptedQi } from './scripted-qi';
import { waitFor } from './wait-for';

/** What may stand for a moment because a process is just at it, but not for this long. */
const SETTLES_WITHIN_MS = 5_000;

/**
 * Holds a database, and what QI has seen where it was scripted, against the promises that no fault may break.
 *
 * @throws Error with everything that is wrong, and still is after five seconds.
 */
export async function audit(sql: Pool, qi?: ScriptedQi): Promise<void> {
  let findings: readonly string[] = [];
  const isRight = async (): Promise<true | undefined> => {
    const received = qi === undefined ? [] : await proposalsAgainstBids(sql, qi);
    findings = [...received, ...(await rowsThatContradict(sql))];
    return findings.length === 0 ? true : undefined;
  };
  try {
    await waitFor('everything to be right', isRight, { timeoutMs: SETTLES_WITHIN_MS, everyMs: 200 });
  } catch (error) {
    throw new Error(findings.slice(0, 20).join('\n'), { cause: error });
  }
}

type Debt = ReturnType<Sandbox['control']['ledger']>['debts'][number];
type BoundDebt = Pick<Debt, 'debt_key' | 'product' | 'state'> & {
  readonly collateral: Pick<Debt['collateral'], 'state'>;
};

/** Where QI has a margin bound, by what the row about it must say. */
const BOUND_AT_QI: Readonly<Record<string, string>> = {
  pending_consent: 'pending_consent',
  pending_consent_with_deletion: 'pending_consent_with_deletion',
  constituted: 'held',
};

/** And where nobody has it any more. */
const FREE_AT_QI: readonly string[] = ['refused', 'released'];

/** Settled is paid too: another debt has taken the place of this one. */
const PAID: readonly string[] = ['disbursed', 'settled'];

/**
 * No margin of a servant is bound for us without a row that says so, none is free that a row says is bound, and no case is closed over one that was not paid for.
 *
 * @throws Error with everything that is wrong, and still is after five seconds.
 */
export async function auditMargins(sql: Pool, debts: () => readonly BoundDebt[]): Promise<void> {
  let findings: readonly string[] = [];
  const isRight = async (): Promise<true | undefined> => {
    findings = await marginsThatContradict(sql, debts());
    return findings.length === 0 ? true : undefined;
  };
  try {
    await waitFor('every margin to have its row', isRight, { timeoutMs: SETTLES_WITHIN_MS, everyMs: 200 });
  } catch (error) {
    throw new Error(findings.slice(0, 20).join('\n'), { cause: error });
  }
}

/** @returns what is wrong now */
export async function marginsThatContradict(
  sql: Pick<ClientBase, 'query'>,
  debts: readonly BoundDebt[],
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ key: string; status: string; margin: string | null; ended: boolean }>(
    `SELECT credit_operation_key AS key, status, margin_status AS margin, ended_at IS NOT NULL AS ended FROM operation`,
  );
  const known = new Map(rows.map((row) => [row.key, row]));
  return debts
    .filter(({ product }) => product === 'federal_payroll')
    .flatMap(({ debt_key: key, state, collateral }) => {
      const [wanted, row] = [BOUND_AT_QI[collateral.state], known.get(key)];
      const isBoundHere = Object.values(BOUND_AT_QI).includes(row?.margin ?? '');
      if (FREE_AT_QI.includes(collateral.state) && isBoundHere)
        return [`${key}: QI has its margin ${collateral.state}, our row says ${String(row?.margin)}`];
      if (wanted === undefined) return [];
      if (row?.margin !== wanted)
        return [`${key}: QI has its margin ${collateral.state}, our row says ${String(row?.margin)}`];
      return row.ended && !PAID.includes(state)
        ? [`${key}: closed as ${row.status} over a bound margin`]
        : [];
    });
}

/** No second bid, none after its limit, none that is not on disk. */
async function proposalsAgainstBids(sql: Pool, qi: ScriptedQi): Promise<readonly string[]> {
  const { rows } = await sql.query<{
    control_key: string;
    status: string;
    submit_by: Date;
    decided: boolean;
  }>(
    `SELECT request_control_key AS control_key, status, submit_by,
       EXISTS (SELECT FROM decision WHERE decision.auction_key = bid.auction_key AND outcome = 'bid') AS decided
     FROM bid`,
  );
  const bids = new Map(rows.map((bid) => [bid.control_key, bid]));
  const findings: string[] = [];
  const before = new Map<string, ReceivedProposal>();
  for (const proposal of qi.received) {
    const { requestKey, controlKey, at, notBefore } = proposal;
    const bid = bids.get(controlKey);
    if (bid === undefined) findings.push(`${requestKey}: POST of ${controlKey}, which is no bid on disk`);
    else if (!bid.decided) findings.push(`${requestKey}: POST of ${controlKey} without a decision to bid`);
    else if (notBefore > bid.submit_by)
      findings.push(
        `${requestKey}: POST at ${at.toISOString()}, not before ${notBefore.toISOString()}, after its limit ${bid.submit_by.toISOString()}`,
      );
    if (proposal.answered !== undefined && bid?.status === 'sending')
      findings.push(`${requestKey}: QI answered ${controlKey} and nobody records it`);
    const former = before.get(requestKey);
    if (former !== undefined && !mayFollow(former, controlKey)) {
      findings.push(
        `${requestKey}: POST of ${controlKey} after ${former.controlKey} (${former.answered ?? 'no answer'})`,
      );
    }
    before.set(requestKey, proposal);
  }
  return findings;
}

/** Another bid only after a refusal, the same one again only when QI had said that it did not take it or failed. */
function mayFollow({ controlKey, answered }: ReceivedProposal, next: string): boolean {
  if (answered === undefined) return false;
  return controlKey === next ? answered === 429 || answered >= 500 : answered === 400;
}

/** Attempts after which a person is told that an answer is not known (engine.yaml: tell_after_attempts). */
const TRIES_UNTOLD = 5;

/** The same of every command, whatever it is about. @param subject the column that says about what, in its table and in the queue of tasks */
const ofCommands = (table: string, subject: string): Readonly<Record<string, string>> => {
  const inNobodysHand = `(lease_owner IS NULL OR NOT instance_is_alive(lease_owner))`;
  const isTold = `EXISTS (SELECT FROM task WHERE task.${subject} = ${table}.${subject}
    AND (task.status <> 'resolved' OR opened_at >= ${table}.created_at))`;
  const found = `SELECT format('%s %s of %s, tried %s times', status, action, ${subject}, attempts) FROM ${table}`;
  return {
    [`${table}: on its way, and in nobody's hand`]: `${found} WHERE status = 'sending' AND ${inNobodysHand}`,
    [`${table}: due, and nobody sends it`]: `${found}
      WHERE status = 'intended' AND not_before < now() - interval '1 minute' AND ${inNobodysHand}
        AND NOT EXISTS (SELECT FROM recovery WHERE confirmed_at IS NULL)`,
    [`${table}: its answer is unknown, and nobody is told`]: `${found}
      WHERE status = 'unknown' AND NOT ${isTold} AND ${inNobodysHand}
        AND (attempts > ${TRIES_UNTOLD} OR not_before < now() - interval '1 minute')`,
  };
};

/** Of the loan of a row of `operation`. */
const IS_PAID_OFF = `EXISTS (SELECT FROM operation_event told
  WHERE told.credit_operation_key = operation.credit_operation_key AND told.summary ->> 'what' = 'settled')`;

/** No money goes out of it any more: gone for good, or, where the margin ends apart from the contract, closed unpaid. */
const IS_GONE = `(operation.status = 'canceled_permanently'
  OR operation.status = 'reservation_failed' AND operation.ended_at IS NOT NULL)`;

/** Every query finds what must not be, as one text a row. */
const CONTRADICTIONS = {
  ...ofCommands('operation_command', 'credit_operation_key'),
  ...ofCommands('proposal_command', 'proposal_id'),
  'an acknowledged webhook that nobody applies': `
    SELECT format('event %s is new since %s', id, received_at) FROM webhook_event
    WHERE status = 'new' AND (lease_owner IS NULL OR NOT instance_is_alive(lease_owner)
      OR received_at < now() - interval '5 seconds')`,
  "an auction in nobody's hand": `
    SELECT format('%s is %s', issuer_proposal_request_key, status) FROM auction
    WHERE status IN ('open', 'bidding') AND (lease_owner IS NULL OR NOT instance_is_alive(lease_owner)
      OR inclusion_limit_at < now() - interval '2 seconds'
      OR status = 'open' AND created_at < now() - interval '5 seconds')`,
  'a bid without a decision': `
    SELECT format('bid %s', request_control_key) FROM bid
    WHERE NOT EXISTS (SELECT FROM decision WHERE decision.auction_key = bid.auction_key)`,
  'a bid on its way whose auction has ended': `
    SELECT format('bid %s is %s, its auction %s', request_control_key, bid.status, auction.status)
    FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
    WHERE bid.status IN ('intended', 'sending') AND auction.status NOT IN ('open', 'bidding')`,
  'an auction and a bid that disagree': `
    SELECT format('%s is %s without such a bid', issuer_proposal_request_key, auction.status) FROM auction
    WHERE status IN ('bid', 'unknown') AND status_reason IS DISTINCT FROM 'before_restore' -- whose bid may be lost
      AND NOT EXISTS (SELECT FROM bid WHERE auction_key = issuer_proposal_request_key
      AND bid.status = CASE auction.status WHEN 'bid' THEN 'accepted' ELSE 'unknown' END)`,
  'exposure of a bid that is dead': `
    SELECT format('bid %s is %s, its exposure %s', request_control_key, bid.status, exposure.status)
    FROM exposure JOIN bid USING (request_control_key)
    WHERE exposure.status <> 'released' AND bid.status IN ('rejected', 'withdrawn', 'unproven')`,
  'a live bid without exposure': `
    SELECT format('bid %s is %s', request_control_key, bid.status)
    FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
    WHERE auction.status IN ('bidding', 'bid', 'unknown', 'won') AND bid.status IN ('intended', 'sending', 'accepted', 'unknown')
      AND NOT EXISTS (SELECT FROM exposure WHERE exposure.request_control_key = bid.request_control_key
        AND exposure.status <> 'released')
      AND NOT EXISTS (SELECT FROM operation WHERE operation.auction_key = bid.auction_key
        AND (${IS_GONE} OR ${IS_PAID_OFF}))`,
  'exposure of what is neither a bid nor a debt that may be': `
    SELECT format('%s is %s', exposure.request_control_key, exposure.status) FROM exposure
    WHERE status <> 'released' AND NOT EXISTS (SELECT FROM bid WHERE bid.request_control_key = exposure.request_control_key)
      AND NOT EXISTS (SELECT FROM proposal WHERE control_key = request_control_key AND proposal.status IN ('issuing', 'issued'))`,
  'a debt that may be, without exposure': `
    SELECT format('proposal %s is %s', id, proposal.status) FROM proposal LEFT JOIN operation USING (credit_operation_key)
    WHERE (proposal.status = 'issuing'
        OR proposal.status = 'issued' AND NOT ${IS_GONE} AND NOT ${IS_PAID_OFF})
      AND NOT EXISTS (SELECT FROM exposure WHERE request_control_key = control_key AND exposure.status <> 'released')`,
  'exposure of a loan that is gone for good, or paid off': `
    SELECT format('operation %s', credit_operation_key) FROM operation JOIN exposure USING (request_control_key)
    WHERE (${IS_GONE} OR ${IS_PAID_OFF}) AND exposure.status <> 'released'`,
};

/** Rows that cannot be so together, whatever has happened; what stands for a moment while somebody is at it, too. */
export async function rowsThatContradict(sql: Pick<Pool, 'query'>): Promise<readonly string[]> {
  const findings = (await countersNotTheirSums(sql)).map((counter) => `counter ${JSON.stringify(counter)}`);
  for (const [what, query] of Object.entries(CONTRADICTIONS)) {
    const { rows } = await sql.query<{ format: string }>(query);
    findings.push(...rows.map(({ format }) => `${what}: ${format}`));
  }
  return findings;
}

function countersNotTheirSums(sql: Pick<Pool, 'query'>): Promise<readonly unknown[]> {
  const query = async (statement: string): Promise<never> => (await sql.query(statement)).rows as never;
  return wrongCounters({ query });
}
