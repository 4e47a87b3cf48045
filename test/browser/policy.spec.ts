import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Download, Page, Route } from 'playwright-core';
import type { Person } from '../support/people';
import { TODAY } from '../support/today';
import { waitFor } from '../support/wait-for';
import { mimeTypeOf, UPLOAD_CASES, uploadCase, type UploadCase } from '../uploads/cases';
import { consoleWorld } from './console-world';
import { endSessionsOf, signIn } from './door';
import { loseAnswer } from './lost-answers';
import { notForPeople } from './not-for-people';

/** The lists of the shipped policy that files are sent to. */
const LIST_OF = { document: 'empregadores_bloqueados', outside: 'cpfs_bloqueados' } as const;

interface PolicyDocument {
  readonly rules: readonly { readonly id: string }[];
  readonly tables: readonly {
    readonly rows: readonly {
      readonly id: string;
      readonly then: { readonly monthly_interest_rate: string };
    }[];
  }[];
  readonly test_cases: readonly { readonly name: string }[];
  readonly lists: readonly { readonly name: string; readonly entries?: readonly string[] }[];
}

/** From an empty cell of the sheet to the next auction: the credit team's way through the console. */
describe('a policy', () => {
  const world = consoleWorld();

  const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const dialog = (page: Page) => page.getByRole('dialog');
  const cell = (page: Page, row: number, column: number) => page.locator(`#precos-${row}-${column}`);
  /** The column of rates, and the rows of long tenure, 13 to 24 and 25 to 48 instalments, small amounts. */
  const RATE = 7;
  const MEDIUM = 21;
  const LONG = 24;

  async function newDraft(person: Person): Promise<{ page: Page; path: string }> {
    const page = await world.openAs(person, '/politica');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, 'Novo rascunho').click();
    await page.getByRole('grid').waitFor();
    return { page, path: new URL(page.url()).pathname };
  }

  const copy = (page: Page, text: string) =>
    page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);

  /** While the grid still brings the cell before into view, a click as quick as this one meets another row. */
  async function choose(page: Page, row: number): Promise<void> {
    await waitFor(`the rate of row ${row} to be the active cell`, async () => {
      await cell(page, row, RATE).click();
      const active = await page.getByRole('grid').getAttribute('aria-activedescendant');
      return active === `precos-${row}-${RATE}` ? true : undefined;
    });
  }

  async function type(page: Page, row: number, text: string): Promise<void> {
    await choose(page, row);
    await page.keyboard.type(text);
    await page.keyboard.press('Enter');
  }

  it('is written, tried, measured, approved by another person, and decides the next auction', async () => {
    const earlier = world.openAuction();
    const [author, approver] = await Promise.all([
      world.person('policy_author'),
      world.person('policy_approver'),
    ]);
    const { page, path } = await newDraft(author);

    // A rate by keyboard; what is no rate is refused where it was typed.
    await type(page, MEDIUM, 'dois');
    await page.getByRole('status').getByText('“dois” não serve aqui').waitFor();
    await page.keyboard.press('Escape');
    await type(page, MEDIUM, '2,84');
    expect(await cell(page, MEDIUM, RATE).textContent()).toBe('2,84');
    expect(await page.getByRole('grid').getAttribute('aria-activedescendant')).toBe(
      `precos-${MEDIUM + 1}-${RATE}`,
    );

    // A block from a spreadsheet; one that breaks the order of rates is told so at its cell.
    await copy(page, '2,50\r\n2,80\r\n');
    await choose(page, LONG);
    await page.keyboard.press('Control+v');
    const wrong = page.locator('[role=gridcell][aria-invalid=true]').first();
    await wrong.waitFor();
    await page.keyboard.press('Control+z');
    await wrong.waitFor({ state: 'hidden' });
    await copy(page, '3,05\r\n2,80\r\n');
    await page.getByRole('grid').press('Control+v');
    await cell(page, LONG, RATE)
      .filter({ hasText: /^3,05$/ })
      .waitFor();
    await cell(page, LONG + 1, RATE)
      .filter({ hasText: /^2,80$/ })
      .waitFor();

    // A rule, with what is wrong at its field.
    await tab(page, 'Regras');
    await button(page, 'Nova regra').click();
    await dialog(page).getByLabel('Nome').fill('margem-folgada');
    await dialog(page).getByLabel('Código do motivo').fill('margin_too_tight');
    await dialog(page).getByLabel('Campo', { exact: true }).click();
    await page.getByRole('option', { name: 'Margem consignável' }).click();
    await dialog(page).getByLabel('Valor', { exact: true }).fill('cem');
    await dialog(page).getByText('escreva como 1.500,00').waitFor();
    await dialog(page).getByLabel('Valor', { exact: true }).fill('100,00');
    await dialog(page)
      .getByLabel(/^Frase/)
      .fill('Margem de {observed}; a política exige {required}.');
    await dialog(page).getByText('Margem consignável no mínimo R$ 100,00').waitFor();
    await dialog(page).getByText('Sem problemas').waitFor();
    await button(page, 'Acrescentar').click();
    await page.locator('[data-rule=margem-folgada]').waitFor();

    // The new rule breaks a case: the author looks why, and agrees.
    await tab(page, 'Casos de teste');
    await page.getByText('7 de 8 casos passam').waitFor();
    const broken = page.locator('[data-case="Todos os motivos são informados"]');
    await broken.getByRole('button', { name: 'Abrir' }).click();
    await dialog(page).locator('[data-result=failed]').getByText('no mínimo R$ 100,00').first().waitFor();
    await button(page, 'Esperar o que se obteve').click();
    await dialog(page).locator('[data-result=passed]').waitFor();
    await button(page, 'Aplicar').click();
    await page.getByText('8 de 8 casos passam').waitFor();

    // A case from a past auction, tried while one looks at it.
    await world.auctionBecomes(earlier, 'won');
    await button(page, 'De um leilão passado').click();
    const wanted = dialog(page).getByLabel('Chave do leilão');
    await wanted.fill('00000000');
    await button(page, 'Buscar').click();
    await page.getByText('Nenhum leilão com esta chave').waitFor();
    await wanted.fill(earlier.slice(0, 8)); // as the lists show it
    await button(page, 'Buscar').click();
    await dialog(page).locator('[data-result=passed]').getByText('t3-p2-v1').waitFor();
    await button(page, 'Acrescentar').click();
    await page.getByText('9 de 9 casos passam').waitFor();

    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    await tab(page, 'O que muda');
    await page.getByText('tables[precos].rows[t3-p2-v1].then.monthly_interest_rate').waitFor();

    await tab(page, 'Impacto');
    await button(page, 'Medir o impacto').click();
    await page.locator('[data-backtest=done]').getByRole('cell', { name: 'muda a oferta' }).first().waitFor();
    await page
      .locator('[data-tried-on=enough]')
      .getByText(/Medida com \d+ dos pedidos/)
      .waitFor();

    await button(page, 'Enviar para revisão').click();
    await dialog(page).getByLabel('Nota de mudança').fill('Taxa menor para prazo médio');
    await dialog(page).getByRole('button', { name: 'Enviar para revisão' }).click();
    await page.getByText('Outra pessoa aprova').waitFor();
    expect(await button(page, 'Aprovar').count()).toBe(0);

    const second = await world.openAs(approver, path);
    await button(second, 'Aprovar').click();
    await dialog(second).getByRole('button', { name: 'Aprovar' }).click();

    // Beside the active one it decides an auction that it has no say in.
    await tab(second, 'Sombra');
    const shadow = second.getByLabel('Decidir na sombra');
    await shadow.click();
    await second.getByText('Os próximos aparecem aqui.').waitFor();
    await world.auctionBecomes(world.openAuction(), 'won');
    await second.getByText('Diferença média de taxa').waitFor();
    await shadow.click();
    await waitFor('the shadow to end', async () => ((await shadow.isChecked()) ? undefined : true));

    // It is put off, and brought forward again.
    const stands = (word: string) => second.locator('.badge').getByText(word, { exact: true }).waitFor();
    await button(second, 'Agendar').click();
    await dialog(second).getByLabel('Quando').click();
    await second.locator('button[data-direction=next]').click();
    await second.locator('table button:not([disabled]):not([data-outside])').last().click();
    await dialog(second).getByText('Passa a decidir na hora marcada').click();
    await dialog(second).getByRole('button', { name: 'Agendar' }).click();
    await stands('Agendada');
    await button(second, 'Desmarcar').click();
    await dialog(second).getByLabel('Motivo').fill('Melhor já');
    await dialog(second).getByRole('button', { name: 'Desmarcar' }).click();
    await stands('Aprovada');

    await button(second, 'Ativar').click();
    await dialog(second).getByLabel('Motivo').fill('Taxa menor para prazo médio');
    await dialog(second).getByRole('button', { name: 'Ativar' }).click();
    await stands('Ativa');

    const next = world.openAuction();
    await world.auctionBecomes(next, 'won');
    await second.goto(`/historico/${next}`);
    await second.getByText('2,84% a.m.').first().waitFor();
    await second
      .getByRole('link', { name: `versão ${path.split('/').at(-1) ?? ''}` })
      .first()
      .click();
    await second.getByRole('heading', { name: `Versão ${path.split('/').at(-1) ?? ''}` }).waitFor();

    // And back.
    await second.goto('/politica/1');
    await button(second, 'Voltar a esta versão').click();
    await dialog(second).getByLabel('Motivo').fill('Taxa menor do que se queria');
    await dialog(second).getByRole('button', { name: 'Voltar a esta versão' }).click();
    await stands('Ativa');
  }, 90_000);

  it('is copied from whichever version one looks at, in force or not', async () => {
    const { body: draft, headers } = await world.door.master('POST', '/api/v1/policies', {});
    const path = `/policies/${String(draft['number'])}`;
    const exposure = { ...(draft['document'] as { exposure: object }).exposure, per_employer: '1500000' };
    const document = { ...(draft['document'] as object), exposure };
    await world.door.master('PUT', `/api/v1${path}`, { document }, { 'if-match': String(headers['etag']) });
    await world.door.master('POST', `/api/v1${path}/submit`);
    const page = await world.openAs(['policy_author'], path.replace('policies', 'politica'));
    await button(page, 'Copiar como rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    const copy = new URL(page.url()).pathname.replace('politica', 'policies');
    expect(copy).not.toBe(path);
    expect((await world.door.master('GET', `/api/v1${copy}`)).body).toMatchObject({
      state: 'draft',
      based_on: draft['number'],
    });
  });

  it('tells the second of two people at one draft, who loses nothing and overwrites nothing', async () => {
    const [first, second] = await Promise.all([world.person('policy_author'), world.person('policy_author')]);
    const { page: one, path } = await newDraft(first);
    const other = await world.openAs(second, path);
    await other.getByRole('grid').waitFor();

    await type(other, 0, '3,57');
    await type(one, 1, '3,30');
    await type(one, 0, '3,55');
    await button(one, 'Salvar rascunho').click();
    await button(one, 'Enviar para revisão').waitFor();

    await button(other, 'Salvar rascunho').click();
    const conflict = other.getByRole('alert').filter({ hasText: 'Outra pessoa salvou este rascunho' });
    await conflict.getByText('tables[precos].rows[t1-p1-v2].then.monthly_interest_rate').waitFor();
    await conflict.getByText('Linha t1-p1-v2 de precos: taxa', { exact: true }).waitFor();
    expect(await notForPeople(other, '[role=alert] td')).toEqual([]);
    await conflict.getByRole('radiogroup').getByText('O meu').click();
    await conflict.getByRole('button', { name: 'Reaplicar as minhas mudanças' }).click();
    expect(await cell(other, 0, RATE).textContent()).toBe('3,57');
    expect(await cell(other, 1, RATE).textContent()).toBe('3,30');
    await button(other, 'Salvar rascunho').click();
    await button(other, 'Enviar para revisão').waitFor();
    const { body } = await world.door.master('GET', `/api/v1/policies/${path.split('/').at(-1) ?? ''}`);
    expect(JSON.stringify(body['document'])).toMatch(/"0\.0357".*"0\.033"/);
  }, 40_000);

  it('says which entry of a list is wrong, and how it is written', async () => {
    const { page } = await newDraft(await world.person('policy_author'));
    await tab(page, 'Listas');
    const list = page.locator(`[data-list=${LIST_OF.document}]`);
    await list.getByRole('textbox').fill('11222333\n29.113.956/0001-65');
    await list
      .getByText('“29.113.956/0001-65”: a raiz são os oito primeiros caracteres do CNPJ, sem pontos')
      .waitFor();
  });

  it('asks before a rule or a case that is half written is closed', async () => {
    const { page, path } = await newDraft(await world.person('policy_author'));
    const asked: string[] = [];
    let isLeft = false;
    page.on('dialog', (question) => {
      asked.push(question.message());
      void (isLeft ? question.accept() : question.dismiss());
    });
    for (const [place, open, field] of [
      ['Regras', 'Nova regra', /^Frase/],
      ['Casos de teste', 'Novo caso', /^Nome/],
    ] as const) {
      await tab(page, place);
      // Nothing was written: it closes.
      await button(page, open).click();
      await dialog(page).getByLabel(field).waitFor();
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'hidden' });
      expect(asked).toEqual([]);
      await button(page, open).click();
      await dialog(page).getByLabel(field).fill('O que levou tempo para escrever');
      await page.keyboard.press('Escape');
      await page.mouse.click(20, 500);
      await dialog(page).getByRole('button', { name: 'Voltar' }).click();
      await page.goBack();
      await waitFor('the way back to ask too', () => (asked.length === 4 ? true : undefined));
      expect(asked.splice(0)).toEqual(Array(4).fill('Há mudanças que não foram salvas. Sair sem salvar?'));
      await page.waitForURL((url) => url.pathname === path);
      expect(await dialog(page).getByLabel(field).inputValue()).toBe('O que levou tempo para escrever');
      isLeft = true;
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'hidden' });
      asked.length = 0;
      isLeft = false;
    }
  }, 40_000);

  it('writes what is typed into the cell where it was begun, and loses none of it', async () => {
    const { page } = await newDraft(await world.person('policy_author'));
    const rates = () => Promise.all([1, 4].map((row) => cell(page, row, RATE).textContent()));
    const [, fourth] = await rates();
    await cell(page, 1, RATE).click();
    await page.keyboard.type('9,99');
    await cell(page, 4, RATE).click();
    expect(await rates()).toEqual(['9,99', fourth]);

    // What cannot stand there stays to be corrected, wherever one presses.
    const typed = page.getByRole('grid').getByRole('textbox');
    const refusal = page.getByRole('status').getByText('linha 5, Taxa: “dois” não serve aqui');
    await page.keyboard.type('dois');
    for (const elsewhere of [
      cell(page, 1, RATE),
      page.getByRole('heading', { level: 1 }),
      cell(page, 0, 0),
    ]) {
      await elsewhere.click();
      await refusal.waitFor();
      expect(await typed.inputValue()).toBe('dois');
    }
    await typed.dblclick();
    await cell(page, 1, RATE).dblclick();
    expect(await typed.inputValue()).toBe('dois');
    await page.keyboard.press('Escape');
    expect(await rates()).toEqual(['9,99', fourth]);

    // It knows its row, whatever comes and goes above it.
    await cell(page, 0, RATE).click();
    await button(page, 'Inserir linha').click();
    await cell(page, 5, RATE).click();
    await page.keyboard.type('dois');
    await button(page, 'Desfazer').click();
    await typed.fill('2,00');
    await page.keyboard.press('Enter');
    expect(await cell(page, 4, RATE).textContent()).toBe('2,00');

    // So with the fields that take several values as one text.
    await tab(page, 'Limites');
    await button(page, 'Deixar aprender').click();
    const steps = page.getByLabel('Distâncias dos testes, em pb');
    await steps.fill('5; doze');
    await steps.blur();
    expect(await steps.inputValue()).toBe('5; doze');
  }, 40_000);

  it('leaves what one has open as it was while another person saves: in the end both are there', async () => {
    const [first, second] = await Promise.all([world.person('policy_author'), world.person('policy_author')]);
    const { page: one, path } = await newDraft(first);
    const other = await world.openAs(second, path);
    const stored = async (): Promise<{ readonly hash: string; readonly document: PolicyDocument }> => {
      const { body } = await world.door.master('GET', `/api/v1${path.replace('politica', 'policies')}`);
      return body as never;
    };
    const save = async (page: Page): Promise<void> => {
      await button(page, 'Salvar rascunho').click();
      await button(page, 'Enviar para revisão').waitFor();
    };
    /** Until the page has been told of what is stored now. */
    const hears = async (page: Page): Promise<void> => {
      const { hash } = await stored();
      await page.waitForResponse(
        async (response) =>
          response.url().endsWith(path.replace('politica', 'policies')) &&
          ((await response.json()) as { hash: string }).hash === hash,
      );
    };
    const keepsBoth = async (page: Page): Promise<void> => {
      await button(page, 'Reaplicar as minhas mudanças').click();
      await save(page);
    };
    const begun = {
      Regras: async (page: Page, name: string) => {
        await button(page, 'Nova regra').click();
        await dialog(page).getByLabel('Nome').fill(name);
        await dialog(page).getByLabel('Código do motivo').fill('too_new');
        await dialog(page).getByLabel('Valor', { exact: true }).fill('0');
        await dialog(page)
          .getByLabel(/^Frase/)
          .fill('Tem {observed}; a política exige {required}.');
      },
      'Casos de teste': async (page: Page, name: string) => {
        await button(page, 'Novo caso').click();
        await dialog(page).getByLabel('Nome').fill(name);
      },
    };
    for (const [place, begin] of Object.entries(begun)) {
      await Promise.all([tab(one, place), tab(other, place)]);
      await begin(one, 'da-primeira');
      await begin(other, 'da-segunda');
      await button(other, 'Acrescentar').click();
      await save(other);
      await hears(one);
      await button(one, 'Acrescentar').click();
      await keepsBoth(one);
      await hears(other);
    }
    const { document } = await stored();
    expect(document.rules.slice(-2).map(({ id }) => id)).toEqual(['da-segunda', 'da-primeira']);
    expect(document.test_cases.slice(-2).map(({ name }) => name)).toEqual(['da-segunda', 'da-primeira']);

    // A cell that is being written, when a row above it goes.
    await Promise.all([tab(one, 'Tabelas'), tab(other, 'Tabelas')]);
    const row = await cell(one, 4, 0).textContent();
    await cell(one, 4, RATE).click();
    await one.keyboard.type('3,48');
    await cell(other, 0, RATE).click();
    await button(other, 'Apagar linha').click();
    await save(other);
    await hears(one);
    await one.keyboard.press('Enter');
    await keepsBoth(one);
    const [table] = (await stored()).document.tables;
    expect(table?.rows.find(({ id }) => id === row)?.then.monthly_interest_rate).toBe('0.0348');

    // A file that was looked at beside what was stored before.
    const [download] = await Promise.all([one.waitForEvent('download'), button(one, 'Baixar CSV').click()]);
    const sheet = await textOf(download);
    await hears(other);
    await one
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'precos.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) });
    await dialog(one).getByText('Linhas lidas').waitFor();
    await type(other, 3, '3,47');
    await save(other);
    await hears(one);
    await button(one, 'Importar').click();
    await dialog(one).getByRole('alert').waitFor();
    expect(JSON.stringify((await stored()).document.tables)).toContain('"0.0347"');
  }, 120_000);

  it('keeps what is written while the draft is being saved, and hears no older answer after it', async () => {
    const { page, path } = await newDraft(await world.person('policy_author'));
    const address = path.replace('politica', 'policies');
    const rates = () => Promise.all([0, 1, 2].map((row) => cell(page, row, RATE).textContent()));
    const polled = () =>
      page.waitForResponse(
        (response) => response.url().endsWith(address) && response.request().method() === 'GET',
      );
    /** Whose answers the service has given and the page is kept waiting for. */
    let kept: 'GET' | 'PUT' | undefined = 'PUT';
    let pass: (() => void) | undefined;
    await page.route(`**${address}`, async (route) => {
      const response = await route.fetch();
      if (route.request().method() === kept)
        await new Promise<void>((resolve) => {
          pass = resolve;
        });
      await route.fulfill({ response });
    });
    const passOn = (): void => {
      kept = undefined;
      pass?.();
      pass = undefined;
    };
    const saved = page.getByText('Rascunho salvo.');

    await type(page, 0, '3,57');
    await button(page, 'Salvar rascunho').click();
    await type(page, 1, '3,32');
    await cell(page, 2, RATE).click();
    await page.keyboard.type('3,07');
    // One's own save, when a poll is first to tell of it, is not another person's.
    await polled();
    expect(await page.getByRole('alert').filter({ hasText: 'Outra pessoa' }).count()).toBe(0);
    passOn();
    await saved.waitFor();
    await page.keyboard.press('Enter');
    expect(await rates()).toEqual(['3,57', '3,32', '3,07']);

    kept = 'GET';
    await waitFor('a poll before the save', () => pass);
    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    const late = polled();
    passOn();
    await late;
    await tab(page, 'O que muda');
    await tab(page, 'Tabelas');
    expect(await rates()).toEqual(['3,57', '3,32', '3,07']);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }, 40_000);

  it('takes a sheet and a list from files, each wrong cell by its name', async () => {
    const { page } = await newDraft(await world.person('policy_author'));
    const upload = (name: string, file: string, text: string) =>
      page
        .locator('input[type=file]')
        .nth(Number(name))
        .setInputFiles({ name: file, mimeType: 'text/csv', buffer: Buffer.from(text) });
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Baixar CSV').click()]);
    expect(download.suggestedFilename()).toBe('precos.csv');
    const sheet = await textOf(download);
    await upload('0', 'precos.csv', sheet.replace('0.0359', '3,59%'));
    await dialog(page).getByRole('alert').getByText('Célula E2').waitFor();
    expect(await dialog(page).getByRole('button', { name: 'Importar' }).isDisabled()).toBe(true);
    await dialog(page).getByRole('button', { name: 'Voltar' }).click();
    await upload('0', 'precos.csv', sheet.replace('0.0359', '0.0358'));
    await dialog(page).getByText('Mudam').waitFor();
    await dialog(page).getByRole('button', { name: 'Importar' }).click();
    await page.locator('#precos-0-7').getByText('3,58').waitFor();

    await tab(page, 'Listas');
    const leaves = page.locator('[data-list=afastamentos_permitidos]');
    const [list] = await Promise.all([
      page.waitForEvent('download'),
      leaves.getByRole('button', { name: 'Baixar CSV' }).click(),
    ]);
    expect(list.suggestedFilename()).toBe('afastamentos_permitidos.csv');
    expect((await textOf(list)).split(/\r?\n/)).toContain("'17");
    await upload('0', 'bloqueados.csv', '529.982.247-25\nninguém\n111.444.777-35\n');
    await dialog(page).getByRole('alert').getByText('Célula A2').waitFor();
    await button(page, 'Aplicar os outros 2').click();
    await page.locator('[data-list=cpfs_bloqueados]').getByText('2 itens importados').waitFor();
    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
  }, 40_000);

  it('shows what each file would change, and takes the right ones', async () => {
    const { page, path } = await newDraft(await world.person('policy_author'));
    const box = dialog(page);
    /** What the draft holds, where a file of this case goes. */
    const stands = async ({ to }: UploadCase): Promise<unknown> => {
      const { body } = await world.door.master('GET', `/api/v1/policies/${path.split('/').at(-1) ?? ''}`);
      const document = body['document'] as PolicyDocument;
      return to === 'prices'
        ? document.tables[0]?.rows.at(-1)?.then.monthly_interest_rate
        : document.lists.find(({ name }) => name === LIST_OF[to])?.entries?.toSorted();
    };
    for (const one of UPLOAD_CASES) {
      await tab(page, one.to === 'prices' ? 'Tabelas' : 'Listas');
      const before = await stands(one);
      const place = one.to === 'prices' ? page : page.locator(`[data-list=${LIST_OF[one.to]}]`);
      await place
        .locator('input[type=file]')
        .setInputFiles({ name: one.file, mimeType: mimeTypeOf(one.file), buffer: uploadCase(one.file) });
      for (const name of one.hidden ?? []) await box.getByText(`aba oculta: “${name}”`).waitFor();
      if (one.unseen !== undefined)
        await box.getByText('O que está oculto no arquivo também foi lido: 2 linhas e a coluna B.').waitFor();
      for (const [cell, why] of one.refused ?? [])
        await (
          why === 'confirm_removal'
            ? box.getByLabel(/^Sim, tirar \d+ itens da lista$/)
            : box
                .getByRole('listitem')
                .filter({ hasText: `Célula ${cell}: ` })
                .filter({ hasText: why })
        ).waitFor();
      const take = box.getByRole('button', { name: /^(Importar|Aplicar os outros)/ });
      if (one.refused !== undefined) {
        expect(await take.isDisabled()).toBe(true);
        await box.getByRole('button', { name: 'Voltar' }).click();
      } else {
        await box.getByText('Linhas lidas').waitFor();
        const secondWord = box.getByLabel(/^Sim, tirar/);
        if ((await secondWord.count()) > 0) await secondWord.check();
        await take.click();
      }
      await box.waitFor({ state: 'hidden' });
      expect(await stands(one)).toEqual(one.refused === undefined ? one.right : before);
    }
  }, 90_000);

  it('is still seen whole while two rows have one name, which is told where it is', async () => {
    const { page } = await newDraft(await world.person('policy_author'));
    const first = String(await cell(page, 0, 0).textContent());
    await cell(page, 1, 0).click();
    await page.keyboard.type(first);
    await page.keyboard.press('Enter');
    await tab(page, 'Limites');
    await button(page, 'Deixar aprender').click();
    const mandate = page.getByRole('region', { name: 'Aprendizado das taxas' });
    await mandate.getByLabel('Linhas que podem aprender').click();
    await page.getByRole('option', { name: first, exact: true }).waitFor();
    await button(page, 'Dar uma faixa a uma linha').click();
    await mandate.getByLabel('Linha', { exact: true }).click();
    await page.getByRole('option', { name: first, exact: true }).first().waitFor();
    await tab(page, 'Tabelas');
    await page.locator('[role=gridcell][aria-invalid=true]').first().waitFor();
  }, 60_000);

  it('asks for one more thing in a table, for one less, and in another order', async () => {
    const { page, path } = await newDraft(await world.person('policy_author'));
    const structure = page.getByRole('region', { name: 'Estrutura da tabela' });
    const choose = async (label: string, option: string): Promise<void> => {
      await structure.getByLabel(label, { exact: true }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    };
    await button(page, 'Mudar a estrutura').click();
    await choose('Acrescentar coluna', 'Margem consignável');
    await page.getByRole('columnheader', { name: 'Margem consignável até antes de' }).waitFor();
    await choose('Ordem da taxa: Margem consignável', 'não sobe');
    await page.getByText('não sobe com tempo de casa, valor ofertado e margem consignável').waitFor();
    await page.locator('[data-check=teal]').waitFor();

    // Without the amount two rows are for the same loans; the first could count, but then the other never does.
    await button(page, 'Tirar a coluna Valor ofertado').click();
    await page.locator('[role=gridcell][title^="sobrepõe-se à linha"]').first().waitFor();
    await structure.getByText('Vale a primeira').click();
    await page.locator('[role=gridcell][title^="nunca é alcançada"]').first().waitFor();
    await button(page, 'Desfazer').click();
    await button(page, 'Desfazer').click();
    await page.locator('[data-check=teal]').waitFor();

    // The same panels on the section of another product: its rates, its limits, who may have a loan, its cases.
    const product = (label: string) =>
      page.getByRole('radiogroup', { name: 'Produto' }).getByText(label, { exact: true }).click();
    await product('FGTS saque-aniversário');
    await page.getByRole('columnheader', { name: 'Saques antecipados até antes de' }).waitFor();
    await tab(page, 'Limites');
    expect(await page.getByLabel('Saques máximos').inputValue()).toBe('3');
    await page.getByLabel('Valor mínimo').fill('80,00');
    await page.locator('[data-fee-table=com-tarifa]').getByText('Tarifas da CCB').waitFor();
    await tab(page, 'Casos de teste');
    await page.getByRole('status').getByText('6 de 6 casos passam.').waitFor();
    await product('SIAPE');
    await tab(page, 'Tabelas');
    await page.getByRole('gridcell', { name: 'pessoa' }).waitFor();
    await page.locator('[data-check=teal]').waitFor();

    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    const { body } = await world.door.master('GET', `/api/v1/policies/${path.split('/').at(-1) ?? ''}`);
    expect(body['document']).toMatchObject({
      products: { fgts: { limits: { amount: { minimum: '80' } } } },
    });
    expect((body['document'] as { tables: unknown[] }).tables[0]).toMatchObject({
      columns: ['tenure_months', 'offered_installments', 'offered_amount', 'margin'],
      monotone: expect.arrayContaining([{ column: 'margin', rate: 'not_rising' }]) as unknown,
    });

    const values = await world.openAs(['policy_value_author'], path);
    await values.getByRole('grid').waitFor();
    expect(await button(values, 'Mudar a estrutura').count()).toBe(0);
  }, 40_000);

  it('says at its field that a rate cannot be read, and never saves it as another', async () => {
    const { page, path } = await newDraft(await world.person('policy_author'));
    const funding = page.getByLabel('Custo do funding (a.m.)').first();
    const told = page.getByText('Não serve aqui: escreva como 2,49');
    const stored = async () => {
      const { body } = await world.door.master('GET', `/api/v1/policies/${path.split('/').at(-1) ?? ''}`);
      const { economics } = body['document'] as {
        economics: { inputs: { funding_monthly_rate: string }[] };
      };
      return economics.inputs[0]?.funding_monthly_rate;
    };
    await tab(page, 'Limites');
    const before = [await stored(), await funding.inputValue()];
    await funding.fill('0.9');
    await funding.blur();
    await told.waitFor();
    expect(await funding.inputValue()).toBe('0.9');
    expect(await funding.getAttribute('aria-invalid')).toBe('true');
    await button(page, 'Salvar rascunho').click();
    await page.getByRole('alert').filter({ hasText: 'funding_monthly_rate' }).waitFor();
    expect(await stored()).toBe(before[0]);

    await button(page, 'Descartar mudanças').click();
    await told.waitFor({ state: 'hidden' });
    expect(await funding.inputValue()).toBe(before[1]);
    await funding.fill('0,9');
    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    expect(await stored()).toBe('0.009');
  }, 40_000);

  it('that was made or saved and the answer lost is found as it is, and nobody else is said to have saved it', async () => {
    const author = await world.person('policy_author');
    const page = await world.openAs(author, '/politica');
    const mine = page.getByRole('row').filter({ hasText: author.username });
    const isPost = (route: Route) => route.request().method() === 'POST';
    const isPut = (route: Route) => route.request().method() === 'PUT';
    await page.route(/policies$/, (route) => (isPost(route) ? loseAnswer(route) : route.continue()));
    await button(page, 'Novo rascunho').click();
    await page.getByText('O pedido pode ter sido feito').waitFor();
    await mine.getByRole('link').click();
    await page.getByRole('grid').waitFor();

    await type(page, MEDIUM, '2,84');
    await page.route(/policies\/\d+$/, (route) => (isPut(route) ? loseAnswer(route) : route.continue()));
    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    expect(await page.getByRole('main').getByRole('alert').count()).toBe(0);
    expect(await cell(page, MEDIUM, RATE).textContent()).toBe('2,84');
  }, 40_000);

  it('that is being written outlives the session, and is left by “Sair” only when one says so', async () => {
    const author = await world.person('policy_author');
    const { page } = await newDraft(author);
    const save = button(page, 'Salvar rascunho');
    await page.clock.install();
    await page.reload();
    await type(page, MEDIUM, '2,84');
    await save.waitFor();
    await endSessionsOf(world, author);
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    await page.getByRole('status').getByText('A sessão terminou').waitFor();
    expect(await save.isVisible()).toBe(false);
    await page.clock.fastForward('20:00'); // longer than what nobody looks at is remembered
    await signIn(page, author);
    await save.waitFor();
    expect(await cell(page, MEDIUM, RATE).textContent()).toBe('2,84');

    const leave = async (answer: 'accept' | 'dismiss'): Promise<void> => {
      page.once('dialog', (asked) => void asked[answer]());
      await button(page, 'Conta').click();
      const asked = page.waitForEvent('dialog');
      await page.getByRole('menuitem', { name: 'Sair' }).click();
      await asked;
    };
    await leave('dismiss');
    await save.click();
    await button(page, 'Enviar para revisão').waitFor();
    await type(page, MEDIUM, '2,83');
    await leave('accept');
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    expect(await page.getByText('A sessão terminou').count()).toBe(0);
    expect(await page.getByRole('grid').count()).toBe(0);
  }, 60_000);

  it('is measured until somebody has waited enough', async () => {
    const { page, path } = await newDraft(await world.person('policy_author'));
    const { body } = await world.door.master('GET', `/api/v1/policies/${path.split('/').at(-1) ?? ''}`);
    await anotherProcessMeasures(String(body['hash']));
    await tab(page, 'Impacto');
    await page.locator('[data-backtest=running]').getByText('120 de 4.000 pedidos').waitFor();
    await button(page, 'Cancelar').click();
    await page.locator('[data-backtest=canceled]').waitFor();
    expect(await button(page, 'Cancelar').count()).toBe(0);
  }, 40_000);

  /** A backtest that takes for ever, in the hands of a process that lives. */
  async function anotherProcessMeasures(hash: string): Promise<void> {
    const client = new Client({ connectionString: world.database.url });
    await client.connect();
    const owner = randomUUID();
    await client.query(
      `INSERT INTO instance (id, host, role, alive_until) VALUES ($1, 'x', 'all', clock_timestamp() + interval '1 h')`,
      [owner],
    );
    await client.query(
      `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
         requested_by, requested_at, requests_total, requests_done, lease_owner)
       VALUES ($1, $2, $2, now() - interval '7 days', now(), 'running', 'ana', now(), 4000, 120, $3)`,
      [randomUUID(), hash, owner],
    );
    await client.end();
  }

  it('rates learnt in one row: allowed, watched, approved by a second person, and back to the table at once', async () => {
    const [author, approver] = await Promise.all([
      world.person('policy_author'),
      world.person('policy_approver'),
    ]);
    await world.auctionBecomes(world.openAuction(), 'won');
    const { page } = await newDraft(author);
    await tab(page, 'Limites');
    await button(page, 'Deixar aprender').click();
    const mandate = page.getByRole('region', { name: 'Aprendizado das taxas' });
    await mandate.getByLabel('Linhas que podem aprender').click();
    await page.getByRole('option', { name: 't3-p2-v1', exact: true }).click();
    await mandate.getByLabel('Lances para começar a aprender').fill('50');
    await mandate.getByLabel('Distâncias dos testes, em pb').fill('5; 12');
    await button(page, 'Cortar mais um campo').click();
    await mandate.getByLabel('Começa uma faixa em').fill('24; 60');
    await button(page, 'Dar uma faixa a uma linha').click();
    await mandate.getByLabel('Linha', { exact: true }).click();
    await page.getByRole('option', { name: 't3-p2-v1', exact: true }).click();
    await mandate.getByLabel('Piso', { exact: true }).fill('2,90');
    await mandate.getByLabel('Teto', { exact: true }).fill('3,20');
    await button(page, 'Salvar rascunho').click();
    await button(page, 'Enviar para revisão').waitFor();
    const number = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const { body: saved } = await world.door.master('GET', `/api/v1/policies/${number}`);
    expect((saved['document'] as { learning: object }).learning).toMatchObject({
      features: [{ column: 'tenure_months', cuts: [24, 60] }],
      bands: [{ row: 't3-p2-v1', floor: '0.029', ceiling: '0.032' }],
      exploration: { steps_bp: [5, 12] },
    });
    await tab(page, 'Impacto');
    await button(page, 'Medir o impacto').click();
    await page.locator('[data-tried-on=enough]').waitFor();
    await button(page, 'Enviar para revisão').click();
    await dialog(page).getByLabel('Nota de mudança').fill('Aprender numa linha');
    await dialog(page).getByRole('button', { name: 'Enviar para revisão' }).click();
    await page.getByText('Outra pessoa aprova').waitFor();

    const second = await world.openAs(approver, new URL(page.url()).pathname);
    await button(second, 'Aprovar').click();
    await dialog(second).getByRole('button', { name: 'Aprovar' }).click();
    await button(second, 'Ativar').click();
    await dialog(second).getByLabel('Motivo').fill('Aprender numa linha');
    await dialog(second).getByRole('button', { name: 'Ativar' }).click();
    await second.locator('.badge').getByText('Ativa', { exact: true }).waitFor();

    await world.auctionBecomes(world.openAuction(), 'won');
    await world.database.asOwner(PAST_OF_LEARNING);
    await world.door.master('POST', '/api/v1/rate-models/run');
    const stands = (words: string, on = page) => on.getByRole('heading', { name: words }).waitFor();
    await page.goto('/taxa?aba=aprendizado');
    await waitFor(
      'the first version',
      async () => {
        const { body } = await world.door.master('GET', '/api/v1/rate-models');
        return (body['versions'] as object[])[0];
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
    await page.reload();
    await stands('Taxas aprendidas: só observa');
    const cells = page.getByRole('table', { name: 'Taxas por célula' });
    await cells
      .getByRole('row', { name: /t3-p2-v1/ })
      .first()
      .waitFor();

    await world.database.asOwner(A_CANARY_THAT_WAITS);
    await second.goto('/taxa?aba=aprendizado');
    await second.getByRole('button', { name: 'Aprovar a versão nº 2' }).click();
    await dialog(second).getByLabel('Motivo').fill('A diferença é a esperada');
    await dialog(second).getByRole('button', { name: 'Aprovar a versão nº 2' }).click();
    await stands('Taxas aprendidas: numa parte dos leilões', second);

    await stands('Taxas aprendidas: numa parte dos leilões'); // by itself, where it was open before
    await button(page, 'Voltar à tabela').click();
    await dialog(page).getByLabel('Motivo').fill('Prefiro a tabela');
    await dialog(page).getByRole('button', { name: 'Voltar à tabela' }).click();
    await stands('Todos os lances saem da tabela da política');
    await dialog(page).waitFor({ state: 'detached' });
    for (const [verb, reason] of [
      ['Pedir a volta ao aprendizado', 'A semana foi calma'],
      ['Ficar na tabela', 'Abaixo do custo'],
    ] as const) {
      await button(page, verb).click();
      await dialog(page).getByLabel('Motivo').fill(reason);
      await dialog(page).getByRole('button', { name: verb }).click();
      await dialog(page).waitFor({ state: 'detached' });
    }
    await page.getByText(/: Abaixo do custo$/).waitFor();
    await button(page, 'Pedir a volta ao aprendizado').waitFor();
  }, 120_000);
});

async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

/** Bids of the last days in the cells of the first decision under the mandate, as the keeper would have left them. */
const PAST_OF_LEARNING = `
  INSERT INTO rate_model_observation (auction_key, day, decided_at, segments, cell, lane, reference_bp, rate_bp, arm, step_bp,
    propensities, amount, term, ended, rank)
  SELECT 'past-' || n, ${TODAY} - 1 - n % 12, now() - interval '1 day', decided.m->>'segments', (decided.m->>'cell')::smallint,
    'table', (decided.m->>'reference_bp')::integer, (decided.m->>'reference_bp')::integer, 0, 0, '{0,0,10000,0,0}', 500000, 24,
    CASE WHEN n % 5 < 4 THEN 'won' ELSE 'lost' END, CASE WHEN n % 5 < 4 THEN 1 ELSE 2 END
  FROM generate_series(1, 600) AS n, (
    SELECT trace->'rate_model' AS m FROM decision WHERE trace->'rate_model'->>'cell' IS NOT NULL
    ORDER BY decided_at DESC LIMIT 1) AS decided`;

/** The same rates under another seed, grown out of the days of watching. */
const A_CANARY_THAT_WAITS = `
  INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, figures, made_at, state, stage,
    stage_since, waits_for)
  SELECT encode(sha256(convert_to(document || ' ', 'UTF8')), 'hex'), document || ' ', policy_hash, segments, trained_through,
    figures, now(), 'waiting', 'canary', ${TODAY}, '{MOVED_AFTER_DRIFT}' FROM rate_model_version ORDER BY number LIMIT 1`;
