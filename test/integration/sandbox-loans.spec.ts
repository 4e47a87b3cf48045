import { BIDDABLE, eventually, OFFER, authorizePath, SandboxPartner } from './sandbox-partner';

describe('sandbox: loans after the win', () => {
  let partner: SandboxPartner;
  afterEach(() => partner.stop());

  it('walks a loan from the auction to a refused payment, a new account and the money', async () => {
    partner = await SandboxPartner.start();
    const auction = partner.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, document_number: '52998224725' },
      rivals: ['0.021', '0.03'],
      loan: { reservation: ['margin_exceeded', 'reserved'], disbursement: ['ted_refusal', 'disbursed'] },
    });
    const opening = await partner.webhook('new_issuer_proposal_request', 'ongoing');
    expect(opening.key).toBe(auction.key);
    // Sao Paulo's clock with a Z: three hours before the event that opens the window.
    const printed = Date.parse(String(opening.data?.['inclusion_limit_datetime']));
    expect(printed).toBe(auction.limitAt.getTime() - 3 * 3_600_000);

    const bid = await partner.propose(auction.key);
    expect(bid).toMatchObject({
      status: 200,
      body: {
        status: 'bid',
        request_control_key: OFFER.request_control_key,
        rank_position: null,
        proposal_data: {
          monthly_interest_rate: null,
          simulation: { disbursed_issue_amount: 1000, monthly_interest_rate: 0.02 },
        },
      },
    });

    const won = await partner.webhook('end_of_auction', 'won');
    expect(won.key).toBe(bid.body['auction_proposal_key']);
    const key = String(won.data?.['credit_operation_key']);
    expect(await partner.webhook('credit_operation.status_change', 'signed')).not.toHaveProperty('data');
    expect((await partner.webhook('reservation_status_change')).key).toBe(key);

    const authorize = authorizePath(key);
    expect(await partner.call('PATCH', authorize)).toMatchObject({
      status: 202,
      body: { reservation_status: 'authorized' },
    });
    const refused = await eventually(
      () => partner.bodies().find((body) => body.data?.['collateral_constituted'] === false),
      'a failed reservation',
    );
    expect(refused).toMatchObject({
      data: { collateral_data: { last_response: { errors: [{ enumerator: 'margin_exceeded' }] } } },
      event_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
    });
    const constituted = await eventually(
      () => partner.bodies().find((body) => body.webhook !== undefined),
      'wrapped',
    );
    expect(constituted.webhook).toMatchObject({ key, data: { collateral_constituted: true } });
    expect(await partner.webhook('debt', 'canceled')).toMatchObject({
      data: { cancel_reason: 'ted_refusal' },
    });

    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'America/Sao_Paulo' });
    const again = await partner.call('POST', `/debt/${key}/change_disbursement_date`, {
      disbursement_date: today,
    });
    expect(again.status).toBe(200);
    expect(await partner.webhook('debt', 'disbursed')).toMatchObject({
      key,
      data: { installments: { length: 12 } },
    });

    const pages = await partner.call('GET', `/private_payroll/reservation/external_key/${key}`);
    expect(pages.body).toMatchObject({
      pagination: { next_page: 2 },
      data: [{ reservation_status: 'pending_reservation' }],
    });
    const second = await partner.call('GET', `/private_payroll/reservation/external_key/${key}?page=2`);
    expect(second.body).toMatchObject({
      pagination: { next_page: null },
      data: [{ reservation_status: 'reserved' }],
    });
    expect(partner.violations).toEqual([]);
    expect(partner.control.ledger().counts).toMatchObject({ won: 1, loans_disbursed: 1 });
  });

  describe('the news of a loan that fails', () => {
    it.each([
      [
        { signature: 'face_validation_score' },
        'signature_failed',
        'laas.credit_operation.status_change',
        'canceled',
      ],
      [{ disbursement: ['pix_refusal'] }, 'disbursement_refused', 'debt', 'canceled'],
      [
        { reservation: ['employment_relationship_blocked'] },
        'reservation_refused',
        'credit_operation.collateral',
        '',
      ],
    ])('%j ends %s', async (plan, state, type, status) => {
      partner = await SandboxPartner.start();
      const key = 'the-loan';
      await partner.call('POST', '/_control/loans', {
        credit_operation_key: key,
        plan: { manual: false, ...plan },
      });
      if (!('signature' in plan)) {
        await partner.webhook('reservation_status_change');
        await partner.call('PATCH', authorizePath(key));
      }
      await eventually(() => partner.control.ledger().loans.find((loan) => loan.state === state), state);
      const last = partner.control.ledger().webhooks.at(-1);
      expect([last?.webhook_type, last?.status]).toEqual([type, status]);
    });

    it('tells a failed reservation by the newer webhook when so configured', async () => {
      partner = await SandboxPartner.start({
        behaviour: { contract: { reservation_failure_webhook: 'reservation_failure' } },
      });
      await partner.call('POST', '/_control/loans', {
        credit_operation_key: 'the-loan',
        plan: { manual: false, reservation: ['allowed_number_of_contracts_exceeded'] },
      });
      await partner.webhook('reservation_status_change');
      await partner.call('PATCH', authorizePath('the-loan'));
      expect(await partner.webhook('reservation_failure', 'pending_reservation')).toMatchObject({
        data: { reasons: [{ enumerator: 'allowed_number_of_contracts_exceeded' }] },
      });
    });
  });

  describe.each([
    ['never', 'awaiting_signature'],
    ['face_validation_score', 'signature_failed'],
  ])('a loan whose signature is %s', (signature, state) => {
    const begin = async (unsigned_ends: 'never' | 'canceled_permanently') => {
      partner = await SandboxPartner.start({ behaviour: { contract: { unsigned_ends } } });
      partner.control.setBehaviour({ pace: { unsigned_lives_seconds: 0.1 } });
      await partner.call('POST', '/_control/loans', {
        credit_operation_key: 'the-loan',
        plan: { manual: false, signature },
      });
    };

    it('stays until the partner cancels it: no manual prints another end', async () => {
      await begin('never');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(partner.control.ledger().loans).toMatchObject([{ state }]);
      expect(partner.control.ledger().webhooks.map((one) => one.webhook_type)).not.toContain('debt');
      expect((await partner.call('POST', '/debt/the-loan/cancel_permanently')).status).toBe(200);
      await partner.webhook('debt', 'canceled_permanently');
      expect(partner.violations).toEqual([]);
    });

    it('is ended by QI where so configured', async () => {
      await begin('canceled_permanently');
      await partner.webhook('debt', 'canceled_permanently');
    });
  });

  it('cancels for good whatever was about to happen', async () => {
    partner = await SandboxPartner.start();
    await partner.call('POST', '/_control/loans', {
      credit_operation_key: 'the-loan',
      plan: { manual: false, step_seconds: 0.2 },
    });
    await partner.webhook('reservation_status_change');
    await partner.call('PATCH', authorizePath('the-loan'));
    expect((await partner.call('POST', '/debt/the-loan/cancel_permanently')).status).toBe(200);
    await partner.webhook('debt', 'canceled_permanently');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const told = partner.control.ledger().webhooks.map((one) => one.webhook_type);
    expect(told).not.toContain('credit_operation.collateral');
    expect(partner.violations).toEqual([]);
  });

  it("sends money back from an account that is not the borrower's", async () => {
    partner = await SandboxPartner.start();
    const plan = { manual: false, disbursement: ['ted_refusal'] };
    await partner.call('POST', '/_control/loans', { credit_operation_key: 'the-loan', plan });
    await partner.webhook('reservation_status_change');
    await partner.call('PATCH', authorizePath('the-loan'));
    await partner.webhook('debt', 'canceled');
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'America/Sao_Paulo' });
    const account = {
      branch_number: '1232',
      account_digit: '4',
      account_number: '412412412',
      account_type: 'checking_account',
      bank_code: 184,
      ispb_number: '17298092',
      name: 'OUTRA PESSOA',
      percentage_receivable: 100,
    };
    const resubmit = (document_number: string, disbursement_date = today) =>
      partner.call('POST', '/debt/the-loan/change_disbursement_date', {
        disbursement_date,
        disbursement_bank_accounts: [{ ...account, document_number }],
      });
    expect((await resubmit('52998224725', '2020-02-30')).status).toBe(400);
    expect((await resubmit('11144477735')).body).toMatchObject({
      disbursement_accounts: [{ account_branch: '1232', ispb: '17298092', disbursement_type: 'ted' }],
    });
    await eventually(
      () => partner.bodies().find((body) => body.data?.['cancel_reason'] === 'pix_refusal'),
      'a PIX refusal',
    );
    expect((await resubmit('529.982.247-25')).status).toBe(200);
    await partner.webhook('debt', 'disbursed');
  });
});
