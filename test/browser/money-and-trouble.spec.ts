import type { Page } from 'playwright-core';
import { consoleWorld } from './console-world';
import { choosePaymentDay } from './payment-day';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const BORROWER = '52998224725';
/** What a finger hits. */
const FINGER = 44;

/** The moments in which somebody has to act at once, or decides about money, each with the touches it takes. */
describe('when money or time is at stake', () => {
  const world = consoleWorld();
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const dialog = (page: Page) => page.getByRole('dialog');
  const status = (page: Page, word: string) =>
    page.locator('.badge').getByText(word, { exact: true }).first().waitFor();

  /** Begins to count what is pressed on this page. @returns how many presses so far */
  async function counting(page: Page): Promise<() => Promise<number>> {
    await page.evaluate(
      `document.addEventListener('pointerdown', () => { globalThis.presses = (globalThis.presses ?? 0) + 1 })`,
    );
    return () => page.evaluate<number>('globalThis.presses ?? 0');
  }

  const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

  /** A won loan with this fate. @returns its key, once it stands there */
  async function loan(plan: object, stands: string, request: Record<string, unknown> = {}): Promise<string> {
    const auction = await world.auctionBecomes(world.openAuction({ loan: plan, request }), 'won');
    const key = String(auction['credit_operation_key']);
    await world.operationBecomes(key, stands);
    return key;
  }

  it('stop from a phone in 2 touches and a reason; go on in 2, and the approval in 5', async () => {
    const page = await world.openAs(['operator'], '/historico', PHONE);
    const stop = button(page, 'Parar lances');
    await stop.waitFor();
    expect((await stop.boundingBox())?.height).toBeGreaterThanOrEqual(FINGER);
    expect(await widthOf(page)).toBe(PHONE.viewport.width);
    const presses = await counting(page);
    await stop.tap();
    await dialog(page).getByLabel('Motivo').fill('Taxa errada');
    await dialog(page).getByRole('button', { name: 'Parar agora' }).tap();
    await page.getByText('“Taxa errada”').waitFor();
    expect(await presses()).toBe(2);
    await button(page, 'Pedir a volta').tap();
    await dialog(page).getByLabel('Motivo').fill('Corrigida');
    await dialog(page).getByRole('button', { name: 'Pedir', exact: true }).tap();
    await page.getByText('Você pediu a volta').waitFor();
    expect(await presses()).toBe(4);

    const second = await world.openAs(['operations_approver'], '/historico', PHONE);
    await second.getByText('“Taxa errada”').waitFor();
    const touches = await counting(second);
    await button(second, 'Menu').tap();
    await second.getByRole('link', { name: 'Operações' }).tap();
    await second.getByRole('tab', { name: 'Aprovações' }).tap();
    const card = second.locator('[data-approval=release_kill_switch]');
    await card.getByRole('button', { name: 'Aprovar' }).tap();
    await dialog(second).getByText('Os lances podem ser parados de novo a qualquer momento.').waitFor();
    await dialog(second).getByRole('button', { name: 'Aprovar' }).tap();
    await second.getByText('“Taxa errada”').waitFor({ state: 'detached' });
    expect(await touches()).toBe(5);
    expect(await widthOf(second)).toBe(PHONE.viewport.width);
  }, 40_000);

  it('authorise with thresholds in 2 clicks: whose loan, how much, what is doubtful and by how much', async () => {
    const key = await loan({ evidence: { face_validation_score: 10 } }, 'awaiting_authorization');
    const page = await world.openAs(['operator'], `/operacoes/${key}`);
    const clicks = await counting(page);
    await button(page, 'Autorizar averbação').click();
    const seen = dialog(page);
    const face = seen.locator('[data-check=face_validation_score][data-passes=false]');
    await face.getByText('não atende').waitFor();
    expect(await face.innerText()).toMatch(/^Score facial\s+10\s+não atende\s+\d+ ou mais/);
    await seen.locator('[data-check=liveness][data-passes=true]').getByText('aprovada').first().waitFor();
    await seen.getByText(/^\d{10}$/).waitFor(); // the CCB
    await seen.getByText(/^\*\*\*\.\d{3}\.\d{3}-\*\*$/).waitFor();
    await seen.getByText(/^R\$\s[\d.]+,\d\d$/).waitFor();
    await seen
      .getByText('Pode ser retirado enquanto a QI não recebe pedidos; depois de enviado, não.')
      .waitFor();
    await seen.getByRole('button', { name: 'Autorizar' }).click();
    await status(page, 'Desembolsada');
    expect(await clicks()).toBe(2);
  }, 30_000);

  it('resubmit after a wrong holder in 4 clicks: never into the account that refused, and then forgotten', async () => {
    const key = await loan({ disbursement: ['pix_refusal', 'disbursed'] }, 'disbursement_failed', {
      document_number: BORROWER,
    });
    const { body } = await world.door.master('POST', `/api/v1/operations/${key}/resubmit_disbursement`, {
      disbursement_date: '2040-01-03',
    });
    expect(body).toMatchObject({ errors: [{ path: 'disbursement_bank_accounts' }] });

    const page = await world.openAs(['operator'], `/operacoes/${key}`);
    await page.getByText('Última recusa da QI').waitFor();
    const clicks = await counting(page);
    await button(page, 'Reenviar desembolso').click();
    const seen = dialog(page);
    await seen.getByText('CPF/CNPJ do usuário recebedor').first().waitFor();
    expect(await seen.getByRole('radio', { name: 'Em outra conta' }).isChecked()).toBe(true);
    expect(await seen.getByRole('radio', { name: 'Na mesma conta' }).isDisabled()).toBe(true);
    await choosePaymentDay(page);
    const account = {
      'Nome do titular': 'Maria da Silva',
      'CPF do titular': BORROWER,
      'Código do banco': '341',
      Agência: '0001',
      Conta: '12345',
      Dígito: '6',
    };
    for (const [label, text] of Object.entries(account))
      await seen.getByRole('textbox', { name: label }).fill(text);
    await seen.getByRole('button', { name: 'Reenviar' }).click();
    await status(page, 'Desembolsada');
    expect(await clicks()).toBe(4);
    expect(await page.getByText('Última recusa da QI').count()).toBe(0);
  }, 30_000);

  it('why bids stopped (QI answers 503) in 1 click from any page; the same for our own database', async () => {
    const page = await world.openAs(['viewer'], '/graficos');
    const clicks = await counting(page);
    world.sandbox.control.setBehaviour({ api: { error_rate: 1 } });
    const keys = [1, 2, 3].map(() => world.openAuction());
    const banner = page.getByRole('status', { name: 'O que está errado agora' });
    await banner.getByText(/^QI fora desde \d\d:\d\d/).waitFor({ timeout: 15_000 });
    await page.getByRole('link', { name: 'Saúde' }).getByLabel('1 à espera').waitFor();
    // Sent in vain, or held back since the others were: which, is a matter of moments.
    for (const key of keys) await world.auctionBecomes(key, ['unknown', 'missed']);
    await banner
      .getByText(/3 lances não enviados ou sem resposta, a QI responde com erro interno$/)
      .waitFor();
    await banner.getByRole('link', { name: 'O que fazer' }).click();
    await page.locator('section[data-trouble=qi_down]').getByText('Não reinicie nada').waitFor();
    await page.getByRole('table', { name: 'Respostas da QI' }).getByText('Último minuto').waitFor();
    expect(await clicks()).toBe(1);
    world.sandbox.control.setBehaviour({ api: { error_rate: 0 } });
    await world.auctionBecomes(world.openAuction(), 'bid');
    await banner.waitFor({ state: 'detached' });

    world.network.cut();
    await banner.getByText(/^O banco de dados não responde desde/).waitFor({ timeout: 15_000 });
    const { body } = await world.door.master('GET', '/api/v1/troubles');
    const items = body['items'] as { kind: string; severity: string }[];
    // That QI failed on many calls a moment ago may go on: nobody can tell.
    expect(items.filter(({ kind }) => kind !== 'qi_failing')).toEqual([
      expect.objectContaining({ kind: 'database_down', severity: 'critical' }),
    ]);
    world.network.passOn();
    await banner.waitFor({ state: 'detached', timeout: 15_000 });
    world.forgive(/ 50\d from | from .*50\d|^50\d from /);
  }, 60_000);
});
