import type { Page } from 'playwright-core';
import { isSignedWith, NotificationReceiver } from '../support/notification-receiver';
import { waitFor } from '../support/wait-for';
import { consoleWorld } from './console-world';
import { loseAnswer } from './lost-answers';

describe('health and access', () => {
  const world = consoleWorld({ ARREMATE_NOTIFY_LOOPBACK: '1' });
  let receiver: NotificationReceiver;
  beforeAll(async () => {
    receiver = await NotificationReceiver.start();
  });
  afterAll(() => receiver.stop());

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const dialog = (page: Page) => page.getByRole('dialog');

  it('a parked webhook is handled again by whoever says why', async () => {
    const pushed = { webhook_type: 'something.new', key: 'stranger', status: 'new', data: {} };
    expect((await world.service.post('/webhooks/qi', pushed)).status).toBe(200);
    const parked = async () => {
      const { body } = await world.door.master('GET', '/api/v1/webhook-events?status=parked');
      return (body['items'] as { id: string; handled_at: string }[])[0];
    };
    const before = await waitFor('the event to be parked', parked);
    const page = await world.openAs(['operator'], '/saude');
    await page.locator(`[data-event="${before.id}"]`).getByRole('button', { name: 'Tratar de novo' }).click();
    await dialog(page).getByLabel('Motivo').fill('A QI corrigiu');
    await dialog(page).getByRole('button', { name: 'Tratar de novo' }).click();
    await page.getByText('A notificação volta para a fila.').waitFor();
    await waitFor('the event to be handled again', async () => {
      const now = await parked();
      return now !== undefined && now.handled_at > before.handled_at ? now : undefined;
    });

    // The same by its key, with the run of a reconciliation beside it.
    await button(page, 'Tratar arquivados').click();
    await dialog(page)
      .getByLabel(/^Chave do leilão/)
      .fill('stranger');
    await dialog(page).getByLabel('Motivo').fill('De novo');
    await dialog(page).getByRole('table', { name: 'Notificações encontradas' }).getByText('parada').waitFor();
    await dialog(page).getByRole('button', { name: 'Tratar de novo' }).click();
    await page.getByText('Uma notificação volta para a fila.').waitFor();

    // It stays parked: what is settled with QI is said to be so, and is in the list no more.
    const settling = page
      .locator(`[data-event="${before.id}"]`)
      .getByRole('button', { name: 'Dar por resolvida' });
    await settling.click();
    await dialog(page).getByLabel('Motivo').fill('A QI diz que não é para nós');
    await dialog(page).getByRole('button', { name: 'Dar por resolvida' }).click();
    await page.getByText('A notificação foi dada por resolvida.').waitFor();
    await page.getByText('Nenhuma notificação parada').waitFor();
    await button(page, 'Conciliar agora').click();
    await page.getByText('Conciliação feita: 0 faltas encontradas.').waitFor();
    await page
      .getByRole('table', { name: 'Processos' })
      .getByText(/^\d+\.\d+\.\d+/)
      .waitFor();
    await page.getByRole('table', { name: 'Configuração' }).getByText('••••••').first().waitFor();
  }, 30_000);

  it('bidding is stopped by one person and goes on by two', async () => {
    const first = await world.openAs(['operator'], '/');
    await button(first, 'Parar lances').click();
    await dialog(first).getByLabel('Motivo').fill('Taxas estranhas');
    await dialog(first).getByRole('button', { name: 'Parar' }).click();
    await first.getByText('Taxas estranhas').waitFor();
    await button(first, 'Pedir a volta').click();
    await dialog(first).getByLabel('Motivo').fill('Corrigido');
    await dialog(first).getByRole('button', { name: 'Pedir' }).click();
    await first.getByText('Outra pessoa decide').first().waitFor();
    expect(await button(first, 'Aprovar').count()).toBe(0);
    const second = await world.openAs(['operations_approver'], '/');
    await button(second, 'Aprovar').click();
    await dialog(second).getByRole('button', { name: 'Aprovar' }).click();
    await first.getByText('Taxas estranhas').waitFor({ state: 'detached' });
  }, 30_000);

  it('QI’s filter is asked for by one person and sent by another', async () => {
    const first = await world.openAs(['policy_author'], '/saude');
    await button(first, 'Pedir a mudança').click();
    await dialog(first).getByLabel('Motivo').fill('Limites da política');
    await dialog(first).getByRole('button', { name: 'Pedir' }).click();
    await first.getByText('Outra pessoa envia', { exact: false }).first().waitFor();
    expect(await button(first, 'Enviar à QI').count()).toBe(0);
    const second = await world.openAs(['policy_approver'], '/saude');
    await button(second, 'Enviar à QI').click();
    await dialog(second).getByRole('button', { name: 'Enviar' }).click();
    await second.getByText('Os limites do filtro são os da política ativa.').waitFor();
  }, 30_000);

  it('QI’s filter is sent by somebody who saw what it changes, and is never called the policy’s when it is off', async () => {
    const first = await world.openAs(['policy_author'], '/saude');
    await button(first, 'Pedir a mudança').click();
    await dialog(first).getByLabel('No máximo por dia').fill('5');
    await dialog(first).getByLabel('Motivo').fill('Começo devagar');
    await dialog(first).getByRole('button', { name: 'Pedir' }).click();

    const second = await world.openAs(['policy_approver', 'operator'], '/saude');
    await second.getByRole('table', { name: 'O que o pedido muda' }).waitFor();
    await button(second, 'Enviar à QI').click();
    const shown = dialog(second).getByRole('table', { name: 'O que o pedido muda' });
    await shown
      .getByRole('row', { name: /^Pedidos por dia/ })
      .getByText('5', { exact: true })
      .waitFor();
    await dialog(second).getByRole('button', { name: 'Enviar' }).click();
    await second.getByText('no máximo 5 pedidos por dia', { exact: false }).waitFor();

    // What is asked for next begins with what is in force: a plain request takes no cap away.
    await button(first, 'Pedir a mudança').click();
    expect(await dialog(first).getByLabel('No máximo por dia').inputValue()).toBe('5');

    const green = second.getByText('Os limites do filtro são os da política ativa.');
    await green.waitFor();
    await button(second, 'Parar na QI').click();
    await dialog(second).getByLabel('Motivo').fill('Taxas estranhas');
    await dialog(second).getByRole('button', { name: 'Parar na QI' }).click();
    await second.getByText('A QI não nos manda pedidos').waitFor();
    expect(await green.count()).toBe(0);
  }, 30_000);

  const stopAtQi = async (page: Page): Promise<void> => {
    await button(page, 'Parar na QI').click();
    await dialog(page).getByLabel('Motivo').fill('Taxas estranhas');
    await dialog(page).getByRole('button', { name: 'Parar na QI' }).click();
  };

  it('QI’s filter is not called stopped while QI has not said so', async () => {
    const page = await world.openAs(['operator'], '/saude');
    world.sandbox.control.setBehaviour({ api: { too_many_rate: 1 } });
    await stopAtQi(page);
    await dialog(page)
      .getByRole('alert')
      .getByText('A QI não confirmou a parada', { exact: false })
      .waitFor();
    expect(await page.getByText('A QI não manda mais pedidos.').count()).toBe(0);
    world.sandbox.control.setBehaviour({ api: { too_many_rate: 0 } });
    await dialog(page).getByRole('button', { name: 'Parar na QI' }).click();
    await page.getByText('A QI não manda mais pedidos.').waitFor();
  }, 60_000);

  it('QI’s filter whose sending died with its process can be sent again, and withdrawn', async () => {
    const first = await world.openAs(['policy_author'], '/saude');
    await button(first, 'Pedir a mudança').click();
    await dialog(first).getByLabel('Motivo').fill('Limites da política');
    await dialog(first).getByRole('button', { name: 'Pedir' }).click();
    await first.getByText('Outra pessoa envia', { exact: false }).first().waitFor();
    await world.database.asOwner(
      `UPDATE qi_filter_change SET status = 'sending', sent_by = 'x', sent_at = now(), lease_owner = gen_random_uuid()
       WHERE status = 'proposed'`,
    );
    await first.reload();
    await first.getByText('o envio não terminou', { exact: false }).waitFor();
    await button(first, 'Retirar').waitFor();
    const second = await world.openAs(['policy_approver'], '/saude');
    await button(second, 'Enviar à QI').click();
    await dialog(second).getByRole('button', { name: 'Enviar' }).click();
    await second.getByText('Filtro enviado à QI.').waitFor();
  }, 60_000);

  it('other systems are told of what happens, each with its own secret, and one sees whether it reaches them', async () => {
    const url = `${receiver.url}/avisos`;
    const page = await world.openAs(['admin'], '/saude');
    await page.getByText('Ninguém é avisado').waitFor();
    await button(page, 'Novo endereço').click();
    await dialog(page).getByLabel('Endereço').fill('https://10.0.0.7/avisos');
    await dialog(page).getByLabel('Tarefa aberta para uma pessoa').check();
    await button(page, 'Criar e gerar o segredo').click();
    await dialog(page).getByText('não é um endereço público').waitFor();
    await dialog(page).getByLabel('Endereço').fill(url);
    await dialog(page).getByLabel('Descrição').fill('Recebedor dos testes');
    await button(page, 'Criar e gerar o segredo').click();
    const secret = page.locator('pre').filter({ hasText: 'whsec_' });
    const first = (await secret.textContent()) ?? '';

    const row = page.locator(`[data-endpoint="${url}"]`);
    const more = async (what: string): Promise<void> => {
      await row.getByRole('button', { name: /^Mais sobre/ }).click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    const arrived = (times: number) =>
      waitFor(`${String(times)} of them`, () => receiver.at('/avisos')[times - 1]);
    await more('Enviar um teste');
    const trial = await arrived(1);
    expect(isSignedWith(first, trial)).toBe(true);
    const delivered = dialog(page).locator('[data-delivery=delivered]').filter({ hasText: 'Teste' });
    await delivered.getByRole('button', { name: 'Enviar de novo' }).click();
    expect((await arrived(2)).event.id).toBe(trial.event.id);
    await button(page, 'Fechar').click();
    await dialog(page).waitFor({ state: 'detached' });

    await more('Trocar o segredo');
    await dialog(page).getByRole('button', { name: 'Trocar o segredo' }).click();
    await page.getByText('O anterior vale também até').waitFor();
    const second = (await secret.textContent()) ?? '';
    await more('Enviar um teste');
    const both = await arrived(3);
    expect([first, second].map((one) => isSignedWith(one, both))).toEqual([true, true]);
    expect(second).not.toBe(first);
    await button(page, 'Fechar').click();
    await dialog(page).waitFor({ state: 'detached' });

    await more('Trocar o segredo');
    const rotation = '**/api/v1/notification-endpoints/*/secret';
    await page.route(rotation, loseAnswer);
    const rotate = dialog(page).getByRole('button', { name: 'Trocar o segredo' });
    expect(await rotate.isDisabled()).toBe(true);
    await dialog(page).getByLabel('O da última troca').check();
    await rotate.click();
    await dialog(page).getByText('O pedido pode ter sido feito').waitFor();
    await page.unroute(rotation);
    await waitFor('the two that sign now', async () => ((await rotate.isDisabled()) ? true : undefined));
    await dialog(page).getByLabel('O de antes da última troca').check();
    await rotate.click();
    await dialog(page).waitFor({ state: 'detached' });
    const third = (await secret.textContent()) ?? '';
    await more('Enviar um teste');
    const kept = await arrived(4);
    expect([first, second, third].map((one) => isSignedWith(one, kept))).toEqual([false, true, true]);
    await button(page, 'Fechar').click();
    await dialog(page).waitFor({ state: 'detached' });

    await more('Mudar');
    await dialog(page).getByRole('switch', { name: 'Ligado' }).click();
    await dialog(page).getByRole('button', { name: 'Mudar' }).click();
    await row.getByText('desligado').waitFor();
    const operator = await world.openAs(['operator'], '/saude');
    await operator.locator(`[data-endpoint="${url}"]`).getByText('Recebedor dos testes').waitFor();
    expect(await operator.getByRole('button', { name: /^(Novo endereço|Mais sobre)/ }).count()).toBe(0);
    await more('Remover');
    await dialog(page).getByRole('button', { name: 'Remover' }).click();
    await page.getByText('Ninguém é avisado').waitFor();
  }, 40_000);

  it('what a colleague changed meanwhile is not given back by whoever had read it before', async () => {
    const { username } = await world.person('operator');
    const { body } = await world.door.master('GET', `/api/v1/users?text=${username}`);
    const [{ id }] = body['items'] as [{ id: string }];
    const url = 'https://example.com/colega';
    const endpoint = await world.door.master('POST', '/api/v1/notification-endpoints', {
      url,
      event_types: ['auction.won'],
    });
    const here = `/api/v1/notification-endpoints/${String(endpoint.body['id'])}`;
    const page = await world.openAs(['admin'], '/acesso');
    const person = page.locator(`[data-user="${username}"]`);
    await person.getByRole('button', { name: 'Papéis' }).click();
    await dialog(page).waitFor();
    const roles = { roles: ['viewer'] };
    expect((await world.door.master('PATCH', `/api/v1/users/${id}`, roles)).status).toBe(200);
    await dialog(page).getByRole('button', { name: 'Mudar' }).click();
    await dialog(page).getByText('Os papéis mudaram desde que foram lidos').waitFor();
    await button(page, 'Voltar').click();
    await person.getByText('Leitor').waitFor();
    await world.door.master('PATCH', `/api/v1/users/${id}`, { roles: ['analyst'] });
    await person.getByText('Analista').waitFor(); // by itself

    await page.goto('/saude');
    const row = page.locator(`[data-endpoint="${url}"]`);
    await row.getByRole('button', { name: /^Mais sobre/ }).click();
    await page.getByRole('menuitem', { name: 'Mudar' }).click();
    expect(await dialog(page).getByRole('button', { name: 'Mudar' }).isDisabled()).toBe(true);
    await dialog(page).getByLabel('Descrição').fill('O do colega');
    await world.door.master('PATCH', here, { enabled: false, event_types: ['task.opened'] });
    await dialog(page).getByRole('button', { name: 'Mudar' }).click();
    await row.getByText('O do colega').waitFor();
    expect((await world.door.master('GET', here)).body).toMatchObject({
      description: 'O do colega',
      enabled: false,
      event_types: ['task.opened'],
    });
    await row.getByRole('button', { name: /^Mais sobre/ }).click();
    await page.getByRole('menuitem', { name: 'Mudar' }).click();
    await dialog(page).getByLabel('Descrição').fill('O meu');
    await world.door.master('PATCH', here, { description: 'De novo o do colega' });
    await dialog(page).getByRole('button', { name: 'Mudar' }).click();
    await dialog(page).getByText('O endereço mudou desde que foi lido').waitFor();
    await button(page, 'Voltar').click();
    await row.getByText('De novo o do colega').waitFor();
    await world.door.master('DELETE', here);

    const server = { port: 587, security: 'starttls', sender: 'a@example.com', username: '' };
    const host = 'novo.example.com';
    expect((await world.door.master('PUT', '/api/v1/mail-server', { ...server, host })).status).toBe(200);
    await button(page, 'Servidor de e-mail').click();
    expect(await dialog(page).getByLabel('Servidor', { exact: true }).inputValue()).toBe(host);
    const others = { ...server, host: 'colega.example.com' };
    expect((await world.door.master('PUT', '/api/v1/mail-server', others)).status).toBe(200);
    await dialog(page).getByLabel('Remetente').fill('b@example.com');
    await button(page, 'Salvar').click();
    await dialog(page).getByText('O servidor de e-mail mudou desde que foi lido').waitFor();
    await button(page, 'Voltar').click();
    await button(page, 'Servidor de e-mail').click();
    expect(await dialog(page).getByLabel('Servidor', { exact: true }).inputValue()).toBe(others.host);
  }, 40_000);

  it('an administrator invites people and revokes tokens; the auditor reads that it was done', async () => {
    await world.door.master('POST', '/api/v1/users', { username: 'rui@example.com', roles: ['viewer'] });
    const page = await world.openAs(['admin'], '/acesso');
    await button(page, 'Nova pessoa').click();
    await dialog(page).getByLabel('Usuário').fill('Não é um nome');
    await dialog(page).getByLabel('Papéis').press('ArrowDown');
    await page.getByRole('option', { name: 'Analista' }).click();
    await page.keyboard.press('Tab');
    await dialog(page).getByRole('button', { name: 'Criar e gerar o link' }).click();
    await dialog(page).locator('input[aria-invalid=true]').waitFor();
    await dialog(page).getByLabel('Usuário').fill('maria@example.com');
    await dialog(page).getByRole('button', { name: 'Criar e gerar o link' }).click();
    await page.getByText('/welcome#').waitFor();
    await page.locator('[data-user="maria@example.com"]').getByText('Analista').waitFor();

    await page.getByRole('tab', { name: 'Tokens da API' }).click();
    await button(page, 'Novo token').click();
    await dialog(page).getByLabel('Nome').fill('relatorios');
    await dialog(page).getByLabel('Papéis').press('ArrowDown');
    await page.getByRole('option', { name: 'Leitor' }).click();
    await page.keyboard.press('Tab');
    // Whoever manages accounts may not do what a reader may: somebody else answers for this token.
    await dialog(page).getByRole('button', { name: 'Criar' }).click();
    await dialog(page).getByText('quem responde pelo token não pode tudo').waitFor();
    const keeper = async (name: string): Promise<void> => {
      await dialog(page).getByLabel('Responde por ele').click();
      await page.getByRole('option', { name }).click();
    };
    await keeper('maria@example.com');
    await dialog(page).getByRole('button', { name: 'Criar' }).click();
    const token = await page.locator('pre').filter({ hasText: 'arremate_' }).textContent();
    const asToken = { authorization: `Bearer ${token ?? ''}` };
    expect((await world.door.call('GET', '/api/v1/session', undefined, asToken)).status).toBe(200);
    const row = page.locator('[data-token=relatorios]');
    await row.getByText('maria@example.com').waitFor();
    await row.getByRole('button', { name: 'Entregar' }).click();
    await keeper('rui@example.com');
    await dialog(page).getByRole('button', { name: 'Entregar' }).click();
    await row.getByText('rui@example.com').waitFor();
    await row.getByRole('button', { name: 'Revogar' }).click();
    await dialog(page).getByRole('button', { name: 'Revogar' }).click();
    await row.getByText('revogado').waitFor();
    expect((await world.door.call('GET', '/api/v1/session', undefined, asToken)).status).toBe(401);

    const auditor = await world.openAs(['auditor'], '/acesso');
    await auditor.getByRole('combobox', { name: 'O quê' }).fill('Token revogado');
    await auditor.getByRole('option', { name: 'Token revogado' }).click();
    await auditor.getByRole('table', { name: 'Trilha de auditoria' }).getByText('Token revogado').waitFor();
    const viewer = await world.openAs(['viewer'], '/acesso');
    await viewer.getByText('Seus papéis não permitem ver esta página').waitFor();
  }, 40_000);

  it('a restored database is noticed: the page says what is not known, and a person confirms what they checked', async () => {
    await leaveUnsettled();
    const { database } = world;
    const copy = await database.copy();
    const copied = await lookedAt();
    await waitFor('the service to go on', async () => ((await lookedAt()) > copied + 1 ? true : undefined));
    await database.goBackTo(copy);
    await waitFor('the restore to be noticed', async () => {
      const { body } = await world.door.master('GET', '/api/v1/recoveries');
      return (body['items'] as unknown[] | undefined)?.length === 1 ? true : undefined;
    });

    const reader = await world.openAs(['viewer'], '/restauracao');
    await reader.getByRole('heading', { name: 'O banco de dados voltou a um ponto anterior' }).waitFor();
    expect(await button(reader, 'Confirmar a conferência').count()).toBe(0);
    const page = await world.openAs(['operations_approver'], '/');
    await page.getByRole('link', { name: 'Conferir a restauração' }).click();
    await page.getByText('Espera a conferência de uma pessoa').waitFor();
    expect(await factsOn(page)).toMatchObject({
      'Lances sem resposta': '1',
      'Comandos sem resposta': '1',
      'Operações sem leilão': '1',
      'Comandos que passaram a sem resposta': '1',
    });

    await button(page, 'Confirmar a conferência').click();
    const confirm = dialog(page).getByRole('button', { name: 'Confirmar' });
    await dialog(page).getByLabel('O que foi conferido, em palavras').fill('Portal da QI, das 9 às 10 h');
    expect(await confirm.isDisabled()).toBe(true); // nothing is ticked
    for (const each of await dialog(page).getByRole('checkbox').all()) await each.check();
    await confirm.click();
    await page.getByText('Conferida: a volta dos lances já pode ser pedida.').waitFor();
    await page.getByText('“Portal da QI, das 9 às 10 h”').waitFor();
    await button(page, 'Pedir a volta').waitFor();
    await reader.getByText(/^Conferida por operations_approver/).waitFor();
  }, 40_000);

  /** How often processes have looked at the database, by its own account. */
  async function lookedAt(): Promise<number> {
    const [row] = await world.database.asOwner(`SELECT counter::int FROM recovery_generation`);
    return (row as { readonly counter: number }).counter;
  }

  /** In the copy: a bid nobody knows the answer to, a command not sent, a loan without its auction. */
  async function leaveUnsettled(): Promise<void> {
    await world.database.asOwner(
      `WITH told AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
         VALUES (sha256('unsettled'), now(), '', '', 'done') RETURNING id)
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
         personal_ciphertext)
       SELECT 'unsettled', id, 'unknown', now(), '', '' FROM told;
       INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
         disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
         disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at)
       VALUES (gen_random_uuid(), 'unsettled', 1, 'unknown', 0.02, 12, 1000, 100, 1000, 1000, 10, 0.03, now(), now(), 7,
         '[]', 'row', now(), now());
       INSERT INTO operation (credit_operation_key, status, status_since, opened_at)
       VALUES ('unsettled', 'awaiting_signature', now(), now());
       INSERT INTO operation_command (id, credit_operation_key, action, status, actor, not_before, created_at)
       VALUES (gen_random_uuid(), 'unsettled', 'cancel_permanently', 'intended', 'ana', now() + interval '1 hour', now())`,
    );
  }

  /** What stands in the columns of names and values. */
  async function factsOn(page: Page): Promise<Readonly<Record<string, string>>> {
    const [names, values] = await Promise.all([
      page.locator('dl dt').allInnerTexts(),
      page.locator('dl dd').allInnerTexts(),
    ]);
    return Object.fromEntries(names.map((name, nth) => [name, values[nth] ?? '']));
  }
});
