import { randomUUID } from 'node:crypto';
import { permutations } from '../support/permutations';
import { PRINTED_SERVANT } from '../support/printed-servant';
import { times } from '../support/repetitions';
import { waitFor } from '../support/wait-for';
import { PrintedWorld, type Json } from './printed-world';
import { cpf, FEDERAL_PAYROLL } from './proposal-world';

/**
 * Every document that the manual prints for SIAPE, sent or received by the service over HTTP, and where each leads. QI
 * answers with what is printed, word for word; what is sent differs from what is printed by who asks, and when.
 */
const SERVANT = PRINTED_SERVANT['<CPF DO DEVEDOR>'];
const DEBTS = ['new-credit', 'refinancing'].map((name) => `printed-${name}`);
const [NEW_CREDIT = '', REFINANCING = ''] = DEBTS;

const world = new PrintedWorld('federal_payroll');
beforeAll(() => world.start(documentOf, FEDERAL_PAYROLL.engine));
afterAll(() => world.end());

function documentOf(call: string, body: Buffer): Json | undefined {
  switch (call) {
    case 'POST /federal_payroll/balance': {
      const { document_number: whose } = JSON.parse(body.toString()) as { document_number: string };
      world.balanceKeys.set(whose, randomUUID()); // each query has its own
      const placeholders = { '<GUID DA CONSULTA DA MARGEM CONSIGNÁVEL>': world.balanceKey(whose) };
      return world.printed('02-response-balance-query-pending-search', {}, placeholders);
    }
    case 'POST /debt_simulation':
      return world.printed('07-response-debt-simulation-finished');
    case 'POST /debt': {
      const debt = 'refinanced_credit_operations' in (JSON.parse(body.toString()) as Json) ? 1 : 0;
      const placeholders = { '<DEBT-KEY>': DEBTS[debt] ?? '', '<CPF DEVEDOR>': SERVANT };
      return world.printed('10-response-debt-issue-waiting-signature', {}, placeholders);
    }
    default:
      return undefined;
  }
}

/** A webhook about a query, as it is printed. */
const aboutQuery = (name: string, key: string): Json => world.printed(name, {}, { '<BALANCE-KEY>': key });

/** The same with an authorisation that is not over yet. */
function stillAuthorized(webhook: Json): Json {
  const text = JSON.stringify(webhook).replace('"2023-03-14"', `"${new Date().getUTCFullYear() + 1}-12-31"`);
  return JSON.parse(text) as Json;
}

interface Wishes {
  readonly kind: string;
  readonly amount: string;
  readonly installments: number;
  readonly refinancing?: readonly { readonly kind: string; readonly operation_key: string }[];
}

/** Who borrows in the printed debts, as an attendant types it. */
function printedBorrower(): Json {
  const { borrower, disbursement_bank_account: bank } = world.printed(
    '08-request-debt-issue-new-credit',
    {},
    PRINTED_SERVANT,
  ) as Record<string, Json>;
  const { person_type: _, individual_document_number: __, role_type: ___, phone, ...person } = borrower ?? {};
  const { transfer_method: ____, ...account } = bank ?? {};
  return { person: { ...person, phone: { ...(phone as Json), country_code: '055' } }, account };
}

const taken = (from: Json, fields: readonly string[]): Json =>
  Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)));

/** The printed debts call the authority a test; what is sent calls it as the margin did. */
function authorityAsTold(document: Json): Json {
  const text = JSON.stringify(document)
    .replace('"teste"', '"MINISTERIO DA ECONOMIA"')
    .replace('"1234"', '"29132934000134"');
  return JSON.parse(text) as Json;
}

