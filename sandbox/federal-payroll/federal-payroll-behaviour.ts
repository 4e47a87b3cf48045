import { z } from 'zod';
import { feeList } from '../debts/debt-behaviour';

/** Readings of what the SIAPE manual and the newer pages leave open, or say differently. */
export const federalPayrollContract = z.strictObject({
  balance_webhook: z
    .enum(['federal_payroll_balance', 'federal_payroll.balance'])
    .default('federal_payroll_balance'),
  /** Objects that hold what is free (the manual), or a flat list whose numbers say what is used (the newer page). */
  balance_shape: z.enum(['manual', 'flat']).default('manual'),
  success_word: z.enum(['success', 'succeeded']).default('success'),
  failure_word: z.enum(['failure', 'failed']).default('failure'),
  /** One sample, of a borrower who authorised the loan alone, bears no `webhook_type`. */
  untyped_loan_only: z.boolean().default(false),
  /** Who exists besides those with a plan: the CPFs of QI's own mock, or everybody else too. */
  servants: z.enum(['mock', 'everybody']).default('mock'),
  /** Whether SIAPE keeps its hours (Monday to Friday from 07:00, not on holidays), or works always. */
  hours: z.enum(['always', 'enforced']).default('always'),
  /** Whether open reservations end at 23:59, as in QI's sandbox. */
  daily_closing: z.boolean().default(false),
  consent_days: z.int().min(0).default(10),
  authorization_days: z.int().min(0).default(30),
  /** Attempts at a reservation whose failure QI retries, the first one included, and steps between two of them. */
  reservation_attempts: z.int().min(1).default(3),
  reservation_retry_steps: z.number().min(0).default(3),
  /** Where a failed reservation names its enumerator: beside the status, or in a list of errors. */
  failure_shape: z.enum(['enumerator', 'errors']).default('enumerator'),
  /** Canceling while consent is pending: the contract ends and the margin waits, or nothing but an error. */
  cancel_while_pending: z.enum(['accept', 'error']).default('accept'),
  /** Days after the asked one on which a debt may be paid out, when the request does not say. */
  option_days: z.int().min(0).max(30).default(3),
  /** The manual prints one option of a simulation that asked for four days. */
  simulation_options: z.enum(['every_day', 'first']).default('every_day'),
  interest_base: z.enum(['calendar_days', 'calendar_days_365']).default('calendar_days'),
  contract_fees: feeList.default([]),
  external_contract_fees: feeList.default([]),
  /** Whether a refinancing may be paid to any account, or only to one at QI. */
  refinancing_account: z.enum(['any', 'internal']).default('any'),
});
