import { z } from 'zod';

const evidence = z
  .string('informe como se descobriu')
  .trim()
  .min(10, 'informe onde e com quem se descobriu, em pelo menos 10 caracteres')
  .max(500, 'no máximo 500 caracteres');

/** What a person found out about an order for a debt whose answer was lost, and how. */
export const issueFindingSchema = z.discriminatedUnion(
  'outcome',
  [
    z.strictObject({
      outcome: z.literal('took_effect'),
      credit_operation_key: z
        .string('informe a chave da operação na QI')
        .regex(/^[A-Za-z0-9-]{8,100}$/, 'informe a chave da operação como a QI a mostra'),
      evidence,
    }),
    z.strictObject({ outcome: z.literal('not_taken'), evidence }),
  ],
  'informe took_effect ou not_taken',
);
export type IssueFinding = z.output<typeof issueFindingSchema>;