describe('a margin', () => {
  it.each([
    ['03-webhook-balance-success-loan-only', null],
    ['04-webhook-balance-success-loan-and-card', '718.26'],
  ])(
    'is asked for, and told by %s: nothing is offered, the authorisation of 2023 is over',
    async (name, card) => {
      const whose = cpf();
      const person = { birth_date: '1980-02-01', is_pep: false };
      const { id, key } = await world.queried(whose, { person });
      const request = world.printed('01-request-balance-query', {}, { '<CPF SERVIDOR>': whose });
      expect(world.sent('POST /federal_payroll/balance').at(-1)).toEqual(request);
      await world.push(aboutQuery(name, key));
      const { balance, events } = await world.becomes(id, 'not_eligible');
      expect(balance).toMatchObject({
        reference_date: '2019-10-21',
        links: [
          {
            id: '17000/5678',
            authority: 'MINISTERIO DA ECONOMIA',
            situation: 'Ativo permanente (EST01-PERMANENT ACTIVE)',
            is_authorized: true,
            margin: '4277.78',
            card_margin: card,
            authorized_until: '2023-03-14',
            authorization_warning: 'A autorização terminou em 14/03/2023: pedir outra ao servidor.',
          },
        ],
      });
      expect(events.at(-1)).toMatchObject({ kind: 'declined', to_status: 'not_eligible' });
    },
  );

  it('is refused by 05-webhook-balance-failure, in words and with what helps', async () => {
    const { id, key } = await world.queried(cpf());
    await world.push(aboutQuery('05-webhook-balance-failure', key));
    const { failure } = await world.becomes(id, 'balance_failed');
    expect(failure).toMatchObject({
      code: 'unauthorized_institution',
      description: 'Institution is not authorized to search for client.',
      advice: expect.stringContaining('SouGov.br') as string,
      retry_at: null,
    });
  });
});

describe('a loan', () => {
  const WISHES = { kind: 'installment', amount: '100.00', installments: 24 };

  const OF_THE_DAY = ['first_due_date', 'disbursement_date', 'monthly_interest_rate'];
  const OURS = ['requester_identifier_key', 'purchaser_document_number'];

  /** A printed request with this loan's terms: the manual's are of 2022, at more than the law allows. */
  function likePrinted(name: string, request: Json, { amount, installments, refinancing }: Wishes): Json {
    const document = authorityAsTold(world.printed(name, {}, PRINTED_SERVANT));
    return {
      ...document,
      ...taken(request, OURS),
      financial: {
        ...(document['financial'] as Json),
        ...taken(request['financial'] as Json, OF_THE_DAY),
        installment_face_value: Number(amount),
        number_of_installments: installments,
      },
      ...(refinancing && {
        refinanced_credit_operations: refinancing.map(({ operation_key }) => ({ operation_key })),
      }),
    };
  }

  /** QI's printed figures are of another loan: they differ from ours, and a person other than the first has to look. */
  async function simulated(wishes: Wishes): Promise<string> {
    const { id, key } = await world.queried(SERVANT, { ...printedBorrower(), wishes });
    await world.push(stillAuthorized(aboutQuery('04-webhook-balance-success-loan-and-card', key)));
    const { simulations } = await world.becomes(id, 'in_review');
    for (const { qi, differences } of simulations) {
      expect(qi).toMatchObject({
        options: [{ disbursed_issue_amount: '191.49', iof_amount: '1.36', cet: '0.0346' }],
      });
      expect(differences).toContain('disbursement_date');
    }
    const request = world.sent('POST /debt_simulation').at(-1) ?? {};
    expect(request).toEqual(likePrinted('06-request-debt-simulation', request, wishes));
    await world.clearReview(id);
    return id;
  }

  async function issued(id: string, debtKey: string): Promise<Json> {
    const [offer] = (await world.read(id)).simulations;
    const accepted = await world.service.post(`/api/v1/proposals/${id}/accept`, {
      fee_table: offer?.fee_table,
      disbursed_issue_amount: offer?.figures?.disbursed_issue_amount,
      total_amount: offer?.figures?.total_amount,
      channel: 'website',
      text_version: '2026-11',
      accepted_at: new Date().toISOString(),
      ip_address: '203.0.113.7',
      device: 'Moto G84, Android 15',
    });
    expect(accepted).toMatchObject({ status: 202 });
    expect(await world.service.post(`/api/v1/proposals/${id}/issue`, {})).toMatchObject({ status: 202 });
    expect((await world.becomes(id, 'issued')).credit_operation_key).toBe(debtKey);
    await world.operationIs(debtKey, 'awaiting_signature', 'not_asked');
    return world.sent('POST /debt').at(-1) ?? {};
  }

  it('is simulated and issued as it is printed, and QI’s answer makes it an operation', async () => {
    const request = await issued(await simulated(WISHES), NEW_CREDIT);
    expect(request).toEqual(likePrinted('08-request-debt-issue-new-credit', request, WISHES));
  });

  it.each([
    ['11-webhook-collateral-pending-consent', 'pending_consent'],
    ['12-webhook-collateral-constituted-true', 'held'],
  ])('%s leads its margin to %s, and the contract waits for its signature', async (name, margin) => {
    await world.push(world.printed(name, {}, { '<DEBT-KEY>': NEW_CREDIT }));
    await world.operationIs(NEW_CREDIT, 'awaiting_signature', margin);
  });

  it('is refinanced as it is printed, once it is paid', async () => {
    await world.push({ webhook_type: 'debt', key: NEW_CREDIT, status: 'disbursed', data: {} });
    await world.operationIs(NEW_CREDIT, 'disbursed', 'held');
    const wishes = {
      kind: 'installment',
      amount: '120.00',
      installments: 48,
      refinancing: [{ kind: 'own', operation_key: NEW_CREDIT }],
    };
    const request = await issued(await simulated(wishes), REFINANCING);
    expect(request).toEqual(likePrinted('09-request-debt-issue-refinancing', request, wishes));
  });
});

