import type { Page } from 'playwright-core';
import { waitFor } from '../support/wait-for';

const CLOSES_WITHIN_MS = 2_000;

/**
 * Chooses a day of payment in the open dialog: the last business day of this month, or of the next where none is left. A press
 * that comes while the calendar is still being placed is made again.
 */
export async function choosePaymentDay(page: Page): Promise<void> {
  await page.getByRole('dialog').getByLabel('Dia do desembolso').click();
  const calendar = page.locator('[data-dates-dropdown]');
  const days = calendar.locator('table button:not([disabled]):not([data-outside])');
  await calendar.locator('table').waitFor();
  if ((await days.count()) === 0) await calendar.locator('button[data-direction=next]').click();
  await waitFor('the calendar to take the day', async () => {
    await days
      .last()
      .click({ timeout: CLOSES_WITHIN_MS })
      .catch(() => undefined);
    const closed = calendar.waitFor({ state: 'hidden', timeout: CLOSES_WITHIN_MS });
    return closed.then(
      () => true,
      () => undefined,
    );
  });
}
