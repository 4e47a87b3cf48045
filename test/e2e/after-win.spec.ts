import { randomUUID } from 'node:crypto';
import enumerators from '../contracts/qi/enumerators.json';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import { newCpf } from '../support/webhooks';
import { SandboxWorld, type LoanPlan } from './sandbox-world';

type List = keyof typeof enumerators;

/** What QI does with one loan, and where API.md's words for it must leave the loan and the people. */
interface Fate {
  readonly loan: LoanPlan;
  readonly status: string;
  readonly failure: string | null;
  /** kind: reason_code */
  readonly tasks: readonly string[];
}

/** Of the four that the manuals print; the product's own reading of them is tested apart. */
const AFTER_REFUSAL: Readonly<Record<string, Pick<Fate, 'status' | 'tasks'>>> = {
  retry: { status: 'reservation_retrying', tasks: [] },
  'cancel operation': { status: 'reservation_failed', tasks: [] },
};

const refusalsOfReservations: readonly Fate[] = [
  ...enumerators.reservation_failure.map(({ value, qi_action }): Fate => {
    const after = AFTER_REFUSAL[qi_action];
    if (after === undefined) throw new Error(`what is ${qi_action}?`);
    return { loan: { reservation: [value, 'never'] }, failure: value, ...after };
  }),
  {
    loan: { reservation: ['payroll_closed_for_audit'] },
    status: 'parked',
    failure: 'payroll_closed_for_audit',
    tasks: ['reservation_unexplained: payroll_closed_for_audit'],
  },
];

const fates: readonly Fate[] = [
  { loan: { signature: 'never' }, status: 'awaiting_signature', failure: null, tasks: [] },
  ...[...enumerators.signature_cancel_reason.map(({ value }) => value), 'document_expired'].map(
    (signature): Fate => ({
      loan: { signature },
      status: 'signature_failed',
      failure: signature,
      tasks: [],
    }),
  ),
  ...(
    [
      [{ face_validation_score: 79 }, 'face_score_low'],
      [{ face_validation_available: false }, 'face_score_missing'],
      [{ face_match_score: 79 }, 'document_score_low'],
      [{ liveness: 'photo_of_a_photo' }, 'liveness_not_proven'],
      [{ signer_document_number: '11144477735' }, 'signer_is_not_borrower'],
      [{ fraud_base_flag: true }, 'fraud_flagged'],
    ] as const
  ).map(([evidence, doubt]): Fate => ({
    loan: { evidence },
    status: 'awaiting_authorization',
    failure: null,
    tasks: [`authorization_review: ${doubt}`],
  })),
  ...refusalsOfReservations,
  ...enumerators.reservation_failure
    .filter(({ qi_action }) => qi_action === 'retry')
    .map(({ value }): Fate => ({
      loan: { reservation: [value, value, 'reserved'] },
      status: 'disbursed',
      failure: value,
      tasks: [],
    })),
  { loan: { disbursement: ['never'] }, status: 'reserved', failure: null, tasks: [] },
  ...enumerators.debt_cancel_reason.map(({ value }): Fate => ({
    loan: { disbursement: [value] },
    status: 'disbursement_failed',
    failure: value,
    tasks: [`disbursement_failed: ${value}`],
  })),
  { loan: {}, status: 'disbursed', failure: null, tasks: [] },
];

const today = (): string => {
  const day = new Date(Date.now() - 3 * 3_600_000);
  // Saturdays and Sundays are no business days; a holiday is refused by the service, and said so.
  while (day.getUTCDay() % 6 === 0) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
};

