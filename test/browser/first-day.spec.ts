import type { Page } from 'playwright-core';
import { consoleWorld } from './console-world';

/** What stands on each page while nothing has happened, and where it leads. */
const EMPTY_PAGES: readonly (readonly [string, RegExp])[] = [
  ['/', /^Os pedidos da QI aparecem aqui assim que chegam\. .*Primeiros passos\.$/],
  ['/historico', /O que falta para recebê-los está em Primeiros passos\.$/],
  ['/historico?status=won', /^Tire um filtro ou aumente o período\.$/],
  ['/graficos', /O que falta para recebê-los está em Primeiros passos\.$/],
  ['/resultado', /^Aumente o período\.$/],
  ['/comparar', /^Escolha períodos em que houve leilões\.$/],
  ['/explorar', /^Aumente o período\.$/],
  ['/taxa', /^Aumente o período\.$/],
  ['/paineis', /^Guarde uma visão em Explorar/],
  ['/exportacoes', /^Filtre o histórico/],
  ['/exportacoes', /^Escolha uma visão, um formato e quando/],
  ['/operacoes', /^As tarefas aparecem aqui quando uma operação/],
  ['/propostas', /abra a primeira em “Nova proposta”\.$/],
  ['/propostas/arquivos', /^Envie o primeiro acima\.$/],
  ['/saude', /^Nada a fazer: tudo o que a QI contou foi entendido\.$/],
  ['/saude', /^Crie um endereço, e outro sistema sabe/],
  ['/restauracao', /nunca voltou a um ponto anterior/],
];

describe('the first day', () => {
  const world = consoleWorld({ ARREMATE_DRY_RUN: '1' });

  const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`);

  it('has no page that only says there is nothing: each says what would bring something', async () => {
    const roles = ['admin', 'auditor', 'operator', 'analyst', 'policy_author'];
    const page = await world.openAs(roles, '/');
    for (const [address, next] of EMPTY_PAGES) {
      await page.goto(address);
      await page.getByText(next).first().waitFor();
    }
  });

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
