import type { Page, Route } from 'playwright-core';

/** The service does what is asked, and the page never hears of it. */
export async function loseAnswer(route: Route): Promise<void> {
  await route.fetch();
  await route.abort();
}

/** The first request to an address does not arrive. @returns the key of each that was made, in their order */
export async function loseFirst(page: Page, address: string): Promise<readonly (string | undefined)[]> {
  const keys: (string | undefined)[] = [];
  await page.route(address, (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    return keys.length === 1 ? route.abort() : route.continue();
  });
  return keys;
}
