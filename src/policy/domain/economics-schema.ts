import { z } from 'zod';
import { amount, date, rate, reporter, type Context, type Scope } from './document-parts';
import { fee, tableReference } from './section-parts';

const MAX_INPUTS = 200;

/**
 * What the house pays and expects, each entry from its day until the next one's. IOF is not among it: it is dated data
 * of its own (config/), and so are QI's contract fees; rebates stand with the prices.
 */
export function economicsSection(scope: Scope) {
  const entry = z.strictObject({
    from: date,
    /** What our own money costs: a fraction a month, compounded over years of 365 days like the CET. */
    funding_monthly_rate: rate(scope),
    /** Originating and servicing one loan, in today's reais. */
    operating_cost: amount,
    /** What we pay others for one loan, besides: to QI, to a registrar. */
    fees: z.array(fee(scope)).max(5),
    /** Share of the rebates, less their tax, that stays in the house. */
    rebates_kept: rate(scope),
    /** Share of the won auctions that is paid out in the end. */
    paid_out_share: rate(scope),
    /** The table of expected loss and prepayment by segment. */
    losses: tableReference('loss', scope),
  });
  return z.strictObject({
    inputs: z.array(entry).min(1).max(MAX_INPUTS).superRefine(rising),
    /** What a row of prices is that lies under what its usual loan costs; without it, a warning. */
    below_break_even: z.enum(['warning', 'error']).optional(),
  });
}

function rising(entries: readonly { readonly from: string }[], ctx: Context): void {
  entries.forEach(({ from }, index) => {
    const before = entries[index - 1]?.from;
    if (before === undefined || before < from) return;
    reporter(ctx)('as vigências vão da mais antiga à mais nova, sem repetir o dia', [index, 'from'], from);
  });
}
