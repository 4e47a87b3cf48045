import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { DOCUMENT_KINDS } from './domain';

/* What the routes that take documents have in common. */

export const A_DOCUMENT = { schema: { type: 'string', format: 'binary' } } as const;
export const NOT_TAKEN = { description: 'QI has not taken it: send it again' };
export const TOO_MANY = { description: 'Too many are being sent; Retry-After says when to come again' };
export const TOO_LONG = { description: 'Longer than documents.max_bytes of config/engine.yaml' };

export class KeptDocumentDto extends createZodDto(
  z.object({
    document_key: z.uuid().describe("QI's name for it, for whatever asks for a document"),
    document_md5: z.string(),
    kind: z.enum(DOCUMENT_KINDS),
  }),
) {}
