import { randomUUID } from 'node:crypto';
import { DAY_MS, Personal } from '../../src/kernel';
import { commandUnknownReason, type OperationEvent } from '../../src/operation/domain';
import { LateWithdrawals } from '../../src/operation/late-withdrawals.service';
import { OperationLife } from '../../src/operation/operation-life.service';
import { TaskDesk } from '../../src/operation/task-desk.service';
import { TaskOwnerWatch } from '../../src/operation/task-owner-watch.service';
import type { Clock } from '../../src/kernel';
import { CLOCK, Periodic, UnknownKeyError } from '../../src/platform';
import { refuseRow } from '../support/refused-row';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import {
  BORROWER,
  createWorld,
  disbursed,
  paymentRefused,
  refusedFor,
  RULES,
  signedBy,
  type World,
} from './operation-world';

/** As late as one may put a task off to, but for the time that the test takes. */
const NEXT_MONTH = new Date(Date.now() + 30 * DAY_MS).toISOString();

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.gone.clear();
  world.policy.rules = undefined; // people decide, unless a test says otherwise
  world.limits.undoWindowMs = 0;
  world.limits.tell_after_attempts = 5;
  world.desk.planned.clear();
  world.desk.delayMs = 0;
});

const reaches = (key: string, status: string) =>
  waitFor(`${key} to be ${status}`, async () => ((await world.statusOf(key)) === status ? true : undefined));

async function awaitingAuthorization(): Promise<string> {
  const key = randomUUID();
  await world.win(key);
  await world.hear(key, signedBy());
  await world.hear(key, { kind: 'authorization_requested' });
  return key;
}

async function paymentHasFailed(): Promise<string> {
  const key = randomUUID();
  await world.win(key);
  await world.hear(key, { kind: 'reservation_confirmed' });
  await world.hear(key, paymentRefused());
  return key;
}

const post = (actor: string, path: string, body?: unknown, key?: string) =>
  world.call(actor, 'POST', path, body, key);
const taskOf = async (key: string): Promise<string> => {
  const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
  return (body['items'] as { id: string }[])[0]?.id ?? 'none';
};

/** What the sealed trail says of an operation. */
const deedsTo = (key: string) =>
  world.dataSource.query<object[]>(
    `SELECT actor, action, reason, details FROM audit_event WHERE subject = $1 ORDER BY id`,
    [key],
  );

