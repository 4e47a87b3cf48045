import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { waitFor } from '../support/wait-for';
import { consoleWorld } from './console-world';
import { demoDay, type DemoDay } from './demo-day';
import { notForPeople } from './not-for-people';

/** With UPDATE_IMAGES=1 every page's picture is written for the docs. */
const IMAGES = process.env['UPDATE_IMAGES'] === '1' ? resolve('docs/images') : undefined;

/** Pages whose half would not be seen. */
const TALL: Readonly<Record<string, number>> = { charts: 1500, health: 1800 };
/** The narrowest that is still sold. */
const PHONE = { width: 360, height: 780 };
/** Transitions, charts and the layout of what was drawn last. */
const SETTLES_WITHIN_MS = 200;
/** A chart's drawing is half a megabyte, and the machine may be busy. */
const LOADED_WITHIN_MS = 30_000;

/** Every address that the router knows. */
const ROUTES = [...readFileSync('console/src/router.tsx', 'utf8').matchAll(/\bpath: '([^']+)'/g)].map(
  ([, path]) => path ?? '',
);

/** What stands for the parameters of an address, and what its picture is called. */
const ADDRESSES: Readonly<Record<string, (day: DemoDay) => Readonly<Record<string, string>>>> = {
  '/': () => ({ live: '/' }),
  '/historico': () => ({ history: '/historico' }),
  '/historico/$key': (day) => ({
    'auction-won': `/historico/${day.wonAuction}`,
    'auction-declined': `/historico/${day.declinedAuction}`,
  }),
  '/graficos': () => ({ charts: '/graficos' }),
  '/resultado': () => ({ results: '/resultado' }),
  '/taxa': () => ({ rates: '/taxa' }),
  '/comparar': () => ({ comparison: '/comparar' }),
  '/explorar': () => ({ explore: '/explorar' }),
  '/paineis': () => ({ dashboards: '/paineis' }),
  '/paineis/$id': (day) => ({ dashboard: `/paineis/${day.dashboard}` }),
  '/politica': () => ({ policies: '/politica' }),
  '/politica/$number': (day) => ({ policy: `/politica/${day.draft}` }),
  '/operacoes': () => ({ operations: '/operacoes' }),
  '/operacoes/$key': (day) => ({
    'operation-disbursed': `/operacoes/${day.disbursedOperation}`,
    'operation-failed': `/operacoes/${day.failedOperation}`,
  }),
  '/propostas': () => ({ proposals: '/propostas' }),
  '/propostas/nova': () => ({ 'proposal-new': '/propostas/nova' }),
  '/propostas/arquivos': () => ({ 'proposal-files': '/propostas/arquivos' }),
  '/propostas/arquivos/$id': (day) => ({ 'proposal-file': `/propostas/arquivos/${day.proposalFile}` }),
  '/propostas/$id': (day) => ({
    'proposal-offered': `/propostas/${day.offeredProposal}`,
    'proposal-failed': `/propostas/${day.failedProposal}`,
  }),
  '/exportacoes': () => ({ exports: '/exportacoes' }),
  '/plantao': () => ({ 'on-call': '/plantao' }),
  '/saude': () => ({ health: '/saude' }),
  '/primeiros-passos': () => ({ 'first-day': '/primeiros-passos' }),
  '/restauracao': () => ({ recovery: '/restauracao' }),
  '/acesso': () => ({ access: '/acesso' }),
  '/conta': () => ({ account: '/conta' }),
};

/** What Helena exports, from where. */
const EXPORTS = [
  ['CSV', '/historico'],
  ['Excel', '/historico?status=won'],
  ['Parquet', '/historico?status=won'],
] as const;

const POLICY_TABS = [
  ['policy-rules', 'regras'],
  ['policy-changes', 'mudancas'],
  ['policy-impact', 'impacto'],
] as const;

