import { waitFor } from '../support/wait-for';
import { newCpf } from '../support/webhooks';
import { PrintedWorld, type Json } from './printed-world';

/**
 * Every document that the manual prints for FGTS, sent or received by the service over HTTP, and where each leads. QI
 * answers with what is printed, word for word; what is sent differs from what is printed by who asks, and when.
 */
const PRINTED_BALANCE_KEY = '7521981f-0b06-43d2-9a75-d3a1f215fbbf';
const PRINTED_CPF = '06568225037';
/** Of the evidence by zip and selfie: whoever borrows here must be who signs there. */
const SIGNER_CPF = '61766976204';
const PRINTED_DEBT_KEY = '2fedb18e-207b-4bb5-954a-0e6e19bb6e50';

const world = new PrintedWorld('fgts', new Map([[PRINTED_CPF, PRINTED_BALANCE_KEY]]));
beforeAll(() => world.start(documentOf));
afterAll(() => world.end());

/** The printed withdrawals, in years that are still to come. */
const year = new Date().getUTCFullYear() + 1;
const PERIODS = [
  { due_date: `${year}-08-01`, amount: 500.1 },
  { due_date: `${year + 1}-08-01`, amount: 400.2 },
];
/** As much of them as the rules let a contract take. */
const ASKED = PERIODS.map(({ due_date, amount }) => ({ due_date, amount: Math.min(amount, 500) }));

function documentOf(call: string, body: Buffer): Json | undefined {
  switch (call) {
    case 'POST /baas/v2/fgts/available_balance': {
      const { document_number: cpf } = JSON.parse(body.toString()) as { document_number: string };
      return world.printed('02-response-balance-query-pending', {
        available_balance_key: world.balanceKey(cpf),
        document_number: cpf,
      });
    }
    case `GET /baas/v2/fgts/available_balance/${PRINTED_BALANCE_KEY}`:
      return world.printed('06-response-balance-result');
    case `GET /baas/v2/fgts/available_balance/${world.balanceKey(SIGNER_CPF)}`:
      return world.printed('06-response-balance-result', { periods: PERIODS });
    case 'POST /baas/fgts_simulation':
    case 'POST /baas/fgts_simulation_guess': // whose answer is not printed: the other one's will not agree either
      return simulatedOf(ASKED);
    case 'POST /debt':
      return world.printed('12-response-debt-create-waiting-signature');
    case `POST /debt/${PRINTED_DEBT_KEY}/signed`:
      return (JSON.parse(body.toString()) as Json)['type'] === 'pdf-signature'
        ? world.printed('14-response-signed-pdf-signature-received')
        : world.printed('18-response-signed-data-signature-received');
    default:
      return undefined;
  }
}

/** The answer as it is printed, for withdrawals that rules of this year let be ceded. */
function simulatedOf(periods: readonly { due_date: string; amount: number }[]): Json {
  const installments = periods.map(({ due_date, amount }) => ({ due_date, total_amount: amount }));
  const document = world.printed('08-response-simulation-maximum-amount');
  const data = document['data'] as Json & { readonly disbursement_options: readonly Json[] };
  const options = data.disbursement_options.map((option) => ({ ...option, installments }));
  return { ...document, data: { ...data, installments, disbursement_options: options } };
}

describe('a balance', () => {
  it('is asked for, told and read as it is printed; withdrawals of 2022 are past and nothing is offered on them', async () => {
    const { id } = await world.queried(PRINTED_CPF, { person: { birth_date: '1985-03-10', is_pep: false } });
    expect(world.sent('POST /baas/v2/fgts/available_balance')).toEqual([
      world.printed('01-request-balance-query'),
    ]);
    await world.push(world.printed('03-webhook-available-balance-success'));
    const { balance, events } = await world.becomes(id, 'not_eligible');
    expect(balance).toMatchObject({
      reference_date: '2022-07-28',
      periods: [
        { due_date: '2022-08-01', amount: '500.10' },
        { due_date: '2023-08-01', amount: '400.20' },
      ],
      active_contracts: 0,
      has_unavailable_balance: false,
    });
    expect(
      events.map(({ kind, from_status, to_status }) => [kind, from_status, to_status]).slice(-3),
    ).toEqual([
      ['balance_received', 'querying', 'balance_known'],
      ['balance_read', 'balance_known', 'balance_known'],
      ['declined', 'balance_known', 'not_eligible'],
    ]);
    expect(events.at(-1)?.summary).toMatchObject({
      problem: { message: 'não há saque de valor suficiente para ceder' },
    });
  });

  it.each([
    ['04-webhook-available-balance-failed', 'inexistent_anniversary_membership', false],
    // The day that is printed has passed: it is asked for again by itself, and not at once.
    ['05-webhook-available-balance-failed-locked-date-range', 'on_locked_date_range', true],
  ])('%s is a failure in words, of which we know whether it passes', async (name, code, passes) => {
    const { id, key } = await world.queried(newCpf());
    await world.push(world.printed(name, { key }));
    const { failure } = await world.becomes(id, 'balance_failed');
    expect({ code: failure?.code, passes: failure?.retry_at != null }).toEqual({ code, passes });
    expect(Date.parse(failure?.retry_at ?? '9999-12-31')).toBeGreaterThan(Date.now());
  });
});

