import { createHash, randomInt, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { ExposureBook, LIMIT_NAMES, type Caps } from '../../src/exposure';
import { Decimal } from '../../src/kernel';
import {
  factOf,
  loanProduct,
  isAtRisk,
  isFinal,
  OPERATION_FACTS,
  type OperationEvent,
  type OperationFact,
  type OperationStatus,
} from '../../src/operation/domain';
import { OperationCommandSender } from '../../src/operation/operation-command-sender';
import { InstanceRegistry } from '../../src/platform';
import { MAY_BE_SENT, referenceStatus } from '../scenarios/operation-reference';
import { writeAuction, writeBid, wrongCounters } from '../support/bids';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import {
  createWorld,
  disbursed,
  paymentRefused,
  refusedFor,
  RULES,
  signedBy,
  type World,
} from './operation-world';

const OTHER = randomUUID();
const NO_CAPS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, undefined])) as Caps;

let world: World;
beforeAll(async () => {
  world = await createWorld({ tell_after_attempts: 3 });
});
afterAll(() => world.close());

const reaches = (key: string, status: string) =>
  waitFor(`${key} to be ${status}`, async () => ((await world.statusOf(key)) === status ? true : undefined));

describe('a process that dies while it sends', () => {
  const leaveSending = async (key: string, action: string, owner: string = randomUUID()): Promise<void> => {
    await world.dataSource.query(
      `INSERT INTO operation_command
         (id, credit_operation_key, action, status, actor, attempts, not_before, created_at, sent_at, lease_owner)
       VALUES ($1, $2, $3, 'sending', 'ana', 1, now(), now(), now(), $4)`,
      [randomUUID(), key, action, owner],
    );
  };
  const waitingForUs = async (): Promise<string> => {
    world.policy.rules = undefined;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, { kind: 'authorization_requested' });
    return key;
  };

  it('after QI took it: another finds out and does not send again', async () => {
    const key = await waitingForUs();
    await world.desk.authorize(key, { until: new Date(), refusal: () => undefined });
    await leaveSending(key, 'authorize');
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('and a command that we hold and do not work on is such a one: nobody else would look at it', async () => {
    const key = await waitingForUs();
    await leaveSending(key, 'authorize', world.app.get(InstanceRegistry).id);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('before QI got it: another finds out and sends it, once', async () => {
    const key = await waitingForUs();
    await leaveSending(key, 'authorize');
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('with a resubmission: a person is asked, nothing is sent', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, paymentRefused());
    await leaveSending(key, 'resubmit_disbursement');
    await waitFor('the task', async () =>
      (await world.openTasks(key)).includes('command_unknown') ? true : undefined,
    );
    expect(world.desk.sent('resubmit_disbursement', key)).toBe(0);
  });
});

describe('an authorization under way', () => {
  const underWay = async () => {
    world.policy.rules = RULES;
    let go = (): void => undefined;
    world.desk.connecting = new Promise((resolve) => (go = resolve));
    world.desk.plan('authorize', 'lost');
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    const commands = () =>
      world.dataSource.query<{ status: string; settled_by: string | null }[]>(
        `SELECT status, settled_by FROM operation_command WHERE credit_operation_key = $1`,
        [key],
      );
    await waitFor('the mark', async () => ((await commands())[0]?.status === 'sending' ? true : undefined));
    const end = (): void => {
      go();
      world.desk.connecting = Promise.resolve();
    };
    return { key, commands, end };
  };

  it('is proven by a refusal that is told before its answer is lost', async () => {
    const { key, commands, end } = await underWay();
    await world.hear(key, refusedFor('employment_relationship_blocked'));
    await reaches(key, 'reservation_failed');
    end();
    await waitFor('its end', async () => ((await commands())[0]?.status !== 'sending' ? true : undefined));
    expect(await commands()).toEqual([{ status: 'accepted', settled_by: 'webhook' }]);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('that QI does not take makes the sender pause, the longer the longer QI is out of reach', async () => {
    world.policy.rules = RULES;
    world.desk.isDown = true;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    const sender = world.app.get(OperationCommandSender);
    await waitFor('the pause', () => (sender.isPaused ? true : undefined));
    world.desk.isDown = false;
    await reaches(key, 'authorized');
  });
});

describe('a database that does not take the answer', () => {
  const commandsOf = (key: string) =>
    world.dataSource.query<{ status: string; settled_by: string }[]>(
      `SELECT status, settled_by FROM operation_command WHERE credit_operation_key = $1`,
      [key],
    );
  /** @returns what puts an end to it */
  const refuseAnswers = async (): Promise<() => Promise<unknown>> => {
    await world.asOwner(`
      CREATE OR REPLACE FUNCTION refuse_answer() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'disk full, says the test'; END $$;
      CREATE TRIGGER refuse_answer BEFORE UPDATE ON operation_command FOR EACH ROW
        WHEN (NEW.settled_at IS NOT NULL AND OLD.status = 'sending') EXECUTE FUNCTION refuse_answer();
    `);
    return () => world.asOwner(`DROP TRIGGER refuse_answer ON operation_command`);
  };
  const sent = async (): Promise<string> => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    await waitFor('the call', () => (world.desk.sent('authorize', key) > 0 ? true : undefined));
    return key;
  };
  beforeEach(() => {
    world.policy.rules = RULES;
  });

  it('is asked again: the answer is kept meanwhile', async () => {
    const accept = await refuseAnswers();
    const key = await sent();
    await new Promise((resolve) => setTimeout(resolve, 15));
    await accept();
    await reaches(key, 'authorized');
    expect(await commandsOf(key)).toEqual([{ status: 'accepted', settled_by: 'qi' }]);
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('because it cannot be reached is asked until it does, however long that takes', async () => {
    let answered = (): void => undefined;
    world.desk.connecting = new Promise((resolve) => (answered = resolve));
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    await waitFor('the mark', async () =>
      (await commandsOf(key))[0]?.status === 'sending' ? true : undefined,
    );
    const cut = world.cutDatabaseFor(1_200);
    await new Promise((resolve) => setTimeout(resolve, 200));
    answered();
    world.desk.connecting = Promise.resolve();
    await cut;
    await reaches(key, 'authorized');
    expect(await commandsOf(key)).toEqual([{ status: 'accepted', settled_by: 'qi' }]);
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('for long loses the answer, and QI is asked what became of the command', async () => {
    const accept = await refuseAnswers();
    const key = await sent();
    await waitFor('QI to be asked', () => (world.desk.sent('find', key) > 0 ? true : undefined));
    await accept();
    await reaches(key, 'authorized');
    expect(await commandsOf(key)).toEqual([{ status: 'accepted', settled_by: 'inquiry' }]);
    expect(world.desk.sent('authorize', key)).toBe(1);
  });
});

describe('the product of a loan', () => {
  const productOf = async (key: string) => {
    const [row] = await world.dataSource.query<{ product: string }[]>(
      `SELECT product FROM operation WHERE credit_operation_key = $1`,
      [key],
    );
    return row?.product;
  };
  const reserved: OperationEvent = { kind: 'reservation_confirmed' };

  it('is assumed while no webhook says it, and corrected by the first that does', async () => {
    const key = randomUUID();
    await world.hear(key, { kind: 'authorization_requested' });
    expect(await productOf(key)).toBe('private_payroll');
    await world.hear(key, reserved, undefined, 'federal_payroll');
    expect(await productOf(key)).toBe('federal_payroll');
    await world.hear(key, disbursed);
    expect(await productOf(key)).toBe('federal_payroll');
  });

  it('is that of the auction once one has won it', async () => {
    const key = randomUUID();
    await world.hear(key, reserved, undefined, 'fgts');
    expect(await productOf(key)).toBe('fgts');
    await world.win(key);
    expect(await productOf(key)).toBe('private_payroll');
    await world.hear(key, disbursed, undefined, 'fgts');
    expect(await productOf(key)).toBe('private_payroll');
  });
});

describe('a process that is stopped between its mark on disk and the first byte', () => {
  const marked = async (connecting: Promise<void>): Promise<string> => {
    world.policy.rules = RULES;
    world.desk.connecting = connecting;
    world.desk.refused.length = 0;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    await waitFor('the mark', async () => {
      const [row] = await world.dataSource.query<{ status: string }[]>(
        `SELECT status FROM operation_command WHERE credit_operation_key = $1`,
        [key],
      );
      return row?.status === 'sending' ? true : undefined;
    });
    return key;
  };
  afterEach(() => {
    world.desk.connecting = Promise.resolve();
  });

  it('sends nothing once its lease may be lost, and sends it under a new mark', async () => {
    let connected = (): void => undefined;
    const key = await marked(new Promise((resolve) => (connected = resolve)));
    // Nothing at all happens in this process meanwhile, heartbeats included.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_700);
    connected();
    await reaches(key, 'authorized');
    // A mark made before the heartbeat is back is refused like the first.
    expect(new Set(world.desk.refused)).toEqual(new Set(['lease_may_be_lost']));
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('sends nothing once another process has the command', async () => {
    let connected = (): void => undefined;
    const key = await marked(new Promise((resolve) => (connected = resolve)));
    await world.dataSource.query(
      `INSERT INTO instance (id, host, role, alive_until) VALUES ($1, 'x', 'all', clock_timestamp() + interval '1 h')`,
      [OTHER],
    );
    await world.dataSource.query(
      `UPDATE operation_command SET lease_owner = $2, attempts = attempts + 1 WHERE credit_operation_key = $1`,
      [key, OTHER],
    );
    await new Promise((resolve) => setTimeout(resolve, 600));
    connected();
    await waitFor('the refusal', () => (world.desk.refused.length > 0 ? true : undefined));
    expect(world.desk.refused).toEqual(['taken_over']);
    expect(world.desk.sent('authorize', key)).toBe(0);
  });

  it('sends it when only the connection took long', async () => {
    const key = await marked(new Promise((resolve) => setTimeout(resolve, 1_900)));
    await reaches(key, 'authorized');
    expect(world.desk.refused).toEqual([]);
  });
});

describe('an authorization that QI has not taken yet', () => {
  const intended = async (): Promise<string> => {
    world.policy.rules = RULES;
    world.desk.isDown = true;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    await waitFor('a call in vain', () => (world.desk.sent('authorize', key) > 0 ? true : undefined));
    return key;
  };
  const expectAPersonDecides = async (key: string, doubt: string): Promise<void> => {
    await waitFor('the task', async () =>
      (await world.openTasks(key)).includes('authorization_review') ? true : undefined,
    );
    const [task] = await world.dataSource.query<{ reason_code: string }[]>(
      `SELECT reason_code FROM task WHERE credit_operation_key = $1 AND kind = 'authorization_review'`,
      [key],
    );
    expect(task?.reason_code).toBe(doubt);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.desk.effects).not.toContainEqual({ action: 'authorize', key });
    expect(await world.statusOf(key)).toBe('awaiting_authorization');
  };
  const duringACall = async (key: string, happens: () => Promise<unknown>): Promise<void> => {
    world.policy.rules = RULES;
    world.desk.delayMs = 500;
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    await waitFor('the call', () => (world.desk.sent('authorize', key) > 0 ? true : undefined));
    await happens();
    await waitFor('its end', async () => {
      const [command] = await world.dataSource.query<{ status: string }[]>(
        `SELECT status FROM operation_command WHERE credit_operation_key = $1`,
        [key],
      );
      return command?.status === 'sending' ? undefined : true;
    });
    world.desk.delayMs = 0;
  };
  afterEach(() => {
    world.desk.isDown = false;
    world.desk.delayMs = 0;
  });

  it.each<[string, OperationEvent, string]>([
    [
      'the signature is said to have failed',
      { kind: 'signature_failed', failure: { code: 'face_validation_score', reason: undefined } },
      'history_contradictory',
    ],
    ['somebody else is said to have signed', signedBy('11144477735'), 'signer_is_not_borrower'],
  ])('is not sent once %s: a person decides', async (_, news, doubt) => {
    const key = await intended();
    await world.hear(key, news);
    world.desk.isDown = false;
    await expectAPersonDecides(key, doubt);
  });

  it('nor when it is said while a call is under way that QI does not take', async () => {
    const key = randomUUID();
    await duringACall(key, async () => {
      world.desk.isDown = true;
      await world.hear(key, signedBy('11144477735'));
    });
    world.desk.isDown = false;
    await expectAPersonDecides(key, 'signer_is_not_borrower');
  });

  it('nor when it is said while we ask what became of a call whose answer was lost', async () => {
    const key = randomUUID();
    world.desk.plan('authorize', 'lost_untaken');
    await duringACall(key, () => world.hear(key, signedBy('11144477735')));
    await expectAPersonDecides(key, 'signer_is_not_borrower');
  });

  it('is sent all the same when a person wanted it', async () => {
    world.policy.rules = undefined;
    world.desk.isDown = true;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, { kind: 'authorization_requested' });
    await world.call('ana', 'POST', `/operations/${key}/authorize`);
    await world.hear(key, signedBy('11144477735'));
    world.desk.isDown = false;
    await reaches(key, 'authorized');
  });
});

describe('a cancellation whose answer was lost', () => {
  it('stays unknown when its repetition is not taken, and is proven by the webhook', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, paymentRefused());
    world.desk.plan('cancel_permanently', 'last_before_down');
    const { body } = await world.call('ana', 'POST', `/operations/${key}/cancel_permanently`);
    await world.call('bia', 'POST', `/approvals/${String(body['approval_id'])}/approve`);
    await waitFor('a repetition', () => (world.desk.sent('cancel_permanently', key) > 2 ? true : undefined));
    const commandBecomes = (status: string) =>
      waitFor(`it to be ${status}`, async () => {
        const [command] = await world.dataSource.query<{ status: string; settled_by: string | null }[]>(
          `SELECT status, settled_by FROM operation_command WHERE credit_operation_key = $1`,
          [key],
        );
        return command?.status === status ? command : undefined;
      });
    await commandBecomes('unknown');
    await world.hear(key, { kind: 'canceled_permanently' });
    world.desk.isDown = false;
    // One more repetition may be under way: its answer is waited for.
    expect(await commandBecomes('accepted')).toMatchObject({ settled_by: 'webhook' });
  });
});

describe('QI out of reach', () => {
  it('gets few calls from many loans, and all of them once it is back', async () => {
    const slow = await createWorld({ retry_base_ms: 50, retry_max_ms: 400 });
    try {
      slow.desk.isDown = true;
      const keys = Array.from({ length: 60 }, () => randomUUID());
      for (const key of keys) {
        await slow.win(key);
        await slow.hear(key, signedBy());
        await slow.hear(key, { kind: 'authorization_requested' });
      }
      const before = slow.desk.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const callsPerSecond = (slow.desk.calls.length - before) / 2;
      expect(callsPerSecond).toBeLessThan(10);
      expect(callsPerSecond).toBeGreaterThan(0);
      slow.desk.isDown = false;
      await waitFor('all loans to be authorized', async () => {
        const statuses = await Promise.all(keys.map((key) => slow.statusOf(key)));
        return statuses.every((status) => status === 'authorized') ? true : undefined;
      });
      expect(slow.desk.effects.filter(({ action }) => action === 'authorize')).toHaveLength(60);
    } finally {
      await slow.close();
    }
  });
});

describe('a process whose clock is a day ahead', () => {
  it('says by the database since when a loan stands where it stands, was linked and has ended', async () => {
    world.moveClock(1);
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, { kind: 'canceled_permanently' });
    world.moveClock(-1);
    const rows: unknown = await world.dataSource.query(
      `SELECT status FROM operation WHERE credit_operation_key = $1
         AND greatest(opened_at, status_since, linked_at, ended_at) <= clock_timestamp()`,
      [key],
    );
    expect(rows).toEqual([{ status: 'canceled_permanently' }]);
  });

  it('says by the database since when a servant is asked for his consent, and until when', async () => {
    world.moveClock(1);
    const [first, corrected] = [randomUUID(), randomUUID()];
    const asked: OperationEvent = { kind: 'reservation_waiting', status: 'pending_consent' };
    await world.hear(first, asked, undefined, 'federal_payroll');
    await world.hear(corrected, signedBy());
    await world.hear(corrected, { kind: 'noted', what: 'authorized' }, undefined, 'federal_payroll');
    world.moveClock(-1);
    const rows: unknown = await world.dataSource.query(
      `SELECT margin_since <= clock_timestamp() AS since, consent_asked_at <= clock_timestamp() AS asked,
         (consent_until AT TIME ZONE 'America/Sao_Paulo')::date - (consent_asked_at AT TIME ZONE 'America/Sao_Paulo')::date AS days
       FROM operation WHERE credit_operation_key = ANY ($1) ORDER BY consent_asked_at`,
      [[first, corrected]],
    );
    expect(rows).toEqual([
      { since: true, asked: true, days: 11 },
      { since: true, asked: null, days: null },
    ]);
  });

  it('puts what QI does not take off by the database, for whoever sends it next', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    world.policy.rules = RULES;
    world.moveClock(1);
    world.desk.isDown = true;
    const before = world.desk.calls.length;
    await world.hear(key, { kind: 'authorization_requested' });
    await waitFor('a call', () => Promise.resolve(world.desk.calls.length > before ? true : undefined));
    world.moveClock(-1);
    world.desk.isDown = false;
    await reaches(key, 'authorized');
  });
});

describe('any course of events, on PostgreSQL', () => {
  const WEBHOOKS: readonly OperationEvent[] = [
    signedBy(),
    signedBy('11144477735'),
    { kind: 'signature_failed', failure: { code: 'face_validation_score', reason: undefined } },
    { kind: 'authorization_requested' },
    { kind: 'authorization_requested' },
    { kind: 'reservation_waiting', status: 'pending_reservation' },
    refusedFor('margin_exceeded'),
    refusedFor('employment_relationship_blocked'),
    refusedFor('something_new'),
    { kind: 'reservation_confirmed' },
    paymentRefused('ted_refusal'),
    paymentRefused('pix_refusal'),
    paymentRefused('manual'),
    disbursed,
    { kind: 'canceled_permanently' },
    { kind: 'noted', what: 'signature_received' },
    { kind: 'noted', what: 'authorized' },
    { kind: 'noted', what: 'settled' },
    { kind: 'noted', what: 'canceled' },
    { kind: 'noted', what: 'terminated' },
  ];
  type Happening =
    | {
        readonly kind: 'won' | 'policy' | 'authorize' | 'resubmit' | 'cancel' | 'settle' | 'again' | 'outage';
      }
    | { readonly kind: 'webhook'; readonly event: OperationEvent }
    | {
        readonly kind: 'fault';
        readonly action: string;
        readonly fault: 'lost' | 'lost_untaken' | 'rejected';
      };
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('webhook' as const), event: fc.constantFrom(...WEBHOOKS) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'won' as const,
          'policy' as const,
          'authorize' as const,
          'resubmit' as const,
          'cancel' as const,
          'settle' as const,
          'again' as const,
          'outage' as const,
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('fault' as const),
        action: fc.constantFrom('authorize', 'resubmit_disbursement', 'cancel_permanently'),
        fault: fc.constantFrom('lost' as const, 'lost_untaken' as const, 'rejected' as const),
      }),
    },
  );
  const RESUMED: Readonly<Record<string, OperationFact>> = {
    awaiting_signature: 'resubmitted_unsigned',
    signed: 'resubmitted_signed',
    awaiting_authorization: 'resubmitted_unauthorized',
    authorized: 'resubmitted_authorized',
  };
  const rejected = { kind: 'rejected', httpStatus: 400, code: 'X', description: 'no', body: '{}' } as const;

  /** What has to be remembered of the loan that things happen to. */
  interface Past {
    readonly key: string;
    isWon: boolean;
    last: { readonly event: OperationEvent; readonly webhookId: string } | undefined;
  }

  const auctionOf = (key: string): string => `auction-of-${key}`;

  /** A bid whose amount is reserved, as the auction leaves it. */
  async function bid(key: string): Promise<void> {
    const indexOf = (text: string): Buffer => createHash('sha256').update(text).digest();
    const parties = { borrower: indexOf(key), employer: indexOf('employer') };
    await world.dataSource.transaction(async (tx) => {
      const [requestControlKey, auctionKey] = [randomUUID(), auctionOf(key)];
      await writeAuction(tx, auctionKey);
      await writeBid(tx, { requestControlKey, auctionKey, rate: '0.02', amount: 2100 });
      const exposure = {
        ...{ requestControlKey, auctionKey, parties, amount: new Decimal(2100) },
        ...{
          monthlyInterestRate: new Decimal('0.02'),
          daysToExpiration: 7,
          decidedAt: new Date(),
          revision: '0',
        },
      };
      await world.app.get(ExposureBook).reserveInstead(tx, exposure, NO_CAPS);
    });
  }

  async function happen(past: Past, event: Happening): Promise<void> {
    const { key } = past;
    switch (event.kind) {
      case 'webhook': {
        past.last = { event: event.event, webhookId: `9${randomInt(1e12)}` };
        return world.hear(key, event.event, past.last.webhookId);
      }
      case 'again': {
        const heard = await timelineOf(key);
        if (past.last !== undefined) await world.hear(key, past.last.event, past.last.webhookId);
        expect(await timelineOf(key)).toEqual(heard);
        return;
      }
      case 'outage':
        world.desk.isDown = !world.desk.isDown;
        return;
      case 'won':
        // The auction commits what is at risk, once, and then opens the operation.
        if (!past.isWon)
          await world.dataSource.transaction((tx) => world.app.get(ExposureBook).commit(tx, auctionOf(key)));
        past.isWon = true;
        return world.win(key);
      case 'policy':
        world.policy.rules = world.policy.rules === undefined ? RULES : undefined;
        return;
      case 'fault':
        world.desk.plan(event.action, event.fault === 'rejected' ? rejected : event.fault);
        return;
      case 'authorize':
        await world.call('ana', 'POST', `/operations/${key}/authorize`);
        return;
      case 'resubmit':
        await world.call('ana', 'POST', `/operations/${key}/resubmit_disbursement`, {
          disbursement_date: '2040-01-03',
        });
        return;
      case 'cancel': {
        const { body } = await world.call('ana', 'POST', `/operations/${key}/cancel_permanently`);
        if (typeof body['approval_id'] === 'string')
          await world.call('bia', 'POST', `/approvals/${body['approval_id']}/approve`);
        return;
      }
      case 'settle':
        await quiet(key);
    }
  }

  /** Nothing is on its way to QI; a lost resubmission waits for a person. */
  const quiet = (key: string) => {
    world.desk.isDown = false;
    return waitFor('the commands to be settled', async () => {
      const rows = await world.dataSource.query<unknown[]>(
        `SELECT FROM operation_command WHERE credit_operation_key = $1 AND status IN ('intended', 'sending', 'unknown')
           AND NOT (status = 'unknown' AND action = 'resubmit_disbursement')`,
        [key],
      );
      return rows.length === 0 ? true : undefined;
    });
  };

  /** Of webhooks: what is under way beside them may write its own lines meanwhile. */
  const timelineOf = (key: string) =>
    world.dataSource.query<unknown[]>(
      `SELECT id, effect FROM operation_event WHERE credit_operation_key = $1 AND webhook_event_id IS NOT NULL ORDER BY id`,
      [key],
    );

  async function exposureOf(key: string): Promise<string | undefined> {
    const [row] = await world.dataSource.query<{ status: string }[]>(
      `SELECT status FROM exposure WHERE auction_key = $1`,
      [auctionOf(key)],
    );
    return row?.status;
  }

  async function isPaidOff(key: string): Promise<boolean> {
    const told = await world.dataSource.query<unknown[]>(
      `SELECT FROM operation_event WHERE credit_operation_key = $1 AND summary ->> 'what' = 'settled'`,
      [key],
    );
    return told.length > 0;
  }

  async function factsHeard(key: string): Promise<OperationFact[]> {
    const rows = await world.dataSource.query<
      {
        kind: string;
        effect: string;
        to_status: string;
        summary: { failures?: { code: string }[]; what?: string };
      }[]
    >(
      `SELECT kind, effect, to_status, summary FROM operation_event WHERE credit_operation_key = $1 ORDER BY id`,
      [key],
    );
    return rows.flatMap(({ kind, effect, to_status: to, summary }) => {
      if (kind === 'reservation_refused')
        return [
          factOf(
            { kind, failures: (summary.failures ?? []).map(({ code }) => ({ code, reason: undefined })) },
            loanProduct('private_payroll'),
          ),
        ];
      if (kind === 'noted')
        return [factOf({ kind, what: summary.what ?? '' }, loanProduct('private_payroll'))];
      // From where it goes on, `factOfResubmission` says, which has tests of its own.
      if (kind === 'resubmission_accepted') return effect === 'noted' ? [] : [RESUMED[to] ?? kind];
      const fact = OPERATION_FACTS.find((each) => each === kind);
      return fact === undefined ? [] : [fact];
    });
  }

  /** What was sent, and where the loan stood then: more than one status when it moved in that very millisecond. */
  const sentCommands = (key: string) =>
    world.dataSource.query<{ action: string; statuses: OperationStatus[] }[]>(
      `SELECT c.action, ARRAY(
         (SELECT e.to_status FROM operation_event e WHERE e.credit_operation_key = $1 AND e.recorded_at < c.sent_at
          ORDER BY e.id DESC LIMIT 1)
         UNION ALL
         SELECT e.to_status FROM operation_event e
         WHERE e.credit_operation_key = $1 AND e.recorded_at = c.sent_at) AS statuses
       FROM operation_command c WHERE c.credit_operation_key = $1 AND c.sent_at IS NOT NULL`,
      [key],
    );

  /** All of them take half an hour. */
  const SEQUENCES = times(80, 10_000);

  it(
    `leaves ${SEQUENCES} loans where the plain reading says, with the right tasks and sums, and nothing forbidden sent`,
    async () => {
      const reached = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 20 }), async (happenings) => {
          const key = randomUUID();
          world.policy.rules = undefined;
          world.desk.planned.clear();
          world.desk.calls.length = 0;
          world.desk.effects.length = 0;
          await bid(key);
          await world.hear(key, { kind: 'noted', what: 'waiting_signature' });
          const past: Past = { key, isWon: false, last: undefined };
          for (const event of happenings) await happen(past, event);
          await quiet(key);

          const status = (await world.statusOf(key)) as OperationStatus;
          reached.add(status);
          expect(status).toBe(referenceStatus(await factsHeard(key)));
          const tasks = await world.openTasks(key);
          expect(tasks.includes('disbursement_failed')).toBe(status === 'disbursement_failed');
          expect(tasks.includes('reservation_unexplained')).toBe(status === 'parked');
          if (isFinal(status)) expect(tasks.filter((kind) => kind !== 'contradiction')).toEqual([]);
          if (status === 'awaiting_authorization') expect(tasks).toContain('authorization_review');

          const owed = isAtRisk(status) && !(await isPaidOff(key)) ? 'committed' : 'released';
          expect(await exposureOf(key)).toBe(past.isWon ? owed : 'reserved');

          for (const { action, statuses } of await sentCommands(key))
            expect(statuses.filter((each) => MAY_BE_SENT[action]?.includes(each))).not.toEqual([]);
          const authorizations = world.desk.effects.filter(({ action }) => action === 'authorize');
          expect(authorizations.length).toBeLessThanOrEqual(1);
        }),
        { numRuns: SEQUENCES },
      );
      expect(reached.size).toBeGreaterThan(6);
      expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
    },
    SEQUENCES * 1_000,
  );
});
