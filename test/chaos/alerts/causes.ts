import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { skewDatabase } from '../../support/skewed-database';
import { TODAY } from '../../support/today';
import { waitFor } from '../../support/wait-for';
import { endOfAuction, loanWebhooks, newCpf, proposalRequest } from '../../support/webhooks';
import { openAlert, settleParked, store, turnLastSeal, usual } from './strikes';
import type { Watched } from './watched';

export interface Cause {
  readonly what: string;
  /** What must fire, and by nothing else than this. */
  readonly fires: readonly string[];
  /** Where that takes longer than the others. */
  readonly firesWithinMs?: number;
  readonly strike: (world: Watched) => Promise<void>;
  readonly heal: (world: Watched) => Promise<void>;
}

const accept = ({ qi }: Watched): Promise<void> => {
  qi.script = () => ({ kind: 'accept' });
  qi.commandStatus = 202;
  return Promise.resolve();
};
/** One in twenty is drawn for a person to look at, and its key decides which: not this one. */
const AUTHORISED = '0d9c1f6e-6d5c-4a3e-9a55-0f4a2f6b7c11';
const nothing = (): Promise<void> => Promise.resolve();
const bids = (world: Watched, many: number, windowSeconds: number): Promise<unknown> =>
  Promise.all(Array.from({ length: many }, () => world.push({ key: randomUUID(), windowSeconds })));

/** A request that QI has our bid for. @returns its key, and that of our proposal */
async function placed(world: Watched, cpf = newCpf()): Promise<readonly [key: string, proposal: string]> {
  const key = await world.push({ key: randomUUID(), windowSeconds: 60, cpf });
  const { proposalKey } = await waitFor('a bid', () => world.qi.proposalsFor(key)[0]);
  return [key, proposalKey];
}

