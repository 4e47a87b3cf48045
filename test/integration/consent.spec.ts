import { randomUUID } from 'node:crypto';
import { ConsentWatch } from '../../src/operation/consent-watch.service';
import type { OperationEvent } from '../../src/operation/domain';
import { FieldCipher, SETTINGS, type Settings } from '../../src/platform';
import { GapBook } from '../../src/reconciliation/gap-book.service';
import { StandstillWatch } from '../../src/operation/standstill-watch.service';
import { waitFor } from '../support/wait-for';
import {
  BORROWER,
  createWorld,
  disbursed,
  paymentRefused,
  refusedFor,
  signedBy,
  type World,
} from './operation-world';

let world: World;
let consents: ConsentWatch;
let standstills: StandstillWatch;
beforeAll(async () => {
  world = await createWorld({ sweep_ms: 3_600_000 });
  consents = world.app.get(ConsentWatch);
  standstills = world.app.get(StandstillWatch);
  await world.asOwner(
    `INSERT INTO notification_endpoint (id, url, description, event_types, enabled, secret_key_id, secret_ciphertext,
       created_by, created_at)
     VALUES (gen_random_uuid(), 'https://partner.example', '', '{operation.consent_reminder}', false, 'k.bound', '', 'ana', now())`,
  );
});
afterAll(() => world.close());

let movedDays = 0;
/** Of the processes, not of the database. */
function moveClock(days: number): void {
  movedDays += days;
  world.moveClock(days);
}
afterEach(() => {
  moveClock(-movedDays);
});

const waiting = (status = 'pending_consent'): OperationEvent => ({ kind: 'reservation_waiting', status });
const hear = (key: string, event: OperationEvent) => world.hear(key, event, undefined, 'federal_payroll');

interface View {
  readonly status: string;
  readonly margin_status: string;
  readonly ended_at: string | null;
  readonly failure_code: string | null;
  readonly next_actions: readonly { readonly action: string; readonly consequence: string }[];
  readonly pending_approval: { readonly consequence: string } | null;
  readonly margin: {
    readonly consent_asked_at: string;
    readonly consent_until: string;
    readonly queued_until: string | null;
    readonly next_step: string;
    readonly reminders: readonly { readonly day: number }[];
    readonly first_deduction: { readonly is_verified: boolean };
  };
}
const read = async (key: string): Promise<View> =>
  (await world.call('ana', 'GET', `/operations/${key}`)).body as unknown as View;

/** A signed loan that waits for its servant. */
async function pending(): Promise<string> {
  const key = randomUUID();
  await world.issue(key, 'federal_payroll');
  await hear(key, signedBy());
  await hear(key, waiting());
  return key;
}

async function toldDays(key: string): Promise<number[]> {
  const rows = await world.dataSource.query<{ day: number }[]>(
    `SELECT (data->>'day')::int AS day FROM notification_event
     WHERE subject = $1 AND type = 'operation.consent_reminder' ORDER BY 1`,
    [key],
  );
  return rows.map(({ day }) => day);
}

async function messagesOf(key: string): Promise<string[]> {
  const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
  return (body['items'] as { kind: string; message: string }[]).map(
    ({ kind, message }) => `${kind}: ${message}`,
  );
}

