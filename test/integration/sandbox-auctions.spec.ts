import { BIDDABLE, eventually, OFFER, authorizePath, SandboxPartner } from './sandbox-partner';

describe('sandbox: auctions', () => {
  let partner: SandboxPartner;
  afterEach(() => partner.stop());

  it('ranks by rate: a dearer proposal loses, with a null operation key', async () => {
    partner = await SandboxPartner.start();
    const auction = partner.control.openAuction({ borrower: 'clean', request: BIDDABLE, rivals: ['0.0199'] });
    await partner.propose(auction.key);
    const lost = await partner.webhook('end_of_auction', 'lost');
    expect(lost.data).toMatchObject({ credit_operation_key: null, rank_position: 2 });
  });

  it('lets the first late proposal win where nobody bid, and refuses it where a rival did', async () => {
    partner = await SandboxPartner.start();
    const [alone, contested] = [[], ['0.05']].map((rivals) =>
      partner.control.openAuction({ borrower: 'clean', request: BIDDABLE, rivals, window_seconds: 0 }),
    );
    await eventually(
      () => (Date.now() > (alone?.limitAt.getTime() ?? 0) + 100 ? true : undefined),
      'the limit',
    );
    expect((await partner.propose(contested?.key ?? '')).status).toBe(400);
    expect((await partner.propose(alone?.key ?? '')).status).toBe(200);
    expect(await partner.webhook('end_of_auction', 'won')).toMatchObject({ data: { rank_position: 1 } });
  });

  it('refuses an instalment above the margin in the printed words, by the cent', async () => {
    partner = await SandboxPartner.start();
    const probe = partner.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    const accepted = await partner.propose(probe.key);
    const { installment_face_value: installment } = (
      accepted.body['proposal_data'] as { simulation: { installment_face_value: number } }
    ).simulation;
    const fits = partner.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, consigned_credit_balance: installment },
    });
    const short = partner.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, consigned_credit_balance: Number((installment - 0.01).toFixed(2)) },
    });
    expect((await partner.propose(fits.key)).status).toBe(200);
    expect(await partner.propose(short.key)).toMatchObject({
      status: 400,
      body: {
        title: 'Bad Request',
        description: 'Calculated installment face value is greater than consigned credit balance',
        code: 'QIT000001',
        extra_fields: {},
      },
    });
  });

  it('names every wrong field of a proposal', async () => {
    partner = await SandboxPartner.start();
    const { key } = partner.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    const answer = await partner.propose(key, {
      monthly_interest_rate: 2,
      number_of_installments: 0,
      installment_face_value: 100,
      purchaser_document_number: 1272247000120,
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body['extra_fields'] as object).sort()).toEqual([
      'disbursed_issue_amount',
      'monthly_interest_rate',
      'number_of_installments',
      'purchaser_document_number',
    ]);
    expect(
      (
        await partner.call(
          'POST',
          '/private_payroll_auction/issuer_proposal_request/nobody/auction_proposal',
          OFFER,
        )
      ).status,
    ).toBe(404);
  });

  describe('keeps books of what must not happen', () => {
    it('a second proposal under another control key, even when the first answer was lost', async () => {
      partner = await SandboxPartner.start();
      const { key } = partner.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
        faults: ['reset_after_effect'],
      });
      await expect(partner.propose(key)).rejects.toThrow();
      expect((await partner.propose(key)).status).toBe(200); // the same key and terms: a repetition
      expect(partner.violations).toEqual([]);
      expect((await partner.propose(key, { request_control_key: 'another' })).status).toBe(409);
      expect((await partner.propose(key, { number_of_installments: 24 })).status).toBe(409);
      expect(partner.violations).toEqual(['second_proposal', 'control_key_reused']);
      const [entry] = partner.control.ledger().auctions;
      expect(entry?.proposals).toHaveLength(1);
      expect(entry?.attempts.map((attempt) => [attempt.status, attempt.heard])).toEqual([
        [200, false],
        [200, true],
        [409, true],
        [409, true],
      ]);
    });

    it('each reading of a repeated control key', async () => {
      partner = await SandboxPartner.start({ behaviour: { contract: { repeated_control_key: 'accept' } } });
      const { key } = partner.control.openAuction({
        borrower: 'clean',
        request: BIDDABLE,
        window_seconds: 30,
      });
      const [first, second] = [await partner.propose(key), await partner.propose(key)];
      expect(second.body['auction_proposal_key']).not.toBe(first.body['auction_proposal_key']);
      expect(partner.violations).toEqual(['proposal_doubled']);
      partner.control.setBehaviour({ contract: { repeated_control_key: 'reject' } });
      expect((await partner.propose(key)).status).toBe(409);
    });

    it('a command given twice, or out of place', async () => {
      partner = await SandboxPartner.start();
      for (const key of ['first', 'second']) {
        await partner.call('POST', '/_control/loans', { credit_operation_key: key, plan: { manual: true } });
      }
      const authorize = authorizePath('first');
      expect((await partner.call('PATCH', authorize)).status).toBe(202);
      expect((await partner.call('PATCH', authorize)).status).toBe(400);
      expect((await partner.call('POST', '/debt/second/cancel_permanently')).status).toBe(200);
      expect(await partner.call('POST', '/debt/second/cancel_permanently')).toMatchObject({
        status: 400,
        body: { code: 'LEG000069' },
      });
      expect((await partner.call('POST', '/debt/nobody/cancel_permanently')).status).toBe(404);
      expect(partner.violations).toEqual(['authorized_twice', 'canceled_twice', 'unknown_key']);
      expect(await partner.webhook('debt', 'canceled_permanently')).toMatchObject({
        key: 'second',
        data: {},
      });
    });
  });

  it('sends a partner only what its filter admits', async () => {
    partner = await SandboxPartner.start();
    const unused = {
      consigned_credit_balance: null,
      days_since_employment: null,
      age: null,
      alert_preferences: null,
    };
    const custom_data = {
      ...unused,
      disbursed_issue_amount: { min: 500, max: 2000 },
      number_of_installments: null,
      received_daily_proposals: { max: 1 },
    };
    const path = '/private_payroll_auction/requester_configuration/custom_data';
    expect((await partner.call('PATCH', path, { status: 'active', custom_data: unused })).status).toBe(400);
    expect((await partner.call('PATCH', path, { status: 'active', custom_data })).status).toBe(201);
    partner.control.openAuction({
      borrower: 'clean',
      request: { ...BIDDABLE, disbursed_issue_amount: 2001 },
    });
    const { key } = partner.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    partner.control.openAuction({ borrower: 'clean', request: BIDDABLE });
    await partner.webhook('new_issuer_proposal_request');
    expect(partner.control.ledger().webhooks.map((one) => one.origin_key)).toEqual([key]);
  });

  it('takes requests made up by the partner, and answers the test of authentication', async () => {
    partner = await SandboxPartner.start();
    const mock = { disbursed_issue_amount: 1234.5, number_of_installments: 12, name: 'PESSOA DE TESTE' };
    const answer = await partner.call('POST', '/mock/private_payroll_auction/issuer_proposal_request', mock);
    expect(answer.status).toBe(201);
    const { data, key } = await partner.webhook('new_issuer_proposal_request');
    expect(key).toBe(answer.body['issuer_proposal_request_key']);
    expect(data?.['issuer_proposal_request_data']).toMatchObject(mock);
    expect((await partner.call('GET', '/test/ping')).status).toBe(200);
    expect((await partner.call('POST', '/test', { a: 1 })).body).toMatchObject({ received: { a: 1 } });
  });

  it('opens auctions at its pace, forgets the oldest, and begins anew after a reset', async () => {
    partner = await SandboxPartner.start({ behaviour: { keep: { auctions: 5 }, webhooks: { url: null } } });
    partner.control.setBehaviour({ pace: { auctions_per_minute: 3000, window_seconds: 0 } });
    await eventually(
      () => (Number(partner.control.ledger().counts['auctions_opened']) >= 60 ? true : undefined),
      'sixty',
    );
    partner.control.setBehaviour({ pace: { auctions_per_minute: 0 } });
    const { auctions } = partner.control.ledger();
    expect(auctions.length).toBeLessThan(60);
    partner.control.reset();
    expect(partner.control.ledger()).toMatchObject({
      counts: { auctions_opened: 0, calls: 0 },
      auctions: [],
    });
    const again = [partner.control.openAuction(), partner.control.openAuction()].map(
      ({ request }) => request,
    );
    partner.control.reset();
    expect(
      [partner.control.openAuction(), partner.control.openAuction()].map(({ request }) => request),
    ).toEqual(again);
  });
});