const BORROWER = newCpf();
const UNSIGNED = [
  ['never', 'awaiting_signature'],
  ['face_validation_score', 'signature_failed'],
] as const;
let world: SandboxWorld;
/** All begin at once: an auction takes longer than what follows it. */
let auctions: Readonly<Record<'fates' | 'teds' | 'unsigned', readonly string[]>> & { readonly pix: string };
beforeAll(async () => {
  world = await SandboxWorld.start(
    { operation: { undo_window_seconds: 1, sweep_ms: 1_000 } },
    { pace: { window_seconds: 4, step_seconds: 0.2, unsigned_lives_seconds: 0.2 } },
  );
  const teds = { loan: { disbursement: ['ted_refusal'] } };
  auctions = {
    fates: fates.map(({ loan }) => world.openAuction({ loan })),
    pix: world.openAuction({
      loan: { disbursement: ['pix_refusal', 'disbursed'] },
      request: { document_number: BORROWER },
    }),
    teds: [world.openAuction(teds), world.openAuction(teds)],
    unsigned: UNSIGNED.map(([signature]) => world.openAuction({ loan: { signature } })),
  };
});
afterAll(() => world.end());

async function standingOf(key: string): Promise<Pick<Fate, 'status' | 'failure' | 'tasks'> | undefined> {
  const { rows } = await world.sql.query<{ status: string; failure: string | null }>(
    `SELECT status, failure_code AS failure FROM operation WHERE credit_operation_key = $1`,
    [key],
  );
  const tasks = await world.openTasks(key);
  const [row] = rows;
  return row && { ...row, tasks: tasks.map(({ kind, reason_code }) => `${kind}: ${reason_code}`) };
}

async function meets(key: string, { loan: _, ...fate }: Fate): Promise<void> {
  await world.operationBecomes(key, fate.status);
  // The state and the task are one commit; what would follow them would follow within a step of the sandbox's pace.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await standingOf(key)).toEqual(fate);
}

describe('whatever QI says of a loan', () => {
  it.each(fates.map((fate, i) => [JSON.stringify(fate.loan), fate.status, i] as const))(
    '%s leaves it %s',
    async (_loan, _status, i) => {
      const [auction, fate] = [auctions.fates[i], fates[i]];
      if (auction === undefined || fate === undefined) throw new Error('no such fate');
      await meets(await world.wonLoan(auction), fate);
    },
    30_000,
  );

  it('shows the bank’s own words to whoever must act on a refused payment', async () => {
    const expected: Readonly<Record<string, string>> = {
      ted_refusal: enumerators.ted_refusal_reason[0]?.description ?? '',
      pix_refusal: enumerators.pix_refusal_reason[0]?.description ?? '',
    };
    for (const [refusal, reason] of Object.entries(expected)) {
      const at = fates.findIndex(({ failure }) => failure === refusal);
      const [task] = await world.openTasks(await world.wonLoan(auctions.fates[at] ?? ''));
      expect(task).toMatchObject({ kind: 'disbursement_failed', reason_code: refusal });
      expect(task?.message).toContain(reason.replace(/\.$/, ''));
    }
  });
});

/** The same news by the newer webhook, and by both at once; these loans come from no auction, so a person authorizes. */
describe.each(['reservation_failure', 'both'] as const)('a refused reservation told by %s', (webhook) => {
  it('leaves the loan in the same place', async () => {
    world.sandbox.control.setBehaviour({ contract: { reservation_failure_webhook: webhook } });
    const loans = refusalsOfReservations.map((fate) => ({ fate, key: randomUUID() }));
    await Promise.all(
      loans.map(async ({ fate, key }) => {
        await world.openLoan(key, { ...fate.loan, manual: false });
        await world.operationBecomes(key, 'awaiting_authorization');
        await world.service.post(`/api/v1/operations/${key}/authorize`, {});
        await meets(key, fate);
      }),
    );
    world.sandbox.control.setBehaviour({ contract: { reservation_failure_webhook: 'collateral' } });
  }, 30_000);
});

