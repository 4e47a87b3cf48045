import { z } from 'zod';
import { feeList } from '../debts/debt-behaviour';

const zero = (fee_type: string) => ({ fee_type, amount_type: 'absolute' as const, amount: '0' });
const path = z.string().regex(/^\/[^\s?]*:key[^\s?]*$/, 'must be a path with :key in it');

/** Readings of what the FGTS manual leaves open. */
export const fgtsContract = z.strictObject({
  /** No page names them. */
  read_balance_path: path.default('/baas/v2/fgts/available_balance/:key'),
  cancel_balance_path: path.default('/baas/v2/fgts/available_balance/:key'),
  /** The manual's webhook and fields, or those of the older page (`data.enumerator`, `data.description`). */
  balance_webhook: z.enum(['available_balance', 'fgts_available_balance']).default('available_balance'),
  /** Which digits of the CPF decide a query: the first ones (the manual), the last two (an older page), or none. */
  balance_rule: z.enum(['first_digits', 'last_two_digits', 'none']).default('first_digits'),
  /** Endorsement of CPFs that begin with 4 to 7: `endorsed`, `never`, or an enumerator. */
  undescribed_endorsement: z.string().min(1).default('endorsed'),
  /** Attempts at an endorsement whose failure QI retries, the first one included. */
  endorsement_attempts: z.int().min(1).default(3),
  /** Steps between two of them. */
  endorsement_retry_steps: z.number().min(0).default(3),
  /** The collateral webhook's word; requests and answers say `fgts_balance`. */
  collateral_type: z.enum(['fgts', 'fgts_balance']).default('fgts'),
  /** Whether a due date that is no business day is moved to the next one. */
  due_dates: z.enum(['business_day', 'first_day']).default('business_day'),
  /** Withdrawals that Caixa foresees. */
  periods: z.int().min(1).max(20).default(10),
  /** Whether an endorsement is measured against Caixa's account, or goes by plan and CPF alone. */
  account_check: z.boolean().default(true),
  /** The first permitted day that a locked query names; null: the second business day of next month. */
  locked_until: z.iso.date().nullable().default(null),
  interest_base: z.enum(['calendar_days', 'calendar_days_365']).default('calendar_days_365'),
  contract_fees: feeList.default([{ fee_type: 'tac', amount_type: 'percentage', amount: '0.6' }]),
  external_contract_fees: feeList.default([zero('tac'), zero('spread')]),
});