describe('a consent that is waited for', () => {
  it('counts down ten days and reminds on days 1, 3, 7 and 9, each once, whoever looks and however often', async () => {
    const key = await pending();
    const { margin } = await read(key);
    const days = (Date.parse(margin.consent_until) - Date.parse(margin.consent_asked_at)) / 86_400_000;
    expect(days).toBeGreaterThan(10);
    expect(days).toBeLessThanOrEqual(11);
    expect(margin.first_deduction.is_verified).toBe(false);

    const told: number[][] = [];
    for (let day = 1; day <= 12; day += 1) {
      moveClock(1);
      await Promise.all([consents.sweep(), consents.sweep()]);
      told.push(await toldDays(key));
    }
    expect(told[0]).toEqual([1]);
    expect(told[3]).toEqual([1, 3]);
    expect(told.at(-1)).toEqual([1, 3, 7, 9]);
    expect((await read(key)).margin.reminders.map(({ day }) => day)).toEqual([1, 3, 7, 9]);
    await hear(key, refusedFor('consent_expired'));
  });

  it('is reminded of what fell due while nobody looked, and of nothing once it is given', async () => {
    const [late, given] = [await pending(), await pending()];
    moveClock(3.5);
    await hear(given, { kind: 'reservation_confirmed' });
    moveClock(4);
    await consents.sweep();
    moveClock(-4);
    await consents.sweep();
    expect(await toldDays(late)).toEqual([1, 3, 7]);
    expect(await toldDays(given)).toEqual([]);
    expect(await read(given)).toMatchObject({ status: 'reserved', margin_status: 'held', ended_at: null });
    await hear(given, disbursed);
    expect(await read(given)).toMatchObject({ status: 'disbursed', ended_at: expect.any(String) as string });
    await hear(late, refusedFor('consent_refused'));
  });

  it.each(['consent_refused', 'consent_expired', 'invalid_balance'])(
    'ends the case by itself when the margin is refused for %s and QI cancels the contract',
    async (code) => {
      const key = await pending();
      await hear(key, {
        kind: 'disbursement_failed',
        failure: { code: 'not_collateral_constituted', reason: undefined },
      });
      expect(await read(key)).toMatchObject({ status: 'reservation_failed', ended_at: null });
      await hear(key, refusedFor(code));
      const view = await read(key);
      expect(view).toMatchObject({ margin_status: 'refused', failure_code: code, next_actions: [] });
      expect(view.ended_at).not.toBeNull();
      expect(view.margin.next_step).toMatch(/^Nada a fazer/);
      expect(await world.openTasks(key)).toEqual([]);
    },
  );

  it('is understood anew when the cancelled debt was heard of before anybody knew of which product it is', async () => {
    const key = randomUUID();
    const failure = { code: 'not_collateral_constituted', reason: undefined };
    await world.hear(key, { kind: 'disbursement_failed', failure });
    expect(await world.openTasks(key)).toEqual(['disbursement_failed']);
    await hear(key, refusedFor('consent_refused'));
    expect(await world.openTasks(key)).toEqual([]);
    expect(await read(key)).toMatchObject({
      status: 'reservation_failed',
      margin_status: 'refused',
      failure_code: 'consent_refused',
    });
  });

  it('whose time is over without a word from QI is a task in words, which the word ends', async () => {
    const key = await pending();
    moveClock(9);
    await standstills.sweep();
    expect(await world.openTasks(key)).toEqual([]);
    moveClock(3.5);
    await Promise.all([standstills.sweep(), standstills.sweep()]);
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(
        /^margin_unsettled: O prazo da anuência terminou e a QI não disse o que houve \(desde \d\d\/\d\d\/\d{4}\)/,
      ),
    ]);
    await hear(key, refusedFor('consent_expired'));
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('that nobody can explain the end of asks a person in the words there are', async () => {
    const key = await pending();
    await hear(key, refusedFor('expired_portability'));
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(/^reservation_unexplained: A autorização da portabilidade venceu\. Confirmar/),
    ]);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({ margin_status: 'unexplained', guarantee: { outcome: 'unexplained' } });
  });

  it('says until when QI tries by itself', async () => {
    const key = randomUUID();
    await world.issue(key, 'federal_payroll');
    await hear(key, signedBy());
    await hear(key, refusedFor('unauthorized_institution'));
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(body).toMatchObject({
      status: 'signed',
      margin_status: 'retrying',
      guarantee: {
        outcome: 'tried_again',
        reasons: [{ code: 'unauthorized_institution', tried_until: expect.any(String) as string }],
      },
    });
    expect(await world.openTasks(key)).toEqual([]);
    moveClock(9);
    await standstills.sweep();
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(/^margin_unsettled: A QI deveria ter parado/),
    ]);
    await hear(key, waiting());
    expect(await world.openTasks(key)).toEqual([]);

    await hear(key, { kind: 'canceled_permanently' });
    const { body: ended } = await world.call('ana', 'GET', `/operations/${key}`);
    expect(ended['guarantee']).toMatchObject({
      outcome: 'given_up',
      reasons: [{ meaning: expect.any(String) as string, advice: null, tried_until: null }],
    });
    await hear(key, refusedFor('consent_refused'));
  });
});

it('says until when QI queues a reservation, while SIAPE is closed and there is one to ask for', async () => {
  const key = randomUUID();
  await world.issue(key, 'federal_payroll');
  const queued: string[] = [];
  // A weekend is closed, whatever the hour is now.
  while (queued.length < 2) {
    const until = (await read(key)).margin.queued_until;
    if (until !== null) queued.push(until);
    if (queued.length < 2) moveClock(1);
  }
  for (const until of queued) expect(until).toMatch(/T10:00:00\.000Z$/); // 07:00 in São Paulo
  await hear(key, waiting());
  expect((await read(key)).margin.queued_until).toBeNull();
  await hear(key, refusedFor('consent_refused'));
});

