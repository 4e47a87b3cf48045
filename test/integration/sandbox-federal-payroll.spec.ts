import { inDays, LINK, payrollDebt, printedBody, rounded, SERVANT, type Json } from './sandbox-debts';
import { eventually, SandboxPartner } from './sandbox-partner';

const BALANCE = '/federal_payroll/balance';

describe('sandbox: federal payroll', () => {
  let partner: SandboxPartner;
  afterEach(() => partner.stop());

  const plan = (body: Json) =>
    partner.call('POST', '/_control/federal-payroll', { document_number: SERVANT, ...body });

  async function query(body: Json = { document_number: SERVANT }): Promise<string> {
    const answer = await partner.call('POST', BALANCE, body);
    expect(answer.body).toMatchObject({ status: 'pending_search' });
    return String(answer.body['balance_key']);
  }

  const debt = (collateral: Json = {}, change: Json = {}): Json => payrollDebt(SERVANT, collateral, change);

  async function issue(collateral: Json = {}, change: Json = {}): Promise<string> {
    const answer = await partner.call('POST', '/debt', debt(collateral, change));
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return String(answer.body['key']);
  }

  const collateralNews = (key: string, what: (data: Json) => boolean) =>
    eventually(
      () =>
        partner
          .bodies()
          .filter((body) => body.webhook_type === 'credit_operation.collateral' && body.key === key)
          .map((body) => body.data ?? {})
          .find(what),
      `collateral of ${key}`,
    );
  const status = (key: string, wanted: string) =>
    collateralNews(
      key,
      (data) => (data['collateral_data'] as Json | undefined)?.['reservation_status'] === wanted,
    );
  const stateOf = (key: string) => partner.control.ledger().debts.find((each) => each.debt_key === key);
  const freeNow = async (): Promise<unknown> => {
    const news = await partner.news(await query(), 'success');
    const [first] = news.data?.['balance_query'] as Json[];
    return (first?.['consigned_credit'] as Json)['available_balance'];
  };

  describe('balance', () => {
    it('finds the links of a CPF, or the one that is named, and nobody else', async () => {
      partner = await SandboxPartner.start();
      await plan({
        links: [{ margin: '4277.78' }, { registration_code: '77', margin: '100.00', card_margin: '718.26' }],
      });
      const both = await partner.news(await query(), 'success');
      expect(both).toMatchObject({
        webhook_type: 'federal_payroll_balance',
        data: {
          balance_query: [
            {
              registration_code: '1354387',
              authority: { code: '17000' },
              consigned_credit: { available_balance: 4277.78 },
            },
            { registration_code: '77', consigned_card: { available_balance: 718.26 } },
          ],
        },
      });
      const one = await partner.news(
        await query({ document_number: SERVANT, authority_code: '17000', registration_code: '77' }),
        'success',
      );
      expect(one.data?.['balance_query']).toMatchObject([{ registration_code: '77' }]);
      const none = { document_number: SERVANT, authority_code: '17000', registration_code: '78' };
      expect((await partner.news(await query(none), 'failure')).data?.['enumerator']).toBe(
        'inexistent_relationship',
      );
      expect((await partner.call('POST', BALANCE, { document_number: '252.563.635-06' })).status).toBe(400);
      expect(
        (await partner.call('POST', BALANCE, { document_number: SERVANT, authority_code: '1' })).status,
      ).toBe(400);
      expect(partner.violations).toEqual([]);
    });

    it.each([
      ['3137300088', 'success', undefined],
      ['20472510010', 'success', undefined],
      ['67050758051', 'success', undefined],
      ['59669701066', 'success', undefined],
      ['71987878353', 'failure', 'unauthorized_institution'],
      ['52998224725', 'failure', 'mock_error'],
      ['12345678901', 'failure', 'invalid_document_number'],
    ])('of %s is a %s: %s', async (document_number, wanted, enumerator) => {
      partner = await SandboxPartner.start();
      const news = await partner.news(await query({ document_number }), wanted);
      expect(news.data?.['enumerator']).toBe(enumerator);
    });

    it('is told in the newer words and the flat shape, or without a type, when so configured', async () => {
      partner = await SandboxPartner.start({
        behaviour: {
          contract: {
            federal_payroll: {
              balance_webhook: 'federal_payroll.balance',
              balance_shape: 'flat',
              success_word: 'succeeded',
            },
          },
        },
      });
      expect(await partner.news(await query(), 'succeeded')).toMatchObject({
        webhook_type: 'federal_payroll.balance',
        data: {
          balance_query: [{ ...LINK, available_balance: 100_000, consigned_credit: 0, consigned_card: 0 }],
        },
      });
      partner.control.setBehaviour({
        contract: {
          federal_payroll: { untyped_loan_only: true, balance_shape: 'manual', success_word: 'success' },
        },
      });
      expect(await partner.news(await query(), 'success')).not.toHaveProperty('webhook_type');
    });

    it('waits outside SIAPE’s hours, and holds the call against the partner', async () => {
      const sunday = new Date(`${inDays((7 - new Date(inDays(0)).getUTCDay()) % 7 || 7)}T15:00:00Z`);
      const offset = (at: Date): number => Math.round((at.getTime() - Date.now()) / 1000);
      partner = await SandboxPartner.start({
        behaviour: {
          contract: { federal_payroll: { hours: 'enforced' } },
          clock: { offset_seconds: offset(sunday) },
        },
      });
      const key = await query();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(partner.received).toEqual([]);
      expect(partner.violations).toEqual(['outside_hours']);
      // The next day that is surely no holiday: some business day within the week.
      for (const days of [1, 2, 3]) {
        partner.control.setBehaviour({ clock: { offset_seconds: offset(sunday) + days * 86_400 } });
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      await partner.news(key, 'success');
    });
  });

  it('answers the printed simulation with the printed figures, field by field', async () => {
    const tac = { fee_type: 'tac', amount_type: 'percentage' as const, amount: '1' };
    partner = await SandboxPartner.start({
      behaviour: {
        clock: { offset_seconds: Math.round((Date.parse('2023-03-14T15:00:00Z') - Date.now()) / 1000) },
        contract: {
          federal_payroll: {
            simulation_options: 'first',
            contract_fees: [tac],
            external_contract_fees: [{ ...tac, fee_type: 'spread' }],
          },
        },
      },
    });
    const request = printedBody('federal-payroll/06-request-debt-simulation');
    const expected = printedBody('federal-payroll/07-response-debt-simulation-finished')['data'] as Json;
    const answer = await partner.call('POST', '/debt_simulation', request);
    const mine = answer.body['data'] as Json;
    expect(Object.keys(mine).sort()).toEqual(Object.keys(expected).sort());
    expect(rounded({ ...mine, requester_key: '' })).toEqual(rounded({ ...expected, requester_key: '' }));
    partner.control.setBehaviour({ contract: { federal_payroll: { simulation_options: 'every_day' } } });
    const all = await partner.call('POST', '/debt_simulation', request);
    expect((all.body['data'] as Json)['disbursement_options']).toHaveLength(4);
  });

  it('walks a debt through consent to the money, holding the margin from the reservation on', async () => {
    partner = await SandboxPartner.start();
    expect(await freeNow()).toBe(100_000);
    const answer = await partner.call('POST', '/debt', debt());
    const key = String(answer.body['key']);
    const printed = printedBody('federal-payroll/10-response-debt-issue-waiting-signature')['data'] as Json;
    const data = answer.body['data'] as Json;
    expect(Object.keys(data).sort()).toEqual(Object.keys(printed).sort());
    const option = (body: Json): string[] =>
      Object.keys((body['disbursement_options'] as Json[])[0] ?? {}).sort();
    expect(option(data)).toEqual(option(printed));
    expect(await status(key, 'pending_consent')).toMatchObject({ collateral_constituted: false });
    await collateralNews(key, (one) => one['collateral_constituted'] === true);
    await partner.news(key, 'signature_finished');
    await partner.news(key, 'disbursed');
    expect(await freeNow()).toBe(99_900);
    expect(partner.violations).toEqual([]);
  });

  it('reserves only after the signature, when the method is issuing', async () => {
    partner = await SandboxPartner.start();
    await plan({ signature: ['never'] });
    await freeNow();
    const key = await issue({ reservation_method: 'issuing' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(stateOf(key)?.collateral.attempts).toEqual([]);
    await partner.call('POST', '/_control/advance', { debt_key: key, outcome: 'signed' });
    await partner.news(key, 'disbursed');
  });

  it.each(['refused', 'expired'] as const)(
    'consent %s frees the margin and cancels the contract',
    async (consent) => {
      partner = await SandboxPartner.start();
      await plan({ consent: [consent] });
      await freeNow();
      const key = await issue();
      expect(await status(key, 'failure')).toMatchObject({
        collateral_data: { enumerator: `consent_${consent}` },
      });
      const { data } = await partner.news(key, 'canceled');
      expect(data).toMatchObject({ cancel_reason_enumerator: 'not_collateral_constituted' });
      expect(await freeNow()).toBe(100_000);
    },
  );

  it('lets consent run out after its days, by the business clock', async () => {
    partner = await SandboxPartner.start();
    await plan({ consent: ['never'] });
    await freeNow();
    const key = await issue();
    await status(key, 'pending_consent');
    expect(await freeNow()).toBe(99_900);
    partner.control.setBehaviour({ clock: { offset_seconds: 9 * 86_400 } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(stateOf(key)?.collateral.state).toBe('pending_consent');
    partner.control.setBehaviour({ clock: { offset_seconds: 11 * 86_400 } });
    expect(await status(key, 'failure')).toMatchObject({
      collateral_data: { enumerator: 'consent_expired' },
    });
  });

  it.each([
    ['invalid_balance', false],
    ['origin_contract_not_found', false],
    ['expired_portability', false],
    ['unauthorized_institution', true],
    ['waiting_for_origin_contract_closure', true],
  ])('a reservation that fails with %s is retried: %s', async (enumerator, retried) => {
    partner = await SandboxPartner.start();
    await plan({ reservation: [enumerator, 'pending_consent'] });
    await freeNow();
    const key = await issue();
    expect(await status(key, 'failure')).toMatchObject({ collateral_data: { enumerator } });
    if (retried) await partner.news(key, 'disbursed');
    else await partner.news(key, 'canceled');
  });

  it('finds the margin gone between the query and the reservation', async () => {
    partner = await SandboxPartner.start({
      behaviour: { contract: { federal_payroll: { failure_shape: 'errors' } } },
    });
    await plan({ links: [{ margin: '100.00' }] });
    expect(await freeNow()).toBe(100);
    await plan({ links: [{ margin: '99.99' }] });
    const key = await issue();
    const failed = await collateralNews(key, (data) => data['collateral_constituted'] === false);
    expect(failed).toMatchObject({
      collateral_data: { last_response: { errors: [{ enumerator: 'invalid_balance' }] } },
    });
    await partner.news(key, 'canceled');
    expect(partner.violations).toEqual([]);
  });

  it('books a debt above the margin, on a link nobody named, or while another one waits on the same link', async () => {
    partner = await SandboxPartner.start();
    await partner.news(await issue({ registration_code: '99' }), 'canceled');
    expect(partner.violations).toEqual(['unknown_link']);
    await plan({ links: [{ margin: '90.00' }], consent: ['never'], reservation: ['pending_consent'] });
    expect(await freeNow()).toBe(90);
    await issue();
    await issue();
    expect(partner.violations).toEqual([
      'unknown_link',
      'amount_above_balance',
      'second_debt',
      'amount_above_balance',
    ]);
  });

  describe('cancelling', () => {
    it('ends the contract at once and the margin when the servant has answered', async () => {
      partner = await SandboxPartner.start();
      await plan({ consent: ['never'], signature: ['never'] });
      await freeNow();
      const key = await issue();
      await status(key, 'pending_consent');
      expect((await partner.call('PATCH', `/debt/${key}/cancel`)).status).toBe(200);
      await partner.news(key, 'canceled');
      await status(key, 'pending_consent_with_deletion');
      expect(await freeNow()).toBe(99_900);
      await partner.call('POST', '/_control/advance', { debt_key: key, outcome: 'refused' });
      await status(key, 'deleted');
      expect(await freeNow()).toBe(100_000);
      expect(partner.violations).toEqual([]);
    });

    it.each([
      ['PATCH', 'cancel'],
      ['POST', 'cancel_permanently'],
    ])(
      'by %s %s is an error while consent is pending, when so configured, and a loop is held against the partner',
      async (method, route) => {
        partner = await SandboxPartner.start({
          behaviour: { contract: { federal_payroll: { cancel_while_pending: 'error' } } },
        });
        await plan({ consent: ['never'], signature: ['never'] });
        await freeNow();
        const key = await issue();
        await status(key, 'pending_consent');
        const cancel = () => partner.call(method, `/debt/${key}/${route}`);
        expect((await cancel()).body).toMatchObject({ description: 'Reservation not found' });
        await status(key, 'pending_consent_with_deletion');
        expect(stateOf(key)?.state).toBe('waiting_signature');
        await cancel();
        expect(partner.violations).toEqual(['command_out_of_place']);
      },
    );

    it('frees a confirmed margin a step later', async () => {
      partner = await SandboxPartner.start();
      await plan({ payment: ['never'] });
      await freeNow();
      const key = await issue();
      await eventually(() => (stateOf(key)?.state === 'waiting_disbursement' ? true : undefined), 'waiting');
      await partner.call('POST', `/debt/${key}/cancel_permanently`);
      await partner.news(key, 'canceled_permanently');
      await status(key, 'deleted');
      expect(await freeNow()).toBe(100_000);
    });

    it('gives a QR code after the money, and frees the margin when it is paid', async () => {
      partner = await SandboxPartner.start();
      await freeNow();
      const key = await issue();
      await partner.news(key, 'disbursed');
      expect((await partner.call('PATCH', `/debt/${key}/cancel`)).body).toHaveProperty(
        'cancel_qr_code.amount',
      );
      await partner.news(key, 'pending_fund');
      await status(key, 'deleted');
    });
  });

  it('refinances an operation of its own: the old one is settled, and only the difference is paid and held', async () => {
    partner = await SandboxPartner.start();
    await freeNow();
    const old = await issue();
    await partner.news(old, 'disbursed');
    await freeNow();
    const printed = printedBody('federal-payroll/09-request-debt-issue-refinancing');
    const body = (operation_key: string): Json =>
      debt(
        { reservation_type: 'refinancing', reservation_method: 'issuing' },
        {
          refinanced_credit_operations: [{ operation_key }],
          financial: { ...(debt()['financial'] as Json), installment_face_value: 150 },
        },
      );
    expect(Object.keys(body(old)).sort()).toEqual(Object.keys(printed).sort());
    expect((await partner.call('POST', '/debt', body('none'))).body).toHaveProperty('extra_fields');
    const simulated = await partner.call('POST', '/debt_simulation', body(old));
    const { final_disbursement_amount: change, disbursed_issue_amount: whole } = simulated.body[
      'data'
    ] as Record<string, number>;
    expect(change).toBeLessThan(whole ?? 0);
    const answer = await partner.call('POST', '/debt', body(old));
    const paid = await partner.news(String(answer.body['key']), 'disbursed');
    expect((paid.data?.['ted_receipt_list'] as Json[])[0]).toMatchObject({ amount: change });
    await partner.news(old, 'settled');
    expect(await freeNow()).toBe(99_850);
    expect(partner.violations).toEqual([]);
  });

  it('signs the debts of one envelope at once, of one servant only', async () => {
    partner = await SandboxPartner.start();
    await plan({ links: [{}, { registration_code: '2' }] });
    await freeNow();
    const open = {
      type: 'federal_payroll_external_batch',
      certifier_type: 'qi_sign',
      batch_name: 'Lote 1',
      request_control_key: '5ed20003-0610-46d2-88cc-a5d0de640696',
    };
    const first = await partner.call('POST', '/document/document_batch', open);
    expect((await partner.call('POST', '/document/document_batch', open)).body).toEqual(first.body);
    expect((await partner.call('POST', '/document/document_batch', {})).status).toBe(400);
    const document_batch_key = first.body['document_batch_key'];
    const keys = [
      await issue({}, { document_batch_key }),
      await issue({ registration_code: '2' }, { document_batch_key }),
    ];
    for (const key of keys) await partner.news(key, 'signature_finished');
    const other = debt({}, { document_batch_key });
    (other['borrower'] as Json)['individual_document_number'] = '03137300088';
    expect((await partner.call('POST', '/debt', other)).body['code']).toBe('LEG000069');
    expect((await partner.call('POST', '/debt', debt({}, { document_batch_key: 'none' }))).status).toBe(400);
  });

  it('opens one account at QI for each borrower', async () => {
    partner = await SandboxPartner.start();
    const open = () =>
      partner.call('POST', '/account', { owner_document_number: SERVANT, owner_name: 'PESSOA' });
    const first = await open();
    expect(first.body).toMatchObject({
      account_branch: '0001',
      account_status: 'opened',
      owner_document_number: SERVANT,
    });
    expect((await open()).body).toEqual(first.body);
    expect((await partner.call('POST', '/account', {})).status).toBe(400);
  });

  it('closes what SIAPE has not decided at 23:59, and when a test says so', async () => {
    partner = await SandboxPartner.start({
      behaviour: { contract: { federal_payroll: { daily_closing: true } } },
    });
    await plan({ consent: ['never', 'never'] });
    await freeNow();
    const key = await issue();
    await status(key, 'pending_consent');
    partner.control.setBehaviour({ clock: { offset_seconds: 86_400 } });
    await partner.news(key, 'canceled');
    await status(key, 'deleted');
    partner.control.setBehaviour({
      clock: { offset_seconds: 0 },
      contract: { federal_payroll: { daily_closing: false } },
    });
    const second = await issue();
    await status(second, 'pending_consent');
    await partner.call('POST', '/_control/federal-payroll/closing');
    await status(second, 'deleted');
    expect(await freeNow()).toBe(100_000);
  });
});