describe('a loan', () => {
  let id: string;
  const SIMULATE_MAXIMUM = 'POST /baas/fgts_simulation';
  const SIMULATE_TARGET = 'POST /baas/fgts_simulation_guess';

  /** What is printed, for this borrower, these withdrawals and this day. */
  function simulationLike(name: string, request: Json, changes: Json): Json {
    const document = world.printed(name, changes);
    const asked = request['financial'] as { annual_interest_rate: number; disbursement_date: string };
    const { annual_interest_rate, disbursement_date } = asked;
    return {
      ...document,
      borrower: { ...(document['borrower'] as Json), individual_document_number: SIGNER_CPF },
      financial: {
        ...(document['financial'] as Json),
        desired_installments: ASKED.map(({ due_date, amount }) => ({ total_amount: amount, due_date })),
        number_of_installments: 2,
        annual_interest_rate,
        disbursement_date,
      },
    };
  }

  /** QI's printed figures are of another loan: they differ from ours, and a person other than the first has to look. */
  async function differs(): Promise<void> {
    const { simulations } = await world.becomes(id, 'in_review');
    for (const { qi: theirs, differences } of simulations) {
      expect(theirs).toMatchObject({
        disbursed_issue_amount: '7020.82',
        iof_amount: '131.40',
        contract_fee_amount: '43.17',
        total_amount: '900.20',
        cet: '0.0243',
        annual_cet: '0.333909',
      });
      expect(differences).toContain('disbursed_issue_amount');
    }
    await world.clearReview(id);
    const left = await world.sql.query(`SELECT FROM task WHERE proposal_id = $1 AND status <> 'resolved'`, [
      id,
    ]);
    expect(left.rows).toEqual([]);
  }

  it('is simulated as it is printed, the maximum and a target, and figures of QI’s that differ wait for a person', async () => {
    const { borrower, disbursement_bank_account: bank } = world.printed('11-request-debt-create') as Record<
      string,
      Json
    >;
    const { person_type: _, individual_document_number: __, ...person } = borrower ?? {};
    const { percentage_receivable: ___, ...account } = bank ?? {};
    const query = await world.queried(SIGNER_CPF, {
      person,
      account: { ...account, document_number: SIGNER_CPF },
    });
    ({ id } = query);
    const webhook = world.printed('03-webhook-available-balance-success', { key: query.key });
    await world.push({ ...webhook, data: { ...(webhook['data'] as Json), periods: PERIODS } });
    await differs();
    for (const request of world.sent(SIMULATE_MAXIMUM))
      expect(request).toEqual(simulationLike('07-request-simulation-maximum-amount', request, {}));

    const wishes = { kind: 'target', amount: '300.00' };
    const asked = await world.service.post(`/api/v1/proposals/${id}/simulate`, { wishes });
    expect(asked).toMatchObject({ status: 202 });
    await differs();
    const targets = world.sent(SIMULATE_TARGET);
    expect(targets).toHaveLength(world.sent(SIMULATE_MAXIMUM).length);
    for (const request of targets) {
      const like = simulationLike('09-request-simulation-target-amount', request, {
        target_disbursed_amount: 300,
      });
      expect(request).toEqual(like);
    }
  });

  it('is issued as it is printed, and QI’s answer makes it an operation', async () => {
    const [offer] = (await world.read(id)).simulations;
    const accepted = await world.service.post(`/api/v1/proposals/${id}/accept`, {
      fee_table: offer?.fee_table,
      disbursed_issue_amount: offer?.qi?.['disbursed_issue_amount'],
      total_amount: '900.20',
      channel: 'website',
      text_version: '2026-11',
      accepted_at: new Date().toISOString(),
    });
    expect(accepted).toMatchObject({ status: 202 });
    expect((await world.service.post(`/api/v1/proposals/${id}/issue`, {})).status).toBe(202);
    expect((await world.becomes(id, 'issued')).credit_operation_key).toBe(PRINTED_DEBT_KEY);

    const document = world.printed('11-request-debt-create') as Record<string, Json>;
    const [request] = world.sent('POST /debt') as Record<string, Json>[];
    const dates = Object.fromEntries(
      Object.entries(request?.['financial'] ?? {}).filter(([name]) => name.endsWith('_date')),
    );
    expect(request).toEqual({
      ...document,
      requester_identifier_key: expect.any(String) as string,
      borrower: { ...document['borrower'], individual_document_number: SIGNER_CPF },
      collaterals: [
        {
          collateral_type: 'fgts_balance',
          collateral_data: { periods: ASKED },
          percentage: 1,
        },
      ],
      financial: {
        ...document['financial'],
        ...dates,
        // Those that QI simulated, which the borrower has accepted, and not ours.
        desired_installments: ASKED.map(({ due_date, amount }) => ({ due_date, total_amount: amount })),
        // The manual prints 11 beside one instalment (T-58); as many as there are is sent.
        number_of_installments: 2,
        monthly_interest_rate: expect.any(Number) as number,
      },
      disbursement_bank_account: { ...document['disbursement_bank_account'], document_number: SIGNER_CPF },
    });
    expect(Object.keys(dates).sort()).toEqual([
      'disbursement_end_date',
      'disbursement_start_date',
      'issue_date',
    ]);
    await world.operationIs(PRINTED_DEBT_KEY, 'awaiting_signature');
  });

  it.each([
    ['13-request-signed-pdf-signature'],
    ['15-request-signed-data-signature-opt-in'],
    ['16-request-signed-data-signature-zip'],
    ['17-request-signed-data-signature-selfie'],
  ])('is formalised by %s, which is received and not yet signed', async (name) => {
    const path = `/api/v1/operations/${PRINTED_DEBT_KEY}/signature`;
    let evidence = world.printed(name);
    if (name.startsWith('15')) {
      // The signer's CPF is printed with a digit too many.
      const refused = await world.service.post(path, evidence);
      expect(refused).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'signatures.0.signer.document_number' }] },
      });
      const [signature] = evidence['signatures'] as Record<string, Json>[];
      const signer = { ...signature?.['signer'], document_number: SIGNER_CPF };
      evidence = { ...evidence, signatures: [{ ...signature, signer }] };
    }
    expect(await world.service.post(path, evidence)).toMatchObject({ status: 202 });
    await waitFor('the evidence to be taken', async () => {
      const { rows } = await world.sql.query(
        `SELECT FROM operation_command WHERE credit_operation_key = $1 AND status <> 'accepted'`,
        [PRINTED_DEBT_KEY],
      );
      return rows.length === 0 ? true : undefined;
    });
    expect(world.sent(`POST /debt/${PRINTED_DEBT_KEY}/signed`).at(-1)).toEqual(evidence);
    await world.operationIs(PRINTED_DEBT_KEY, 'awaiting_signature');
  });
});

describe('a webhook of a debt', () => {
  it.each([
    ['19-webhook-debt-signature-finished-full-status-waiting-signature', 'awaiting_signature'],
    ['20-webhook-debt-signature-finished-simplified', 'signed'],
    ['21-webhook-debt-disbursed-wrapped', 'disbursed'],
    ['22-webhook-debt-canceled', 'reservation_failed'],
    ['23-webhook-collateral-constituted-true', 'reserved'],
  ])('%s leads its operation to %s', async (name, status) => {
    const webhook = world.printed(name);
    await world.push(webhook);
    const { key } = (webhook['webhook'] ?? webhook) as { key: string };
    await world.operationIs(key, status);
  });
});

it('leaves out no document that the manual prints', () => {
  expect(world.leftOut()).toEqual([]);
});