describe('a cancellation while the servant has not answered', () => {
  const cancel = async (key: string): Promise<number> => {
    const asked = await world.call('ana', 'POST', `/operations/${key}/cancel_permanently`, {
      reason: 'desistiu',
    });
    if (asked.status !== 202) return asked.status;
    const approval = String(asked.body['approval_id']);
    const { margin_status: margin, pending_approval: decided } = await read(key);
    expect(asked.body['consequence']).toContain(
      margin === 'pending_consent' ? 'SouGov.br' : 'a garantia (margem ou saldo) do trabalhador é liberada',
    );
    // Whose click is the last reads the same, here and in the list.
    expect(decided?.consequence).toBe(asked.body['consequence']);
    const { body } = await world.call('bia', 'GET', '/approvals?status=pending');
    expect(body['items']).toContainEqual(decided);
    return (await world.call('bia', 'POST', `/approvals/${approval}/approve`, {})).status;
  };
  const WORDS = { code: 'LEG000069', description: 'Reservation not found' };
  const REFUSES = { kind: 'rejected', httpStatus: 400, ...WORDS, body: JSON.stringify(WORDS) } as const;
  const sent = (key: string, times: number) =>
    waitFor(`${String(times)} cancellations sent`, () =>
      world.desk.sent('cancel_permanently', key) === times ? true : undefined,
    );
  const marginIs = (key: string, status: string) =>
    waitFor(`the margin to be ${status}`, async () =>
      (await read(key)).margin_status === status ? true : undefined,
    );

  it('is sent once, waits for the answer, and is sent again only when the margin is free (T-42)', async () => {
    const key = await pending();
    world.desk.plan('cancel_permanently', REFUSES);
    expect(await cancel(key)).toBe(200);
    await marginIs(key, 'pending_consent_with_deletion');
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(/^command_rejected: A QI recusou o cancelamento \(Reservation not found\)/),
    ]);
    expect(await cancel(key)).toBe(409);
    await hear(key, waiting('pending_consent_with_deletion'));
    expect(await cancel(key)).toBe(409);
    expect((await read(key)).margin.next_step).toMatch(/Não repetir/);
    expect(world.desk.sent('cancel_permanently', key)).toBe(1);

    await hear(key, { kind: 'margin_released' });
    moveClock(0.1);
    await standstills.sweep();
    expect(await messagesOf(key)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^margin_unsettled: A margem foi liberada e o contrato/),
      ]),
    );
    expect(await cancel(key)).toBe(200);
    await sent(key, 2);
    await hear(key, { kind: 'canceled_permanently' });
    expect(await read(key)).toMatchObject({ status: 'canceled_permanently', margin_status: 'released' });
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('may be asked for again when the time for the answer is over and QI has told nothing', async () => {
    const key = await pending();
    world.desk.plan('cancel_permanently', REFUSES, REFUSES);
    expect(await cancel(key)).toBe(200);
    await marginIs(key, 'pending_consent_with_deletion');
    moveClock(9);
    expect((await read(key)).next_actions).toEqual([]);
    expect(await cancel(key)).toBe(409);
    moveClock(3);
    const { next_actions, margin } = await read(key);
    expect(next_actions.map(({ action }) => action)).toEqual(['cancel_permanently']);
    expect(margin.next_step).toMatch(/^O prazo da anuência terminou.*cancelar de novo/);
    const again = async () => {
      const asked = await world.call('ana', 'POST', `/operations/${key}/cancel_permanently`, { reason: 'x' });
      expect(asked.status).toBe(202);
      await world.call('bia', 'POST', `/approvals/${String(asked.body['approval_id'])}/approve`, {});
    };
    await again();
    await sent(key, 2);
    await waitFor('the refusal in words', async () =>
      (await messagesOf(key)).some((message) => /prazo da anuência terminou.*pedir de novo/.test(message))
        ? true
        : undefined,
    );
    await again();
    await sent(key, 3);
    await waitFor('the cancellation', async () =>
      (await read(key)).status === 'canceling' ? true : undefined,
    );
    await hear(key, { kind: 'canceled_permanently' });
    expect((await read(key)).margin.next_step).toMatch(/O prazo da anuência terminou.*pedir à QI/);
  });

  it('asks for it again when the servant consents after it was refused, for QI goes on to pay', async () => {
    const key = await pending();
    world.desk.plan('cancel_permanently', REFUSES);
    expect(await cancel(key)).toBe(200);
    await marginIs(key, 'pending_consent_with_deletion');
    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
    const [task] = body['items'] as { id: string; version: number }[];
    await world.call('ana', 'POST', `/tasks/${task?.id ?? ''}/resolve`, { version: task?.version });
    expect(await world.openTasks(key)).toEqual([]);

    await hear(key, { kind: 'reservation_confirmed' });
    expect(await read(key)).toMatchObject({ status: 'reserved', margin_status: 'held' });
    expect(await messagesOf(key)).toContainEqual(
      expect.stringMatching(
        /^command_rejected: O cancelamento foi pedido e o servidor deu a anuência: .* cancelar agora/,
      ),
    );
    expect(await cancel(key)).toBe(200);
    await sent(key, 2);
    await hear(key, { kind: 'canceled_permanently' });
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('asks for it again too when the margin is held after a refusal that nobody could explain', async () => {
    const key = await pending();
    world.desk.plan('cancel_permanently', REFUSES);
    expect(await cancel(key)).toBe(200);
    await marginIs(key, 'pending_consent_with_deletion');
    await hear(key, refusedFor('expired_portability'));
    await marginIs(key, 'unexplained');
    await hear(key, { kind: 'reservation_confirmed' });
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(/^command_rejected: O cancelamento foi pedido e o servidor deu a anuência/),
    ]);
  });

  it.each<[string, OperationEvent[]]>([
    ['after the consent', [{ kind: 'reservation_confirmed' }, disbursed]],
    ['before it is told of the consent', [disbursed, { kind: 'reservation_confirmed' }]],
  ])('that was refused leaves a person to be told of the payment, %s', async (_, news) => {
    const key = await pending();
    world.desk.plan('cancel_permanently', REFUSES);
    expect(await cancel(key)).toBe(200);
    await marginIs(key, 'pending_consent_with_deletion');
    for (const event of news) await hear(key, event);
    expect(await read(key)).toMatchObject({ status: 'disbursed', margin_status: 'held' });
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(/^contradiction: O cancelamento definitivo foi pedido e a QI pagou.*devolução/),
    ]);
  });

  it.each<[string, OperationEvent[]]>([
    ['after the consent', [{ kind: 'reservation_confirmed' }, disbursed]],
    ['before it is told of the consent', [disbursed, { kind: 'reservation_confirmed' }]],
    [
      'after a refusal that nobody explained, and the consent',
      [refusedFor('expired_portability'), { kind: 'reservation_confirmed' }, disbursed],
    ],
  ])('that was tried in QI’s portal leaves a person to be told of the payment too, %s', async (_, news) => {
    const key = await pending();
    await hear(key, waiting('pending_consent_with_deletion'));
    for (const event of news) await hear(key, event);
    expect(await read(key)).toMatchObject({ status: 'disbursed', margin_status: 'held' });
    expect(await messagesOf(key)).toEqual([
      expect.stringMatching(/^contradiction: O cancelamento definitivo foi pedido e a QI pagou.*devolução/),
    ]);
  });

  it('that was tried in QI’s portal is told as wanted no more once people have asked for something else', async () => {
    const key = await pending();
    await hear(key, waiting('pending_consent_with_deletion'));
    await hear(key, { kind: 'reservation_confirmed' });
    await hear(key, paymentRefused());
    const body = { disbursement_date: '2040-01-03' };
    expect(await world.call('ana', 'POST', `/operations/${key}/resubmit_disbursement`, body)).toMatchObject({
      status: 202,
    });
    await waitFor('the payment to be tried again', async () =>
      (await read(key)).status === 'reserved' ? true : undefined,
    );
    await hear(key, disbursed);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it.each([
    ['our key or clock', 401, { code: 'GDF000014', description: 'no public key is registered' }],
    ['no words', 403, { code: undefined, description: undefined }],
    ['another reason', 400, { code: 'LEG000069', description: 'Debt does not admit this: canceled' }],
  ])(
    'that is refused for %s has not asked for the margin, and may be asked for again',
    async (_, httpStatus, refusal) => {
      const key = await pending();
      world.desk.plan('cancel_permanently', {
        kind: 'rejected',
        httpStatus,
        ...refusal,
        body: JSON.stringify(refusal),
      });
      expect(await cancel(key)).toBe(200);
      await waitFor('the refusal to be a task', async () =>
        (await world.openTasks(key)).includes('command_rejected') ? true : undefined,
      );
      expect((await read(key)).margin_status).toBe('pending_consent');
      expect(await messagesOf(key)).toEqual([
        expect.stringMatching(/^command_rejected: A QI recusou o cancelamento definitivo/),
      ]);
      expect(await cancel(key)).toBe(200);
      await sent(key, 2);
    },
  );

  it('ends the contract first: the case stays open, and its row says so, until the margin is free', async () => {
    const key = await pending();
    expect(await cancel(key)).toBe(200);
    await sent(key, 1);
    await hear(key, { kind: 'canceled_permanently' });
    await hear(key, waiting('pending_consent_with_deletion'));
    expect(await read(key)).toMatchObject({
      status: 'canceled_permanently',
      margin_status: 'pending_consent_with_deletion',
      ended_at: null,
      next_actions: [],
    });
    const closing = world.asOwner(
      `UPDATE operation SET ended_at = now() WHERE credit_operation_key = '${key}'`,
    );
    await expect(closing).rejects.toThrow('operation_ended');
    await hear(key, refusedFor('consent_refused'));
    expect((await read(key)).ended_at).not.toBeNull();
  });
});

