import { z } from 'zod';
import { MINUTE_MS } from '../../kernel';
import type { RequestProblem } from '../../operation/domain';

const shownAmount = z.string().regex(/^\d{1,9}\.\d{2}$/, 'informe o valor mostrado, como 1234.56');

/**
 * That the borrower said yes, and how it can be proved: when, to which text, from where. Kept encrypted. An acceptance by
 * telephone or messaging app is none (Portaria MGI 984/2026 for federal payroll; the fund's own rule for FGTS).
 */
export const acceptanceSchema = z.strictObject({
  /** Which of the offers: the fee table. */
  fee_table: z.string().min(1).max(60),
  /** Paid out and paid back, as they were shown, QI's figure where it is another than ours: nobody accepts figures that have changed meanwhile. */
  disbursed_issue_amount: shownAmount,
  total_amount: shownAmount,
  /**
   * `status_since` of the proposal as it was shown. What the borrower gets, and which debts are paid off, may change while both
   * amounts stay: given this, no other offer is accepted in the place of that one.
   */
  offered_at: z.iso.datetime().describe('`status_since` of the proposal when the offer was shown').optional(),
  channel: z.enum(['in_person', 'website', 'app']),
  text_version: z.string().trim().min(1).max(60),
  accepted_at: z.iso.datetime({ offset: true }),
  ip_address: z.union([z.ipv4(), z.ipv6()]).optional(),
  user_agent: z.string().max(500).optional(),
  device: z.string().max(200).optional(),
});
export type Acceptance = z.output<typeof acceptanceSchema>;

/** So far apart may our clock and that of whoever took the yes be. */
const CLOCKS_DIFFER_MS = MINUTE_MS;

/** As it is kept: what is paid back, and when it was offered, stands with the offer that was accepted. */
export const keptAcceptanceSchema = acceptanceSchema.omit({ total_amount: true, offered_at: true });
export type KeptAcceptance = z.output<typeof keptAcceptanceSchema>;

/** A yes is given to an offer that is there, and told after it was given. */
export function outOfTime({ accepted_at: at }: Acceptance, offeredAt: Date, now: Date): RequestProblem[] {
  const acceptedAt = new Date(at).getTime();
  const problem = (message: string): RequestProblem[] => [{ path: 'accepted_at', message }];
  if (acceptedAt > now.getTime() + CLOCKS_DIFFER_MS) return problem('está no futuro');
  if (acceptedAt < offeredAt.getTime() - CLOCKS_DIFFER_MS) return problem('é de antes de haver a oferta');
  return [];
}

/**
 * What else must be known of a yes, by product: of a federal servant's the device it was given on, for whoever has to
 * answer that somebody never gave it (Portaria MGI 984/2026).
 */
export function missingInAcceptance(product: string, { device, user_agent }: Acceptance): RequestProblem[] {
  const isKnown = (device?.trim() ?? '') !== '' || (user_agent?.trim() ?? '') !== '';
  if (product !== 'federal_payroll' || isKnown) return [];
  return [{ path: 'device', message: 'informe o aparelho em que o servidor aceitou' }];
}
