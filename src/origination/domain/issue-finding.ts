import { z } from 'zod';

const evidence = z
  .string('informe como se descobriu')
  .trim()
  .min(10, 'informe onde e com quem se descobriu, em pelo menos 10 caracteres')
  .max(500, 'no máximo 500 caracteres');

const command = z.uuid('informe o pedido de emissão (command_id) como foi visto: recarregue a página');
/** When the order had left as it was seen: what was looked for before it left again says nothing of that. */
const sent = z.iso.datetime({ offset: true, error: 'informe o envio como foi visto' }).nullable().optional();

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
      command_id: command.optional(),
      sent_at: sent,
    }),
    z.strictObject({ outcome: z.literal('not_taken'), evidence, command_id: command, sent_at: sent }),
  ],
  'informe took_effect ou not_taken',
);
export type IssueFinding = z.output<typeof issueFindingSchema>;
