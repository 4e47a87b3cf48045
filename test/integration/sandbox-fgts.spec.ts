import { createHash } from 'node:crypto';
import { eventually, SandboxPartner } from './sandbox-partner';
import { cpfFrom, debtOn, inDays, issued, periodsOf, printedBody, rounded, type Json } from './sandbox-debts';

const BALANCE = '/baas/v2/fgts/available_balance';

describe('sandbox: FGTS', () => {
  let partner: SandboxPartner;
  afterEach(() => partner.stop());

  describe('balance', () => {
    it.each([
      ['0', 'success', undefined],
      ['7', 'success', undefined],
      ['8', 'success', undefined],
      ['90', 'failed', 'ongoing_operation'],
      ['91', 'failed', 'unauthorized_institution'],
      ['920', 'failed', 'inexistent_anniversary_membership'],
      ['93', 'failed', 'on_locked_date_range'],
      ['94', 'failed', 'anniversary_membership_egress'],
      ['950', 'failed', 'processing_pending_changes'],
      ['98', 'failed', 'caixa_error'],
    ])('of a CPF with %s is a %s: %s', async (prefix, status, enumerator) => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom(prefix);
      const asked = await partner.call('POST', BALANCE, { document_number: cpf });
      expect(asked.body).toMatchObject({
        status: 'pending',
        document_number: cpf,
        status_events: [{ status: 'pending' }],
      });
      const key = String(asked.body['available_balance_key']);
      const news = await partner.news(key, status);
      expect(news.webhook_type).toBe('available_balance');
      expect(news.data?.['error_enumerator']).toBe(enumerator);
      if (enumerator === 'on_locked_date_range')
        expect(news.data?.['error_data']).toHaveProperty('operation_not_allowed_until_date');
      if (prefix === '8') expect(news.data?.['periods']).toEqual([]);
      const read = await partner.call('GET', `${BALANCE}/${key}`);
      expect(read.body).toMatchObject({
        status,
        has_succeeded: status === 'success',
        periods: news.data?.['periods'] ?? [],
      });
      expect(partner.violations).toEqual([]);
    });

    it('is told by the older names, by the last digits, and read under other paths, when so configured', async () => {
      partner = await SandboxPartner.start({
        behaviour: {
          contract: {
            fgts: {
              balance_webhook: 'fgts_available_balance',
              balance_rule: 'last_two_digits',
              read_balance_path: '/somewhere/:key/else',
            },
          },
        },
      });
      const cpf = '40000001791';
      const asked = await partner.call('POST', BALANCE, { document_number: cpf });
      const key = String(asked.body['available_balance_key']);
      const news = await partner.news(key, 'failed');
      expect(news).toMatchObject({
        webhook_type: 'fgts_available_balance',
        data: { enumerator: 'unauthorized_institution' },
      });
      expect((await partner.call('GET', `${BALANCE}/${key}`)).status).toBe(404);
      expect((await partner.call('GET', `/somewhere/${key}/else`)).body['status']).toBe('failed');
    });

    it('is canceled only while pending, and asked for once at a time', async () => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom('1');
      await partner.call('POST', '/_control/fgts', { document_number: cpf, balance: ['never', 'never'] });
      const first = await partner.call('POST', BALANCE, { document_number: cpf });
      await partner.call('POST', BALANCE, { document_number: cpf });
      expect(partner.violations).toEqual(['query_while_pending']);
      const path = `${BALANCE}/${String(first.body['available_balance_key'])}`;
      expect((await partner.call('DELETE', path)).status).toBe(204);
      expect((await partner.call('DELETE', path)).status).toBe(400);
      expect((await partner.call('DELETE', `${BALANCE}/none`)).status).toBe(404);
      expect((await partner.call('POST', BALANCE, { document_number: '12345678901' })).status).toBe(404);
      expect((await partner.call('POST', BALANCE, {})).body['code']).toBe('QIT000001');
    });

    it('goes by Caixa’s lock until its day comes', async () => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom('1');
      await partner.call('POST', '/_control/fgts', { document_number: cpf, locked_until: inDays(3) });
      const locked = await partner.call('POST', BALANCE, { document_number: cpf });
      const news = await partner.news(String(locked.body['available_balance_key']), 'failed');
      expect(news.data?.['error_data']).toEqual({ operation_not_allowed_until_date: inDays(3) });
      partner.control.setBehaviour({ clock: { offset_seconds: 3 * 86_400 } });
      expect((await periodsOf(partner, cpf)).length).toBeGreaterThan(0);
    });

    it('is preceded by an authorisation check that knows whom QI asked about', async () => {
      partner = await SandboxPartner.start();
      const [stranger, granted, refused] = [cpfFrom('0'), cpfFrom('2'), cpfFrom('91')];
      const check = (cpf: string) => partner.call('GET', `/fgts_issuer_auth_manager/issuer/${cpf}`);
      expect((await check(stranger)).status).toBe(404);
      await periodsOf(partner, granted);
      expect((await check(granted)).body).toMatchObject({ status: 'authorized' });
      const asked = await partner.call('POST', BALANCE, { document_number: refused });
      await partner.news(String(asked.body['available_balance_key']), 'failed');
      expect((await check(refused)).body).toMatchObject({
        status: 'unauthorized',
        authorization_limit_date: null,
      });
    });
  });

  describe('on the days of the manual', () => {
    const on = (day: string, fee = '0.6') => ({
      behaviour: {
        clock: { offset_seconds: Math.round((Date.parse(`${day}T15:00:00Z`) - Date.now()) / 1000) },
        contract: {
          fgts: { contract_fees: [{ fee_type: 'tac', amount_type: 'percentage' as const, amount: fee }] },
        },
      },
    });

    it('answers the printed simulation with the printed figures, field by field', async () => {
      partner = await SandboxPartner.start(on('2023-06-30'));
      const answer = await partner.call(
        'POST',
        '/baas/fgts_simulation',
        printedBody('fgts/07-request-simulation-maximum-amount'),
      );
      const expected = printedBody('fgts/08-response-simulation-maximum-amount');
      const [mine, theirs] = [answer.body['data'] as Json, expected['data'] as Json];
      expect(answer.body).toMatchObject({ status: 'finished', type: 'debt' });
      expect(Object.keys(mine).sort()).toEqual(Object.keys(theirs).sort());
      expect(rounded({ ...mine, requester_key: '' })).toEqual(rounded({ ...theirs, requester_key: '' }));
    });

    it('opens the printed debt with one option a day, three of them as printed', async () => {
      partner = await SandboxPartner.start(on('2024-01-17', '0.5'));
      const answer = await partner.call('POST', '/debt', printedBody('fgts/11-request-debt-create'));
      const expected = printedBody('fgts/12-response-debt-create-waiting-signature');
      const options = (body: Json): Json[] => (body['data'] as Json)['disbursement_options'] as Json[];
      expect(answer.body).toMatchObject({ status: 'waiting_signature', webhook_type: 'debt' });
      expect(Object.keys(answer.body['data'] as Json).sort()).toEqual(
        Object.keys(expected['data'] as Json).sort(),
      );
      const mine = options(answer.body);
      expect(mine.map((option) => option['disbursement_date'])).toEqual(
        ['17', '18', '19', '20', '21', '22'].map((day) => `2024-01-${day}`),
      );
      for (const printed of options(expected)) {
        const same = mine.find((option) => option['disbursement_date'] === printed['disbursement_date']);
        const figures = (option: Json | undefined) => rounded({ ...option, external_contract_fees: [] });
        expect(figures(same)).toEqual(figures(printed));
      }
    });

    it('takes a target in order, and refuses what cannot be', async () => {
      partner = await SandboxPartner.start(on('2023-06-30'));
      const printed = printedBody('fgts/09-request-simulation-target-amount');
      const ask = (change: Json) =>
        partner.call('POST', '/baas/fgts_simulation_guess', { ...printed, ...change });
      const found = await ask({});
      expect(found.body).toMatchObject({ data: { disbursed_issue_amount: 4000, number_of_installments: 1 } });
      expect((await ask({ target_disbursed_amount: 5400 })).body['code']).toBe('LEG000071');
      const financial = (change: Json) => ({ financial: { ...(printed['financial'] as Json), ...change } });
      expect((await ask(financial({ number_of_installments: 2 }))).body['code']).toBe('LEG000099');
      expect((await ask(financial({ disbursement_date: '2023-06-29' }))).body['code']).toBe('COP000090');
      expect((await ask(financial({ disbursement_date: '2023-10-01' }))).body['code']).toBe('COP000203');
      expect((await ask(financial({ annual_interest_rate: 'much' }))).body).toMatchObject({
        code: 'QIT000001',
        extra_fields: { 'financial.monthly_interest_rate': expect.any(String) as string },
      });
    });
  });

  it('walks a debt from the balance to the money by itself', async () => {
    partner = await SandboxPartner.start();
    const key = await issued(partner, cpfFrom('0'));
    const finished = await partner.news(key, 'signature_finished');
    expect(finished.data).toHaveProperty('collaterals');
    const collateral = await partner.webhook('collateral');
    expect(collateral).toMatchObject({
      key,
      data: { collateral_type: 'fgts', collateral_constituted: true },
    });
    const paid = await partner.news(key, 'disbursed');
    expect(partner.bodies().find((body) => body.webhook?.key === key)).toBeDefined();
    expect((paid.data?.['installments'] as Json[])[0]).not.toHaveProperty('installment_number');
    expect((await partner.call('GET', `/debt?key=${key}`)).body).toMatchObject({ key, status: 'disbursed' });
    expect(partner.control.ledger().counts).toMatchObject({ debts_disbursed: 1 });
    expect(partner.violations).toEqual([]);
  });

  it('tells a signature as the manual printed it: first as waiting, then in short', async () => {
    partner = await SandboxPartner.start({
      behaviour: { contract: { debts: { signature_webhook: 'as_printed' } } },
    });
    const key = await issued(partner, cpfFrom('0'));
    expect(await partner.news(key, 'waiting_signature')).toHaveProperty('data.contract.signers');
    expect(await partner.news(key, 'signature_finished')).not.toHaveProperty('data');
  });

  it('takes each kind of evidence once', async () => {
    partner = await SandboxPartner.start({
      behaviour: { contract: { debts: { signature_flow: 'partner' } } },
    });
    const names = ['13-request-signed-pdf-signature', '15-request-signed-data-signature-opt-in'];
    names.push('16-request-signed-data-signature-zip', '17-request-signed-data-signature-selfie');
    for (const [i, name] of names.entries()) {
      const key = await issued(partner, cpfFrom(`1${i}`));
      const sign = (body: Json) => partner.call('POST', `/debt/${key}/signed`, body);
      expect((await sign({ type: 'data-signature', signatures: [{}] })).status).toBe(400);
      const body = printedBody(`fgts/${name}`);
      expect((await sign(body)).body).toMatchObject({ key, status: 'signature_received', data: {} });
      expect((await sign(body)).body['code']).toBe('LEG0000117');
      await partner.news(key, 'disbursed');
    }
    expect(new Set(partner.violations)).toEqual(new Set(['signed_twice']));
  });

  it('lets a signature expire, and begins again with a new date', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('0');
    await partner.call('POST', '/_control/fgts', { document_number: cpf, signature: ['expired', 'signed'] });
    const key = await issued(partner, cpf);
    expect(await partner.news(key, 'canceled')).toMatchObject({
      data: { cancel_reason_enumerator: 'waiting_signature' },
    });
    const again = await partner.call('PATCH', `/debt/${key}/disbursement_option`, {
      disbursement_date: inDays(1),
      status: 'active',
    });
    expect(again.body).toMatchObject({ status: 'waiting_signature', data: { disbursement_date: inDays(1) } });
    await partner.news(key, 'disbursed');
    expect(partner.violations).toEqual([]);
  });

  it('lets QI Sign’s link run out after seven days, by the business clock', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('0');
    await partner.call('POST', '/_control/fgts', { document_number: cpf, signature: ['never'] });
    const periods = await periodsOf(partner, cpf);
    const body = debtOn(cpf, periods.slice(0, 1));
    Object.assign(body['financial'] as Json, { disbursement_end_date: inDays(30) });
    const key = String((await partner.call('POST', '/debt', body)).body['key']);
    partner.control.setBehaviour({ clock: { offset_seconds: 7 * 86_400 } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await partner.call('GET', `/debt?key=${key}`)).body['status']).toBe('waiting_signature');
    partner.control.setBehaviour({ clock: { offset_seconds: 8 * 86_400 } });
    expect((await partner.news(key, 'canceled')).data?.['cancel_reason_enumerator']).toBe(
      'waiting_signature',
    );
  });

  it('keeps documents by their hash, and holds evidence against them', async () => {
    partner = await SandboxPartner.start({
      behaviour: { contract: { debts: { signature_flow: 'partner', evidence: 'uploads' } } },
    });
    const form = new FormData();
    form.append('file', new Blob(['proof of signature']), 'proof.zip');
    const sent = await fetch(`${partner.sandbox.url}/upload`, { method: 'POST', body: form });
    const { document_key, document_md5 } = (await sent.json()) as Record<string, string>;
    expect(document_md5).toBe(createHash('md5').update('proof of signature').digest('hex'));
    expect(
      (await fetch(`${partner.sandbox.url}/upload`, { method: 'POST', body: new FormData() })).status,
    ).toBe(400);

    const key = await issued(partner, cpfFrom('0'));
    const printed = printedBody('fgts/16-request-signed-data-signature-zip');
    const [signature] = printed['signatures'] as Json[];
    const sign = (md5: string | undefined) =>
      partner.call('POST', `/debt/${key}/signed`, {
        ...printed,
        signatures: [
          {
            ...signature,
            authenticity: { timestamp: '2026-11-27 12:00:00', document_key, document_md5: md5 },
          },
        ],
      });
    expect((await sign('00')).body).toMatchObject({
      extra_fields: { 'signatures.0.authenticity.document_md5': 'of another document' },
    });
    expect((await sign(document_md5)).status).toBe(200);
  });

  describe('endorsement', () => {
    const RETRIED = ['fgts_unauthorized_institution', 'fgts_on_locked_date_range'];

    it.each([
      'fgts_invalid_given_period',
      'fgts_unauthorized_institution',
      'fgts_processing_pending_changes',
      'fgts_on_locked_date_range',
      'fgts_insufficient_balance',
      'fgts_inexistent_anniversary_membership',
      'fgts_period_rejected',
      'fgts_deletion_request',
      'fgts_protocol_removed',
      'fgts_insufficient_balance_available',
      'fgts_insufficient_balance_for_guarantee',
      'fgts_fgts_accounts_not_found',
    ])('%s cancels, and is retried only where QI says so', async (enumerator) => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom('1');
      await partner.call('POST', '/_control/fgts', {
        document_number: cpf,
        endorsement: [enumerator, 'endorsed'],
      });
      const key = await issued(partner, cpf);
      expect(await partner.news(key, 'canceled')).toMatchObject({
        data: { cancel_reason_enumerator: enumerator },
      });
      if (RETRIED.includes(enumerator)) await partner.news(key, 'disbursed');
      else {
        const again = { disbursement_date: inDays(1), status: 'active' };
        expect((await partner.call('PATCH', `/debt/${key}/disbursement_option`, again)).body['code']).toBe(
          'LEG000069',
        );
        expect((await partner.call('POST', `/debt/${key}/cancel_permanently`)).status).toBe(200);
        await partner.news(key, 'canceled_permanently');
      }
    });

    it('goes by the first digits, and tries a retried failure a bounded number of times', async () => {
      partner = await SandboxPartner.start({ behaviour: { contract: { fgts: { balance_rule: 'none' } } } });
      const [poor, refused] = [cpfFrom('8'), cpfFrom('901')];
      const first = await issued(partner, poor);
      expect((await partner.news(first, 'canceled')).data?.['cancel_reason_enumerator']).toBe(
        'fgts_insufficient_balance',
      );
      const second = await issued(partner, refused);
      expect((await partner.news(second, 'canceled')).data?.['cancel_reason_enumerator']).toBe(RETRIED[0]);
      const attempts = await eventually(() => {
        const debt = partner.control.ledger().debts.find((each) => each.debt_key === second);
        return debt?.collateral.attempts.length === 3 ? debt.collateral.attempts : undefined;
      }, 'three attempts');
      expect(new Set(attempts.map((each) => each.outcome))).toEqual(new Set([RETRIED[0]]));
    });

    it('holds what it pledged until the permanent cancellation', async () => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom('2');
      await partner.call('POST', '/_control/fgts', { document_number: cpf, payment: ['ted_refusal'] });
      const periods = (await periodsOf(partner, cpf)).slice(0, 2);
      const post = async (): Promise<string> =>
        String((await partner.call('POST', '/debt', debtOn(cpf, periods))).body['key']);
      const first = await post();
      await partner.news(first, 'canceled');

      const second = await post();
      expect(partner.violations).toEqual(['second_debt']);
      expect((await partner.news(second, 'canceled')).data?.['cancel_reason_enumerator']).toBe(
        'fgts_insufficient_balance',
      );
      expect((await periodsOf(partner, cpf)).map((period) => period.due_date)).not.toContain(
        periods[0]?.due_date,
      );

      for (const key of [first, second]) {
        await partner.call('POST', `/debt/${key}/cancel_permanently`);
        await partner.news(key, 'canceled_permanently');
      }
      expect((await periodsOf(partner, cpf)).slice(0, 2)).toEqual(periods);
      await partner.news(await post(), 'disbursed');
    });

    it('waits for Caixa’s lock to end before it is tried again', async () => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom('2');
      const key = await issued(partner, cpf);
      await partner.call('POST', '/_control/fgts', { document_number: cpf, locked_until: inDays(2) });
      expect((await partner.news(key, 'canceled')).data?.['cancel_reason_enumerator']).toBe(
        'fgts_on_locked_date_range',
      );
      await new Promise((resolve) => setTimeout(resolve, 400));
      const attempts = partner.control.ledger().debts[0]?.collateral.attempts.length;
      partner.control.setBehaviour({ clock: { offset_seconds: 2 * 86_400 } });
      await partner.news(key, 'disbursed');
      expect(attempts).toBe(1);
    });

    it('notices a debt above the balance that was asked for', async () => {
      partner = await SandboxPartner.start();
      const cpf = cpfFrom('2');
      const [period] = await periodsOf(partner, cpf);
      const more = [{ due_date: period?.due_date ?? '', amount: (period?.amount ?? 0) + 1 }];
      const debt = await partner.call('POST', '/debt', debtOn(cpf, more));
      expect(partner.violations).toEqual(['amount_above_balance']);
      expect(
        (await partner.news(String(debt.body['key']), 'canceled')).data?.['cancel_reason_enumerator'],
      ).toBe('fgts_invalid_given_period');
    });
  });

  it('sends money back from another’s account, and pays after the account and then the date are changed', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('3');
    const account = { name: 'PESSOA DE EXEMPLO', pix_transfer_type: 'key', pix_key: 'alguem@exemplo.com.br' };
    const key = await issued(partner, cpf, {
      disbursement_bank_account: { ...account, document_number: cpfFrom('1') },
    });
    expect((await partner.news(key, 'canceled')).data).toMatchObject({ cancel_reason: 'pix_refusal' });
    const put = (body: Json) => partner.call('PUT', `/debt/${key}/disbursement_bank_accounts`, body);
    const own = { name: account.name, document_number: cpf, percentage_receivable: 100 };
    const inBank = { bank_code: '341', branch_number: '1', account_number: '2', account_digit: '3' };
    // Manual 001 prints the second of these, with the day, of the auction's loans alone.
    for (const other of [
      { name: 'X' },
      { ...own, ...inBank, bank_code: 341 },
      { ...own, ...inBank },
      { ...own, pix_key: cpf },
      { ...own, ...account, document_number: cpf, percentage_receivable: 1 },
    ])
      expect((await put({ disbursement_bank_accounts: [other] })).body['code']).toBe('COP000157');
    for (const printed of [
      { ...own, ...inBank, pix_transfer_type: 'manual' },
      { ...own, pix_transfer_type: 'key', pix_key: cpf },
    ])
      expect((await put({ disbursement_bank_accounts: [printed] })).status).toBe(200);
    const date = { disbursement_date: inDays(0), status: 'active' };
    expect((await partner.call('PATCH', `/debt/${key}/disbursement_option`, date)).status).toBe(200);
    await partner.news(key, 'disbursed');
    expect(partner.violations).toEqual([]);
  });

  it('cancels before the money, and not after it', async () => {
    partner = await SandboxPartner.start({
      behaviour: { contract: { debts: { signature_flow: 'partner', canceled_status: 'canceled ' } } },
    });
    const key = await issued(partner, cpfFrom('0'));
    expect((await partner.call('PATCH', `/debt/${key}/cancel`)).status).toBe(200);
    expect(await partner.news(key, 'canceled ')).toMatchObject({
      data: { cancel_reason_enumerator: 'manual' },
    });
    partner.control.setBehaviour({ contract: { debts: { signature_flow: 'qi_sign' } } });
    const paid = await issued(partner, cpfFrom('1'));
    await partner.news(paid, 'disbursed');
    expect((await partner.call('POST', `/debt/${paid}/cancel_permanently`)).body['code']).toBe('LEG000069');
    expect(partner.violations).toEqual(['canceled_after_disbursement']);
  });

  it('gives a QR code to a borrower who withdraws, and ends the debt when it is paid', async () => {
    partner = await SandboxPartner.start();
    const key = await issued(partner, cpfFrom('0'));
    const paid = await partner.news(key, 'disbursed');
    const [receipt] = paid.data?.['ted_receipt_list'] as Json[];
    const answer = await partner.call('POST', '/debt/reversal', { debt_key: key });
    expect(answer.body).toMatchObject({
      debt_key: key,
      status: 'waiting_payment',
      cancel_qr_code: { amount: receipt?.['amount'] },
    });
    expect((await partner.call('GET', `/credit_operation/${key}/pix_qrcode`)).body).toHaveProperty(
      'copy_paste_pix',
    );
    expect(await partner.news(key, 'pending_fund')).toMatchObject({ webhook_type: 'reversal' });
    expect((await partner.news(key, 'canceled')).data).toMatchObject({
      cancel_reason_enumerator: 'disbursed_amount_refunded',
    });
  });

  it('makes a second debt of a repeated request, unless its own key is replayed', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('0');
    await partner.call('POST', '/_control/fgts', {
      document_number: cpf,
      faults: { debt_create: ['error_after_effect'] },
    });
    const periods = (await periodsOf(partner, cpf)).slice(0, 1);
    const body = debtOn(cpf, periods, { requester_identifier_key: 'ours-1' });
    expect((await partner.call('POST', '/debt', body)).status).toBe(500);
    const found = await partner.call('GET', '/debt?requester_identifier_key=ours-1');
    expect(found.body).toMatchObject({ data: { requester_identifier_key: 'ours-1' } });
    partner.control.setBehaviour({ contract: { debts: { repeated_requester_key: 'replay' } } });
    expect((await partner.call('POST', '/debt', body)).body['key']).toBe(found.body['key']);
    expect(partner.violations).toEqual([]);
    partner.control.setBehaviour({ contract: { debts: { repeated_requester_key: 'accept' } } });
    expect((await partner.call('POST', '/debt', body)).body['key']).not.toBe(found.body['key']);
    expect(partner.violations).toEqual(['second_debt']);
  });

  it('notices a second contract of a worker, whichever withdrawals it takes', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('0');
    const [one, other] = await periodsOf(partner, cpf);
    const post = async (period: typeof one): Promise<string> =>
      String((await partner.call('POST', '/debt', debtOn(cpf, period ? [period] : []))).body['key']);
    const first = await post(one);
    expect(partner.violations).toEqual([]);
    await post(other);
    expect(partner.violations).toEqual(['second_debt']);
    expect(first).not.toBe('');
  });

  it('ends what it waits for when a test says so', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('0');
    await partner.call('POST', '/_control/fgts', {
      document_number: cpf,
      balance: ['never'],
      signature: ['never'],
      endorsement: ['never'],
      payment: ['never'],
    });
    const advance = (body: Json) => partner.call('POST', '/_control/advance', body);
    const asked = await partner.call('POST', BALANCE, { document_number: cpf });
    await advance({ balance_of: cpf, outcome: 'success' });
    const news = await partner.news(String(asked.body['available_balance_key']), 'success');
    const periods = news.data?.['periods'] as { due_date: string; amount: number }[];
    const answer = await partner.call('POST', '/debt', debtOn(cpf, periods.slice(0, 1)));
    const debt_key = String(answer.body['key']);
    for (const outcome of ['signed', 'endorsed', 'disbursed'])
      expect((await advance({ debt_key, outcome })).status).toBe(200);
    await partner.news(debt_key, 'disbursed');
    expect((await advance({ debt_key: 'none', outcome: 'signed' })).status).toBe(404);
  });

  it('adds the rebates of a debt to what the purchaser pays, and names those that are none', async () => {
    partner = await SandboxPartner.start();
    const cpf = cpfFrom('1');
    const periods = (await periodsOf(partner, cpf)).slice(0, 2);
    const debtWith = (rebates: unknown): Json => {
      const debt = debtOn(cpf, periods);
      return { ...debt, financial: { ...(debt['financial'] as Json), rebates } };
    };
    const spread = { fee_type: 'spread', amount_type: 'absolute', amount: 10 };
    const refused = await partner.call('POST', '/debt', debtWith([{ ...spread, amount: '10' }]));
    expect(refused.body).toMatchObject({
      code: 'QIT000001',
      extra_fields: { 'financial.rebates': 'a list of fee_type, amount_type and amount' },
    });
    const made = await partner.call('POST', '/debt', debtWith([spread]));
    const [option] = (made.body['data'] as { disbursement_options: Json[] }).disbursement_options;
    expect(Number(option?.['assignment_amount']) - Number(option?.['issue_amount'])).toBeCloseTo(10);
  });

  it('answers what is missing in a debt by field', async () => {
    partner = await SandboxPartner.start();
    const body = debtOn(cpfFrom('0'), [{ due_date: inDays(200), amount: 100 }]);
    const post = (change: Json) => partner.call('POST', '/debt', { ...body, ...change });
    expect((await post({ borrower: {} })).body).toMatchObject({
      code: 'QIT000001',
      extra_fields: { 'borrower.name': 'required', 'borrower.address.city': 'required' },
    });
    expect((await post({ collaterals: [] })).status).toBe(400);
    expect((await post({ disbursement_bank_account: {} })).body['code']).toBe('COP000157');
    const { ispb_number: _, ...bank } = body['disbursement_bank_account'] as Json;
    const byCode = { ...bank, bank_code: '104' };
    expect((await post({ disbursement_bank_account: byCode })).body['code']).toBe('COP000157');
    const byPix = { ...byCode, pix_transfer_type: 'manual' };
    expect((await post({ disbursement_bank_account: byPix })).body['code']).not.toBe('COP000157');
    expect((await partner.call('GET', '/debt?key=none')).body['code']).toBe('LEG000013');
    expect((await partner.call('POST', '/debt/none/signed', {})).status).toBe(404);
  });
});