describe('what QI tells of contract and margin', () => {
  const debt = (status: string, reason?: string): Json => ({
    webhook_type: 'debt',
    status,
    data: reason === undefined ? {} : { cancel_reason_enumerator: reason },
  });
  const margin = (collateral_constituted: boolean, collateral_data?: Json): Json => ({
    webhook_type: 'credit_operation.collateral',
    data: {
      collateral_type: 'federal_payroll',
      collateral_constituted,
      ...(collateral_data && { collateral_data }),
    },
  });
  const failed = (enumerator: string): Json => margin(false, { reservation_status: 'failure', enumerator });
  const signed = debt('signature_finished');
  const consentPending = margin(false, { reservation_status: 'pending_consent' });
  const given = margin(true);
  const deletionPending = margin(false, { reservation_status: 'pending_consent_with_deletion' });
  const freed = margin(false, { reservation_status: 'deleted', enumerator: 'successfully_deleted' });
  const unsecured = debt('canceled', 'not_collateral_constituted');

  it.each<[string, readonly Json[], string, string]>([
    ['paid', [signed, consentPending, given, debt('disbursed')], 'disbursed', 'held'],
    [
      'paid, tried twice',
      [failed('unauthorized_institution'), signed, consentPending, given, debt('disbursed')],
      'disbursed',
      'held',
    ],
    [
      'refused by the servant',
      [signed, consentPending, failed('consent_refused'), unsecured],
      'reservation_failed',
      'refused',
    ],
    [
      'without a margin after all',
      [signed, failed('invalid_balance'), unsecured],
      'reservation_failed',
      'refused',
    ],
    [
      'cancelled while consent is pending',
      [signed, consentPending, debt('canceled_permanently'), deletionPending, failed('consent_expired')],
      'canceled_permanently',
      'refused',
    ],
    [
      'cancelled with its margin held',
      [signed, given, debt('canceled_permanently'), freed],
      'canceled_permanently',
      'released',
    ],
  ])(
    'of a loan %s ends the same in every order, each of them told twice',
    async (_, told, status, freedOrHeld) => {
      const all = [...permutations(told)];
      // Of 120 every fifth: the domain is held to all of them elsewhere (test/contracts/loan-after-issue.spec.ts).
      const orders = all.filter((_order, nth) => all.length <= 24 || nth % times(5, 1) === 0);
      const keys = await Promise.all(
        orders.map(async (order) => {
          const key = randomUUID();
          // The second time it is no copy to the byte, and comes after what was told next.
          for (const [at, webhook] of order.entries()) {
            await world.push({ ...webhook, key, event_time: '2026-11-27 12:00:00' });
            const before = order[at - 1];
            if (before !== undefined) await world.push({ ...before, key, event_time: '2026-11-27 12:00:01' });
          }
          await world.push({ ...order.at(-1), key, event_time: '2026-11-27 12:00:01' });
          return key;
        }),
      );
      await waitFor('all webhooks to be applied', async () => {
        const { rows } = await world.sql.query(`SELECT FROM webhook_event WHERE status = 'new'`);
        return rows.length === 0 ? true : undefined;
      });
      const { rows } = await world.sql.query<{ ending: string; loans: number }>(
        `SELECT concat_ws(' ', status, margin_status, CASE WHEN ended_at IS NULL THEN 'open' ELSE 'closed' END) AS ending,
         count(*)::int AS loans
       FROM operation WHERE credit_operation_key = ANY ($1) GROUP BY 1`,
        [keys],
      );
      expect(rows).toEqual([{ ending: `${status} ${freedOrHeld} closed`, loans: orders.length }]);
    },
  );
});

it('leaves out no document that the manual prints', () => {
  expect(world.leftOut()).toEqual([]);
});
