import type { Page } from 'playwright-core';
import { engineFile } from '../support/engine-file';
import { NotificationReceiver } from '../support/notification-receiver';
import { browserOf, type Call } from '../support/people';
import { latch } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { consoleWorld } from './console-world';

const A_WEEK_MS = 7 * 86_400_000;

/** The page asks for the review every ten seconds. */
const SOONER_THAN_ASKED_AGAIN_MS = 6_000;

/** What was read of the review before the difference was given comes after the difference: the network may do so. */
async function answerTheReviewLast(page: Page): Promise<void> {
  const [read, given] = [latch(), latch()];
  await page.route(
    '**/api/v1/policies/*/review',
    async (route) => {
      const response = await route.fetch();
      read.release();
      await given.released;
      await route.fulfill({ response }).catch(() => undefined); // nobody waits for it any more
    },
    { times: 1 },
  );
  await page.route(
    '**/api/v1/policies/*/diff*',
    async (route) => {
      await read.released;
      await route.fulfill({ response: await route.fetch() });
      given.release();
    },
    { times: 1 },
  );
}

describe('the review of a policy', () => {
  const world = consoleWorld({
    ARREMATE_NOTIFY_LOOPBACK: '1',
    ARREMATE_ENGINE_FILE: engineFile({
      notifications: { sweep_ms: 100 },
      alerts: { look_every_ms: 300, group_ms: 0 },
    }),
  });

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const approvals = async (number: number): Promise<unknown> => {
    const { body } = await world.door.master('GET', `/api/v1/audit?subject=policy:${String(number)}`);
    return (body['items'] as { action: string; details: unknown }[]).find(
      ({ action }) => action === 'policy.approved',
    )?.details;
  };

  /** Measured and handed in with a note, by the API. */
  async function handedIn(author: Call, employerCap: string): Promise<number> {
    const { body, headers } = await author('POST', '/api/v1/policies', {});
    const number = Number(body['number']);
    const path = `/api/v1/policies/${String(number)}`;
    const policy = body['document'] as { exposure: object };
    const document = { ...policy, exposure: { ...policy.exposure, per_employer: employerCap } };
    await author('PUT', path, { document }, { 'if-match': String(headers['etag']) });
    await author('POST', `${path}/backtests`, {
      received_from: new Date(Date.now() - A_WEEK_MS).toISOString(),
      received_before: new Date().toISOString(),
    });
    await waitFor('the impact to be measured', async () => {
      const reports = (await author('GET', `${path}/backtests`)).body['items'] as { state: string }[];
      return reports[0]?.state === 'done' ? true : undefined;
    });
    const note = { change_note: 'Menos por empregador, pelo comitê de 20/11.' };
    expect(await author('POST', `${path}/submit`, note)).toMatchObject({
      status: 200,
      body: { state: 'in_review' },
    });
    return number;
  }

  it('approves in 4 clicks what somebody else wrote, difference and impact having been seen', async () => {
    await world.auctionBecomes(world.openAuction(), 'bid');
    const [writer, approver] = await Promise.all([
      world.person('policy_author'),
      world.person('policy_approver'),
    ]);
    const author = browserOf(world.door, await writer.signIn());
    const number = await handedIn(author, '1500000');
    const page = await world.openAs(approver, '/');
    await answerTheReviewLast(page);
    await page.evaluate(
      `window.clicks = 0; addEventListener('click', () => { window.clicks += 1 }, { capture: true })`,
    );

    const policies = page.getByRole('link', { name: 'Política' });
    await policies.getByLabel('1 à espera').waitFor();
    await policies.click();
    await page.getByRole('link', { name: String(number), exact: true }).click();
    await region(page, 'Nota de mudança').getByText('Menos por empregador').waitFor();
    await region(page, 'Casos de teste e conferências').getByText('casos passam').waitFor();
    await region(page, 'Impacto').getByText('Valor ofertado').waitFor();
    await region(page, 'O que muda').getByText('exposure.per_employer').waitFor();
    await button(page, 'Aprovar').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Você abriu a diferença em').waitFor({ timeout: SOONER_THAN_ASKED_AGAIN_MS });
    await dialog.getByText(/^Em 1 pedidos?: 1 lance/).waitFor();
    await dialog.getByRole('button', { name: 'Aprovar' }).click();
    await page.locator('.badge').getByText('Aprovada', { exact: true }).waitFor();
    expect(await page.evaluate('window.clicks')).toBe(4);
    await policies.getByLabel('1 à espera').waitFor({ state: 'detached' });
    expect(await approvals(number)).toMatchObject({
      difference_opened_at: expect.stringMatching(/^\d{4}-/) as string,
    });
  }, 60_000);

  it('goes line by line, with answers, and tells who approves without having looked', async () => {
    const [writer, approver] = await Promise.all([
      world.person('policy_author'),
      world.person('policy_approver'),
    ]);
    const author = browserOf(world.door, await writer.signIn());
    const number = await handedIn(author, '1400000');
    // Somebody who goes straight to another tab has not opened the difference.
    const page = await world.openAs(approver, `/politica/${String(number)}?aba=limites`);
    await button(page, 'Aprovar').click();
    await page.getByRole('dialog').locator('[data-unseen]').getByText('não abriu a diferença').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Voltar' }).click();

    await page.getByRole('tab', { name: 'Revisão' }).click();
    const difference = region(page, 'O que muda');
    await difference.getByRole('button', { name: 'Comentar' }).click();
    await difference.getByLabel('Comentário').fill('Por que tão pouco?');
    await difference.getByRole('button', { name: 'Comentar' }).click();
    await difference.getByText('Por que tão pouco?').waitFor();
    const other = await world.openAs(writer, `/politica/${String(number)}?aba=revisao`);
    const answered = region(other, 'O que muda').locator('[data-comment]');
    await answered.getByRole('button', { name: 'Responder' }).click();
    await answered.getByLabel('Resposta').fill('Decisão do comitê.');
    await answered.getByRole('button', { name: 'Responder' }).click();
    await answered.getByText('Decisão do comitê.').waitFor();

    const blind = await world.openAs(['policy_approver'], `/politica/${String(number)}?aba=limites`);
    await button(blind, 'Aprovar').click();
    await blind.getByRole('dialog').locator('[data-unseen]').waitFor();
    await blind.getByRole('dialog').getByRole('button', { name: 'Aprovar' }).click();
    await blind.getByText('que não tinha aberto a diferença').waitFor();
    expect(await approvals(number)).toMatchObject({ difference_opened_at: 'never' });
  }, 60_000);

  it('warns whoever approves a copy of what is no longer in force, shows what it would change of that, and names what else waits for its time', async () => {
    const [writer, second] = await Promise.all([
      world.person('policy_author'),
      world.person('policy_approver'),
    ]);
    const author = browserOf(world.door, await writer.signIn());
    const approver = browserOf(world.door, await second.signIn());
    const [inForce, late] = [await handedIn(author, '1100000'), await handedIn(author, '1000000')];
    const waiting = await handedIn(author, '900000');
    const approved = async (number: number): Promise<string> => {
      const path = `/api/v1/policies/${String(number)}`;
      const { headers } = await approver('GET', path);
      await approver('POST', `${path}/approve`, undefined, { 'if-match': String(headers['etag']) });
      return path;
    };
    const time = { activate_at: new Date(Date.now() + A_WEEK_MS).toISOString() };
    expect(await approver('POST', `${await approved(waiting)}/schedule`, time)).toMatchObject({
      status: 200,
    });
    expect(await approver('POST', `${await approved(inForce)}/activate`, { reason: 'comitê' })).toMatchObject(
      { status: 200 },
    );

    const page = await world.openAs(second, `/politica/${String(late)}?aba=revisao`);
    const change = region(page, 'O que muda').getByRole('row', { name: /exposure\.per_employer/ });
    await change.getByText('R$ 1.100.000,00').waitFor();
    await button(page, 'Aprovar').click();
    const warned = page.getByRole('dialog').locator('[data-overtaken]');
    await warned.getByText(`A versão em vigor é a ${String(inForce)}, e não a 1`).waitFor();
    await warned.getByText('Exposição: por empregador').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Aprovar' }).click();
    await button(page, 'Ativar').click();
    await warned.getByText('Exposição: por empregador').waitFor();
    const scheduled = page.getByRole('dialog').locator('[data-also-scheduled]');
    await scheduled.getByText(`versão ${String(waiting)}, `).waitFor();
  }, 60_000);

  it('puts in force nothing over what came in force while its dialog was open, and says what it would undo', async () => {
    const [writer, second] = await Promise.all([
      world.person('policy_author'),
      world.person('policy_approver'),
    ]);
    const author = browserOf(world.door, await writer.signIn());
    const approver = browserOf(world.door, await second.signIn());
    const [late, urgent] = [await handedIn(author, '1800000'), await handedIn(author, '1700000')];
    for (const number of [late, urgent]) {
      const path = `/api/v1/policies/${String(number)}`;
      const { headers } = await approver('GET', path);
      await approver('POST', `${path}/approve`, undefined, { 'if-match': String(headers['etag']) });
    }

    const page = await world.openAs(second, `/politica/${String(late)}?aba=limites`);
    const compared = latch();
    await page.route('**/api/v1/policies/*/standing', async (route) => {
      await compared.released;
      await route.continue();
    });
    await button(page, 'Ativar').click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Ativar' });
    await dialog.getByLabel('Motivo').fill('Preços novos');
    await dialog.getByText('Comparando com a versão em vigor').waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    compared.release();
    await dialog.locator('button[type=submit]:not([disabled])').waitFor();
    const reason = { reason: 'bloqueio urgente' };
    expect(await approver('POST', `/api/v1/policies/${String(urgent)}/activate`, reason)).toMatchObject({
      status: 200,
    });

    await confirm.click();
    await dialog.getByText('Outra versão entrou em vigor').waitFor();
    const warned = dialog.locator('[data-overtaken]');
    await warned.getByText(`A versão em vigor é a ${String(urgent)},`).waitFor();
    await warned.getByText('Exposição: por empregador').waitFor();
    expect((await approver('GET', '/api/v1/policies/active')).body['number']).toBe(urgent);
    await confirm.click();
    await page.getByText('Ativar: feito.').waitFor();

    // The way back says what it undoes too, and stays open where nothing can be compared.
    const back = await world.openAs(['policy_approver'], `/politica/${String(urgent)}?aba=limites`);
    await back.route('**/api/v1/policies/*/standing', (route) => route.fulfill({ status: 404, body: '{}' }), {
      times: 1,
    });
    await button(back, 'Voltar a esta versão').click();
    const returning = back.getByRole('dialog');
    await returning.getByLabel('Motivo').fill('De volta');
    await returning
      .locator('[data-not-compared]')
      .getByText(`a versão em vigor, a ${String(late)}:`)
      .waitFor();
    await returning.locator('button[type=submit]:not([disabled])').waitFor();
    await returning.getByRole('button', { name: 'Comparar de novo' }).click();
    await returning
      .locator('[data-overtaken]')
      .getByText(`A versão em vigor é a ${String(late)}. A volta à ${String(urgent)} desfaz ou muda:`)
      .waitFor();
    await returning.getByRole('button', { name: 'Voltar a esta versão' }).click();
    await back.getByText('Voltar a esta versão: feito.').waitFor();
  }, 60_000);

  it('is told to whoever is on call: the page says what to do, the browser rings, a dead channel is shown', async () => {
    const receiver = await NotificationReceiver.start();
    receiver.answer = () => 404;
    const writer = await world.person('policy_author');
    const author = browserOf(world.door, await writer.signIn());
    const page = await world.openAs(['admin', 'policy_approver'], '/saude');
    await button(page, 'Novo endereço').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Quem é avisado' }).click();
    await page.getByRole('option', { name: 'Slack' }).click();
    await dialog.getByLabel('Endereço').fill(`${receiver.url}/services/segredo`);
    await dialog.getByLabel('À espera de aprovação').check();
    await dialog.getByRole('button', { name: 'Criar' }).click();
    await page.getByText(`Slack: ${receiver.url}/…`).waitFor();

    const number = await handedIn(author, '1300000');
    await page.locator('[data-failing]').getByText('não recebe: HTTP 404').waitFor({ timeout: 20_000 });
    await receiver.stop();
    // What a headless browser cannot show is written down; the person allows it.
    await page.evaluate(`(() => {
      window.rung = [];
      window.Notification = class {
        static permission = 'default';
        static requestPermission = async () => (this.permission = 'granted');
        constructor(title, { body }) { window.rung.push(body); }
      };
    })()`);
    await page.getByRole('link', { name: /^Plantão/ }).click();
    const waiting = page.getByRole('region', { name: new RegExp(`política \\(${String(number)}\\)`) });
    await waiting.getByText('Quem pediu ou escreveu não pode aprovar.').waitFor();
    await waiting.getByRole('button', { name: 'Assumir' }).click();
    await waiting.getByText(/^Com /).waitFor();
    await page.getByLabel('Avisar neste navegador').click();
    await page.locator('input[data-checked=true]').waitFor();
    const next = await handedIn(author, '1200000');
    const rings = (what: string, one: number) =>
      waitFor(
        what,
        async () =>
          String(await page.evaluate('window.rung.join()')).includes(`(${String(one)})`) || undefined,
        { timeoutMs: 20_000 },
      );
    await rings('the browser to ring', next);
    await world.database.asOwner(
      `UPDATE alert SET severity = 'critical' WHERE subject = 'policy:${String(number)}'`,
    );
    await rings('it to ring of what has become critical', number);
  }, 90_000);

  it('is told on the page alone where the browser shows no notices to pages, as on a phone', async () => {
    const writer = await world.person('policy_author');
    const author = browserOf(world.door, await writer.signIn());
    const page = await world.openAs(['admin', 'policy_approver'], '/plantao');
    await page.evaluate(`(() => {
      window.Notification = class {
        static permission = 'default';
        static requestPermission = async () => (this.permission = 'granted');
        constructor() { throw new TypeError('Illegal constructor'); }
      };
    })()`);
    const notices = page.getByLabel('Avisar neste navegador');
    await notices.click();
    await page.getByText('O navegador não permite avisos desta página.').waitFor();
    expect(await notices.isChecked()).toBe(false);

    // Somebody may have switched them on before it was tried.
    await page.evaluate(`localStorage.setItem('arremate.avisos', '1')`);
    const number = await handedIn(author, '1600000');
    await page.getByRole('region', { name: new RegExp(`política \\(${String(number)}\\)`) }).waitFor();
    await page.waitForTimeout(500);
    await page.getByRole('button', { name: 'Parar lances' }).waitFor();
  }, 60_000);
});