describe('each word for where a debt or a reservation stands', () => {
  const tell = (type: string, key: string, status: string, data: object = {}) =>
    world.sandbox.control.sendWebhook({
      body: {
        webhook_type: type,
        key,
        status,
        data: { ...data },
        event_datetime: new Date().toISOString().slice(0, 19).replace('T', ' '),
      },
    });
  const debt = (key: string, status: string) => tell('debt', key, status);

  const DEBT: Readonly<Record<string, readonly string[]>> = {
    waiting_signature: ['awaiting_signature'],
    signature_received: ['awaiting_signature'],
    signature_finished: ['signed'],
    disbursed: ['disbursed'],
    canceled: ['disbursement_failed', 'disbursement_failed: unspecified'],
    cancel_permanently: ['canceled_permanently'],
    canceled_permanently: ['canceled_permanently'],
  };
  it.each(enumerators.debt_status)('debt $value', async ({ value }) => {
    const key = randomUUID();
    await debt(key, value);
    const [status, ...tasks] = DEBT[value] ?? [];
    await waitFor('the webhook to be applied', async () =>
      (await isApplied(key, `debt`)) ? true : undefined,
    );
    expect(await standingOf(key)).toMatchObject({ status, tasks });
  });

  const RESERVATION: Readonly<Record<string, string>> = {
    pending_requester_authorization: 'awaiting_authorization',
    authorized: 'authorized',
    // Only the collateral webhook says that a margin is bound.
    reserved: 'awaiting_signature',
    pending_reservation: 'awaiting_signature',
    // Of one that nobody had authorized yet: another comes, or people decide.
    canceled: 'awaiting_signature',
  };
  it.each(Object.entries(RESERVATION))('reservation %s', async (value, status) => {
    const key = randomUUID();
    await tell('laas.private_payroll.reservation_status_change', key, value, { reservation_status: value });
    await waitFor('the webhook to be applied', async () =>
      (await isApplied(key, 'laas.private_payroll.reservation_status_change')) ? true : undefined,
    );
    expect(await standingOf(key)).toMatchObject({ status });
  });

  it('knows every printed one', () => {
    const known = (list: List): string[] => enumerators[list].map(({ value }) => value);
    expect(Object.keys(DEBT)).toEqual(known('debt_status'));
    expect(Object.keys(RESERVATION)).toEqual(
      expect.arrayContaining([...known('reservation_status'), ...known('collateral_data_status')]),
    );
  });

  async function isApplied(key: string, type: string): Promise<boolean> {
    const { rows } = await world.sql.query(
      `SELECT FROM webhook_event WHERE event_key = $1 AND webhook_type = $2 AND status = 'done'`,
      [key, type],
    );
    return rows.length > 0;
  }
});