describe('authorizing', () => {
  it('by a person is sent once and recorded with the person', async () => {
    const key = await awaitingAuthorization();
    expect(await world.openTasks(key)).toEqual(['authorization_review']);
    expect(await post('ana', `/operations/${key}/authorize`)).toMatchObject({
      status: 202,
      body: { action: 'authorize', status: 'intended' },
    });
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
    expect(await world.openTasks(key)).toEqual([]);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({
      status: 'authorized',
      disbursed_issue_amount: '2100',
      monthly_interest_rate: '0.0249',
      commands: [{ action: 'authorize', actor: 'ana', status: 'accepted', settled_by: 'qi' }],
      next_actions: [{ action: 'cancel_permanently', needs_two_people: true }],
    });
  });

  it('too early names the state and what it allows', async () => {
    const key = randomUUID();
    await world.win(key);
    expect(await post('ana', `/operations/${key}/authorize`)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:arremate:problem:state_does_not_allow',
        status_now: 'awaiting_signature',
        allowed_actions: ['cancel_permanently'],
      },
    });
    expect(world.desk.sent('authorize', key)).toBe(0);
  });

  it('answers the repetition of a click with the first answer, and another body under its key not at all', async () => {
    const key = await awaitingAuthorization();
    const other = await paymentHasFailed();
    const first = await post('ana', `/operations/${key}/authorize`, undefined, 'click-1');
    expect(await post('ana', `/operations/${key}/authorize`, undefined, 'click-1')).toEqual(first);
    await reaches(key, 'authorized');
    expect(await post('ana', `/operations/${key}/authorize`, undefined, 'click-1')).toEqual(first);
    expect(await post('ana', `/operations/${other}/authorize`, undefined, 'click-1')).toMatchObject({
      status: 422,
      body: { type: 'urn:arremate:problem:idempotency_key_reused' },
    });
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('is refused to whoever does not hold the claimed task', async () => {
    const key = await awaitingAuthorization();
    await post('ana', `/tasks/${await taskOf(key)}/claim`);
    expect(await post('bia', `/operations/${key}/authorize`)).toMatchObject({
      status: 409,
      body: { owner: 'ana' },
    });
    expect(await post('ana', `/operations/${key}/authorize`)).toMatchObject({ status: 202 });
    await reaches(key, 'authorized'); // what is planned for the next is not answered to this one
  });

  it("keeps QI's refusal and its words before the operator", async () => {
    const key = await awaitingAuthorization();
    world.desk.plan('authorize', {
      kind: 'rejected',
      httpStatus: 400,
      code: 'QIT000001',
      description: `Reservation of ${BORROWER} cannot be authorized`,
      body: '{}',
    });
    await post('ana', `/operations/${key}/authorize`);
    await waitFor('the refusal', async () =>
      (await world.openTasks(key)).includes('command_rejected') ? true : undefined,
    );
    expect(await world.openTasks(key)).toEqual(['authorization_review', 'command_rejected']);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({
      status: 'awaiting_authorization',
      commands: [{ status: 'rejected', answer: 'Reservation of *** cannot be authorized' }],
    });
    // Another try is a person's decision, and possible.
    expect(await post('ana', `/operations/${key}/authorize`)).toMatchObject({ status: 202 });
    await reaches(key, 'authorized');
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('asks QI before it repeats a lost answer: taken is not sent again', async () => {
    const key = await awaitingAuthorization();
    world.desk.plan('authorize', 'lost');
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
    expect(world.desk.sent('find', key)).toBe(1);
  });

  it('repeats a lost command once QI has known nothing of it often enough', async () => {
    const key = await awaitingAuthorization();
    world.desk.plan('authorize', 'lost_untaken');
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(2);
    expect(world.desk.sent('find', key)).toBe(world.limits.command_inquiries);
  });

  it('does not repeat a lost command that is still on its way', async () => {
    const key = await awaitingAuthorization();
    world.desk.plan('authorize', 'lost_late');
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
    const took = world.desk.effects.filter((each) => each.key === key && each.action === 'authorize');
    expect(took).toHaveLength(1);
  });

  it('keeps trying while QI does not take it', async () => {
    const key = await awaitingAuthorization();
    const refused = { kind: 'not_taken', why: 'connection refused', httpStatus: undefined } as const;
    world.desk.plan('authorize', refused, refused, refused);
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(4);
  });
});

describe('the policy', () => {
  it('waits for the evidence, then authorizes, whatever comes first', async () => {
    world.policy.rules = RULES;
    const key = randomUUID();
    await world.hear(key, { kind: 'authorization_requested' });
    expect(await world.openTasks(key)).toEqual(['authorization_review']);
    await world.hear(key, signedBy());
    expect(world.desk.sent('authorize', key)).toBe(0); // nobody knows whose loan it is
    await world.win(key);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('leaves a case to the person who has claimed it', async () => {
    world.policy.rules = RULES;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, { kind: 'authorization_requested' });
    await post('ana', `/tasks/${await taskOf(key)}/claim`);
    await world.hear(key, signedBy());
    expect(await world.statusOf(key)).toBe('awaiting_authorization');
    expect(world.desk.sent('authorize', key)).toBe(0);
  });

  it.each([
    ['another signer', signedBy('11144477735'), 'signer_is_not_borrower', null],
    ['a fraud flag', signedBy(BORROWER, { fraudBaseFlag: true }), 'fraud_flagged', 'policy:test-1'],
  ])('hands %s to people, with the reason in words', async (_what, event, doubt, proposedBy) => {
    world.policy.rules = RULES;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, event);
    await world.hear(key, { kind: 'authorization_requested' });
    expect(world.desk.sent('authorize', key)).toBe(0);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({ tasks: [{ kind: 'authorization_review', reason_code: doubt }] });
    expect((body['pending_approval'] as { requested_by: string } | null)?.requested_by ?? null).toBe(
      proposedBy,
    );
    expect(JSON.stringify(body)).not.toContain('11144477735');
  });
});

describe('cancelling permanently', () => {
  it('needs two people, says what it does, and waits out the undo window', async () => {
    world.limits.undoWindowMs = 60_000;
    const key = await paymentHasFailed();
    const asked = await post('ana', `/operations/${key}/cancel_permanently`, { reason: 'desistiu' });
    expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } });
    const approval = asked.body['approval_id'] as string;
    expect(await post('ana', `/approvals/${approval}/approve`)).toMatchObject({ status: 403 });
    expect(await post('bia', `/operations/${key}/cancel_permanently`)).toMatchObject({
      status: 409,
      body: { approval_id: approval },
    });
    const agreed = await post('bia', `/approvals/${approval}/approve`, { note: 'falei com o cliente' });
    expect(agreed).toMatchObject({ status: 200 });
    expect(await post('caio', `/approvals/${approval}/approve`)).toMatchObject({ status: 409 });

    expect(await post('ana', `/approvals/${approval}/undo`)).toMatchObject({ status: 200 });
    const details = { approval_id: approval, action: 'cancel_permanently' };
    expect(await deedsTo(key)).toEqual([
      {
        actor: 'ana',
        action: 'operation.cancel_permanently_asked',
        reason: 'desistiu',
        details: { approval_id: approval },
      },
      { actor: 'bia', action: 'approval.approved', reason: 'falei com o cliente', details },
      { actor: 'ana', action: 'approval.undone', reason: null, details },
    ]);
    expect(await world.statusOf(key)).toBe('disbursement_failed');
    expect(world.desk.sent('cancel_permanently', key)).toBe(0);
  });

  it('that QI refuses is not followed by what the policy would authorize, and stays with people until one is taken', async () => {
    world.limits.undoWindowMs = 0;
    world.policy.rules = RULES;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    world.desk.plan('cancel_permanently', {
      kind: 'rejected',
      httpStatus: 400,
      code: 'QIT000001',
      description: 'no',
      body: '{}',
    });
    const { body } = await post('ana', `/operations/${key}/cancel_permanently`);
    await post('bia', `/approvals/${String(body['approval_id'])}/approve`);
    await waitFor(
      'people to be told',
      async () => (await world.openTasks(key)).includes('command_rejected') || undefined,
    );
    await world.hear(key, { kind: 'authorization_requested' });
    expect((await world.openTasks(key)).toSorted()).toEqual(['authorization_review', 'command_rejected']);
    expect(world.desk.sent('authorize', key)).toBe(0);
    await post('caio', `/operations/${key}/authorize`);
    await waitFor('the authorization', async () => (await world.statusOf(key)) === 'authorized' || undefined);
    expect(await world.openTasks(key)).toEqual(['command_rejected']);
  });

  it('that QI refuses stays told whatever else is refused and taken after it', async () => {
    const refuses = (description: string) =>
      ({ kind: 'rejected', httpStatus: 400, code: 'QIT000001', description, body: '{}' }) as const;
    const told = async (key: string) => {
      const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
      return (body['items'] as { kind: string; reason_code: string; message: string }[])
        .filter(({ kind }) => kind === 'command_rejected')
        .map(({ reason_code, message }) => ({ reason_code, message }));
    };
    const reads = (key: string, message: string) =>
      waitFor(message, async () => (await told(key)).some((task) => task.message === message) || undefined);
    const key = await paymentHasFailed();
    const resubmit = () =>
      post('caio', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });

    world.desk.plan('resubmit_disbursement', refuses('bad day'), refuses('bad account'));
    await resubmit();
    await reads(key, 'A QI recusou o reenvio do desembolso: bad day');
    world.desk.plan('cancel_permanently', refuses('not now'));
    const { body } = await post('ana', `/operations/${key}/cancel_permanently`);
    await post('bia', `/approvals/${String(body['approval_id'])}/approve`);
    const cancellation = 'A QI recusou o cancelamento definitivo: not now.';
    await reads(key, `${cancellation}\nA QI recusou o reenvio do desembolso: bad day`);
    await resubmit();
    await reads(key, `${cancellation}\nA QI recusou o reenvio do desembolso: bad account`);
    await resubmit();
    await reaches(key, 'reserved');
    expect(await told(key)).toEqual([{ reason_code: 'cancel_permanently_rejected', message: cancellation }]);
  });

  it('leaves nobody asked what became of it once it is undone', async () => {
    world.limits.undoWindowMs = 60_000;
    const key = await paymentHasFailed();
    const { body } = await post('ana', `/operations/${key}/cancel_permanently`);
    const approval = String(body['approval_id']);
    await post('bia', `/approvals/${approval}/approve`);
    // As of one that is looked up before it is sent, for the database was restored.
    await world.dataSource.query(
      `UPDATE operation_command SET status = 'unknown' WHERE credit_operation_key = $1 AND settled_at IS NULL`,
      [key],
    );
    await world.dataSource.transaction(async (tx) => {
      const operation = await world.app.get(OperationLife).lock(tx, key);
      if (operation === undefined) throw new Error('no operation');
      const reason = commandUnknownReason('cancel_permanently');
      await world.app.get(TaskDesk).open(tx, operation, 'command_unknown', reason);
    });
    expect(await post('ana', `/approvals/${approval}/undo`)).toMatchObject({ status: 200 });
    expect(await world.openTasks(key)).toEqual(['disbursement_failed']);
  });

  it('waits out the undo window by the database, however wrong the clock of the process is', async () => {
    world.limits.undoWindowMs = 60_000;
    const key = await paymentHasFailed();
    const asked = await post('ana', `/operations/${key}/cancel_permanently`);
    world.moveClock(-1);
    const { body } = await post('bia', `/approvals/${String(asked.body['approval_id'])}/approve`);
    world.moveClock(1);
    const [command] = await world.dataSource.query<{ id: string; not_before: Date; left: number }[]>(
      `SELECT id, not_before, extract(epoch FROM not_before - clock_timestamp())::float8 AS left
       FROM operation_command WHERE credit_operation_key = $1 AND status = 'intended'`,
      [key],
    );
    expect(command?.left).toBeGreaterThan(50);
    expect(command?.left).toBeLessThanOrEqual(60);
    expect(body['can_be_undone_until']).toBe(command?.not_before.toISOString());
  });

  it('may be asked for again when QI has taken it and ended nothing for too long, by the route of before', async () => {
    const cancel = jest.spyOn(world.desk, 'cancelPermanently');
    const cancelTwice = async (key: string) => {
      for (const days of [0, 5]) {
        world.moveClock(days);
        const asked = await post('ana', `/operations/${key}/cancel_permanently`);
        expect(asked.status).toBe(202);
        await post('bia', `/approvals/${String(asked.body['approval_id'])}/approve`);
        await waitFor('the call', () =>
          world.desk.sent('cancel_permanently', key) === (days === 0 ? 1 : 2) ? true : undefined,
        );
        world.moveClock(-days);
        await reaches(key, 'canceling');
        await waitFor('its end', async () => {
          const { body } = await world.call('ana', 'GET', `/operations/${key}`);
          const commands = body['commands'] as { settled_at: string | null }[];
          return commands.every(({ settled_at: settled }) => settled !== null) ? true : undefined;
        });
        expect(await post('ana', `/operations/${key}/cancel_permanently`)).toMatchObject({
          status: 409,
          body: { type: 'urn:arremate:problem:state_does_not_allow', allowed_actions: [] },
        });
      }
      return cancel.mock.calls.filter(([loan]) => loan.creditOperationKey === key).map(([loan]) => loan);
    };
    const reserved = await paymentHasFailed();
    expect(await cancelTwice(reserved)).toMatchObject([
      { isBeforeReservation: false },
      { isBeforeReservation: false },
    ]);
    const unreserved = await awaitingAuthorization();
    expect(await cancelTwice(unreserved)).toMatchObject([
      { isBeforeReservation: true },
      { isBeforeReservation: true },
    ]);
    cancel.mockRestore();
    await world.hear(unreserved, { kind: 'canceled_permanently' });
    world.moveClock(5);
    expect(await post('ana', `/operations/${unreserved}/cancel_permanently`)).toMatchObject({ status: 409 });
    world.moveClock(-5);
  });

  it('is sent once, repeated when its answer is lost, and ended by the webhook', async () => {
    const key = await paymentHasFailed();
    world.desk.plan('cancel_permanently', 'lost');
    const asked = await post('ana', `/operations/${key}/cancel_permanently`);
    await post('bia', `/approvals/${String(asked.body['approval_id'])}/approve`);
    await reaches(key, 'canceling');
    await world.hear(key, { kind: 'canceled_permanently' });
    expect(await world.statusOf(key)).toBe('canceled_permanently');
    expect(world.desk.sent('cancel_permanently', key)).toBe(2);
    expect(await world.openTasks(key)).toEqual([]);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({ next_actions: [] });
  });

  it('is not taken for refused where QI refuses its repetition', async () => {
    const key = await paymentHasFailed();
    const refused = {
      kind: 'rejected',
      httpStatus: 400,
      code: 'LEG000069',
      description: 'Debt does not admit this: canceling',
      body: '{}',
    } as const;
    world.desk.plan('cancel_permanently', 'lost', ...Array<typeof refused>(50).fill(refused));
    const asked = await post('ana', `/operations/${key}/cancel_permanently`);
    await post('bia', `/approvals/${String(asked.body['approval_id'])}/approve`);
    await waitFor(
      'people to be told',
      async () => (await world.openTasks(key)).includes('command_unknown') || undefined,
    );
    expect(await world.openTasks(key)).not.toContain('command_rejected');
    const statusOfCommand = async () => {
      const [command] = (await world.call('ana', 'GET', `/operations/${key}`)).body['commands'] as {
        status: string;
      }[];
      return command?.status;
    };
    // It is repeated all the while.
    await waitFor('no answer', async () => (await statusOfCommand()) === 'unknown' || undefined);
    await world.hear(key, { kind: 'canceled_permanently' });
    world.desk.planned.clear();
    expect(await world.statusOf(key)).toBe('canceled_permanently');
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('stops everything else while it waits to be decided, and lets it go on when declined', async () => {
    world.policy.rules = RULES;
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    const asked = await post('ana', `/operations/${key}/cancel_permanently`);
    await world.hear(key, { kind: 'authorization_requested' });
    expect(await post('bia', `/operations/${key}/authorize`)).toMatchObject({ status: 409 });
    expect(world.desk.sent('authorize', key)).toBe(0);
    await post('bia', `/approvals/${String(asked.body['approval_id'])}/reject`, { note: 'não' });
    await reaches(key, 'authorized');
  });

  it('is withdrawn when the money goes out first', async () => {
    world.limits.undoWindowMs = 60_000;
    const key = await paymentHasFailed();
    const asked = await post('ana', `/operations/${key}/cancel_permanently`);
    const approval = String(asked.body['approval_id']);
    await post('bia', `/approvals/${approval}/approve`);
    await world.hear(key, disbursed);
    expect(await world.statusOf(key)).toBe('disbursed');
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({ commands: [{ status: 'withdrawn', settled_by: 'overtaken' }] });
    expect(world.desk.sent('cancel_permanently', key)).toBe(0);
  });

  describe('of a loan that QI pays all the same', () => {
    const cancel = async (key: string): Promise<string> => {
      const { body } = await post('ana', `/operations/${key}/cancel_permanently`);
      const approval = String(body['approval_id']);
      await post('bia', `/approvals/${approval}/approve`);
      return approval;
    };
    const refused = async (key: string) => {
      const WORDS = { code: 'QIT000001', description: 'no' };
      world.desk.plan('cancel_permanently', { kind: 'rejected', httpStatus: 400, ...WORDS, body: '{}' });
      await cancel(key);
      await waitFor(
        'people to be told',
        async () => (await world.openTasks(key)).includes('command_rejected') || undefined,
      );
    };
    const tasksOncePaid = async (key: string) => {
      await world.hear(key, disbursed);
      const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
      return (body['items'] as { reason_code: string }[]).map(({ reason_code }) => reason_code);
    };

    it('in its undo window is told to people, and not where it was undone', async () => {
      world.limits.undoWindowMs = 60_000;
      const [kept, undone] = [await paymentHasFailed(), await paymentHasFailed()];
      await cancel(kept);
      await post('ana', `/approvals/${await cancel(undone)}/undo`);
      expect(await tasksOncePaid(kept)).toEqual(['disbursed_after_cancellation']);
      expect(await tasksOncePaid(undone)).toEqual([]);
    });

    it('after it was refused, or its answer lost, is told to people', async () => {
      const [told, lost] = [await paymentHasFailed(), await paymentHasFailed()];
      await refused(told);
      expect(await tasksOncePaid(told)).toEqual(['disbursed_after_cancellation']);

      world.desk.plan('cancel_permanently', ...Array.from({ length: 40 }, () => 'lost_untaken' as const));
      await cancel(lost);
      await waitFor('it to be lost', () => world.desk.sent('cancel_permanently', lost) > 0 || undefined);
      expect(await tasksOncePaid(lost)).toEqual(['disbursed_after_cancellation']);
    });

    it('is told beside what QI had said of its guarantee, which nothing else tells any more', async () => {
      const key = randomUUID();
      await world.win(key);
      await world.hear(key, signedBy());
      await world.hear(key, refusedFor('nobody_knows_this'));
      expect(await world.statusOf(key)).toBe('parked');
      await refused(key);
      expect(await tasksOncePaid(key)).toEqual(['disbursed_after_cancellation']);
      const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
      const [{ message } = { message: '' }] = body['items'] as { message: string }[];
      expect(message).toContain('O cancelamento definitivo foi pedido e a QI pagou a operação');
      expect(message).toMatch(/A QI informou "[^"]*" com a operação em "[^"]*"/);
    });

    it('is told to nobody where people have had the payment sent again since', async () => {
      const key = await paymentHasFailed();
      await refused(key);
      await post('caio', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });
      await reaches(key, 'reserved');
      expect(await tasksOncePaid(key)).toEqual([]);
    });
  });
});

