import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { isPlainText } from '../kernel';
import { instant, pageOfItems } from '../platform';
import { roles } from './access.dto';

const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@+-]{1,99}$/, 'must be an e-mail address, or 2 to 100 of a-z 0-9 . _ + -')
  .describe("the e-mail address where people sign in through an identity provider; case doesn't matter");

/** Length is what makes a password hard to guess; rules about its characters only make it hard to remember. */
const newPassword = z.string().min(12, 'must have at least 12 characters').max(200);
const anyPassword = z.string().min(1).max(200);
const code = z.string().regex(/^\d{6}$/, 'must be the 6 digits your authenticator shows');
const linkToken = z.string().min(20).max(100);

/** Not the rule for new names: what nobody is called is refused like a wrong password, and counted. */
const signInName = z.string().trim().toLowerCase().min(1).max(100).refine(isPlainText, 'must be plain text');

export class SignInRequest extends createZodDto(
  z.object({ username: signInName, password: anyPassword, code }),
) {}

export class SessionDto extends createZodDto(
  z.object({
    actor: z.string(),
    username: z.string().nullable().describe('null for a token'),
    roles: z.array(z.string()),
    permissions: z.array(z.string()).describe('what these roles permit'),
    expires_at: instant.nullable(),
    csrf_token: z.string().nullable().describe('to be sent as X-CSRF-Token with every change'),
  }),
) {}

export class SignInMethodsDto extends createZodDto(
  z.object({ password: z.literal(true), oidc: z.boolean() }),
) {}

export class InvitationTokenDto extends createZodDto(
  z.object({
    token: linkToken,
    username: username.optional().describe('as the first administrator wants to be called'),
  }),
) {}
export class InvitationDto extends createZodDto(
  z.object({
    username: z.string().nullable().describe('null: the first administrator chooses one'),
    totp_uri: z.string().describe('for the authenticator, as a QR code'),
  }),
) {}
export class AcceptanceDto extends createZodDto(
  z
    .object({ token: linkToken, username: username.optional(), password: newPassword, code })
    .refine(({ username: name, password }) => password.toLowerCase() !== name, {
      path: ['password'],
      message: 'must not be the username',
    }),
) {}

export class PasswordChangeDto extends createZodDto(
  z.object({ current_password: anyPassword, new_password: newPassword }),
) {}

const session = z.object({
  id: z.uuid(),
  method: z.enum(['password', 'oidc']),
  created_at: instant,
  seen_at: instant,
  expires_at: instant,
  is_this_one: z.boolean(),
});
export class SessionListDto extends createZodDto(z.object({ items: z.array(session) })) {}

export class UserRequest extends createZodDto(z.object({ username, roles })) {}
export class UserChangeDto extends createZodDto(
  z
    .object({
      roles: roles.optional(),
      roles_seen: z
        .array(z.string().max(50))
        .max(50)
        .optional()
        .describe('what they were when others were chosen: 409 where they are no longer'),
      disabled: z.boolean().optional(),
    })
    .refine((change) => change.roles !== undefined || change.disabled !== undefined, 'nothing to change'),
) {}

const user = z.object({
  id: z.uuid(),
  username: z.string(),
  roles: z.array(z.string()),
  created_by: z.string(),
  created_at: instant,
  disabled_at: instant.nullable(),
  has_password: z.boolean(),
  has_oidc: z.boolean(),
});
const invitation = {
  invitation_link: z.string().describe('to be given to this person; works once'),
  invitation_expires_at: instant,
};
export class UserDto extends createZodDto(user) {}
export class UserPage extends createZodDto(pageOfItems(user)) {}
export class UserCreatedDto extends createZodDto(user.extend(invitation)) {}
export class InvitedDto extends createZodDto(z.object(invitation)) {}