describe('every page', () => {
  const world = consoleWorld();
  let day: DemoDay;
  /** Somebody who may see every page, signed in, and some files they asked for. */
  let seen: BrowserContextOptions;
  beforeAll(async () => {
    day = await demoDay(world, IMAGES === undefined ? 'test' : 'picture');
    const page = await world.openAs(day.helena, '/historico?status=won');
    for (const [format, address] of EXPORTS) {
      await page.goto(address);
      await page.getByRole('button', { name: 'Exportar' }).click();
      await page.getByRole('menuitem', { name: new RegExp(`^${format}`) }).click();
      await page.getByRole('heading', { name: 'Exportações' }).waitFor();
    }
    seen = { storageState: await page.context().storageState(), reducedMotion: 'reduce' };
  }, 120_000);

  it.each(ROUTES)('%s can be read by everybody, by day, by night and on a phone', async (route) => {
    const pictures = ADDRESSES[route]?.(day);
    expect(pictures).toBeDefined();
    for (const [name, address] of Object.entries(pictures ?? {}))
      await inspect(await world.open(address, seen), name);
  });

  // They are inspected with their page; only the docs want to see them apart.
  if (IMAGES !== undefined)
    it('the other sides of a policy have their pictures', async () => {
      const page = await world.open(`/politica/${day.draft}`, seen);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const [name, tab] of POLICY_TABS) {
          await page.goto(`/politica/${day.draft}?aba=${tab}`);
          await settle(page);
          await picture(page, `${name}-${colorScheme}`);
        }
      }
    });

  it('a rule being written too', async () => {
    const page = await world.open(`/politica/${day.draft}?aba=regras`, seen);
    await page.locator('[data-rule]').first().getByRole('button', { name: 'Editar' }).click();
    await page.getByRole('dialog').getByText('Sem problemas').waitFor();
    await settle(page);
    await picture(page, 'policy-rule-light');
    expect(await violations(page, {}, '[role=dialog]')).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await settle(page);
    await picture(page, 'policy-rule-dark');
    expect(await violations(page, { runOnly: ['color-contrast'] }, '[role=dialog]')).toEqual([]);
  });

  it('the doors too', async () => {
    await inspect(await world.open('/', { reducedMotion: 'reduce' }), 'sign-in');
    const { body } = await world.door.master('POST', '/api/v1/users', {
      username: 'nova.pessoa@example.com',
      roles: ['viewer'],
    });
    const { pathname, hash } = new URL(String(body['invitation_link']));
    await inspect(await world.open(`${pathname}${hash}`, { reducedMotion: 'reduce' }), 'welcome');
  });
});

async function inspect(page: Page, name: string): Promise<void> {
  const found: string[] = [];
  const height = TALL[name];
  if (height !== undefined) await page.setViewportSize({ width: 1440, height });
  await settle(page);
  await picture(page, `${name}-light`);
  found.push(...(await violations(page, {})), ...(await notForPeople(page)), ...(await idleStops(page)));
  await page.emulateMedia({ colorScheme: 'dark' });
  await settle(page);
  await picture(page, `${name}-dark`);
  found.push(...(await violations(page, { runOnly: ['color-contrast'] })));
  await page.emulateMedia({ colorScheme: 'light' });
  for (const tab of await page.getByRole('tab', { selected: false }).all()) {
    await tab.click();
    await settle(page);
    found.push(
      ...(await violations(page, {}, '[role=tabpanel]')),
      ...(await notForPeople(page, '[role=tabpanel]')),
    );
  }
  await page.setViewportSize(PHONE);
  await settle(page);
  await picture(page, `${name}-phone`);
  found.push(...(await violations(page, { runOnly: ['scrollable-region-focusable'] })));
  expect(found).toEqual([]);
  // A chart takes its new width when it has been drawn again.
  await waitFor(`the page to fit ${PHONE.width} pixels`, async () =>
    (await page.evaluate<number>('document.documentElement.scrollWidth')) <= PHONE.width ? true : undefined,
  );
}

/** Boxes at which the keyboard stops although nothing in them scrolls. */
function idleStops(page: Page): Promise<readonly string[]> {
  return page.evaluate<
    readonly string[]
  >(`[...document.querySelectorAll('.scroll, [data-scrollarea-viewport]')]
    .filter((box) => box.tabIndex === 0 && box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight)
    .map((box) => 'a stop for nothing: ' + box.innerText.slice(0, 60))`);
}

/** Waits until nothing is on its way any more. */
async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const busy = page.locator('[aria-busy=true]');
  await waitFor('everything to be loaded', async () => ((await busy.count()) === 0 ? true : undefined), {
    timeoutMs: LOADED_WITHIN_MS,
  });
  await page.waitForTimeout(SETTLES_WITHIN_MS);
}

async function picture(page: Page, name: string): Promise<void> {
  if (IMAGES === undefined) return;
  mkdirSync(IMAGES, { recursive: true });
  await page.screenshot({ path: `${IMAGES}/${name}.png`, animations: 'disabled' });
}

/** What keeps somebody from reading or using the page. */
async function violations(page: Page, options: RunOptions, where = 'html'): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe.source);
  const all = { ...options, resultTypes: ['violations'] };
  const results = await page.evaluate<AxeResults>(`axe.run('${where}', ${JSON.stringify(all)})`);
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const [first] = nodes;
      return `${id} in ${nodes.length} places, such as ${first?.html ?? ''}: ${first?.failureSummary ?? ''}`;
    });
}
