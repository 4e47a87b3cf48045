import type { Page } from 'playwright-core';
import { consoleWorld } from './console-world';

describe('the first day', () => {
  const world = consoleWorld({ ARREMATE_DRY_RUN: '1' });

  const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`);

  it('leads from the home page to a dry run in 3 clicks, with what QI was found to do', async () => {
    world.sandbox.control.setBehaviour({ rivals: { presence: 0 }, contract: { table_names: 0 } });
    await Promise.all(
      ['policy_author', 'policy_approver', 'operations_approver'].map((role) => world.person(role)),
    );
    const page = await world.openAs(['operator'], '/');
    await page.getByRole('link', { name: 'Ver o caminho' }).click();
    await page.locator('[data-step="people"][data-done="true"]').waitFor();
    await step(page, 'dry_run').getByText('Nenhum lance foi decidido em ensaio.').waitFor();

    await page.getByRole('button', { name: 'Conferir com um leilão fictício' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Conferir', exact: true }).click();
    await page.locator('[data-question="request_signing"]').getByText('sem assinatura').waitFor();
    await page.locator('[data-question="simulation"]').getByText('iguais às nossas').waitFor();
    await step(page, 'conformance').getByText('Concluída').waitFor({ timeout: 30_000 });
    await page.locator('[data-question="end_of_auction"]').getByText('como no manual').waitFor();

    world.openAuction();
    await page.locator('[data-step="dry_run"][data-done="true"]').waitFor({ timeout: 15_000 });
    await step(page, 'live').getByText('O ensaio está ligado.').waitFor();
  }, 60_000);
});