describe('a withdrawal from a paid loan', () => {
  const PAID_NOW: OperationEvent = { kind: 'disbursed', payments: [], installments: [] };
  const paid = async (event: OperationEvent = PAID_NOW, product = 'fgts'): Promise<string> => {
    const key = randomUUID();
    await world.hear(key, event, undefined, product);
    return key;
  };
  const ask = (key: string) => post('ana', `/operations/${key}/request_reversal`, { reason: 'desistiu' });
  const askAndAgree = async (key: string): Promise<void> => {
    const { body } = await ask(key);
    expect(await post('bia', `/approvals/${String(body['approval_id'])}/approve`)).toMatchObject({
      status: 200,
    });
  };
  const charge = (key: string) =>
    waitFor('the charge', async () => {
      const { body } = await world.call('ana', 'GET', `/operations/${key}`);
      return (body['reversal'] as Record<string, unknown> | null) ?? undefined;
    });

  const sayNotTaken = async (key: string): Promise<void> => {
    const [task] = await world.dataSource.query<{ id: string }[]>(
      `SELECT id FROM task WHERE credit_operation_key = $1 AND kind = 'command_unknown' AND status <> 'resolved'`,
      [key],
    );
    expect(await post('ana', `/tasks/${task?.id ?? ''}/resolve`, { outcome: 'not_taken' })).toMatchObject({
      status: 200,
    });
  };

  it.each([
    ['made by QI', 'lost'],
    ['still on its way', 'lost_late'],
  ] as const)('whose answer is lost is looked up: %s', async (_, how) => {
    world.desk.plan('request_reversal', how);
    const key = await paid();
    await askAndAgree(key);
    expect(await charge(key)).toMatchObject({
      amount: '812.40',
      copy_paste_pix: expect.any(String) as string,
    });
    expect(world.desk.effects.filter((each) => each.key === key)).toHaveLength(1);
    expect(await world.statusOf(key)).toBe('disbursed');

    await world.hear(key, { kind: 'refunded' });
    expect(await world.statusOf(key)).toBe('canceled_permanently');
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('of which QI knows nothing, however often it is asked, is left to people: two charges could both be paid', async () => {
    world.desk.plan('request_reversal', 'lost_untaken');
    const key = await paid();
    await askAndAgree(key);
    const { command_inquiries: inquiries, tell_after_attempts: attempts } = world.limits;
    await waitFor('the task, and more look-ups than settle another command', async () => {
      const isTold = (await world.openTasks(key)).includes('command_unknown');
      const asked = world.desk.sent('find_reversal', key);
      return isTold && asked > Math.max(inquiries, attempts) ? true : undefined;
    });
    expect(world.desk.sent('request_reversal', key)).toBe(1);

    await sayNotTaken(key);
    await askAndAgree(key);
    await charge(key);
    expect(world.desk.sent('request_reversal', key)).toBe(2);
  });

  it('that QI said yes to, and has not made yet, is told apart from one that QI may never have had', async () => {
    world.desk.plan('request_reversal', { kind: 'unknown', why: 'ERR_BAD_RESPONSE', httpStatus: 202 });
    const key = await paid();
    await askAndAgree(key);
    await waitFor('the task', async () => ((await world.openTasks(key)).length > 0 ? true : undefined));
    expect((await world.call('ana', 'GET', `/operations/${key}`)).body).toMatchObject({
      tasks: [
        {
          kind: 'command_unknown',
          reason_code: 'request_reversal_unknown',
          message: expect.stringContaining('A QI aceitou a cobrança da devolução') as string,
        },
      ],
    });
    expect(world.desk.sent('request_reversal', key)).toBe(1);
  });

  it('is said to be one, and no cancellation, while its charge can still be undone', async () => {
    world.limits.undoWindowMs = 60_000;
    const key = await paid();
    await askAndAgree(key);
    expect((await world.call('ana', 'GET', `/operations/${key}`)).body).toMatchObject({
      undo: { action: 'request_reversal' },
    });
  });

  it('whose charge cannot be read waits for a person', async () => {
    world.desk.plan('request_reversal', { kind: 'accepted', httpStatus: 200, body: '{}' });
    const key = await paid();
    await askAndAgree(key);
    await waitFor('the task', async () => ((await world.openTasks(key)).length > 0 ? true : undefined));
    expect(await world.openTasks(key)).toEqual(['contradiction']);
  });

  const REFUSED = {
    kind: 'rejected',
    httpStatus: 400,
    code: 'LEG000069',
    description: 'Reversal period is over',
    body: '{}',
  } as const;
  const refused = (key: string) =>
    waitFor('the refusal', async () =>
      (await world.openTasks(key)).includes('command_rejected') ? true : undefined,
    );

  it.each<[what: string, product: string, news: OperationEvent[]]>([
    ['is told again', 'fgts', [{ kind: 'noted', what: 'opened' }, PAID_NOW]],
    ['gets its margin at last', 'federal_payroll', [{ kind: 'reservation_confirmed' }]],
  ])('that QI refuses is a task until the money is back, also when the loan %s', async (_, product, news) => {
    world.desk.plan('request_reversal', REFUSED);
    const key = await paid(PAID_NOW, product);
    await askAndAgree(key);
    await refused(key);
    for (const event of news) await world.hear(key, event, undefined, product);
    expect(await world.openTasks(key)).toEqual(['command_rejected']);

    await world.hear(key, { kind: 'refunded' }, undefined, product);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('that was unknown for long, asked for again and then refused is one task and not two', async () => {
    world.desk.plan('request_reversal', 'lost_untaken', REFUSED);
    const key = await paid();
    await askAndAgree(key);
    await waitFor('the task', async () => ((await world.openTasks(key)).length > 0 ? true : undefined));
    await sayNotTaken(key);
    await askAndAgree(key);
    await refused(key);
    expect(await world.openTasks(key)).toEqual(['command_rejected']);
  });

  it('that waits for its second person ends nothing, and is over when the money is back', async () => {
    const key = await paid();
    const { body } = await ask(key);
    await world.hear(key, { kind: 'noted', what: 'settled' });
    expect(await post('ana', `/approvals/${String(body['approval_id'])}/approve`)).toMatchObject({
      status: 403,
    });
    await world.hear(key, { kind: 'refunded' });
    expect(await post('bia', `/approvals/${String(body['approval_id'])}/approve`)).toMatchObject({
      status: 409,
    });
    expect(world.desk.sent('request_reversal', key)).toBe(0);
  });

  describe('that was asked for in time, and is not at QI when both periods are over', () => {
    const AFTER_BOTH = 40;
    afterEach(() => {
      world.moveClock(-AFTER_BOTH);
    });
    const late = async (key: string) => {
      const { body } = await world.call('ana', 'GET', `/operations/${key}`);
      return body;
    };
    const TOLD = {
      kind: 'command_rejected',
      reason_code: 'request_reversal_withheld',
      message: expect.stringMatching(/desistiu no prazo.*Combinar com a QI/) as string,
    };

    it('is not sent with the second yes: people are told, and ask again once QI has agreed', async () => {
      const key = await paid();
      const approval = String((await ask(key)).body['approval_id']);
      world.moveClock(AFTER_BOTH);
      expect(await post('bia', `/approvals/${approval}/approve`)).toMatchObject({
        status: 409,
        body: { type: 'urn:arremate:problem:withdrawal_over' },
      });
      await world.app.get(LateWithdrawals).sweep();
      expect(await late(key)).toMatchObject({ pending_approval: null, tasks: [TOLD] });
      expect(await post('bia', `/approvals/${approval}/approve`)).toMatchObject({ status: 409 });
      expect(world.desk.sent('request_reversal', key)).toBe(0);
      expect(await late(key)).toMatchObject({
        next_actions: [
          { action: 'request_reversal', consequence: expect.stringContaining('terminou') as string },
        ],
      });

      const again = await ask(key);
      expect(again).toMatchObject({
        status: 202,
        body: { consequence: expect.stringContaining('terminou') as string },
      });
      await world.app.get(LateWithdrawals).sweep();
      expect(await late(key)).toMatchObject({
        pending_approval: { consequence: expect.stringContaining('terminou') as string },
      });
      expect((await world.call('bia', 'GET', '/approvals?status=pending&limit=1')).body).toMatchObject({
        items: [{ consequence: expect.stringContaining('terminou') as string }],
      });
      expect(await post('bia', `/approvals/${String(again.body['approval_id'])}/approve`)).toMatchObject({
        status: 200,
      });
      await charge(key);
      expect(await world.openTasks(key)).toEqual([]);
    });

    it('is not sent once more where QI did not take it before, and people are told', async () => {
      const busy = { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 } as const;
      world.desk.plan('request_reversal', ...Array<typeof busy>(1_000).fill(busy));
      const key = await paid();
      await askAndAgree(key);
      await waitFor('the first try', () =>
        Promise.resolve(world.desk.sent('request_reversal', key) > 0 || undefined),
      );
      world.moveClock(AFTER_BOTH);
      await waitFor(
        'people to be told',
        async () => (await world.openTasks(key)).includes('command_rejected') || undefined,
      );
      expect(await late(key)).toMatchObject({
        tasks: [TOLD],
        commands: [{ status: 'rejected', settled_by: 'overtaken' }],
        next_actions: [{ action: 'request_reversal' }],
      });
    });

    it('may be asked for again too where a person has found out that QI never had it', async () => {
      world.desk.plan('request_reversal', 'lost_untaken');
      const key = await paid();
      await askAndAgree(key);
      await waitFor('the task', async () => ((await world.openTasks(key)).length > 0 ? true : undefined));
      world.moveClock(AFTER_BOTH);
      await sayNotTaken(key);
      expect((await late(key))['tasks']).toContainEqual(expect.objectContaining(TOLD));
      expect(await ask(key)).toMatchObject({ status: 202 });
    });
  });

  it('from a loan that QI says is paid off is refused, and one that waits is ended: people are told', async () => {
    const SETTLED: OperationEvent = { kind: 'noted', what: 'settled' };
    const [before, after] = [await paid(), await paid()];
    await ask(before);
    for (const key of [before, after]) await world.hear(key, SETTLED);
    expect(await ask(after)).toMatchObject({ status: 409, body: { type: 'urn:arremate:problem:paid_off' } });
    expect((await world.call('ana', 'GET', `/operations/${after}`)).body).toMatchObject({
      withdrawal: null,
      next_actions: [],
    });
    await world.app.get(LateWithdrawals).sweep();
    expect((await world.call('ana', 'GET', `/operations/${before}`)).body).toMatchObject({
      pending_approval: null,
      tasks: [{ kind: 'command_rejected', message: expect.stringContaining('quitada') as string }],
    });
    expect(await world.openTasks(after)).toEqual([]);
  });

  it.each([
    ['of a product without it', () => paid(PAID_NOW, 'private_payroll'), 'state_does_not_allow'],
    ['after both periods', () => paid(disbursed), 'withdrawal_over'],
  ])('%s is refused', async (_, make, type) => {
    const key = await make();
    const { status, body } = await ask(key);
    expect([status, String(body['type']).split(':').at(-1)]).toEqual([409, type]);
    expect((await world.call('ana', 'GET', `/operations/${key}`)).body).toMatchObject({ next_actions: [] });
  });
});

describe('resubmitting a disbursement', () => {
  const datePassed: OperationEvent = {
    kind: 'disbursement_failed',
    failure: { code: 'unspecified', reason: 'a data de desembolso passou' },
  };
  const resubmit = (key: string) =>
    post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });

  it('of a contract that nobody had authorized has it authorized: QI asks for that again', async () => {
    const key = await awaitingAuthorization();
    await world.hear(key, datePassed);
    expect(await world.openTasks(key)).toEqual(['disbursement_failed']);
    await resubmit(key);
    await reaches(key, 'awaiting_authorization');
    expect(await world.openTasks(key)).toEqual(['authorization_review']);
    await world.hear(key, { kind: 'authorization_requested' });
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('of one that the policy lets pass now needs no person', async () => {
    const key = await awaitingAuthorization();
    await world.hear(key, datePassed);
    world.policy.rules = RULES;
    await resubmit(key);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('of one whose authorization QI refused is left to a person, as that was', async () => {
    world.policy.rules = RULES;
    world.desk.plan('authorize', {
      kind: 'rejected',
      httpStatus: 400,
      code: 'X',
      description: 'no',
      body: '{}',
    });
    const key = await awaitingAuthorization();
    await waitFor('the task', async () =>
      (await world.openTasks(key)).includes('authorization_review') ? true : undefined,
    );
    await world.hear(key, datePassed);
    await resubmit(key);
    await reaches(key, 'awaiting_authorization');
    expect(await world.openTasks(key)).toContain('authorization_review');
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it('of one that was authorized, and not reserved yet, waits for QI', async () => {
    const key = await awaitingAuthorization();
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    await world.hear(key, refusedFor('margin_exceeded'));
    await world.hear(key, datePassed);
    await resubmit(key);
    await reaches(key, 'authorized');
    expect(await world.openTasks(key)).toEqual([]);
    await world.hear(key, refusedFor('margin_exceeded'));
    expect(await world.statusOf(key)).toBe('reservation_retrying');
  });

  it('of one that may have been authorized does not ask for that twice', async () => {
    world.desk.plan('authorize', 'lost');
    const query = jest.spyOn(world.desk, 'findReservations').mockResolvedValue({
      kind: 'unknown',
      why: 'no answer',
      httpStatus: undefined,
    });
    const key = await awaitingAuthorization();
    await post('ana', `/operations/${key}/authorize`);
    await waitFor('the call', () => (world.desk.sent('authorize', key) === 1 ? true : undefined));
    await world.hear(key, datePassed);
    await resubmit(key);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
    query.mockRestore();
  });

  it("sends QI's body and waits for the payment", async () => {
    const key = await paymentHasFailed();
    const body = {
      disbursement_date: '2040-01-03',
      disbursement_bank_accounts: [
        {
          name: 'Maria da Silva',
          document_number: BORROWER,
          bank_code: 184,
          ispb_number: '17298092',
          branch_number: '1232',
          account_number: '412412412',
          account_digit: '4',
          account_type: 'checking_account',
          percentage_receivable: 100,
        },
      ],
    };
    const answer = await post('ana', `/operations/${key}/resubmit_disbursement`, body);
    expect(answer).toMatchObject({ status: 202 });
    await reaches(key, 'reserved');
    const sent = world.desk.calls.find((call) => call.action === 'resubmit_disbursement' && call.key === key);
    expect(sent?.body).toMatchObject({ disbursement_date: '2040-01-03' });
    expect(await world.openTasks(key)).toEqual([]);
    await world.hear(key, disbursed);
    expect(await world.statusOf(key)).toBe('disbursed');
  });

  it('is refused before anything is sent when the account is not the borrower’s', async () => {
    const key = await paymentHasFailed();
    const account = { document_number: '11144477735', percentage_receivable: 100 };
    const answer = await post('ana', `/operations/${key}/resubmit_disbursement`, {
      disbursement_date: '2026-12-25',
      disbursement_bank_accounts: [account],
    });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('disbursement_bank_accounts.0.document_number');
    expect(JSON.stringify(answer.body)).not.toContain('11144477735');
    expect(world.desk.sent('resubmit_disbursement', key)).toBe(0);
  });

  describe('into an account that ends like the one that refused', () => {
    const refusedBy = (accountNumber: Personal | undefined): OperationEvent => ({
      kind: 'disbursement_failed',
      failure: { code: 'ted_refusal', reason: 'agencia_conta_invalida' },
      refusal: {
        cause: 'agencia_conta_invalida',
        account: { bank: '341', branch: '0001', number: '***007' },
        accountNumber,
      },
    });
    const to = (account_number: string, changes: object = {}) => ({
      disbursement_date: '2040-01-03',
      disbursement_bank_accounts: [
        {
          name: 'Maria da Silva',
          document_number: BORROWER,
          bank_code: 341,
          branch_number: '0001',
          account_number,
          account_digit: '7',
          percentage_receivable: 100,
        },
      ],
      ...changes,
    });
    const resubmit = async (key: string, body: unknown) => {
      const answer = await post('ana', `/operations/${key}/resubmit_disbursement`, body);
      const problems = (answer.body['errors'] ?? []) as { path: string }[];
      return { status: answer.status, fields: problems.map(({ path }) => path) };
    };
    const ofAccount = 'disbursement_bank_accounts.0.account_number';
    async function refused(accountNumber?: Personal): Promise<string> {
      const key = await awaitingAuthorization();
      await world.hear(key, { kind: 'reservation_confirmed' });
      await world.hear(key, refusedBy(accountNumber));
      return key;
    }

    it('goes out when its number is another one, and never when it is the same', async () => {
      const key = await refused(Personal.text('555007'));
      expect(await resubmit(key, to('55500', { is_another_account: true }))).toEqual({
        status: 422,
        fields: [ofAccount],
      });
      expect(await resubmit(key, to('65500'))).toEqual({ status: 202, fields: [] });
      await reaches(key, 'reserved');
      const sent = world.desk.calls.find(
        (call) => call.action === 'resubmit_disbursement' && call.key === key,
      );
      expect(Object.keys(sent?.body ?? {})).toEqual(['disbursement_date', 'disbursement_bank_accounts']);
    });

    it('goes out when a person has said that it is another one, where only the ending is known', async () => {
      const key = await refused();
      expect(await resubmit(key, to('65500'))).toEqual({ status: 422, fields: ['is_another_account'] });
      expect(await resubmit(key, to('65500', { is_another_account: 'yes' }))).toEqual({
        status: 422,
        fields: ['is_another_account'],
      });
      expect(await resubmit(key, to('65500', { is_another_account: true }))).toEqual({
        status: 202,
        fields: [],
      });
    });

    it('is known by a keyed index alone', async () => {
      const key = await refused(Personal.text('91357007'));
      const [row] = await world.dataSource.query<{ all: string; bytes: number }[]>(
        `SELECT row::text AS all, octet_length(refused_account_index) AS bytes FROM operation_event AS row
         WHERE credit_operation_key = $1 AND kind = 'disbursement_failed'`,
        [key],
      );
      expect(row?.bytes).toBe(32);
      expect(row?.all).not.toContain('91357');
    });
  });

  it('is never repeated on its own when its answer is lost: a person finds out', async () => {
    const key = await paymentHasFailed();
    world.desk.plan('resubmit_disbursement', 'lost_untaken');
    const body = { disbursement_date: '2040-01-03' };
    await post('ana', `/operations/${key}/resubmit_disbursement`, body);
    await waitFor('the task', async () =>
      (await world.openTasks(key)).includes('command_unknown') ? true : undefined,
    );
    expect(await post('bia', `/operations/${key}/resubmit_disbursement`, body)).toMatchObject({
      status: 409,
      body: { command: { action: 'resubmit_disbursement', actor: 'ana', status: 'unknown' } },
    });
    const { body: queue } = await world.call(
      'bia',
      'GET',
      `/tasks?credit_operation_key=${key}&kind=command_unknown`,
    );
    const task = (queue['items'] as { id: string }[])[0]?.id ?? '';
    expect(await post('bia', `/tasks/${task}/resolve`)).toMatchObject({ status: 422 });
    const found = { outcome: 'not_taken', note: 'a QI diz que não chegou' };
    expect(await post('bia', `/tasks/${task}/resolve`, found)).toMatchObject({ status: 200 });
    expect((await deedsTo(key)).slice(-1)).toEqual([
      {
        actor: 'bia',
        action: 'task.resolved',
        reason: found.note,
        details: { task_id: task, kind: 'command_unknown', outcome: 'not_taken' },
      },
    ]);
    expect(await post('bia', `/operations/${key}/resubmit_disbursement`, body)).toMatchObject({
      status: 202,
    });
    await reaches(key, 'reserved');
    expect(world.desk.sent('resubmit_disbursement', key)).toBe(2);
  });

  it('is not sent once its day is past, and people are told', async () => {
    const key = await paymentHasFailed();
    const busy = { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 } as const;
    world.desk.plan('resubmit_disbursement', ...Array<typeof busy>(1_000).fill(busy));
    await post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });
    await waitFor('the first try', () =>
      Promise.resolve(world.desk.sent('resubmit_disbursement', key) > 0 || undefined),
    );
    const later = jest.spyOn(world.app.get<Clock>(CLOCK), 'now');
    later.mockReturnValue(new Date('2040-01-04T00:20:00-03:00'));
    await waitFor(
      'people to be told',
      async () => (await world.openTasks(key)).includes('command_rejected') || undefined,
    );
    later.mockRestore();
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({
      status: 'disbursement_failed',
      commands: [{ action: 'resubmit_disbursement', status: 'rejected', settled_by: 'overtaken' }],
      next_actions: [{ action: 'resubmit_disbursement' }, { action: 'cancel_permanently' }],
    });
    expect(body['tasks']).toContainEqual(
      expect.objectContaining({
        kind: 'command_rejected',
        message: expect.stringContaining('o dia do pagamento passou') as string,
      }),
    );
    expect((await world.openTasks(key)).sort()).toEqual(['command_rejected', 'disbursement_failed']);
  });

  describe('to another account, which QI changes before the day', () => {
    const busy = { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 } as const;
    const refused = {
      kind: 'rejected',
      httpStatus: 400,
      code: 'LEG000069',
      description: 'no',
      body: '{}',
    } as const;
    const holder = { name: 'Maria da Silva', document_number: BORROWER, percentage_receivable: 100 };
    const body = {
      disbursement_date: '2040-01-03',
      disbursement_bank_accounts: [{ ...holder, pix_key: BORROWER }],
    };
    const failed = async (): Promise<string> => {
      const key = randomUUID();
      await world.issue(key, 'fgts');
      await world.hear(key, paymentRefused('pix_refusal'), undefined, 'fgts');
      return key;
    };
    const told = async (key: string) => {
      await waitFor(
        'people to be told',
        async () => (await world.openTasks(key)).includes('command_rejected') || undefined,
      );
      const tasks = (await world.call('ana', 'GET', `/operations/${key}`)).body['tasks'];
      return (tasks as { kind: string; message: string }[]).find(({ kind }) => kind === 'command_rejected')
        ?.message;
    };

    it.each([
      ['is not known to have changed nothing where its day is past', [busy]],
      ['is not known to have changed nothing where QI refuses it', [refused]],
    ] as const)('%s', async (_, [answer]) => {
      const key = await failed();
      world.desk.plan('resubmit_disbursement', ...Array<typeof answer>(1_000).fill(answer));
      expect(await post('ana', `/operations/${key}/resubmit_disbursement`, body)).toMatchObject({
        status: 202,
      });
      await waitFor('the first try', () =>
        Promise.resolve(world.desk.sent('resubmit_disbursement', key) > 0 || undefined),
      );
      const later = jest.spyOn(world.app.get<Clock>(CLOCK), 'now');
      later.mockReturnValue(new Date('2040-01-04T00:20:00-03:00'));
      const message = await told(key);
      later.mockRestore();
      expect(message).toContain('conta nova pode já valer na QI');
      expect(message).not.toContain('nada foi enviado');
    });

    it('has changed nothing where none was named', async () => {
      const key = await failed();
      world.desk.plan('resubmit_disbursement', refused);
      const { disbursement_date } = body;
      await post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date });
      expect(await told(key)).not.toContain('conta nova');
    });
  });

  it('is proven by the payment when its answer is lost', async () => {
    const key = await paymentHasFailed();
    world.desk.plan('resubmit_disbursement', 'lost');
    await post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });
    await waitFor('the task', async () =>
      (await world.openTasks(key)).includes('command_unknown') ? true : undefined,
    );
    await world.hear(key, disbursed);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({
      status: 'disbursed',
      commands: [{ status: 'accepted', settled_by: 'webhook' }],
    });
    expect(await world.openTasks(key)).toEqual([]);
  });
});

describe('a task about an answer that was lost', () => {
  const isTold = (key: string) =>
    waitFor(
      'people to be told',
      async () => (await world.openTasks(key)).includes('command_unknown') || undefined,
    );
  const lostFor = (action: string): void => {
    world.desk.plan(action, ...Array<'lost'>(500).fill('lost'));
  };
  const unknownOf = (key: string) =>
    world.dataSource.query<object[]>(
      `SELECT task.status, resolution FROM task WHERE credit_operation_key = $1 AND kind = 'command_unknown'`,
      [key],
    );

  it('is over with its command, where the loan has gone on without it', async () => {
    const key = randomUUID();
    await world.issue(key, 'fgts');
    lostFor('submit_signature');
    const proof = { type: 'pdf-signature', 'path-pdf-signed': 'https://example.com/signed.pdf' };
    expect(await post('ana', `/operations/${key}/signature`, proof)).toMatchObject({ status: 202 });
    await isTold(key);
    await world.hear(key, refusedFor('fgts_unauthorized_institution'), undefined, 'fgts');
    expect(await world.statusOf(key)).toBe('reservation_retrying');
    await waitFor('the end of the task', async () =>
      (await world.openTasks(key)).includes('command_unknown') ? undefined : true,
    );
    expect(await unknownOf(key)).toEqual([{ status: 'resolved', resolution: 'overtaken' }]);
  });

  it('is over with an authorization that the policy takes back before it is sent again', async () => {
    world.policy.rules = RULES;
    const key = randomUUID();
    world.desk.plan('authorize', 'lost_untaken');
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    await isTold(key);
    world.policy.rules = undefined;
    await waitFor('people to decide', async () =>
      (await world.openTasks(key)).includes('authorization_review') ? true : undefined,
    );
    expect(await world.openTasks(key)).toEqual(['authorization_review']);
    expect(world.desk.sent('authorize', key)).toBe(1);
  });

  it.each(['took_effect', 'not_taken'])(
    'settles no other command, when it is answered with %s',
    async (outcome) => {
      world.limits.tell_after_attempts = 1_000;
      const key = await paymentHasFailed();
      lostFor('cancel_permanently');
      const asked = await post('ana', `/operations/${key}/cancel_permanently`);
      await post('bia', `/approvals/${String(asked.body['approval_id'])}/approve`);
      await waitFor('the cancellation', () =>
        Promise.resolve(world.desk.sent('cancel_permanently', key) > 1 || undefined),
      );
      await world.dataSource.transaction(async (tx) => {
        const operation = await world.app.get(OperationLife).lock(tx, key);
        if (operation === undefined) throw new Error('no operation');
        await world.app
          .get(TaskDesk)
          .open(tx, operation, 'command_unknown', commandUnknownReason('submit_signature'));
      });
      const { body } = await world.call(
        'ana',
        'GET',
        `/tasks?credit_operation_key=${key}&kind=command_unknown`,
      );
      const task = (body['items'] as { id: string }[])[0]?.id ?? '';
      const found = { outcome, note: 'visto no portal da QI' };
      expect(await post('ana', `/tasks/${task}/resolve`, found)).toMatchObject({ status: 200 });
      expect((await deedsTo(key)).slice(-1)).toMatchObject([
        { action: 'task.resolved', reason: found.note, details: { kind: 'command_unknown', outcome } },
      ]);
      expect(await world.openTasks(key)).not.toContain('command_unknown');
      expect(
        await world.dataSource.query(
          `SELECT settled_at FROM operation_command WHERE credit_operation_key = $1 AND action = 'cancel_permanently'`,
          [key],
        ),
      ).toEqual([{ settled_at: null }]);
      world.desk.planned.clear();
      await reaches(key, 'canceling');
    },
  );
});

describe('the work queue', () => {
  it('gives a task to one of two who claim it at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const task = await taskOf(await awaitingAuthorization());
      const answers = await Promise.all([
        post('ana', `/tasks/${task}/claim`),
        post('bia', `/tasks/${task}/claim`),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });

  it('keeps the history of a task, and lets only its owner release it', async () => {
    const task = await taskOf(await awaitingAuthorization());
    await post('ana', `/tasks/${task}/claim`);
    expect(await post('bia', `/tasks/${task}/release`)).toMatchObject({ status: 409 });
    await post('ana', `/tasks/${task}/release`);
    await post('bia', `/tasks/${task}/snooze`, { until: NEXT_MONTH });
    const { body } = await world.call('ana', 'GET', `/tasks/${task}`);
    expect((body['history'] as { action: string; actor: string }[]).map((h) => [h.action, h.actor])).toEqual([
      ['opened', 'system'],
      ['claimed', 'ana'],
      ['released', 'ana'],
      ['snoozed', 'bia'],
    ]);
  });

  it('gets back what somebody who has left had claimed and snoozed, and the loan is free', async () => {
    const [key, others] = [await awaitingAuthorization(), await awaitingAuthorization()];
    const [task, kept] = [await taskOf(key), await taskOf(others)];
    await post('ana', `/tasks/${task}/claim`);
    await post('ana', `/tasks/${task}/snooze`, { until: NEXT_MONTH });
    await post('caio', `/tasks/${kept}/claim`);
    world.gone.add('ana');
    await world.app.get(TaskOwnerWatch).sweep();
    const { body } = await world.call('bia', 'GET', `/tasks/${task}`);
    expect(body).toMatchObject({ status: 'open', owner: null, snoozed_until: null });
    expect((body['history'] as object[]).at(-1)).toMatchObject({
      action: 'released',
      actor: 'system',
      note: 'owner_left',
    });
    expect(await post('bia', `/operations/${key}/authorize`)).toMatchObject({ status: 202 });
    expect((await world.call('bia', 'GET', `/tasks/${kept}`)).body).toMatchObject({ owner: 'caio' });
  });

  it('gets back what somebody holds who is away, when it is taken back, and the trail says from whom', async () => {
    const task = await taskOf(await awaitingAuthorization());
    expect(await post('root', `/tasks/${task}/take_back`, { owner: 'ana' })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:not_claimed' },
    });
    await post('ana', `/tasks/${task}/claim`);
    expect(await post('root', `/tasks/${task}/take_back`)).toMatchObject({ status: 422 });
    expect(await post('root', `/tasks/${task}/take_back`, { owner: 'ana' })).toMatchObject({
      status: 200,
      body: { status: 'open', owner: null },
    });
    expect(await post('bia', `/tasks/${task}/claim`)).toMatchObject({ status: 200, body: { owner: 'bia' } });
    const [told] = await world.dataSource.query<object[]>(
      `SELECT actor, details FROM audit_event WHERE action = 'task.released' ORDER BY id DESC LIMIT 1`,
    );
    expect(told).toMatchObject({ actor: 'root', details: { task_id: task, taken_from: 'ana' } });
  });

  it('takes a task back from whom it was seen with alone: whoever has it by now keeps it, and its snooze', async () => {
    const task = await taskOf(await awaitingAuthorization());
    await post('ana', `/tasks/${task}/claim`);
    await post('ana', `/tasks/${task}/release`);
    await post('bia', `/tasks/${task}/claim`);
    await post('bia', `/tasks/${task}/snooze`, { until: NEXT_MONTH });
    expect(await post('root', `/tasks/${task}/take_back`, { owner: 'ana' })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:claimed_by_other', owner: 'bia' },
    });
    expect((await world.call('bia', 'GET', `/tasks/${task}`)).body).toMatchObject({
      owner: 'bia',
      snoozed_until: expect.any(String) as string,
    });
  });

  it.each([
    ['a moment that is past', () => Date.now() - 1_000, 'informe um instante futuro'],
    ['another year than was meant', () => Date.now() + 31 * DAY_MS, 'adie por 30 dias no máximo'],
  ] as const)('is put off to no moment like %s', async (_what, at, message) => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, disbursed);
    await world.hear(key, paymentRefused());
    const task = await taskOf(key);
    await post('ana', `/tasks/${task}/claim`);
    expect(await post('ana', `/tasks/${task}/snooze`, { until: new Date(at()).toISOString() })).toMatchObject(
      {
        status: 422,
        body: { errors: [{ path: 'until', message }] },
      },
    );
    expect(await taskOf(key)).toBe(task);
  });

  it('brings a snoozed task back with what is heard anew, and not with the same once more', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, disbursed);
    await world.hear(key, paymentRefused());
    const task = await taskOf(key);
    await post('ana', `/tasks/${task}/claim`);
    await post('ana', `/tasks/${task}/snooze`, { until: NEXT_MONTH });
    await world.hear(key, paymentRefused());
    expect(await taskOf(key)).toBe('none');
    await world.hear(key, { kind: 'canceled_permanently' });
    expect(await taskOf(key)).toBe(task);
    expect(await world.call('ana', 'GET', `/tasks/${task}`)).toMatchObject({
      body: { kind: 'contradiction', owner: 'ana', snoozed_until: null },
    });
  });

  it('cannot be emptied without doing the work', async () => {
    const task = await taskOf(await paymentHasFailed());
    expect(await post('ana', `/tasks/${task}/resolve`)).toMatchObject({
      status: 409,
      body: { allowed_actions: ['resubmit_disbursement', 'cancel_permanently'] },
    });
  });

  it('is ended for whoever has read it as it is now, or does not say what they have read', async () => {
    const key = await awaitingAuthorization();
    await world.dataSource.query(
      `UPDATE task SET kind = 'late', reason_code = 'late' WHERE credit_operation_key = $1`,
      [key],
    );
    const task = await taskOf(key);
    await post('ana', `/tasks/${task}/claim`);
    await post('ana', `/tasks/${task}/snooze`, { until: '2040-01-01T00:00:00Z' });
    expect(await post('ana', `/tasks/${task}/resolve`, { version: 1 })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:task_changed' },
    });
    expect(await post('ana', `/tasks/${task}/resolve`)).toMatchObject({ status: 200 });
  });

  it('takes many tasks at once, says what became of each, and shows it beforehand', async () => {
    const tasks: string[] = [];
    for (let i = 0; i < 3; i += 1) tasks.push(await taskOf(await paymentHasFailed()));
    const [first = '', second = '', third = ''] = tasks;
    await post('bia', `/tasks/${second}/claim`);
    const claim = { action: 'claim', task_ids: [first, second, third, first] };
    const expected = {
      done: 2,
      refused: 1,
      results: [
        { task_id: first, outcome: 'done' },
        { task_id: second, outcome: 'refused', reason: 'claimed_by_other' },
        { task_id: third, outcome: 'done' },
      ],
    };
    expect((await post('ana', '/tasks/bulk', { ...claim, preview: true })).body).toMatchObject(expected);
    expect((await world.call('ana', 'GET', `/tasks/${first}`)).body).toMatchObject({ status: 'open' });
    expect((await post('ana', '/tasks/bulk', claim)).body).toMatchObject(expected);
    expect((await world.call('ana', 'GET', `/tasks/${first}`)).body).toMatchObject({ owner: 'ana' });
    expect(await post('ana', '/tasks/bulk', { action: 'snooze', task_ids: [first] })).toMatchObject({
      status: 422,
    });
  });

  it('is read page by page, each task once', async () => {
    for (let i = 0; i < 5; i += 1) await paymentHasFailed();
    const seen: string[] = [];
    let cursor: unknown = '';
    do {
      const path = `/tasks?limit=2&kind=disbursement_failed${cursor === '' ? '' : `&cursor=${String(cursor)}`}`;
      const { body } = await world.call('ana', 'GET', path);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['next_cursor'];
    } while (cursor !== null);
    const [row] = await world.dataSource.query<{ n: string }[]>(
      `SELECT count(*) AS n FROM task WHERE kind = 'disbursement_failed' AND status <> 'resolved'`,
    );
    expect(new Set(seen).size).toBe(seen.length);
    expect(String(seen.length)).toBe(row?.n);
    expect(await world.call('ana', 'GET', '/tasks?cursor=nonsense')).toMatchObject({ status: 422 });
  });
});

