import { z } from 'zod';

const fee = z.strictObject({
  fee_type: z.string().min(1),
  amount_type: z.enum(['percentage', 'absolute']),
  /** Percent points or reais. */
  amount: z.string().regex(/^\d+(\.\d{1,6})?$/, 'must be a plain decimal, in quotes'),
});

/** QI's set-up of a product's fees, which requests never name. */
export const feeList = z.array(fee);

/** Readings of what the manuals leave open about debts that the partner issues. */
export const debtContract = z.strictObject({
  /** Who collects signatures: QI Sign by itself, or nobody until the partner sends evidence. */
  signature_flow: z.enum(['qi_sign', 'partner']).default('qi_sign'),
  /** Days that QI Sign's link lives. */
  signature_days: z.int().min(0).default(7),
  /** `signature_finished` with the debt's data, without, or as printed: in full under the status `waiting_signature`, then short. */
  signature_webhook: z.enum(['full', 'short', 'as_printed']).default('full'),
  /** Whether a debt's creation is told by a webhook too. */
  waiting_signature_webhook: z.boolean().default(false),
  /** One sample has a blank behind the word. */
  canceled_status: z.enum(['canceled', 'canceled ']).default('canceled'),
  /** The same requester_identifier_key again: one more debt, the first one's answer, or a refusal. */
  repeated_requester_key: z.enum(['accept', 'replay', 'reject']).default('accept'),
  /** Whether evidence must name uploaded documents with their own hash, or only have the printed fields. */
  evidence: z.enum(['shape', 'uploads']).default('shape'),
  /** Days after the disbursement in which the borrower may withdraw, and days the QR code lives. */
  reversal_days: z.int().min(0).default(7),
  reversal_qr_days: z.int().min(0).default(14),
});
