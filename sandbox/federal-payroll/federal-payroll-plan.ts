import { z } from 'zod';
import { debtPlanSchema } from '../debts/plan';

const amount = z.string().regex(/^\d+(\.\d{1,2})?$/, 'must be reais, in quotes');

/** One employment link of a servant. */
const linkSchema = z.strictObject({
  authority_code: z.string().default('17000'),
  registration_code: z.string().default('1354387'),
  authority_document_number: z.string().default('00394460000141'),
  description: z.string().default('MINISTERIO DA ECONOMIA'),
  employment_relationship: z.string().default('attendant'),
  employment_classification: z.string().default('stable'),
  employment_functional_situation: z.string().default('EST01-PERMANENT ACTIVE'),
  pensioner_registration_code: z.string().default(''),
  pension_type: z.string().default(''),
  pension_validity: z.string().default(''),
  /** What may be deducted every month, before anything that is reserved here. */
  margin: amount.default('100000.00'),
  /** Only for those who authorised the card as well. */
  card_margin: amount.optional(),
  authorized: z.boolean().default(true),
  /** The last day of the authorisation; otherwise counted from the query. */
  expiration_date: z.iso.date().optional(),
});

export type PlannedLink = z.infer<typeof linkSchema>;

/** What a test fixes for one servant; lists are used up one entry per attempt. */
export const federalPayrollPlanSchema = debtPlanSchema.extend({
  name: z.string().default('KAUAN RIBEIRO PEREIRA'),
  /** For each query: `success`, `never`, or an enumerator of a failure. */
  balance: z.array(z.string()).default([]),
  links: z.array(linkSchema).default(() => [linkSchema.parse({})]),
  /** For each attempt at a reservation: `pending_consent`, `never`, or an enumerator. */
  reservation: z.array(z.string()).default([]),
  /** For each reservation: `given`, `refused`, `expired` or `never`. */
  consent: z.array(z.enum(['given', 'refused', 'expired', 'never'])).default([]),
});

export type FederalPayrollPlan = z.infer<typeof federalPayrollPlanSchema>;