describe('two operators at once', () => {
  const AT_ONCE = 20;
  const BATCHES = times(3, 10);
  const inBatches = async (race: (round: number) => Promise<void>): Promise<void> => {
    for (let batch = 0; batch < BATCHES; batch += 1)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => race(batch * AT_ONCE + i)));
  };
  beforeAll(() => {
    world.limits.concurrency = 32;
  });
  beforeEach(() => {
    // Longer than the requests: the loser comes while the winner's call is under way.
    world.desk.delayMs = 150;
  });

  it(`authorizing and cancelling send one command, ${String(AT_ONCE * BATCHES)} times`, async () => {
    const won = { authorize: 0, cancel_permanently: 0 };
    await inBatches(async (round) => {
      const key = await awaitingAuthorization();
      const authorize = () => post('caio', `/operations/${key}/authorize`);
      const cancel = async () => {
        const asked = await post('ana', `/operations/${key}/cancel_permanently`);
        if (asked.status !== 202) return asked;
        return post('bia', `/approvals/${String(asked.body['approval_id'])}/approve`);
      };
      const [authorized, cancelled] =
        round % 2 === 0
          ? await Promise.all([authorize(), cancel()])
          : (await Promise.all([cancel(), authorize()])).reverse();
      expect([authorized?.status, cancelled?.status]).toContain(409);
      const winner = authorized?.status === 202 ? 'authorize' : 'cancel_permanently';
      won[winner] += 1;
      await reaches(key, winner === 'authorize' ? 'authorized' : 'canceling');
      expect(world.desk.sent('cancel_permanently', key) + world.desk.sent('authorize', key)).toBe(1);
    });
    expect(won.authorize + won.cancel_permanently).toBe(AT_ONCE * BATCHES);
    expect(Math.min(won.authorize, won.cancel_permanently)).toBeGreaterThan(0);
  }, 60_000);

  it('authorizing together send one command, and the others are told who was first', async () => {
    await inBatches(async () => {
      const key = await awaitingAuthorization();
      const answers = await Promise.all(
        ['ana', 'bia', 'caio'].map((actor) => post(actor, `/operations/${key}/authorize`)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
      await reaches(key, 'authorized');
      expect(world.desk.sent('authorize', key)).toBe(1);
    });
  }, 60_000);
});