describe('people bring it to its end', () => {
  const ACCOUNT = {
    name: 'PESSOA DE EXEMPLO',
    bank_code: 184,
    ispb_number: '17298092',
    branch_number: '0001',
    account_number: '4412',
    account_digit: '4',
    account_type: 'checking_account',
    percentage_receivable: 100,
  };

  it('a refused PIX: another’s account is refused before the call, the borrower’s is paid', async () => {
    const key = await world.wonLoan(auctions.pix);
    await world.operationBecomes(key, 'disbursement_failed');
    const resubmit = (document_number: string) =>
      world.service.post(`/api/v1/operations/${key}/resubmit_disbursement`, {
        disbursement_date: today(),
        disbursement_bank_accounts: [{ ...ACCOUNT, document_number }],
      });
    expect(await resubmit(newCpf())).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'disbursement_bank_accounts.0.document_number' }] },
    });
    expect(world.loanOf(key)?.resubmissions).toEqual([]);
    expect((await resubmit(BORROWER)).status).toBe(202);
    await world.operationBecomes(key, 'disbursed');
    expect(await world.openTasks(key)).toEqual([]);
    const { body } = await world.service.get(`/api/v1/operations/${key}`);
    const { events } = body as { events: { kind: string; summary: Record<string, unknown[]> }[] };
    const { summary } = events.find(({ kind }) => kind === 'disbursed') ?? {};
    expect(summary?.['payments']?.[0]).toMatchObject({
      end_to_end_id: expect.stringMatching(/^E/) as string,
    });
    expect(summary?.['installments']).toHaveLength(24);
  }, 30_000);

  async function cancelByTwo(key: string): Promise<void> {
    const [ana, bia] = await Promise.all([
      world.person('ana', 'operator'),
      world.person('bia', 'operations_approver'),
    ]);
    const asked = await ana(`operations/${key}/cancel_permanently`, { reason: 'desistiu' });
    expect(asked).toMatchObject({ status: 202, body: { consequence: expect.any(String) as string } });
    const { approval_id } = asked.body as { approval_id: string };
    expect((await ana(`approvals/${approval_id}/approve`)).status).toBe(403);
    expect((await bia(`approvals/${approval_id}/approve`)).status).toBe(200);
    expect(world.loanOf(key)?.cancellations).toEqual([]); // the undo window
    await world.operationBecomes(key, 'canceled_permanently');
    expect(world.loanOf(key)?.cancellations).toHaveLength(1);
    expect(await world.openTasks(key)).toEqual([]);
  }

  it.each([
    ['canceled_permanently', 0],
    ['cancel_permanently', 1],
  ] as const)(
    'a refused TED, cancelled for good by two people; QI writes %s',
    async (word, i) => {
      world.sandbox.control.setBehaviour({ contract: { final_cancel_status: word } });
      const key = await world.wonLoan(auctions.teds[i] ?? '');
      await world.operationBecomes(key, 'disbursement_failed');
      await cancelByTwo(key);
    },
    30_000,
  );

  it.each(UNSIGNED.map(([signature, status], i) => [signature, status, i] as const))(
    'signed: %s; nothing comes of QI, the task says so, and cancelling it frees what it held',
    async (_signature, status, i) => {
      const auction = auctions.unsigned[i] ?? '';
      const key = await world.wonLoan(auction);
      await world.operationBecomes(key, status);
      await world.sql.query(
        `UPDATE operation SET status_since = now() - interval '30 days' WHERE credit_operation_key = $1`,
        [key],
      );
      const tasks = await waitFor('the task', async () => {
        const open = await world.openTasks(key);
        return open.length > 0 ? open : undefined;
      });
      expect(tasks).toMatchObject([{ kind: 'late' }]);
      const exposure = async () => {
        const { rows } = await world.sql.query<{ status: string }>(
          `SELECT status FROM exposure WHERE auction_key = $1`,
          [auction],
        );
        return rows.map((row) => row.status);
      };
      expect(await exposure()).toEqual(['committed']);
      await cancelByTwo(key);
      expect(await exposure()).toEqual(['released']);
    },
    30_000,
  );
});