/** One after the other, each healed before the next. What cannot be mended by itself comes last. */
export const CAUSES: readonly Cause[] = [
  {
    what: 'QI answers every proposal with 500',
    fires: ['ArremateQiDown', 'ArremateBidsUnknown'],
    strike: async (world) => {
      world.qi.script = () => ({ kind: 'answer', status: 500, body: '{}' });
      await bids(world, 4, 8);
    },
    heal: async (world) => {
      await accept(world);
      await pause(2_500); // until the circuit lets one through
      await bids(world, 2, 30);
    },
  },
  {
    what: 'QI answers every other call with 503',
    fires: ['ArremateQiFailing'],
    strike: async (world) => {
      world.qi.script = (_, nth) =>
        nth === 1 ? { kind: 'answer', status: 503, body: '{}' } : { kind: 'accept' };
      for (let n = 0; n < 5; n += 1) await placed(world);
    },
    heal: async (world) => {
      await accept(world);
      await bids(world, 20, 30);
    },
  },
  {
    what: 'QI is too busy until the limit',
    fires: ['ArremateBidsMissed'],
    strike: async (world) => {
      world.qi.script = () => ({ kind: 'answer', status: 429, body: '{}' });
      await bids(world, 1, 5);
    },
    heal: async (world) => {
      await accept(world);
      await pause(2_500);
      await bids(world, 2, 30);
    },
  },
  {
    what: 'a request comes after its limit',
    fires: ['ArremateAuctionsUnanswered'],
    strike: async (world) => {
      await bids(world, 1, 0.05);
    },
    heal: nothing,
  },
  {
    what: 'QI answers after eleven seconds',
    fires: ['ArremateBidsSlow'],
    strike: async (world) => {
      world.qi.script = () => ({ kind: 'accept_when', released: pause(11_000) });
      await bids(world, 4, 60);
    },
    heal: accept,
  },
  {
    what: 'QI simulates other figures',
    fires: ['ArrematePricingDrift'],
    strike: async (world) => {
      const body = JSON.stringify({
        auction_proposal_key: randomUUID(),
        proposal_data: { simulation: { disbursed_issue_amount: 2100, installment_face_value: 999.99 } },
      });
      world.qi.script = () => ({ kind: 'answer', status: 200, body });
      await bids(world, 1, 30);
    },
    heal: accept,
  },
  {
    what: 'QI is too busy for the commands of loans',
    fires: ['ArremateCommandsWaiting'],
    strike: async (world) => {
      const cpf = newCpf(); // who signs must be who asked, or a person decides
      const [requestKey, proposalKey] = await placed(world, cpf);
      world.qi.commandStatus = 429;
      await world.worker.post(
        '/webhooks/qi',
        endOfAuction({ requestKey, proposalKey, operationKey: AUTHORISED }),
      );
      for (const webhook of loanWebhooks(AUTHORISED, cpf).slice(0, 2))
        await world.worker.post('/webhooks/qi', webhook);
    },
    heal: accept,
  },
  {
    what: 'the exposure of the policy is used up',
    fires: ['ArremateLimitReached', 'ArremateLimitNear'],
    strike: async (world) => {
      await world.sql.query(`UPDATE limit_use SET used = used + 1e12 WHERE name = 'total'`);
      await bids(world, 1, 30);
    },
    heal: async ({ sql }) => {
      await sql.query(`UPDATE limit_use SET used = used - 1e12 WHERE name = 'total'`);
    },
  },
  {
    what: 'QI sends something new',
    fires: ['ArremateWebhooksParked', 'ArremateParkedUnhandled'],
    strike: async ({ worker }) => {
      await worker.post('/webhooks/qi', { webhook_type: 'nobody.knows.it', key: randomUUID() });
    },
    heal: settleParked,
  },
  {
    what: 'a webhook that nobody may apply for an hour',
    fires: ['ArremateWebhooksUnhandled'],
    strike: ({ sql }) =>
      store(sql, 'stuck', `'new', now() - interval '2 minutes', now() + interval '1 hour'`),
    heal: async ({ sql }) => {
      await sql.query(
        `UPDATE webhook_event SET status = 'done', not_before = NULL WHERE event_key = 'stuck'`,
      );
    },
  },
  {
    what: 'an auction in the hands of a process that does not work on it',
    fires: ['ArremateAuctionsStuck'],
    strike: async ({ sql }) => {
      await store(sql, 'request', `'done', now(), NULL`);
      await sql.query(
        `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
           personal_key_id, personal_ciphertext, lease_owner)
         SELECT 'stuck', webhook_event.id, 'bidding', now(), now() - interval '70 seconds', '', '', instance.id
         FROM webhook_event, instance WHERE event_key = 'request' AND role = 'web'`,
      );
    },
    heal: async ({ sql }) => {
      await sql.query(
        `UPDATE auction SET status = 'missed', lease_owner = NULL WHERE issuer_proposal_request_key = 'stuck'`,
      );
    },
  },
  {
    what: 'QI does not say how an auction ended',
    fires: ['ArremateGapsOpen'],
    strike: async (world) => {
      const [key] = await placed(world);
      await waitFor('the bid on disk', async () => {
        const { rowCount } = await world.sql.query(
          `UPDATE auction SET inclusion_limit_at = now() - interval '10 minutes'
           WHERE issuer_proposal_request_key = $1 AND status = 'bid'`,
          [key],
        );
        return rowCount === 1 ? true : undefined;
      });
    },
    heal: async (world) => {
      const { rows } = await world.sql.query<{ requestKey: string; proposalKey: string }>(
        `SELECT auction_key AS "requestKey", bid.auction_proposal_key AS "proposalKey" FROM bid
         JOIN auction ON issuer_proposal_request_key = auction_key
         WHERE auction.status = 'bid' AND inclusion_limit_at < now() - interval '1 minute'`,
      );
      for (const row of rows)
        await world.worker.post('/webhooks/qi', endOfAuction({ ...row, operationKey: null }));
    },
  },
  {
    what: 'nobody asks for metrics nor sends a heartbeat',
    fires: ['ArremateUnwatched'],
    strike: (world) => {
      world.beats = false;
      return Promise.resolve();
    },
    heal: (world) => {
      world.beats = true;
      return Promise.resolve();
    },
  },
  {
    what: 'work that the database refuses again and again',
    fires: ['ArrematePeriodicLate'],
    strike: async ({ sql }) => {
      await sql.query(`ALTER TABLE watcher RENAME TO watcher_away`);
    },
    heal: async ({ sql }) => {
      await openAlert(sql, 'work_late');
      await sql.query(`ALTER TABLE watcher_away RENAME TO watcher`);
    },
  },
  {
    what: "the database's clock is five seconds ahead",
    fires: ['ArremateClockOff'],
    strike: ({ sql }) => skewDatabase(sql, 5),
    heal: ({ sql }) => skewDatabase(sql, 0),
  },
  {
    what: 'a process stands still for a second, again and again',
    fires: ['ArremateEventLoopHeld'],
    strike: async ({ worker }) => {
      for (let times = 0; times < 15; times += 1) {
        worker.stun();
        await pause(1_000);
        worker.wake();
        await pause(200);
      }
    },
    heal: nothing,
  },
  {
    what: 'a webhook that our own handler gives up', // long after the other that is parked
    fires: ['ArremateWebhooksParked'],
    strike: async ({ worker, sql }) => {
      await sql.query(
        `ALTER TABLE operation_event ADD CONSTRAINT broken CHECK (kind <> 'authorization_requested') NOT VALID`,
      );
      await worker.post('/webhooks/qi', loanWebhooks(randomUUID(), newCpf())[1]);
    },
    heal: async ({ sql }) => {
      await sql.query(`ALTER TABLE operation_event DROP CONSTRAINT broken`);
      await settleParked({ sql });
    },
  },
  {
    what: 'the only worker is killed',
    fires: ['ArremateDown', 'ArremateNobodyWorks'],
    strike: async ({ worker, sql }) => {
      await store(sql, 'too old', `'waiting', now() - interval '15 days', now() + interval '1 hour'`);
      await worker.kill();
    },
    heal: ({ worker }) => worker.restart(),
  },
  {
    what: 'what a webhook belongs to has not come for two weeks',
    fires: ['ArremateWebhooksWaitedTooLong'],
    strike: nothing, // it was looked at when the worker started
    heal: nothing,
  },
  {
    what: 'a channel of notifications that nobody listens at',
    fires: ['ArremateNotificationsFailing'],
    strike: async ({ worker }) => {
      const path = '/api/v1/notification-endpoints';
      const { body } = await worker.post(path, {
        url: 'http://127.0.0.1:9/nobody',
        event_types: ['auction.won'],
        description: 'ninguém',
      });
      await worker.post(`${path}/${(body as { id: string }).id}/trial`, {});
    },
    heal: async ({ sql }) => {
      await sql.query(`UPDATE notification_endpoint SET enabled = false, removed_at = now()`);
    },
  },
  {
    what: 'tasks are due, a second person is waited for, and a scheduled policy was refused',
    fires: ['ArremateTasksDue', 'ArremateApprovalsWaiting', 'ArremateActivationRefused'],
    strike: async ({ sql }) => {
      await sql.query(`UPDATE task SET due_at = now()`);
      await sql.query(
        `INSERT INTO approval (id, action, reason, status, requested_by, requested_at)
         VALUES (gen_random_uuid(), 'release_kill_switch', 'x', 'pending', 'x', now())`,
      );
      await sql.query(
        `INSERT INTO policy_version (hash, document, state, authors, approver, created_at, changed_at, approved_at, refused_at)
         SELECT repeat('0', 64), document, 'approved', '{x}', 'y', now(), now(), now(), now()
         FROM policy_version WHERE state = 'active'`,
      );
    },
    heal: async ({ sql }) => {
      await sql.query(`UPDATE task SET due_at = now() + interval '1 day'`);
      await sql.query(`UPDATE approval SET status = 'withdrawn', decided_by = 'x', decided_at = now()`);
      await sql.query(`UPDATE policy_version SET refused_at = NULL`);
    },
  },
  {
    what: 'bidding was stopped yesterday',
    fires: ['ArremateBiddingStopped'],
    strike: async ({ sql }) => {
      await sql.query(
        `UPDATE kill_switch SET engaged = true, actor = 'x', changed_at = now() - interval '1 day'`,
      );
    },
    heal: async ({ sql }) => {
      await sql.query(`UPDATE kill_switch SET engaged = false, changed_at = now()`);
    },
  },
  {
    what: 'somebody changes the audit trail',
    fires: ['ArremateAuditNotAnchored'],
    firesWithinMs: 240_000, // late after three periods of a minute
    strike: ({ sql }) => turnLastSeal(sql),
    heal: ({ sql }) => turnLastSeal(sql),
  },
  {
    what: 'learned rates that foretold too much',
    fires: ['ArremateRatesInDoubt'],
    strike: async ({ sql }) => {
      await sql.query(
        `INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, figures, made_at, state, stage, stage_since)
         SELECT repeat('0', 64), '{}', hash, '', ${TODAY}, $1, now(), 'in_force', 'shadow', ${TODAY}
         FROM policy_version WHERE state = 'active'`,
        [JSON.stringify({ calibrated: 1_000, calibrationError: 0.2, driftAlarms: [] })],
      );
    },
    heal: async ({ sql }) => {
      await sql.query(`UPDATE rate_model_version SET state = 'retired'`);
    },
  },
  {
    what: 'learned rates are returned to the table',
    fires: ['ArremateRatesReturned'],
    strike: async ({ sql }) => {
      await sql.query(
        `UPDATE rate_model_line SET returned_at = now(), returned_by = 'x', returned_for = 'PERSON', returned_reason = 'x'`,
      );
    },
    heal: async ({ sql }) => {
      await sql.query(
        `UPDATE rate_model_line SET returned_at = NULL, returned_by = NULL, returned_for = NULL, returned_reason = NULL`,
      );
    },
  },
  {
    what: 'no win and no signature, where four hundred an hour are usual',
    fires: ['ArremateWinsSilent', 'ArremateSignaturesSilent'],
    strike: async (world) => {
      await usual(world);
      await world.sql.query(`UPDATE operation SET opened_at = opened_at - interval '2 hours'`);
      await world.sql.query(`ALTER TABLE operation_event DISABLE TRIGGER USER`);
      await world.sql.query(`UPDATE operation_event SET recorded_at = recorded_at - interval '2 hours'`);
      await world.sql.query(`ALTER TABLE operation_event ENABLE TRIGGER USER`);
    },
    heal: async (world) => {
      const [requestKey, proposalKey] = await placed(world);
      const operationKey = randomUUID();
      await world.worker.post('/webhooks/qi', endOfAuction({ requestKey, proposalKey, operationKey }));
      for (const webhook of loanWebhooks(operationKey).slice(0, 1))
        await world.worker.post('/webhooks/qi', webhook);
    },
  },
  {
    what: 'QI sends nothing for ten minutes',
    fires: ['ArremateWebhooksSilent'],
    strike: async (world) => {
      await world.sql.query(`UPDATE webhook_event SET received_at = received_at - interval '10 minutes'`);
    },
    heal: async (world) => {
      await bids(world, 1, 30);
    },
  },
  {
    what: 'PostgreSQL is down for forty seconds',
    fires: ['ArremateDatabaseDown', 'ArremateWebhooksNotDurable', 'ArrematePeriodicLate'],
    strike: async (world) => {
      await world.stopPostgres();
      await world.worker.post('/webhooks/qi', proposalRequest({ cpf: newCpf() }));
    },
    heal: (world) => world.startPostgres(),
  },
  {
    what: 'the database has another history',
    fires: ['ArremateRestoreUnconfirmed'],
    strike: async ({ sql }) => {
      await sql.query(`UPDATE recovery_generation SET generation = gen_random_uuid()`);
    },
    heal: nothing,
  },
];