function altered(column: string): string {
  return `set_byte(${column}, 30, get_byte(${column}, 30) # 1)`;
}

it.each([
  [
    'who signed',
    `UPDATE operation_event SET personal_ciphertext = ${altered('personal_ciphertext')} WHERE kind = 'signed'`,
  ],
  ['the borrower', `UPDATE operation SET borrower_ciphertext = ${altered('borrower_ciphertext')}`],
])('what cannot be opened of %s any more is left to a person to authorize', async (_, change) => {
  world.policy.rules = RULES;
  const key = randomUUID();
  await world.win(key);
  await world.hear(key, signedBy());
  await world.asOwner(
    `${change}${change.includes('WHERE') ? ' AND' : ' WHERE'} credit_operation_key = '${key}'`,
  );
  await world.hear(key, { kind: 'authorization_requested' });
  expect(await world.openTasks(key)).toEqual(['authorization_review']);
  expect(world.desk.sent('authorize', key)).toBe(0);
  expect((await world.call('ana', 'GET', `/operations/${key}`)).status).toBe(200);
});

describe('what the policy has authorized, and QI puts off, while its borrower cannot be opened here yet', () => {
  const authorizedOnce = async (meanwhile: (key: string) => Promise<void>): Promise<string> => {
    world.policy.rules = RULES;
    const key = randomUUID();
    jest.spyOn(world.desk, 'authorize').mockImplementationOnce(async () => {
      await meanwhile(key);
      await world.asOwner(
        `UPDATE operation SET borrower_key_id = 'awaited.bound' WHERE credit_operation_key = '${key}'`,
      );
      return { kind: 'not_taken', why: 'busy', httpStatus: 429 };
    });
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'authorization_requested' });
    return key;
  };

  it('stays authorized: whoever judged it could open all', async () => {
    const key = await authorizedOnce(() => Promise.resolve());
    await reaches(key, 'authorized');
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({ tasks: [], commands: [{ action: 'authorize', status: 'accepted' }] });
  });

  it('is for people once something was heard that nobody has judged', async () => {
    const key = await authorizedOnce((of) => world.hear(of, signedBy('11144477735')));
    await waitFor('the task', async () =>
      (await world.openTasks(key)).includes('authorization_review') ? true : undefined,
    );
    expect(world.desk.sent('authorize', key)).toBe(0);
  });
});

