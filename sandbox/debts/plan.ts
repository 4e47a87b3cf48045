import { z } from 'zod';
import { FAULTS } from '../faults';

/** What a test fixes for one borrower, whatever the product; lists are used up one entry per attempt. */
export const debtPlanSchema = z.strictObject({
  document_number: z.string().regex(/^\d{11}$/, 'must be 11 digits'),
  /** `signed`, `never`, `expired`, or the enumerator of a signature that QI Sign refused. */
  signature: z.array(z.string()).default([]),
  /** `disbursed`, `ted_refusal`, `pix_refusal` or `never`. */
  payment: z.array(z.enum(['disbursed', 'ted_refusal', 'pix_refusal', 'never'])).default([]),
  /** Whether the borrower who withdraws pays the money back. */
  refund: z.enum(['paid', 'never']).default('paid'),
  /** How long each step takes; otherwise the sandbox's own pace. */
  step_seconds: z.number().min(0).optional(),
  /** Faults of the partner's calls, by operation, used up one per call. */
  faults: z.record(z.string(), z.array(z.enum(FAULTS))).default({}),
});

export type DebtPlan = z.infer<typeof debtPlanSchema>;

/** The plans of one product, by CPF. */
export class Plans<P extends DebtPlan> {
  readonly #plans = new Map<string, P>();

  set(plan: P): void {
    this.#plans.set(plan.document_number, plan);
  }

  of(documentNumber: string): P | undefined {
    return this.#plans.get(documentNumber);
  }

  clear(): void {
    this.#plans.clear();
  }
}