describe('silence about a margin', () => {
  it('is a gap when the servant’s time is over, or the contract is, and not before', async () => {
    const gaps = new GapBook(world.dataSource, world.app.get<Settings>(SETTINGS));
    const [waits, over, left] = [await pending(), await pending(), await pending()];
    await hear(left, { kind: 'canceled_permanently' });
    await hear(left, { kind: 'reservation_confirmed' });
    await world.asOwner(
      `UPDATE operation SET status_since = now() - interval '3 hours', consent_asked_at = now() - interval '9 days',
         consent_until = now() + interval '1 day' WHERE credit_operation_key IN ('${waits}', '${over}', '${left}')`,
    );
    await world.asOwner(
      `UPDATE operation SET consent_until = now() - interval '1 minute' WHERE credit_operation_key = '${over}'`,
    );
    await gaps.findInOurBooks();
    const found = async (): Promise<string[]> => {
      const rows = await world.dataSource.query<{ key: string }[]>(
        `SELECT key FROM reconciliation_gap WHERE closed_at IS NULL AND key = ANY ($1)`,
        [[waits, over, left]],
      );
      return rows.map(({ key }) => key).sort();
    };
    expect(await found()).toEqual([over, left].sort());
    expect((await gaps.due(10)).map(({ product }) => product)).toEqual([
      'federal_payroll',
      'federal_payroll',
    ]);
    await hear(over, refusedFor('consent_expired'));
    await hear(left, { kind: 'margin_released' });
    await gaps.closeArrived();
    expect(await found()).toEqual([]);
  });
});