describe('a command that cannot be worked with', () => {
  const command = async (key: string) => {
    const [row] = await world.dataSource.query<{ id: string; status: string; attempts: number }[]>(
      `SELECT id, status, attempts FROM operation_command WHERE credit_operation_key = $1`,
      [key],
    );
    return row;
  };

  it('does not hold up those behind it', async () => {
    const [odd, next] = [await awaitingAuthorization(), await awaitingAuthorization()];
    const undo = await refuseRow(world.asOwner, {
      table: 'operation_command',
      column: 'status',
      value: `sending' AND NEW.credit_operation_key = '${odd}`,
    });
    await post('ana', `/operations/${odd}/authorize`);
    await post('ana', `/operations/${next}/authorize`);
    await reaches(next, 'authorized');
    expect(await command(odd)).toMatchObject({ status: 'intended', attempts: 0 });
    await undo();
    await reaches(odd, 'authorized');
    expect(world.desk.sent('authorize', odd)).toBe(1);
  });

  it('for want of a key that others have is sent later, and nobody is asked whether it was', async () => {
    const key = await awaitingAuthorization();
    jest.spyOn(world.desk, 'authorize').mockImplementationOnce(() => {
      throw new UnknownKeyError('12345678', true);
    });
    await post('ana', `/operations/${key}/authorize`);
    await reaches(key, 'authorized');
    expect(world.desk.sent('authorize', key)).toBe(1);
    expect(world.desk.sent('find', key)).toBe(0);
  });

  it('for want of a key that is lost is for people to settle', async () => {
    const key = await paymentHasFailed();
    jest.spyOn(world.desk, 'resubmitDisbursement').mockImplementationOnce(() => {
      throw new UnknownKeyError('12345678', false);
    });
    await post('ana', `/operations/${key}/resubmit_disbursement`, { disbursement_date: '2040-01-03' });
    await waitFor('people to be told', async () =>
      (await world.openTasks(key)).includes('command_unknown') ? true : undefined,
    );
    expect(await command(key)).toMatchObject({ status: 'unknown', attempts: 1 });
  });

  it('is asked about when the call failed on our side, without haste, and people are told', async () => {
    const key = await awaitingAuthorization();
    jest.spyOn(world.desk, 'authorize').mockImplementationOnce(() => {
      throw new TypeError('no key opens this');
    });
    const asked = jest.spyOn(world.desk, 'findReservations').mockImplementation((of) => {
      if (of === key) throw new TypeError('no key opens this');
      return Promise.resolve({ kind: 'unknown', why: 'test', httpStatus: undefined });
    });
    await post('ana', `/operations/${key}/authorize`);
    await waitFor('people to be told', async () =>
      (await world.openTasks(key)).includes('command_unknown') ? true : undefined,
    );
    const times = asked.mock.calls.filter(([of]) => of === key).length;
    expect((await command(key))?.status).toBe('unknown');
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Every 50 ms at the most.
    expect(asked.mock.calls.filter(([of]) => of === key).length - times).toBeLessThanOrEqual(12);
    asked.mockRestore();
    await reaches(key, 'authorized');
  });
});

it('commands that cannot even be looked for are not called well looked for', async () => {
  const looks = [...Periodic.all()].find(({ name }) => name === 'operation_commands');
  const longAgo = 500;
  await waitFor('a look that goes well', () => ((looks?.quietMs ?? longAgo) < longAgo ? true : undefined));
  await world.asOwner(`ALTER TABLE operation_command RENAME COLUMN lease_owner TO gone`);
  try {
    const isQuiet = () => ((looks?.quietMs ?? 0) > longAgo ? true : undefined);
    await waitFor('whoever watches periodic work to be told', isQuiet);
  } finally {
    await world.asOwner(`ALTER TABLE operation_command RENAME COLUMN gone TO lease_owner`);
  }
  await waitFor('a look that goes well', () => ((looks?.quietMs ?? longAgo) < longAgo ? true : undefined));
});
