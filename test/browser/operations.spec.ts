import type { Page } from 'playwright-core';
import { SERVANT } from '../integration/sandbox-debts';
import { engineFile } from '../support/engine-file';
import { Siape } from '../support/siape';
import { consoleWorld } from './console-world';
import { choosePaymentDay } from './payment-day';

const UNDO_WINDOW_SECONDS = 4;

/** The operators' morning: a queue, one loan at a time, and the second person where the money is at stake. */
describe('operations', () => {
  const world = consoleWorld({
    ARREMATE_ENGINE_FILE: engineFile({
      operation: { undo_window_seconds: UNDO_WINDOW_SECONDS, sweep_ms: 500 },
    }),
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const dialog = (page: Page) => page.getByRole('dialog');
  const status = (page: Page, word: string) =>
    page.locator('.badge').getByText(word, { exact: true }).first().waitFor();

  /** A won loan with this fate. @returns its key, once it stands there */
  async function loan(plan: object, stands: string): Promise<string> {
    const auction = await world.auctionBecomes(world.openAuction({ loan: plan }), 'won');
    const key = String(auction['credit_operation_key']);
    await world.operationBecomes(key, stands);
    return key;
  }
  const doubtful = { evidence: { face_validation_score: 10 } };

  it('are authorised one at a time, from the queue, by keyboard', async () => {
    const key = await loan(doubtful, 'awaiting_authorization');
    const page = await world.openAs(['operator'], '/operacoes');
    const row = page.locator('[data-task=authorization_review]').filter({ hasText: key.slice(0, 8) });
    await row.click();
    await page.keyboard.press('c');
    await row.getByText('comigo').waitFor();
    await page.keyboard.press('Shift+?');
    await dialog(page).getByText('Próxima tarefa').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByText('Prova da assinatura').waitFor();
    await button(page, 'Autorizar averbação').click();
    await dialog(page).getByRole('button', { name: 'Autorizar' }).click();
    await status(page, 'Desembolsada');
  }, 30_000);

  it('are never taken for one another: a key does nothing once the marked task is gone, and a dialog names its loan', async () => {
    const [first, second] = [
      await loan(doubtful, 'awaiting_authorization'),
      await loan(doubtful, 'awaiting_authorization'),
    ];
    const { body } = await world.door.master('GET', `/api/v1/tasks?credit_operation_key=${second}`);
    const [task] = body['items'] as { id: string }[];
    const page = await world.openAs(['operator'], '/operacoes');
    const row = (key: string) =>
      page.locator('[data-task=authorization_review]').filter({ hasText: key.slice(0, 8) });
    await row(second).click();
    await page.keyboard.press('e');
    await dialog(page).getByLabel('Tarefas').getByText(second.slice(0, 8)).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });

    await world.door.master('POST', `/api/v1/tasks/${String(task?.id)}/snooze`, {
      until: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await row(second).waitFor({ state: 'detached' });
    await row(first).waitFor();
    await page.keyboard.press('e');
    expect(await dialog(page).count()).toBe(0);
    await page.getByText('Nenhuma marcada').waitFor();
    await page.keyboard.press('j');
    await page.getByText('Com a marcada:').waitFor();
  }, 30_000);

  it('many are done at once, and of each that is not, it is said why', async () => {
    const keys = [
      await loan(doubtful, 'awaiting_authorization'),
      await loan(doubtful, 'awaiting_authorization'),
    ];
    const { body } = await world.door.master('GET', `/api/v1/tasks?credit_operation_key=${String(keys[0])}`);
    const [task] = body['items'] as { id: string }[];
    await world.door.master('POST', `/api/v1/tasks/${String(task?.id)}/claim`);
    const page = await world.openAs(['operator'], '/operacoes');
    for (const key of keys)
      await page
        .locator('[data-task=authorization_review]')
        .filter({ hasText: key.slice(0, 8) })
        .getByRole('checkbox')
        .check();
    await page.keyboard.press('s');
    await dialog(page).locator('[data-report=preview]').getByText('Serão feitas: 1 · não serão: 1').waitFor();
    await dialog(page).getByRole('button', { name: 'Adiar' }).click();
    await dialog(page).locator('[data-report=done]').getByText('Feitas: 1 · não feitas: 1').waitFor();
  }, 30_000);

  it('are ended as they were read: what has come since stays in the queue, and is read first', async () => {
    const key = await loan({ disbursement: ['ted_refusal', 'never'] }, 'disbursement_failed');
    await world.database.asOwner(
      `INSERT INTO task (id, kind, credit_operation_key, reason_code, message, due_at, status, opened_at)
       VALUES (gen_random_uuid(), 'contradiction', '${key}', 'pays_less', 'Paga R$ 2.050,00', now(), 'open', now())`,
    );
    const page = await world.openAs(['operator'], `/operacoes/${key}`);
    const task = page.locator('[data-task=contradiction]');
    const report = dialog(page).locator('[data-report]');
    const shown = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/tasks/bulk'));
    await task.getByRole('button', { name: 'Resolver' }).click();
    await dialog(page).getByLabel('Tarefas').getByText('Paga R$ 2.050,00').waitFor();
    await shown;
    await world.database.asOwner(
      `UPDATE task SET message = 'Paga R$ 1.900,00', version = version + 1
       WHERE credit_operation_key = '${key}' AND kind = 'contradiction'`,
    );
    const solve = dialog(page).getByRole('button', { name: 'Resolver' });
    await solve.click();
    await report.getByText('A tarefa mudou desde que foi lida').waitFor();
    await page.keyboard.press('Escape');
    await task.getByText('Paga R$ 1.900,00').waitFor();
    await task.getByRole('button', { name: 'Resolver' }).click();
    await dialog(page).getByLabel('Tarefas').getByText('Paga R$ 1.900,00').waitFor();
    await solve.click();
    await task.waitFor({ state: 'detached' });
  }, 30_000);

  it('of somebody who is away are put back into the queue by an administrator', async () => {
    const key = await loan(doubtful, 'awaiting_authorization');
    const { body } = await world.door.master('GET', `/api/v1/tasks?credit_operation_key=${key}`);
    const [task] = body['items'] as { id: string }[];
    await world.door.master('POST', `/api/v1/tasks/${String(task?.id)}/claim`);
    const page = await world.openAs(['admin'], '/operacoes');
    const row = page.locator('[data-task=authorization_review]').filter({ hasText: key.slice(0, 8) });
    const takeBack = row.getByRole('button', { name: 'Devolver à fila' });
    await takeBack.click();
    await row.getByText('ninguém').waitFor();
    expect(await takeBack.count()).toBe(0);
    await page.goto(`${world.service.url}/operacoes/${key}`);
    await button(page, 'Histórico').click();
    await page.getByText(/devolveu$/).waitFor();
  }, 30_000);

  it('are due and put off by the time of the service, also at a PC whose clock is two hours behind', async () => {
    const key = await loan(doubtful, 'awaiting_authorization');
    await world.database.asOwner(
      `UPDATE task SET due_at = now() - interval '1 hour' WHERE credit_operation_key = '${key}'`,
    );
    const page = await world.openAs(['operator'], '/operacoes');
    await page.addInitScript(() => {
      const told = Date.now.bind(Date);
      Date.now = () => told() - 7_200_000;
    });
    await page.reload();
    const row = page.locator('[data-task=authorization_review]').filter({ hasText: key.slice(0, 8) });
    await row.getByText(/venceu há 1\sh/).waitFor();
    await row.click();
    await page.keyboard.press('s');
    await dialog(page).getByRole('button', { name: 'Adiar' }).click();
    await dialog(page).waitFor({ state: 'detached' });
    const put = `SELECT extract(epoch FROM snoozed_until - now())::float8 / 3600 AS hours
      FROM task WHERE credit_operation_key = '${key}'`;
    const [{ hours } = { hours: 0 }] = (await world.database.asOwner(put)) as { hours: number }[];
    expect(hours).toBeCloseTo(2, 1);
  }, 30_000);

  it('a refused payment goes out again; a stranger’s CPF and the account that refused, typed otherwise, are refused at their fields, before QI hears of it', async () => {
    const key = await loan({ disbursement: ['ted_refusal', 'disbursed'] }, 'disbursement_failed');
    const page = await world.openAs(['operator'], `/operacoes/${key}`);
    await button(page, 'Reenviar desembolso').click();
    await choosePaymentDay(page);
    const account = {
      'Nome do titular': 'Outra Pessoa',
      'CPF do titular': '52998224725',
      'Código do banco': '341',
      Agência: '0',
      Conta: '0000',
      Dígito: '7',
    };
    for (const [label, text] of Object.entries(account))
      await dialog(page).getByRole('textbox', { name: label }).fill(text);
    expect(await dialog(page).getByLabel('CPF do titular').inputValue()).toBe('529.982.247-25');
    await dialog(page).getByRole('button', { name: 'Reenviar' }).click();
    const field = dialog(page).getByLabel('CPF do titular');
    await dialog(page).locator('input[aria-invalid=true]').first().waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await dialog(page).getByText('é a conta que recusou o pagamento').waitFor();
    // As a release before kept it: its last digits alone.
    await world.database.asOwner(
      `UPDATE operation_event SET refused_account_index = NULL WHERE credit_operation_key = '${key}'`,
    );
    await dialog(page).getByRole('button', { name: 'Reenviar' }).click();
    const alike = dialog(page).getByText('a conta termina como a que recusou o pagamento');
    await alike.waitFor();
    await dialog(page).getByRole('checkbox', { name: 'Conferi o número: é outra conta' }).check();
    await alike.waitFor({ state: 'detached' });
    await dialog(page).getByRole('radio', { name: 'Na mesma conta' }).check();
    const sent = page.waitForRequest((request) => request.url().endsWith('/resubmit_disbursement'));
    await dialog(page).getByRole('button', { name: 'Reenviar' }).click();
    expect(Object.keys((await sent).postDataJSON() as object)).toEqual(['disbursement_date']);
    await status(page, 'Desembolsada');
  }, 30_000);

  it('are cancelled for good by two people, and not while it can be undone, also from a PC whose clock is ahead', async () => {
    const key = await loan({ disbursement: ['ted_refusal', 'never'] }, 'disbursement_failed');
    const page = await world.openAs(['operator', 'operations_approver'], `/operacoes/${key}`);
    await page.addInitScript(() => {
      const told = Date.now.bind(Date);
      Date.now = () => told() + 60_000;
    });
    await page.reload();
    const ask = async (): Promise<void> => {
      await button(page, 'Cancelar em definitivo').click();
      await dialog(page).getByLabel('Motivo').fill('Conta encerrada');
      await dialog(page).getByRole('button', { name: 'Pedir o cancelamento' }).click();
      await page.getByText('outra pessoa decide').first().waitFor();
    };
    await ask();
    expect(await button(page, 'Aprovar').count()).toBe(0);

    const second = await world.openAs(['operations_approver'], '/operacoes');
    const approve = async (): Promise<void> => {
      await second.getByRole('tab', { name: 'Aprovações' }).click();
      await button(second, 'Aprovar').click();
      await dialog(second).getByRole('button', { name: 'Aprovar' }).click();
      await dialog(second).waitFor({ state: 'detached' });
    };
    await approve();
    await page.getByText('Aprovado, ainda não enviado: cancelar em definitivo').waitFor();
    await button(page, 'Desfazer').click();
    await page.getByText('Cancelamento desfeito antes do envio').waitFor();

    await ask();
    await approve();
    await page.getByText('Aprovado, ainda não enviado: cancelar em definitivo').waitFor();
    await status(page, 'Cancelada em definitivo');
  }, 40_000);

  it('what waits for a second person is listed first, however many were decided since', async () => {
    const key = await loan({ disbursement: ['ted_refusal', 'never'] }, 'disbursement_failed');
    await world.door.master('POST', `/api/v1/operations/${key}/cancel_permanently`, {
      reason: 'A mais antiga',
    });
    await world.database.asOwner(
      `INSERT INTO approval (id, credit_operation_key, action, reason, status, requested_by, requested_at, decided_by, decided_at)
       SELECT gen_random_uuid(), '${key}', 'cancel_permanently', 'Outra', 'rejected', 'ana', now() + interval '1 second', 'bia', now()
       FROM generate_series(1, 100)`,
    );
    const page = await world.openAs(['operations_approver'], '/operacoes');
    await page.getByRole('tab', { name: 'Aprovações' }).click();
    const first = page.getByRole('list', { name: 'Aprovações' }).getByRole('listitem').first();
    await first.getByText('A mais antiga').waitFor();
    await first.getByRole('button', { name: 'Recusar' }).click();
    await dialog(page).getByRole('button', { name: 'Recusar' }).click();
    await dialog(page).waitFor({ state: 'detached' });
  }, 30_000);

  it('a payment whose answer was lost goes out again only when somebody has found out that it never left', async () => {
    const faults = { change_disbursement_date: ['reset'] };
    const key = await loan({ disbursement: ['ted_refusal', 'disbursed'], faults }, 'disbursement_failed');
    const page = await world.openAs(['operator'], `/operacoes/${key}`);
    const resend = async (): Promise<void> => {
      await button(page, 'Reenviar desembolso').click();
      await choosePaymentDay(page);
      await dialog(page).getByRole('radio', { name: 'Na mesma conta' }).check();
      await dialog(page).getByRole('button', { name: 'Reenviar' }).click();
      await page.getByRole('dialog', { name: 'Reenviar desembolso' }).waitFor({ state: 'detached' });
    };
    await resend();
    const task = page.locator('[data-task=command_unknown]');
    await task.waitFor();
    expect(await button(page, 'Reenviar desembolso').count()).toBe(0);
    await task.getByRole('button', { name: 'Resolver' }).click();
    const solve = dialog(page).getByRole('button', { name: 'Resolver' });
    expect(await solve.isDisabled()).toBe(true);
    await dialog(page).getByText('Não valeu').click();
    await dialog(page).getByLabel('Observação').fill('O banco não recebeu nada');
    await solve.click();
    await page.getByText('Reenvio não chegou à QI').waitFor();
    await resend();
    await status(page, 'Desembolsada');
  }, 30_000);

  it('what was asked of QI and has never left is taken back', async () => {
    const key = await loan(doubtful, 'awaiting_authorization');
    // As while QI takes no calls.
    await world.database.asOwner(
      `INSERT INTO operation_command (id, credit_operation_key, action, status, actor, not_before, created_at)
       VALUES (gen_random_uuid(), '${key}', 'authorize', 'intended', 'user:ana', now() + interval '1 day', now())`,
    );
    const page = await world.openAs(['operator'], `/operacoes/${key}`);
    await page.getByText('Ainda não enviado à QI: autorizar averbação').waitFor();
    expect(await button(page, 'Autorizar averbação').count()).toBe(0);
    await button(page, 'Retirar').click();
    await page.getByText('Autorização retirada antes do envio').waitFor();
    await page
      .locator('[data-task=authorization_review]')
      .getByText(/^Uma pessoa retirou/)
      .waitFor();
    await button(page, 'Autorizar averbação').waitFor();
  }, 30_000);

  describe('of a federal servant', () => {
    const siape = () => new Siape(world.sandbox.url);
    const margin = (page: Page, word: string) =>
      page.locator('[data-margin]').getByText(word, { exact: true }).waitFor();

    /** As if the servant had been asked three days ago. */
    async function threeDaysLater(key: string): Promise<void> {
      await world.database.asOwner(
        `UPDATE operation SET consent_asked_at = consent_asked_at - interval '3 days',
           consent_until = consent_until - interval '3 days' WHERE credit_operation_key = '${key}'`,
      );
    }

    it('show contract and margin side by side: consent is given on day 3, and the loan is paid', async () => {
      const key = await siape().issue(SERVANT, { consent: ['never'] });
      await world.operationBecomes(key, 'signed');
      const page = await world.openAs(['operator'], `/operacoes/${key}`);
      await status(page, 'Assinada');
      await margin(page, 'Aguarda anuência');
      await page.getByText(/^Faltam 10 dias/).waitFor();
      await page.getByText('calendário não verificado').waitFor();
      await threeDaysLater(key);
      await page.getByText(/^Faltam 7 dias/).waitFor();
      await page.getByText(/Lembretes: dia 1 .*dia 3 /).waitFor();
      await siape().control('advance', { debt_key: key, outcome: 'given' });
      await status(page, 'Desembolsada');
      await margin(page, 'Reservada');
      await page.getByText('Nada a fazer: pago e averbado.').waitFor();
    }, 40_000);

    it('close by themselves when consent is refused, and prove what was wanted to whoever says why', async () => {
      const key = await siape().issue('03137300088', { consent: ['never'] });
      await world.operationBecomes(key, 'signed');
      const page = await world.openAs(['operator'], `/operacoes/${key}`);
      await margin(page, 'Aguarda anuência');
      await siape().control('advance', { debt_key: key, outcome: 'refused' });
      await status(page, 'Averbação recusada');
      await margin(page, 'Não reservada');
      await page.getByText('O servidor recusou a anuência.').waitFor();
      await page.getByText(/^Próximo passo: Nada a fazer/).waitFor();
      expect(await button(page, 'Cancelar em definitivo').count()).toBe(0);

      await button(page, 'Provas da operação').click();
      await dialog(page).getByLabel('Motivo').fill('Termo de Reclamação 12/2026');
      await button(page, 'Ver').click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        dialog(page).getByRole('button', { name: 'Baixar tudo' }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`provas-${key}.json`);
      const { body } = await world.door.master('GET', '/api/v1/audit?action=operation.evidence_exported');
      expect(body['items']).toMatchObject([{ reason: 'Termo de Reclamação 12/2026', subject: key }]);
    }, 40_000);
  });
});
