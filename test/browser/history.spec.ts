import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import type { Page } from 'playwright-core';
import readWorkbook from 'read-excel-file/node';
import { copiesOf } from '../support/copied-auctions';
import { newCpf } from '../support/webhooks';
import { consoleWorld } from './console-world';
import { notForPeople } from './not-for-people';

const punctuated = (cpf: string): string => cpf.replace(/^(...)(...)(...)(..)$/, '$1.$2.$3-$4');

describe('bid history', () => {
  const world = consoleWorld();
  const cpf = newCpf();
  let declined: string;
  let won: string;
  beforeAll(async () => {
    won = world.openAuction();
    const request = { document_number: cpf, eligible: false, name: 'MARIA DAS DORES' };
    declined = world.openAuction({ request });
    world.openAuction({ rivals: ['0.0101'] });
    await world.auctionBecomes(declined, 'declined');
    await world.auctionBecomes(won, 'won');
  });

  const rows = async (page: Page): Promise<(string | null)[]> =>
    Promise.all(
      (await page.locator('tr[data-auction]').all()).map((row) => row.getAttribute('data-auction')),
    );

  it('finds an auction by CPF, which stands in no address, and says why we did not bid', async () => {
    const page = await world.openAs(['analyst'], '/historico');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('heading', { name: 'Histórico de lances' }).waitFor();
    await page.keyboard.press('/');
    // Enter comes before the service has said whose CPF it is.
    await page.getByRole('dialog').getByRole('textbox').fill(punctuated(cpf));
    await page.keyboard.press('Enter');
    await page.getByText('Um trabalhador, pelo CPF buscado').waitFor();
    await page.getByText('1 no total').waitFor();
    expect(await rows(page)).toEqual([declined]);
    await page.locator(`tr[data-auction="${declined}"] a`).click();

    await page.locator('[data-reason=NOT_ELIGIBLE]').waitFor();
    const rules = page.getByRole('table', { name: 'Regras da política' }).locator('tbody tr');
    expect(await rules.first().innerText()).toMatch(/Não elegível segundo a QI.*recusou/s);
    // Every rule is there, with what it saw and what it wanted.
    const cells = await Promise.all((await rules.all()).map((row) => row.locator('td').allInnerTexts()));
    expect(cells.length).toBeGreaterThan(10);
    expect(cells.flat()).not.toContain('');
    expect(
      asked.concat(page.url()).filter((url) => url.includes(cpf) || url.includes(punctuated(cpf))),
    ).toEqual([]);
  });

  it('asks nobody for a CPF who may not see it, and says so', async () => {
    const page = await world.openAs(['viewer'], '/historico');
    await page.route('**/api/v1/history/lookup', () => {
      throw new Error('the CPF has left the browser');
    });
    await page.getByRole('button', { name: 'Ir para' }).click();
    const field = page.getByRole('dialog').getByRole('textbox');
    expect(await field.getAttribute('placeholder')).not.toContain('CPF');
    await field.fill(punctuated(cpf));
    await page.getByText('Só quem pode ver dados pessoais procura por um CPF').waitFor();
    await page.goto('/propostas');
    await page.getByText('Situação').first().waitFor();
    expect(await page.getByLabel('CPF').count()).toBe(0);
  });

  it('says so when nobody has that key', async () => {
    const page = await world.openAs(['viewer'], '/historico');
    await page.getByRole('button', { name: 'Ir para' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('5f1d7a52-0000-4000-8000-000000000000');
    await page.keyboard.press('Enter');
    await page.getByText('Nada encontrado').waitFor();
    // Nobody answers: that is not the same as nothing found.
    await page.route('**/api/v1/history/lookup', (route) => route.abort());
    await page.getByRole('dialog').getByRole('textbox').fill('5f1d7a52-0000-4000-8000-000000000001');
    await page.getByRole('alert').getByText('Sem conexão com o serviço').waitFor();
  });

  it('keeps the filters in the address, and under a name', async () => {
    const page = await world.openAs(['analyst'], '/historico');
    await page.getByText('3 no total').waitFor();
    // The largest first, then the smallest.
    const taxa = page.getByRole('columnheader', { name: 'Taxa' });
    await taxa.getByRole('button').click();
    await page.locator('th[aria-sort=descending]', { hasText: 'Taxa' }).waitFor();
    expect(page.url()).toContain('ordem=-rate');
    await page
      .locator('tr[data-auction]')
      .last()
      .and(page.locator(`[data-auction="${declined}"]`))
      .waitFor();
    await taxa.getByRole('button').click();
    await page.locator('th[aria-sort=ascending]', { hasText: 'Taxa' }).waitFor();
    await page
      .locator('tr[data-auction]')
      .last()
      .and(page.locator(`[data-auction="${declined}"]`))
      .waitFor();
    await page
      .getByRole('combobox', { name: 'Situação' })
      .or(page.getByRole('textbox', { name: 'Situação' }))
      .first()
      .click();
    await page.getByRole('option', { name: 'Ganho' }).click();
    await page.getByText('1 no total').waitFor();
    expect(await rows(page)).toEqual([won]);
    expect(page.url()).toContain('status=won');
    await page.reload();
    await page.getByText('1 no total').waitFor();

    await page.getByRole('button', { name: 'Visões' }).click();
    await page.getByLabel('Nome da visão').fill('ganhos de hoje');
    await page.getByRole('button', { name: 'Guardar' }).click();
    await page.getByRole('menuitem', { name: 'ganhos de hoje' }).waitFor();
    await page.goto('/historico');
    await page.getByText('3 no total').waitFor();
    await page.getByRole('button', { name: 'Visões' }).click();
    await page.getByRole('menuitem', { name: 'ganhos de hoje' }).click();
    await page.getByText('1 no total').waitFor();
  });

  it('says so when no auction passes the filters', async () => {
    const page = await world.openAs(['viewer'], '/historico?status=expired');
    await page.getByText('Nenhum leilão com esses filtros').waitFor();
    await page.goto('/graficos?status=expired');
    await page.getByText('Nenhum leilão com esses filtros').waitFor();
  });

  it('shows a borrower unmasked only to whoever says why, and writes that down', async () => {
    const page = await world.openAs(['analyst'], `/historico/${declined}`);
    await page.getByRole('heading', { name: 'Pedido' }).waitFor();
    expect(await page.content()).not.toContain('DORES');
    await page.getByRole('button', { name: 'Ver dados pessoais' }).click();
    expect(await page.getByRole('button', { name: 'Ver', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('dialog').getByLabel('Motivo').fill('o trabalhador ligou');
    await page.getByRole('button', { name: 'Ver', exact: true }).click();
    await page.getByRole('dialog').getByText('MARIA DAS DORES').waitFor();
    await page.getByRole('dialog').getByText(punctuated(cpf)).waitFor();
    const { body } = await world.door.master('GET', '/api/v1/audit?action=personal_data.revealed');
    expect(JSON.stringify(body)).toContain('o trabalhador ligou');
    await page.getByRole('button', { name: 'Fechar' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain('DORES');
  });

  it('follows an auction that is not over, tells its timeline, its instalments and its explanation', async () => {
    const key = world.openAuction();
    const page = await world.openAs(['analyst'], `/historico/${key}`);
    await page.getByText('Ganho', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Linha do tempo' }).click();
    await page.getByText('Proposta enviada à QI').waitFor();
    await page.getByText('Pedido e resposta').click();
    await page.getByText('"disbursed_issue_amount": 2100').waitFor();
    await page.getByText('"auction_proposal_key"').waitFor();
    await page.getByText('Decidido: lançar').waitFor();
    await page.getByRole('tab', { name: 'Parcelas' }).click();
    await page.getByRole('cell', { name: '24', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Explicação' }).click();
    await page.getByRole('tabpanel').getByText('revise esta decisão').waitFor();
    await page.emulateMedia({ media: 'print' });
    await page.getByRole('heading', { name: /^Explicação da decisão/ }).waitFor();
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: 'Registrar pedido de revisão' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('O que o trabalhador contesta').fill('a taxa');
    await dialog.getByRole('button', { name: 'Registrar' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { body: tasks } = await world.door.master('GET', '/api/v1/tasks?kind=human_review');
    expect(JSON.stringify(tasks)).toContain(key);
    await page.getByRole('link', { name: 'Ver a operação' }).click();
    await page.getByRole('heading', { name: 'Operação' }).waitFor();
  });

  it('adds to the timeline of an ended auction what happens while one looks at it', async () => {
    const page = await world.openAs(['viewer'], `/historico/${declined}`);
    await page.getByRole('tab', { name: 'Linha do tempo' }).click();
    await page.getByText(/^Decidido: /).waitFor();
    await world.door.master('POST', `/api/v1/auctions/${declined}/review-request`, { reason: 'a recusa' });
    await page.getByText('Revisão pedida pelo trabalhador', { exact: true }).waitFor();
  });

  it('says in words that an auction does not exist', async () => {
    const page = await world.openAs(['viewer'], '/historico/5f1d7a52-0000-4000-8000-000000000000');
    await page.getByRole('alert').getByText('Esse leilão não existe').waitFor();
  });

  it('export of 30 days to a workbook, opened by a library that does not write it: 5 clicks', async () => {
    const page = await world.openAs(['analyst'], '/historico');
    await page.getByText('4 no total').waitFor();
    await page.getByRole('button', { name: 'Período' }).click();
    await page.getByRole('button', { name: 'Últimos 30 dias' }).click();
    await page.waitForURL(/de=\d{4}-\d\d-\d\d&ate=/);
    await page.getByRole('button', { name: 'Exportar' }).click();
    await page.getByRole('menuitem', { name: /^Excel/ }).click();
    const file = await download(page);
    const [sheet] = await readWorkbook(file);
    const [titles = [], ...lines] = sheet?.data ?? [];
    expect(sheet?.sheet).toBe('Leilões');
    expect(lines).toHaveLength(4);
    const line = lines.find(([key]) => key === won) ?? [];
    const cell = Object.fromEntries(titles.map((title, at) => [String(title), line[at]]));
    expect(cell).toMatchObject({
      Situação: 'Ganho',
      'Valor pedido': 2100,
      'Prazo pedido': 24,
    });
    expect(titles).toContain('Margem realizada'); // in it once the loan is paid out, which goes on by itself
    expect(cell['Recebido']).toBeInstanceOf(Date);
    expect(cell['Taxa mensal']).toBeGreaterThan(0.01);
    expect(cell['Trabalhador']).toMatch(/\*/);
  });

  async function download(page: Page): Promise<Buffer> {
    await page.waitForURL('**/exportacoes');
    const [started] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Baixar' }).first().click(),
    ]);
    expect(started.suggestedFilename()).toMatch(/^leiloes-.*\.(csv|xlsx|parquet)$/);
    const file = readFileSync(await started.path());
    expect(file.toString('latin1')).not.toContain(cpf);
    return file;
  }

  const FILES: readonly (readonly [string, (file: Buffer) => Promise<void>])[] = [
    ['CSV', isCsv],
    ['Parquet', isParquet],
  ];
  it.each(FILES)('exports a list to %s, masked, as a file that opens', async (format, opens) => {
    const page = await world.openAs(['analyst'], '/historico?status=declined');
    await page.getByText('1 no total').waitFor();
    await page.getByRole('button', { name: 'Exportar' }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${format}`) }).click();
    await opens(await download(page));
  });

  function isCsv(file: Buffer): Promise<void> {
    const [titles, ...lines] = file.toString('utf8').trimEnd().split('\r\n');
    expect(titles).toContain('\uFEFFLeilão;Recebido;');
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^${declined};.*;\\*{3}\\.\\d{3}\\.\\d{3}-\\*\\*;.*;2100`)),
    ]);
    return Promise.resolve();
  }

  async function isParquet(file: Buffer): Promise<void> {
    const read = await parquetReadObjects({ file: new Uint8Array(file).buffer });
    expect(read).toEqual([
      expect.objectContaining({ issuer_proposal_request_key: declined, status: 'declined' }),
    ]);
  }

  it('says of an auction without a decision whether there never was one, or how its archive is asked', async () => {
    const leave = (key: string, status: string, reason: string) =>
      world.database.asOwner(
        `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, ended_at, personal_key_id,
           personal_ciphertext, status_reason)
         SELECT '${key}', max(id), '${status}', now() - interval '3 years', now(), '', '', ${reason} FROM webhook_event;`,
      );
    await leave('too-late', 'missed', `'no_time'`);
    await leave('old', 'lost', 'NULL');
    await world.database.asOwner(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status, policy_version)
       VALUES ('old', now() - interval '3 years', now() - interval '3 years', 9, 'private_payroll', 'lost', '7')`,
    );
    const page = await world.openAs(['analyst'], '/historico/too-late');
    await page.getByText('Nunca foi decidido', { exact: true }).waitFor();
    await page.getByText(/terminou antes de ser decidido: .*não havia tempo antes do encerramento/).waitFor();
    await page.goto('/historico/old');
    await page.getByText('A decisão e o lance estão no arquivo', { exact: true }).waitFor();
    await page
      .getByText(`npm run archive -- query "SELECT * FROM bid WHERE auction_key = 'old'"`, { exact: true })
      .waitFor();
    expect(await page.getByText('Ainda não decidido').count()).toBe(0);
  });

  it('tries another version on an auction, also while two versions say the same', async () => {
    const { body: draft, headers } = await world.door.master('POST', '/api/v1/policies', {});
    const path = `/api/v1/policies/${String(draft['number'])}`;
    const exposure = { ...(draft['document'] as { exposure: object }).exposure, per_employer: '1500000' };
    const document = { ...(draft['document'] as object), exposure };
    await world.door.master('PUT', path, { document }, { 'if-match': String(headers['etag']) });
    const { body: copy } = await world.door.master('POST', '/api/v1/policies', { based_on: draft['number'] });
    const page = await world.openAs(['analyst'], `/historico/${won}`);
    await page.getByRole('tab', { name: 'Outra versão' }).click();
    await page.getByRole('combobox', { name: 'Versão' }).click();
    await page.getByRole('option', { name: new RegExp(`^${String(draft['number'])} · `) }).waitFor();
    await page.getByRole('option', { name: new RegExp(`^${String(copy['number'])} · `) }).click();
    await page.getByText('A outra versão decide o mesmo.').waitFor();

    const tables = (document as unknown as { tables: { rows: { then: Record<string, string> }[] }[] }).tables;
    for (const { then } of tables[0]?.rows ?? [])
      then['monthly_interest_rate'] = (Number(then['monthly_interest_rate']) - 0.0005).toFixed(4);
    const { body: cheaper, headers: read } = await world.door.master('POST', '/api/v1/policies', {});
    const match = { 'if-match': String(read['etag']) };
    await world.door.master('PUT', `/api/v1/policies/${String(cheaper['number'])}`, { document }, match);
    await page.reload();
    await page.getByRole('tab', { name: 'Outra versão' }).click();
    await page.getByRole('combobox', { name: 'Versão' }).click();
    await page.getByRole('option', { name: new RegExp(`^${String(cheaper['number'])} · `) }).click();
    await page.getByText(/^Taxa: \d,\d+% a\.m\. → \d,\d+% a\.m\.$/).waitFor();
    await page.getByText(/^Parcela: R\$\s[\d.]+,\d\d → R\$\s[\d.]+,\d\d$/).waitFor();
    expect(await notForPeople(page, 'main')).toEqual([]);
  });

  it('shows the filter that is used, and passes over what an address says and nobody can read', async () => {
    const page = await world.openAs(['viewer'], '/historico');
    await page.getByRole('button', { name: 'Mais filtros' }).click();
    const rate = page.getByLabel('Taxa de (% a.m.)');
    await rate.fill('2,495');
    await rate.press('Enter');
    await page.waitForURL(/rate_from=%220\.02495%22/);
    expect(await rate.inputValue()).toBe('2,495');
    for (const path of ['/historico', '/graficos']) {
      await page.goto(`${path}?ate=ontem&de=2026-99-99&term_from=muitas`);
      await page.getByRole('button', { name: 'Mais filtros' }).waitFor();
      await page
        .locator('main')
        .getByText(/Recebido|Do pedido ao desembolso/)
        .first()
        .waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
  });

  it('keeps the menu and what stops bidding, whatever one page cannot show', async () => {
    const page = await world.openAs(['operator'], '/historico');
    await page.route('**/api/v1/history/charts*', (route) => route.fulfill({ json: {} }));
    await page.getByRole('navigation').waitFor();
    await page.goto('/graficos');
    await page.getByRole('alert').getByText('Algo deu errado nesta página').waitFor();
    await page.getByRole('button', { name: 'Parar lances' }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Histórico' }).click();
    await page.getByRole('heading', { name: 'Histórico de lances' }).waitFor();
    expect(world.forgive(/reading '0'/).length).toBeGreaterThan(0);
  });

  it('asks for more of the list once, and again when somebody wants it, while that fails', async () => {
    await world.database.asOwner(
      copiesOf(
        won,
        Array.from({ length: 150 }, () => ({ status: 'lost' as const, daysAgo: 1 })),
      ),
    );
    const page = await world.openAs(['viewer'], '/historico');
    let asked = 0;
    await page.route(/\/history\/auctions\?.*cursor=/, (route) => {
      asked += 1;
      return route.fulfill({ status: 422, json: { title: 'Unprocessable Entity', errors: [] } });
    });
    const list = page.getByRole('region', { name: 'Leilões encontrados' });
    await list.locator('tr[data-auction]').first().waitFor();
    await list.hover();
    await page.mouse.wheel(0, 100_000);
    const again = page.getByRole('button', { name: 'Tentar de novo' }).last();
    await again.waitFor();
    await page.waitForTimeout(2_000);
    expect(asked).toBe(1);
    await page.unrouteAll({ behavior: 'wait' });
    await again.click();
    await page.getByText(/ no total$/).waitFor();
  });
});