describe('the evidence of a loan', () => {
  const FIRST = {
    fee_table: 'padrao',
    disbursed_issue_amount: '2100.00',
    channel: 'app',
    text_version: '2026-11',
    accepted_at: '2026-11-20T10:00:00-03:00',
    ip_address: '203.0.113.7',
    device: 'Moto G84, Android 15',
  };

  it('is given whole to whoever says why, and that they have it is on record', async () => {
    const key = await pending();
    expect(await world.call('ana', 'POST', `/operations/${key}/evidence`, { reason: ' ' })).toMatchObject({
      status: 422,
    });
    expect(
      await world.call('ana', 'POST', '/operations/nobodys/evidence', { reason: 'reclamação' }),
    ).toMatchObject({ status: 404 });
    const { status, body } = await world.call('ana', 'POST', `/operations/${key}/evidence`, {
      reason: 'Termo de Reclamação 12/2026',
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        borrower_document_number: BORROWER,
        acceptance: null,
        consent: { margin_status: 'pending_consent', reminders: [] },
        signatures: [
          { has_signed_contract: true, signers: [{ document_number: BORROWER, liveness_result: 'live' }] },
        ],
        timeline: [{ kind: 'issued' }, { kind: 'signed' }, { kind: 'reservation_waiting' }],
      },
    });
    const [record] = await world.dataSource.query<{ reason: string; actor: string }[]>(
      `SELECT reason, actor FROM audit_event WHERE action = 'operation.evidence_exported' AND subject = $1`,
      [key],
    );
    expect(record).toEqual({ reason: 'Termo de Reclamação 12/2026', actor: 'ana' });
  });

  it('holds what the client said yes to: who, when, from which device, to which text and figures', async () => {
    expect(await acceptanceOf([FIRST])).toMatchObject({
      accepted_at: '2026-11-20T13:00:00.000Z',
      channel: 'app',
      text_version: '2026-11',
      ip_address: '203.0.113.7',
      device: 'Moto G84, Android 15',
      user_agent: null,
      recorded_by: 'user:bia',
      shown: { monthly_interest_rate: '0.0179', annual_cet: '0.261457', disbursed_issue_amount: '2100.00' },
    });
  });

  const later = {
    ...FIRST,
    text_version: '2026-12',
    accepted_at: '2026-11-24T10:00:00-03:00',
    device: 'iPhone 13',
  };
  const ofFirst = {
    accepted_at: '2026-11-20T13:00:00.000Z',
    text_version: '2026-11',
    device: 'Moto G84, Android 15',
    shown: { disbursed_issue_amount: '2100.00' },
  };

  it('is the yes to the offer that the loan was made of, whatever was accepted after it', async () => {
    expect(await acceptanceOf([FIRST, { ...later, disbursed_issue_amount: '900.00' }])).toMatchObject(
      ofFirst,
    );
    expect(await acceptanceOf([FIRST, { ...later, fee_table: 'outra' }])).toMatchObject(ofFirst);
  });

  it('is the yes to that offer, not to a later one of other terms that pays out as much', async () => {
    expect(await acceptanceOf([FIRST, later], FIRST.accepted_at)).toMatchObject(ofFirst);
    expect(await acceptanceOf([FIRST, later], later.accepted_at)).toMatchObject({ device: 'iPhone 13' });
  });

  it('pairs no yes with figures that nobody accepted', async () => {
    const other = { ...later, disbursed_issue_amount: '900.00' };
    const found = await acceptanceOf([other]);
    expect(found).toMatchObject({ device: 'iPhone 13' });
    expect(found).toHaveProperty('shown', {});
  });

  /** What the proof says of a loan's acceptance. @param acceptedAt as the loan's offer keeps it, if it does */
  async function acceptanceOf(acceptances: readonly object[], acceptedAt?: string): Promise<unknown> {
    const key = await pending();
    await accepted(key, acceptances, acceptedAt);
    const { body } = await world.call('ana', 'POST', `/operations/${key}/evidence`, { reason: 'reclamação' });
    return body['acceptance'];
  }

  /** The proposal that the loan was issued of, with its acceptances as the service keeps them, the last one last. */
  async function accepted(
    key: string,
    acceptances: readonly object[],
    acceptedAt: string | undefined,
  ): Promise<void> {
    const id = randomUUID();
    const cipher = world.app.get(FieldCipher);
    const borrower = cipher.encrypt('{}', 'proposal.borrower_ciphertext', id);
    const offer = {
      fee_table: 'padrao',
      monthly_interest_rate: '0.0179',
      accepted_at: acceptedAt,
      figures: { disbursed_issue_amount: '2100.00', annual_cet: '0.261457', periods: [] },
    };
    await world.dataSource.query(
      `INSERT INTO proposal (id, product, channel, status, status_since, borrower_key_id, borrower_ciphertext, wishes, offer,
         control_key, credit_operation_key, created_by, created_at, ended_at)
       VALUES ($1, 'federal_payroll', 'console', 'issued', now(), $2, $3, '{}', $4, gen_random_uuid(), $5, 'bia', now(), now())`,
      [id, borrower.keyId, borrower.ciphertext, offer, key],
    );
    for (const acceptance of acceptances) await told(id, acceptance);
  }

  async function told(proposalId: string, acceptance: object): Promise<void> {
    const [event] = await world.dataSource.query<{ id: string }[]>(
      `INSERT INTO proposal_event (proposal_id, kind, effect, from_status, to_status, actor, recorded_at)
       VALUES ($1, 'accepted', 'applied', 'offered', 'accepted', 'user:bia', now()) RETURNING id`,
      [proposalId],
    );
    const sealed = world.app
      .get(FieldCipher)
      .encrypt(JSON.stringify(acceptance), 'proposal_event.personal_ciphertext', event?.id ?? '');
    await world.dataSource.query(
      `UPDATE proposal_event SET personal_key_id = $2, personal_ciphertext = $3 WHERE id = $1`,
      [event?.id, sealed.keyId, sealed.ciphertext],
    );
  }
});
