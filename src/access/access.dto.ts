import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { isPlainText } from '../kernel';
import { instant, pageOfItems, pageQuery } from '../platform';
import { ROLES } from './domain/roles';

const searched = (max: number) => z.string().max(max).refine(isPlainText, 'must be plain text').optional();

export const roles = z
  .array(z.enum(ROLES))
  .min(1)
  .max(ROLES.length)
  .transform((given) => [...new Set(given)]);

export class PageQuery extends createZodDto(z.object(pageQuery)) {}

const keeper = z.string().trim().toLowerCase().min(1).max(100).refine(isPlainText, 'must be plain text');

export class TokenRequest extends createZodDto(
  z.object({
    name: z
      .string()
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N} ._@:-]{0,62}$/u,
        'must be 1 to 63 letters, digits, blanks or . _ @ : -',
      ),
    roles,
    keeper: keeper
      .optional()
      .describe('who answers for it, by username; else whoever asks, or who answers for the token that asks'),
    expires_at: instant
      .optional()
      .describe('else after access.token_days; at most access.token_max_days from now'),
  }),
) {}

export class HandOverRequest extends createZodDto(
  z.object({
    keeper,
    keeper_seen: z
      .string()
      .max(100)
      .nullable()
      .optional()
      .describe('who answered for it when another was chosen: 409 where it is somebody else by now'),
  }),
) {}

const token = z.object({
  id: z.uuid(),
  name: z.string(),
  actor: z.string().describe('under this name it appears beside everything it does'),
  roles: z.array(z.string()),
  roles_now: z.array(z.string()).describe('what is left of the roles: never more than its keeper may'),
  status: z
    .enum(['active', 'revoked', 'expired', 'unkept'])
    .describe('unkept: its keeper is disabled or has lost all of its roles'),
  keeper: z.string().nullable().describe('who answers for it; null: nobody, and it lives until it ends'),
  created_by: z.string(),
  created_at: instant,
  expires_at: instant,
  last_used_at: instant.nullable().describe('to the minute'),
  revoked_at: instant.nullable(),
});

export class TokenDto extends createZodDto(token) {}

export class TokenCreated extends createZodDto(
  token.extend({ token: z.string().describe('shown this once; only its hash is kept') }),
) {}
export class TokenPage extends createZodDto(pageOfItems(token)) {}

export class UserQuery extends createZodDto(
  PageQuery.schema.extend({ text: searched(200).describe('letters of the name, anywhere in it') }),
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
  pageOfItems(
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
) {}
