import type { Locator, Page } from 'playwright-core';
import { TODAY } from '../support/today';
import { consoleWorld } from './console-world';
import { loseFirst } from './lost-answers';

describe('the live page', () => {
  const world = consoleWorld();

  /** What is typed before the field has the focus is lost. */
  async function openFinder(page: Page): Promise<Locator> {
    await page.keyboard.press('Control+k');
    const finder = page.getByRole('dialog', { name: 'Ir para' });
    await finder.locator('input:focus').waitFor();
    return finder;
  }

  it('says that nothing has come yet, then shows an auction arrive, be bid and won, without being loaded again', async () => {
    const page = await world.openAs(['viewer'], '/');
    await page.getByText('Nenhum leilão ainda').waitFor();
    await page.evaluate(`document.body.dataset.loaded = 'once'`);

    const key = world.openAuction();
    const row = page.locator(`tr[data-auction="${key}"]`);
    await row.waitFor();
    await page.locator(`tr[data-auction="${key}"][data-status=bid]`).waitFor();
    expect(await row.innerText()).toMatch(/Lance aceito.*lance em [\d,]+\sm?s.*2,94%\sa\.m\./s);
    await page.locator(`tr[data-auction="${key}"][data-status=won]`).waitFor();
    await page.getByText('1 de 1 com desfecho').waitFor();
    expect(await page.locator('[data-limit=per_day]').innerText()).toMatch(
      /Exposição do dia\s+R\$\s2\.100 de R\$\s50,0\smi \(0,00%\)/,
    );
    expect(await page.evaluate('document.body.dataset.loaded')).toBe('once');
  });

  it('shows why an auction was declined and how a lost one ended', async () => {
    const declined = world.sandbox.control.openAuction({ borrower: 'ineligible' }).key;
    const lost = world.openAuction({ rivals: ['0.0101'] });
    const page = await world.openAs(['viewer'], '/');
    await page.locator(`tr[data-auction="${declined}"]`).getByText('Não elegível segundo a QI').waitFor();
    await page.locator(`tr[data-auction="${lost}"][data-status=lost]`).waitFor();
  });

  it('finds a rule by Ctrl-K: 7 keystrokes', async () => {
    const page = await world.openAs(['viewer'], '/');
    await page.getByRole('link', { name: /^versão/ }).waitFor();
    const finder = await openFinder(page);
    await page.keyboard.type('pouco');
    await finder.getByRole('option', { name: /Pouco tempo de casa/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-rule=tempo-de-casa][aria-current=true]').waitFor();
  });

  it('finds a person, a rule of a draft of another product and auctions by how their keys begin by Ctrl-K', async () => {
    const { body } = await world.door.master('POST', '/api/v1/policies', { own_name: 'Saldo mínimo menor' });
    const page = await world.openAs(['admin', 'policy_author'], '/');
    await page.getByRole('link', { name: /^versão/ }).waitFor();
    const finder = await openFinder(page);
    await page.keyboard.type('admin-policy');
    await finder.getByRole('option', { name: /^admin-policy_author.*Pessoa$/ }).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('fgts');
    await finder
      .getByRole('option', { name: /Saldo mínimo menor.*Regra · Rascunho$/ })
      .first()
      .click();
    await page.waitForURL(`**/politica/${String(body['number'])}?**produto=fgts**`);
    await page.getByText('Saldo mínimo menor').first().waitFor();

    const alike = ['7abc1230-0000-4000-8000-000000000001', '7abc1230-0000-4000-8000-000000000002'];
    for (const key of alike)
      await world.database.asOwner(
        `INSERT INTO history_fact (key, received_at, day, hour, product, status)
         VALUES ('${key}', now(), ${TODAY}, 9, 'private_payroll', 'lost')`,
      );
    await openFinder(page);
    await page.keyboard.type('7abc1230');
    for (const key of alike)
      await finder.getByRole('option', { name: new RegExp(`^${key}.*Leilão$`) }).waitFor();
  });

  it('leads from a row to its auction, by mouse and by keyboard', async () => {
    const key = world.openAuction();
    const page = await world.openAs(['viewer'], '/');
    await page.locator(`tr[data-auction="${key}"]`).click();
    await page.waitForURL(`**/historico/${key}`);
    await page.goBack();
    await page.locator(`tr[data-auction="${key}"] a`).press('Enter');
    await page.waitForURL(`**/historico/${key}`);
  });

  it('stops all bidding with one click and a reason, and starts again when two people want it', async () => {
    const operator = await world.openAs(['operator'], '/');
    await operator.getByRole('button', { name: 'Parar lances' }).click();
    await operator.getByRole('dialog').getByLabel('Motivo').fill('taxa errada na tabela');
    await operator.getByRole('button', { name: 'Parar agora' }).click();
    await operator.getByText('Os lances estão parados', { exact: true }).waitFor();
    await operator.getByText('“taxa errada na tabela”').waitFor();

    const viewer = await world.openAs(['viewer'], '/historico');
    await viewer.getByText('Os lances estão parados', { exact: true }).waitFor();
    const key = world.openAuction();
    await world.auctionBecomes(key, 'missed');

    await operator.getByRole('button', { name: 'Pedir a volta' }).click();
    await operator.getByRole('dialog').getByLabel('Motivo').fill('tabela corrigida');
    const anew = { reason: 'a QI responde errado' };
    await world.door.master('POST', '/api/v1/kill-switch/engage', anew);
    await operator.getByRole('button', { name: 'Pedir', exact: true }).click();
    await operator.getByText('Os lances foram parados de novo, por outro motivo').waitFor();
    await operator.getByRole('button', { name: 'Voltar' }).click();
    await operator.getByText(anew.reason).waitFor();
    await operator.getByRole('button', { name: 'Pedir a volta' }).click();
    const asked = await loseFirst(operator, '**/kill-switch/release');
    await operator.getByRole('button', { name: 'Pedir', exact: true }).click();
    await operator.getByText('O pedido pode ter sido feito').waitFor();
    await operator.getByRole('button', { name: 'Pedir', exact: true }).click();
    await operator.getByText('Você pediu a volta').waitFor();
    expect(asked).toEqual([expect.any(String), asked[0]]);
    expect(await operator.getByRole('button', { name: 'Aprovar', exact: true }).count()).toBe(0);

    const approver = await world.openAs(['operations_approver'], '/');
    await approver.getByRole('button', { name: 'Aprovar', exact: true }).click();
    const decided = await loseFirst(approver, '**/approve');
    await approver.getByRole('dialog').getByRole('button', { name: 'Aprovar' }).click();
    await approver.getByText('O pedido pode ter sido feito').waitFor();
    await approver.getByRole('dialog').getByRole('button', { name: 'Aprovar' }).click();
    await approver.getByText('Os lances estão parados', { exact: true }).waitFor({ state: 'detached' });
    expect(decided).toEqual([expect.any(String), decided[0]]);
    await viewer.getByText('Os lances estão parados', { exact: true }).waitFor({ state: 'detached' });
    await world.auctionBecomes(world.openAuction(), 'bid');
  });

  it('takes back the question to decide when bidding was stopped anew and somebody else asks', async () => {
    const stopAndAsk = async (reason: string): Promise<void> => {
      await world.door.master('POST', '/api/v1/kill-switch/engage', { reason: 'outra parada' });
      const { status } = await world.door.master('POST', '/api/v1/kill-switch/release', { reason });
      expect(status).toBe(202);
    };
    await stopAndAsk('tabela corrigida');
    const approver = await world.openAs(['operations_approver'], '/');
    await approver.getByRole('button', { name: 'Aprovar', exact: true }).click();
    await approver.getByRole('dialog').getByText('“tabela corrigida”').waitFor();
    await stopAndAsk('caixa reforçado');
    await approver.getByText('caixa reforçado').first().waitFor();
    await approver.getByRole('dialog').waitFor({ state: 'detached' });
    await world.database.asOwner('UPDATE kill_switch SET engaged = false');
  });
});