describe('two operators at once', () => {
  const LOANS = times(60, 200);

  it('authorizing and cancelling: one command is sent each time, and both are told', async () => {
    const [ana, bia, caio] = await Promise.all([
      world.person('ana', 'operator'),
      world.person('bia', 'operations_approver'),
      world.person('caio', 'operator'),
    ]);
    const keys: readonly string[] = Array.from({ length: LOANS }, () => randomUUID());
    await Promise.all(keys.map((key) => world.openLoan(key, { manual: true })));
    await Promise.all(
      keys.map((key) =>
        world.sandbox.control.sendWebhook({
          body: {
            webhook_type: 'laas.private_payroll.reservation_status_change',
            key,
            status: 'pending_requester_authorization',
            event_datetime: '2026-03-02T12:00:00Z',
            data: { reservation_status: 'pending_requester_authorization' },
          },
        }),
      ),
    );
    await waitFor('all loans to wait for a person', async () => {
      const { rows } = await world.sql.query(
        `SELECT FROM task WHERE kind = 'authorization_review' AND credit_operation_key = ANY ($1)`,
        [keys],
      );
      return rows.length === LOANS ? true : undefined;
    });

    const wins = { authorize: 0, cancel: 0 };
    const race = async (key: string, round: number): Promise<void> => {
      const authorize = () => caio(`operations/${key}/authorize`);
      const cancel = async () => {
        const asked = await ana(`operations/${key}/cancel_permanently`, { reason: 'x' });
        if (asked.status !== 202) return asked;
        return bia(`approvals/${(asked.body as { approval_id: string }).approval_id}/approve`);
      };
      const [first, second] = round % 2 === 0 ? [authorize, cancel] : [cancel, authorize];
      const answers = await Promise.all([first(), second()]);
      const [authorized, cancelled] = round % 2 === 0 ? answers : [...answers].reverse();
      const [won, lost] = authorized?.status === 202 ? [authorized, cancelled] : [cancelled, authorized];
      wins[won === authorized ? 'authorize' : 'cancel'] += 1;
      expect([200, 202]).toContain(won?.status);
      expect(lost).toMatchObject({
        status: 409,
        body: { type: expect.stringMatching(/:(command_under_way|approval_pending)$/) as string },
      });
      // Told who was first: who asked while the approval waits, who approved once it is a command.
      expect(JSON.stringify(lost?.body)).toMatch(won === authorized ? /token:caio/ : /token:(ana|bia)/);
    };
    for (let batch = 0; batch < LOANS; batch += 20)
      await Promise.all(keys.slice(batch, batch + 20).map((key, i) => race(key, batch + i)));
    expect(wins.authorize + wins.cancel).toBe(LOANS);
    expect(Math.min(wins.authorize, wins.cancel)).toBeGreaterThan(0);

    const commandsSent = (): number[] =>
      world.sandbox.control
        .ledger()
        .loans.filter(({ credit_operation_key }) => keys.includes(credit_operation_key))
        .map(({ authorizations, cancellations }) => authorizations.length + cancellations.length);
    await waitFor('every command to be sent', () => (commandsSent().includes(0) ? undefined : true), {
      timeoutMs: 20_000,
      everyMs: 200,
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(commandsSent()).toEqual(keys.map(() => 1));
  }, 60_000);
});

describe('a service that ends while QI has not answered', () => {
  it.each(['stop', 'kill'] as const)(
    'by %s: the command is not sent again, and the loan goes on',
    async (end) => {
      const key = randomUUID();
      world.sandbox.control.setBehaviour({ api: { slow_seconds: 2 } });
      await world.openLoan(key, { manual: false, faults: { authorize: ['slow'] } });
      await world.operationBecomes(key, 'awaiting_authorization');
      expect((await world.service.post(`/api/v1/operations/${key}/authorize`, {})).status).toBe(202);
      await waitFor('QI to have it', () =>
        world.loanOf(key)?.authorizations.length === 1 ? true : undefined,
      );
      const code = await world.service[end]();
      if (end === 'stop') expect(code).toBe(0);
      await world.service.restart();
      await world.operationBecomes(key, 'disbursed');
      expect(world.loanOf(key)?.authorizations).toHaveLength(1);
      // A webhook may tell of the money before anybody has taken over what the dead process was sending.
      const rows = await waitFor('the command to be settled', async () => {
        const found = await world.sql.query<{ status: string }>(
          `SELECT status, settled_by FROM operation_command WHERE credit_operation_key = $1`,
          [key],
        );
        return found.rows.every(({ status }) => status !== 'sending') ? found.rows : undefined;
      });
      // The stopping service waits for the answer; after a kill the loan's own webhooks, or a question, prove it.
      const by = end === 'stop' ? ['qi'] : ['inquiry', 'webhook'];
      expect(rows).toEqual([
        { status: 'accepted', settled_by: expect.stringMatching(by.join('|')) as string },
      ]);
    },
    40_000,
  );
});

it('nothing forbidden was asked of QI in all of this', () => {
  expect(world.sandbox.control.ledger().violations).toEqual([]);
});
