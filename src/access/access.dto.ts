import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { isPlainText } from '../kernel';
import { ROLES } from './domain/roles';

const instant = z.iso.datetime();

const searched = (max: number) => z.string().max(max).refine(isPlainText, 'must be plain text').optional();

export const roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .transform((given) => [...new Set(given)]);

export class PageQuery extends createZodDto(
  z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(200).optional(),
  }),
) {}

export class TokenRequest extends createZodDto(
  z.object({
    name: z
      .string()
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N} ._@:-]{0,62}$/u,
        'must be 1 to 63 letters, digits, blanks or . _ @ : -',
      ),
    roles,
  }),
) {}

const token = z.object({
  id: z.uuid(),
  name: z.string(),
  actor: z.string().describe('under this name it appears beside everything it does'),
  roles: z.array(z.string()),
  created_by: z.string(),
  created_at: instant,
  revoked_at: instant.nullable(),
});

export class TokenCreated extends createZodDto(
  token.extend({ token: z.string().describe('shown this once; only its hash is kept') }),
) {}
export class TokenPage extends createZodDto(
  z.object({ items: z.array(token), next_cursor: z.string().nullable() }),
) {}

export class AuditQuery extends createZodDto(
  PageQuery.schema.extend({
    actor: searched(200),
    action: searched(200),
    subject: searched(500),
    from: instant.optional(),
    before: instant.optional(),
  }),
) {}

export class AuditPage extends createZodDto(
  z.object({
    items: z.array(
      z.object({
        id: z.string().describe('1, 2, 3 ... without gaps'),
        at: instant,
        actor: z.string(),
        action: z.string(),
        subject: z.string(),
        reason: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
        hash: z.string().describe('SHA-256 over the hash before and this row, in hex'),
      }),
    ),
    next_cursor: z.string().nullable(),
  }),
) {}
