import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { accountOf, personOf } from '../support/borrower';
import { cpfWithPrefix } from '../support/cpf-with-prefix';
import { engineFile } from '../support/engine-file';
import { waitFor } from '../support/wait-for';
import { consoleWorld } from './console-world';
import { endSessionsOf, signIn } from './door';
import { loseAnswer } from './lost-answers';
import { choosePaymentDay } from './payment-day';

/** An attendant with a client on the other side of the desk: FGTS from the CPF to the money. */
describe('proposals', () => {
  const world = consoleWorld({
    ARREMATE_ENGINE_FILE: engineFile({
      origination: {
        queries_per_second: 50,
        poll_ms: 100,
        sweep_ms: 200,
        retry_base_ms: 200,
        tell_after_attempts: 2,
        issue_inquiries: 100,
        federal_payroll: { opens_at_hour: 0, business_days_only: false },
      },
      operation: { undo_window_seconds: 0, poll_ms: 100 },
    }),
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const dialog = (page: Page) => page.getByRole('dialog');
  const status = (page: Page, word: string) =>
    page.locator('.badge').getByText(word, { exact: true }).first().waitFor();
  const choose = async (page: Page, field: string, option: string | RegExp): Promise<void> => {
    await page.getByRole('combobox', { name: field }).click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };

  async function plan(document_number: string, wanted: object, product = 'fgts'): Promise<void> {
    const body = JSON.stringify({ document_number, ...wanted });
    const answer = await fetch(`${world.sandbox.url}/_control/${product}`, { method: 'POST', body });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** What an attendant asks at first. */
  async function openProposal(page: Page, cpf: string): Promise<void> {
    await page.getByRole('link', { name: 'Nova proposta' }).click();
    await page.getByLabel('CPF do cliente').fill(cpf);
    await page.getByLabel('Nome completo').fill('Maria Aparecida de Souza');
    await page.getByLabel('Data de nascimento').fill('10031985');
    await choose(page, 'Pessoa politicamente exposta?', 'Não');
    await button(page, 'Consultar o saldo').click();
    await status(page, 'Com oferta');
  }

  async function acceptFirst(page: Page): Promise<string> {
    const offer = page.getByRole('table', { name: 'Ofertas' });
    const shown = await offer
      .getByRole('row', { name: /Cliente recebe/ })
      .getByRole('cell')
      .first()
      .innerText();
    await offer
      .getByRole('button', { name: /Registrar o aceite/ })
      .first()
      .click();
    await dialog(page).getByText(shown, { exact: true }).waitFor();
    await choose(page, 'Onde o cliente aceitou', 'Aplicativo');
    await dialog(page).getByLabel('Versão do texto aceito').fill('2026-11');
    await dialog(page).getByLabel('Aparelho em que o cliente aceitou').fill('Moto G84, Android 15');
    await dialog(page).getByRole('button', { name: 'Registrar' }).click();
    await status(page, 'Aceita');
    return shown;
  }

  /** What an issue needs besides. */
  async function complete(page: Page, fixes: Readonly<Record<string, string>> = {}): Promise<void> {
    const image = {
      name: 'rg.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('ffd8ffe000104a464946', 'hex'),
    };
    await page.getByLabel('Imagem do documento, frente').setInputFiles(image);
    await page.getByText('Imagem enviada à QI.').waitFor();
    await describeClient(page, fixes);
  }

  async function describeClient(page: Page, fixes: Readonly<Record<string, string>> = {}): Promise<void> {
    await button(page, 'Completar os dados').click();
    const fields = {
      'Nome da mãe': 'Ana de Souza',
      'E-mail': 'maria@example.com',
      DDD: '11',
      Telefone: '989073010',
      'Número do documento': '123456789',
      'Emitido em': '01012010',
      CEP: '01001-000',
      Rua: 'Rua A',
      Número: '1',
      Bairro: 'Centro',
      Cidade: 'São Paulo',
      'Estado (sigla)': 'sp',
      ...fixes,
    };
    for (const [label, text] of Object.entries(fields))
      await dialog(page).getByRole('textbox', { name: label, exact: true }).fill(text);
    await choose(page, 'Documento', 'RG');
    await dialog(page).getByRole('button', { name: 'Guardar' }).click();
  }

  async function issue(page: Page): Promise<void> {
    await button(page, 'Emitir a operação').click();
    await dialog(page).getByRole('button', { name: 'Emitir' }).click();
    await status(page, 'Emitida');
  }

  /** A proposal whose attendant is somebody else. @returns its id, once it has an offer */
  async function offered(document_number: string): Promise<string> {
    const { body } = await world.door.master('POST', '/api/v1/proposals', {
      product: 'fgts',
      document_number,
      person: personOf(document_number),
      account: accountOf(document_number),
    });
    const id = String(body['proposal_id']);
    await world.proposalBecomes(id, 'offered');
    return id;
  }

  /** @returns how many rows it changed */
  async function change(statement: string, id: string): Promise<number> {
    const sql = new Client({ connectionString: world.database.url });
    await sql.connect();
    const { rowCount } = await sql.query(statement, [id]);
    await sql.end();
    return rowCount ?? 0;
  }

  it('go from a CPF to the money, and a wrong field costs nothing that was typed', async () => {
    const page = await world.openAs(['operator'], '/propostas');
    await page.getByRole('link', { name: 'Nova proposta' }).click();
    await page.getByLabel('CPF do cliente').fill('10000000100');
    await page.getByText('Os dígitos não conferem').waitFor();
    expect(await button(page, 'Consultar o saldo').isDisabled()).toBe(true);
    await page.goBack();
    await openProposal(page, '10000000108');
    await acceptFirst(page);
    expect(await button(page, 'Emitir a operação').isDisabled()).toBe(true);

    await complete(page, { 'E-mail': 'maria' });
    await dialog(page).getByText('informe um e-mail').waitFor();
    expect(await dialog(page).getByLabel('Rua').inputValue()).toBe('Rua A');
    await dialog(page).getByLabel('E-mail').fill('maria@example.com');
    await dialog(page).getByRole('button', { name: 'Guardar' }).click();
    await page.getByText('Completos.').waitFor();
    await issue(page);
    await status(page, 'Desembolsada');
    expect(page.url()).not.toContain('10000000108');

    await page.getByRole('link', { name: 'Propostas' }).click();
    await page.getByRole('textbox', { name: 'CPF', exact: true }).fill('10000000108');
    await page.locator('[data-proposal]').waitFor();
    expect(await page.locator('[data-proposal]').innerText()).not.toContain('100.000.001-08');
    expect(page.url()).not.toContain('10000000108');
  }, 60_000);

  it('whose payment is refused are paid to another key', async () => {
    const cpf = '10000000280';
    await plan(cpf, {
      endorsement: ['fgts_unauthorized_institution', 'endorsed'],
      payment: ['pix_refusal', 'disbursed'],
    });
    const page = await world.openAs(['operator'], '/propostas');
    await openProposal(page, cpf);
    await acceptFirst(page);
    await complete(page);
    await page.getByText('Completos.').waitFor();
    await issue(page);
    await status(page, 'Desembolso recusado');
    await page.getByText('Garantia averbada depois de recusada. Recusada uma vez').waitFor();
    await page.locator('a[href^="/operacoes/"]').click();
    await page.getByText('FGTS saque-aniversário').waitFor();
    await page.getByRole('link', { name: /proposta/ }).waitFor();

    await button(page, 'Reenviar desembolso').click();
    await choosePaymentDay(page);
    await dialog(page).getByRole('radio', { name: 'Por chave PIX' }).check();
    const account = {
      'Nome do titular': 'Maria Aparecida de Souza',
      'CPF do titular': cpf,
      'Chave PIX': cpf,
    };
    for (const [label, text] of Object.entries(account))
      await dialog(page).getByRole('textbox', { name: label }).fill(text);
    const key = dialog(page).getByRole('textbox', { name: 'Chave PIX' });
    await key.fill('15350946056');
    await key.blur();
    await dialog(page).getByText('informe o CPF do próprio trabalhador').waitFor();
    await dialog(page).getByRole('button', { name: 'Reenviar' }).click();
    expect(await key.getAttribute('aria-invalid')).toBe('true');
    await key.fill(cpf);
    await dialog(page).getByRole('button', { name: 'Reenviar' }).click();
    await status(page, 'Desembolsada');
  }, 60_000);

  it('that fail say why, and what to tell the client', async () => {
    const page = await world.openAs(['operator'], '/propostas/nova');
    await page.getByLabel('CPF do cliente').fill('91000000192');
    await button(page, 'Consultar o saldo').click();
    await status(page, 'Consulta sem saldo');
    await page.getByText('QI SOCIEDADE DE CREDITO S.A').first().waitFor();
    await button(page, 'Encerrar a proposta').click();
    await dialog(page).getByLabel('Motivo').fill('Cliente desistiu');
    await dialog(page).getByRole('button', { name: 'Encerrar' }).click();
    await status(page, 'Encerrada');
  }, 30_000);

  it('leave nothing that was begun about one of them to another that is gone to meanwhile', async () => {
    const page = await world.openAs(['operator'], '/propostas/nova');
    const opened = async (cpf: string): Promise<string> => {
      await page.getByLabel('CPF do cliente').fill(cpf);
      await button(page, 'Consultar o saldo').click();
      await status(page, 'Consulta sem saldo');
      return page.url().split('/').at(-1) ?? '';
    };
    const goTo = async (id: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByLabel(/^Página, regra/).fill(id);
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/propostas/${id}`);
      await page.getByText(id.slice(0, 8)).first().waitFor();
    };
    const first = await opened(cpfWithPrefix('91', 1));
    const streams: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/v1/live')) streams.push(request.url());
    });
    await page.getByRole('link', { name: 'Propostas' }).click();
    await page.getByRole('link', { name: 'Nova proposta' }).click();
    const second = await opened(cpfWithPrefix('91', 2));
    await goTo(first);
    await button(page, 'Encerrar a proposta').click();
    await dialog(page).getByLabel('Motivo').fill('Cliente desistiu');
    await goTo(second);
    await dialog(page).waitFor({ state: 'detached' });
    await button(page, 'Encerrar a proposta').click();
    expect(await dialog(page).getByLabel('Motivo').inputValue()).toBe('');
    expect(streams).toEqual([]); // what is around the pages stays
  }, 60_000);

  it('whose query never gets through are ended, though its answer is not known', async () => {
    world.sandbox.control.setBehaviour({ api: { error_rate: 1 } });
    try {
      const page = await world.openAs(['operator'], '/propostas/nova');
      await page.getByLabel('CPF do cliente').fill(cpfWithPrefix('1', 59));
      await button(page, 'Consultar o saldo').click();
      await page.waitForURL(/propostas\/[0-9a-f-]{36}$/);
      const id = page.url().split('/').at(-1) ?? '';
      // Until the next try there is all the time that a person needs; one that was beginning just then ends first.
      const putOff = `UPDATE proposal_command SET not_before = now() + interval '1 hour'
        WHERE proposal_id = $1 AND status = 'unknown'`;
      await waitFor('a lost answer that stays so', async () => {
        await change(putOff, id);
        await new Promise((resolve) => setTimeout(resolve, 500));
        const isPutOff = await change(`${putOff} AND not_before > now() + interval '30 minutes'`, id);
        return isPutOff > 0 ? true : undefined;
      });
      await button(page, 'Encerrar a proposta').click();
      await dialog(page).getByLabel('Motivo').fill('A QI não responde');
      await dialog(page).getByRole('button', { name: 'Encerrar' }).click();
      await status(page, 'Encerrada');
    } finally {
      world.sandbox.control.setBehaviour({ api: { error_rate: 0 } });
    }
  }, 30_000);

  it('that the policy leaves to people are let through by somebody else, from the queue', async () => {
    const page = await world.openAs(['operator'], '/propostas/nova');
    await page.getByLabel('CPF do cliente').fill('10000000361');
    await page.getByLabel('Data de nascimento').fill('10031985');
    await choose(page, 'Pessoa politicamente exposta?', 'Sim');
    await button(page, 'Consultar o saldo').click();
    await status(page, 'Em conferência');
    expect(await button(page, 'Liberar a proposta').isDisabled()).toBe(true);

    const second = await world.openAs(['operator'], '/operacoes');
    await second.locator('[data-task=proposal_review]').getByRole('link').click();
    await button(second, 'Liberar a proposta').click();
    await dialog(second).getByLabel('Motivo').fill('Conferido com o cliente');
    // Meanwhile it is judged of somebody else, and waits again.
    const id = page.url().split('/').at(-1) ?? '';
    const other = { person: { birth_date: '1986-03-10' } };
    await world.door.master('PUT', `/api/v1/proposals/${id}/borrower`, other);
    await dialog(second).getByRole('button', { name: 'Liberar' }).click();
    await dialog(second).getByText('foi analisada de novo').waitFor();
    await dialog(second).getByRole('button', { name: 'Voltar' }).click();
    await button(second, 'Liberar a proposta').click();
    await dialog(second).getByRole('button', { name: 'Liberar' }).click();
    await status(second, 'Com oferta');
  }, 30_000);

  it('whose order QI never answered are issued again once two people have found nothing there', async () => {
    const cpf = '10000000442';
    await plan(cpf, { faults: { debt_create: ['error'] } });
    const page = await world.openAs(['operator'], '/propostas');
    await openProposal(page, cpf);
    await acceptFirst(page);
    await complete(page);
    await page.getByText('Completos.').waitFor();
    await button(page, 'Emitir a operação').click();
    await dialog(page).getByRole('button', { name: 'Emitir' }).click();

    const sayNothing = async (who: Page): Promise<void> => {
      await button(who, 'Informar o que se achou na QI').click();
      await dialog(who).getByText('A QI não tem nada').click();
      await dialog(who).getByLabel('Como se descobriu').fill('Portal da QI e protocolo 4711');
      await dialog(who).getByRole('button', { name: 'Registrar' }).click();
    };
    // A look-up may be under way in that moment, or the order be sent anew: then it is said again.
    const isTold = async (who: Page): Promise<void> => {
      await sayNothing(who);
      const hidden = dialog(who).waitFor({ state: 'hidden', timeout: 5_000 });
      const isClosed = await hidden.then(
        () => true,
        () => false,
      );
      if (isClosed) return;
      await who.keyboard.press('Escape');
      await isTold(who);
    };
    await isTold(page);
    await page.locator('[data-task=proposal_unknown]').getByText('Outra pessoa deve conferir').waitFor();
    await page.getByText('como se descobriu: Portal da QI e protocolo 4711').waitFor();
    await sayNothing(page);
    await dialog(page).getByText('É preciso outra pessoa').waitFor();

    const second = await world.openAs(['operator'], page.url().replace(/^https?:\/\/[^/]+/, ''));
    await isTold(second);
    await status(second, 'Aceita');
    await issue(second);
    await status(second, 'Desembolsada');
    expect(world.sandbox.control.ledger().violations).toEqual([]);
  }, 60_000);

  it('are estimated from what the client says, before Caixa is asked, and the locked window is told', async () => {
    const page = await world.openAs(['operator'], '/propostas/nova');
    const month = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo', month: '2-digit' });
    // Of whoever has their birthday now nobody can ask anything; half a year away everybody can.
    await page.getByLabel('Data de nascimento').fill(`15${month.format(new Date())}1985`);
    await page.getByText('Mês de aniversário: a Caixa só deve aceitar').waitFor();
    const later = new Date(Date.now() + 182 * 86_400_000);
    await page.getByLabel('Data de nascimento').fill(`15${month.format(later)}1985`);
    await page.locator('[data-locked-window]').waitFor({ state: 'detached' });
    await page.getByLabel('Saldo do FGTS, para uma estimativa').fill('5.000,00');
    await page.locator('[data-estimate]').getByText('Estimativa, não é oferta').waitFor();
    await page.locator('[data-estimate]').getByText('cerca de R$').first().waitFor();

    // While another balance is asked about, what the one before would have brought is not shown beside it.
    await page.route('**/api/v1/proposals/estimate', () => new Promise(() => undefined));
    await page.getByLabel('Saldo do FGTS, para uma estimativa').fill('6.000,00');
    await page.locator('[data-estimate]').waitFor({ state: 'detached' });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }, 30_000);

  it('of a client are found by the CPF, which stands in no address', async () => {
    const cpf = cpfWithPrefix('1', 57);
    const id = await offered(cpf);
    await offered(cpfWithPrefix('1', 58));
    const page = await world.openAs(['operator'], '/propostas');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const rows = page.locator('tr[data-proposal]');
    await rows.nth(1).waitFor();
    await page.getByLabel('CPF').fill(cpf);
    await rows.nth(1).waitFor({ state: 'detached' });
    expect(await rows.first().getAttribute('data-proposal')).toBe(id);
    expect(asked.concat(page.url()).filter((url) => url.includes(cpf))).toEqual([]);
  }, 30_000);

  it('are accepted as they were shown: another simulation meanwhile changes nothing under whoever records the yes', async () => {
    const id = await offered(cpfWithPrefix('1', 60));
    const page = await world.openAs(['operator'], `/propostas/${id}`);
    const receives = page
      .getByRole('table', { name: 'Ofertas' })
      .getByRole('row', { name: /Cliente recebe/ })
      .getByRole('cell')
      .first();
    const shown = await receives.innerText();
    await page
      .getByRole('button', { name: /Registrar o aceite/ })
      .first()
      .click();
    await choose(page, 'Onde o cliente aceitou', 'Aplicativo');
    await dialog(page).getByLabel('Versão do texto aceito').fill('2026-11');
    await dialog(page).getByLabel('Aparelho em que o cliente aceitou').fill('Moto G84, Android 15');

    // Between two simulations there is no offer.
    await page.route(
      `**/api/v1/proposals/${id}`,
      async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...((await response.json()) as object), simulations: [] } });
      },
      { times: 1 },
    );
    await receives.waitFor({ state: 'detached' });
    const wishes = { kind: 'target', amount: '300.00' };
    await world.door.master('POST', `/api/v1/proposals/${id}/simulate`, { wishes });
    await receives.filter({ hasNotText: shown }).filter({ hasText: 'R$' }).waitFor();
    await dialog(page).getByText(shown, { exact: true }).waitFor();
    await dialog(page).getByRole('button', { name: 'Registrar' }).click();
    await dialog(page).getByText('foi simulada de novo').waitFor();
    expect(await dialog(page).getByLabel('Versão do texto aceito').inputValue()).toBe('2026-11');
    expect((await world.door.master('GET', `/api/v1/proposals/${id}`)).body['status']).toBe('offered');
  }, 60_000);

  it('whose acceptance was recorded and the answer lost are not told as refused: the same yes is said again', async () => {
    const id = await offered(cpfWithPrefix('1', 63));
    const page = await world.openAs(['operator'], `/propostas/${id}`);
    await page
      .getByRole('button', { name: /Registrar o aceite/ })
      .first()
      .click();
    await choose(page, 'Onde o cliente aceitou', 'Site');
    await dialog(page).getByLabel('Versão do texto aceito').fill('2026-11');
    await page.route('**/accept', loseAnswer, { times: 1 });
    await dialog(page).getByRole('button', { name: 'Registrar' }).click();
    await dialog(page).getByText('O pedido pode ter sido feito').waitFor();
    expect((await world.door.master('GET', `/api/v1/proposals/${id}`)).body['status']).toBe('accepted');
    await dialog(page).getByRole('button', { name: 'Registrar' }).click();
    await page.getByText('Aceite registrado.').waitFor();
    await dialog(page).waitFor({ state: 'detached' });
  }, 30_000);

  it('are told of a client only what stands in fields that are shown', async () => {
    const cpf = cpfWithPrefix('1', 61);
    const { mother_name: _, ...person } = personOf(cpf);
    const { pix_key: __, ...holder } = accountOf(cpf);
    const { body } = await world.door.master('POST', '/api/v1/proposals', {
      product: 'fgts',
      document_number: cpf,
      person,
      account: {
        ...holder,
        ispb_number: '60701190',
        branch_number: '1',
        account_number: '12345',
        account_digit: '6',
      },
    });
    const id = String(body['proposal_id']);
    await world.proposalBecomes(id, 'offered');
    const page = await world.openAs(['operator'], `/propostas/${id}`);
    await button(page, 'Completar os dados').click();
    const all = dialog(page).getByRole('checkbox', { name: 'Corrigir também' });
    const field = (label: string) => dialog(page).getByRole('textbox', { name: label, exact: true });
    await all.check();
    await field('Data de nascimento').fill('10031958');
    await field('Nome do titular').fill('Maria');
    await field('CPF do titular, o próprio trabalhador').fill(cpf);
    await all.uncheck();
    await field('Nome da mãe').fill('Ana de Souza');
    const sent = page.waitForRequest((request) => request.method() === 'PUT');
    await dialog(page).getByRole('button', { name: 'Guardar' }).click();
    expect((await sent).postDataJSON()).toEqual({
      borrower_revision: 0,
      person: { mother_name: 'Ana de Souza' },
    });
    await page.getByText('Completos.').waitFor();
    await status(page, 'Com oferta');
  }, 30_000);

  it('begin without what was put off until later, though it was typed', async () => {
    const page = await world.openAs(['operator'], '/propostas/nova');
    await page.getByLabel('CPF do cliente').fill(cpfWithPrefix('1', 62));
    await button(page, 'Informar já os outros dados da emissão').click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('maria@example.com');
    await button(page, 'Deixar os outros dados para depois').click();
    const sent = page.waitForRequest(
      (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/proposals'),
    );
    await button(page, 'Consultar o saldo').click();
    expect((await sent).postDataJSON()).not.toHaveProperty('person');
  }, 30_000);

  it('half typed when the session ends are typed no second time', async () => {
    const person = await world.person('operator');
    const page = await world.openAs(person, '/propostas/nova');
    await page.getByLabel('CPF do cliente').fill(cpfWithPrefix('1', 64));
    await page.getByLabel('Nome completo').fill('Maria Aparecida de Souza');
    await page.getByText('PIX').last().waitFor();
    await endSessionsOf(world, person);
    await button(page, 'Consultar o saldo')
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await page.getByRole('status').getByText('A sessão terminou').waitFor();
    await signIn(page, person);
    expect(await page.getByLabel('Nome completo').inputValue()).toBe('Maria Aparecida de Souza');
    await button(page, 'Consultar o saldo').click();
    await page.waitForURL(/propostas\/[0-9a-f-]{36}$/);
  }, 30_000);

  it('cede chosen withdrawals, from the first on', async () => {
    const id = await offered(cpfWithPrefix('1', 51));
    const page = await world.openAs(['operator'], `/propostas/${id}`);
    await button(page, 'Simular outro valor').click();
    await dialog(page).getByText('Saques escolhidos').click();
    await dialog(page).getByRole('checkbox').nth(1).uncheck();
    await dialog(page).getByRole('button', { name: 'Simular' }).click();
    const ceded = page
      .getByRole('row', { name: /Saques cedidos/ })
      .getByRole('cell')
      .first();
    await ceded.getByText(/^\d\d\/\d\d\/\d{4} R\$\s[\d.,]+$/).waitFor();
    await page.getByText('saques escolhidos', { exact: true }).waitFor(); // the dialog says it with a capital
  }, 30_000);

  it('that are locked come back by themselves on the date that Caixa gave', async () => {
    const cpf = cpfWithPrefix('1', 52);
    await plan(cpf, { balance: ['on_locked_date_range', 'success'] });
    const page = await world.openAs(['operator'], '/propostas/nova');
    await page.getByLabel('CPF do cliente').fill(cpf);
    await page.getByLabel('Nome completo').fill('Maria Aparecida de Souza');
    await page.getByLabel('Data de nascimento').fill('10031985');
    await choose(page, 'Pessoa politicamente exposta?', 'Não');
    await button(page, 'Consultar o saldo').click();
    await status(page, 'Consulta sem saldo');
    await page.getByText(/Tentada de novo sozinha em \d\d\/\d\d\/\d{4}/).waitFor();
    await change(`UPDATE proposal SET retry_at = now() WHERE id = $1`, page.url().split('/').at(-1) ?? '');
    await status(page, 'Com oferta');
  }, 30_000);

  it('whose guarantee is refused for good are cancelled by two people, and the year is free', async () => {
    const cpf = cpfWithPrefix('1', 53);
    await plan(cpf, { endorsement: ['fgts_insufficient_balance'] });
    const page = await world.openAs(['operator'], `/propostas/${await offered(cpf)}`);
    await acceptFirst(page);
    const another = await offered(cpf);
    await issue(page);
    await status(page, 'Averbação recusada');
    await page.locator('a[href^="/operacoes/"]').click();
    const address = new URL(page.url()).pathname;

    const other = await world.openAs(['operator'], `/propostas/${another}`);
    await acceptFirst(other);
    await button(other, 'Emitir a operação').click();
    await dialog(other).getByRole('button', { name: 'Emitir' }).click();
    await dialog(other).getByText('O trabalhador já tem um contrato com saques a vir').waitFor();
    await dialog(other).getByRole('button', { name: 'Voltar' }).click();

    await button(page, 'Cancelar em definitivo').click();
    await dialog(page).getByRole('textbox').fill('A Caixa recusou a garantia');
    await dialog(page).getByRole('button', { name: 'Pedir o cancelamento' }).click();
    const second = await world.openAs(['operations_approver'], address);
    await button(second, 'Aprovar').click();
    await dialog(second).getByRole('button', { name: 'Aprovar' }).click();
    await status(page, 'Cancelada em definitivo');

    await issue(other);
  }, 60_000);

  it('whose client changes their mind are paid back by a charge that two people ask for', async () => {
    const cpf = cpfWithPrefix('1', 56);
    await plan(cpf, { refund: 'never' });
    const page = await world.openAs(['operator'], `/propostas/${await offered(cpf)}`);
    await acceptFirst(page);
    await issue(page);
    await status(page, 'Desembolsada');
    await page.locator('a[href^="/operacoes/"]').click();
    await page.getByText(/O cliente pode desistir até \d\d\/\d\d\/\d{4}/).waitFor();
    await button(page, 'Cobrar a devolução').click();
    await dialog(page).getByRole('textbox').fill('O cliente desistiu');
    await dialog(page).getByRole('button', { name: 'Pedir a cobrança' }).click();
    const second = await world.openAs(['operations_approver'], new URL(page.url()).pathname);
    await button(second, 'Aprovar').click();
    await dialog(second).getByRole('button', { name: 'Aprovar' }).click();
    await page.getByText('PIX copia e cola').waitFor();
  }, 60_000);

  it('of many clients start from a file, looked at first, and end as one to download', async () => {
    const page = await world.openAs(['operator'], '/propostas');
    await page.getByRole('link', { name: 'Arquivos' }).click();
    const [one, other] = [cpfWithPrefix('1', 54), cpfWithPrefix('8', 55)];
    const csv = `cpf;data_nascimento;pep\n${one};10/03/1985;não\n${other};10/03/1985;não\n11111111112;;\n`;
    const file = { name: 'clientes.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
    await page.getByLabel('Arquivo de propostas').setInputFiles(file);
    await page.locator('[data-preview]').getByText('os dígitos do CPF não conferem').waitFor();
    // With nothing held, a browser tells of the corrected file of the same name too.
    expect(await page.getByLabel('Arquivo de propostas').inputValue()).toBe('');
    await button(page, 'Começar 2 propostas').click();
    await page.locator('[data-line="2"]').getByText('Com oferta').waitFor();
    await page.locator('[data-line="3"]').getByText('Sem oferta').waitFor();
    await page.locator('[data-line="4"]').getByText('Recusada no arquivo').waitFor();
    const address = '**/api/v1/proposal-batches/*/result';
    await page.route(address, (route) => route.abort());
    await button(page, 'Baixar o resultado').click();
    await page.getByRole('alert').getByText('Sem conexão com o serviço').waitFor();
    await page.unroute(address);
    const downloading = page.waitForEvent('download');
    await button(page, 'Baixar o resultado').click();
    const result = await readFile(await (await downloading).path(), 'utf8');
    expect(result).toContain('Com oferta');
    expect(result).not.toContain(one);

    await page.getByRole('link', { name: 'Propostas' }).click();
    await page.getByRole('link', { name: 'Arquivos' }).click();
    await page.getByLabel('Arquivo de propostas').setInputFiles(file);
    await page.getByText('Este arquivo já foi enviado').waitFor();
  }, 60_000);

  describe('of a federal servant', () => {
    const FIRST_LINK = '17000/4387';

    async function askServant(page: Page, cpf: string): Promise<void> {
      await page.goto('/propostas/nova');
      await page.getByRole('radiogroup', { name: 'Produto' }).getByText('SIAPE').click();
      await page.getByLabel('CPF do cliente').fill(cpf);
      await page.getByLabel('Nome completo').fill('Maria Aparecida de Souza');
      await page.getByLabel('Data de nascimento').fill('10031985');
      await choose(page, 'Pessoa politicamente exposta?', 'Não');
      await button(page, 'Consultar o saldo').click();
    }

    async function wish(page: Page, link: string, installment: string, months: string): Promise<void> {
      await button(page, `Simular no vínculo ${link}`).click();
      await dialog(page).getByText('Uma parcela').click();
      await dialog(page).getByLabel('Parcela por mês').fill(installment);
      await dialog(page).getByLabel('Prazo em meses').fill(months);
    }

    async function simulate(page: Page, installment: string): Promise<void> {
      await dialog(page).getByRole('button', { name: 'Simular' }).click();
      await status(page, 'Com oferta');
      const shown = page.getByRole('row', { name: /Parcela/ }).first();
      await shown.getByText(installment).first().waitFor();
    }

    async function acceptAndIssue(page: Page): Promise<void> {
      await acceptFirst(page);
      await describeClient(page);
      await page.getByText('Completos.').waitFor();
      await issue(page);
    }

    const margin = (page: Page, word: string) =>
      page.locator('[data-margin]').getByText(word, { exact: true }).waitFor();

    it('wait for the link that pays, and offer within its margin', async () => {
      const cpf = '25256363506';
      const links = [
        { registration_code: '1354387', margin: '100.00' },
        { registration_code: '2000002', margin: '321.00', authority_code: '26000' },
      ];
      await plan(cpf, { links }, 'federal-payroll');
      const page = await world.openAs(['operator'], '/propostas');
      await askServant(page, cpf);
      await page.getByText('escolha o vínculo que paga o empréstimo').first().waitFor();

      await wish(page, '26000/0002', '321,01', '48');
      await dialog(page).getByRole('button', { name: 'Simular' }).click();
      await dialog(page).getByText('passa da margem').first().waitFor();
      await dialog(page).getByLabel('Parcela por mês').fill('300,00');
      await simulate(page, '300,00');
      await page.locator('[data-link="26000/0002"]').getByText('escolhido').waitFor();
      await page.getByText('(calendário não verificado)').first().waitFor();

      await acceptAndIssue(page);
      await page.getByText('SIAPE').first().waitFor();
      expect(await page.locator('body').innerText()).not.toContain('2000002');
    }, 60_000);

    it('whose margin is gone are simulated and signed anew, paid, and later refinanced', async () => {
      const cpf = cpfWithPrefix('2', 57);
      const links = [{ registration_code: '1354387', margin: '150.00' }];
      await plan(cpf, { links, reservation: ['invalid_balance'] }, 'federal-payroll');
      const page = await world.openAs(['operator'], '/propostas');
      await askServant(page, cpf);
      await status(page, 'Com oferta');
      await acceptAndIssue(page);
      await page.locator('a[href^="/operacoes/"]').click();
      await status(page, 'Averbação recusada');
      await margin(page, 'Não reservada');

      await askServant(page, cpf);
      await status(page, 'Com oferta');
      await wish(page, FIRST_LINK, '100,00', '24');
      await simulate(page, '100,00');
      await acceptAndIssue(page);
      await page.locator('a[href^="/operacoes/"]').click();
      await status(page, 'Desembolsada');
      await margin(page, 'Reservada');

      await askServant(page, cpf);
      await status(page, 'Com oferta');
      await wish(page, FIRST_LINK, '140,00', '48');
      await dialog(page).getByLabel('Nosso').check();
      await choose(page, 'Operação a quitar', /^24 x R\$\s100,00/);
      await simulate(page, '140,00');
      await acceptAndIssue(page);
      const { debts, violations } = world.sandbox.control.ledger();
      expect(debts.filter((debt) => debt.document_number === cpf)).toHaveLength(3);
      expect(violations).toEqual([]);
    }, 90_000);
  });
});
