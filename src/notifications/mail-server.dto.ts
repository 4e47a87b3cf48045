import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { Decimal } from '../kernel';
import { instant } from '../platform';

/** Where mail is handed in; any other port would be a way to knock at doors inside our network. */
const MAIL_PORTS = [25, 465, 587, 2525] as const;

const host = z
  .string()
  .trim()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be the name of a server');
const port = z
  .unknown()
  .transform((raw) => (Decimal.isDecimal(raw) ? Number(raw.toFixed()) : raw))
  .pipe(z.int().min(1).max(65_535));
const security = z.enum(['tls', 'starttls', 'none']);
const sender = z.email().max(200);

export class MailServerBody extends createZodDto(
  z.strictObject({
    host,
    port: port.describe(`one of ${MAIL_PORTS.join(', ')}`),
    security: security.describe('none: only to this machine, with ARREMATE_NOTIFY_LOOPBACK=1'),
    sender: sender.describe('the address mails come from'),
    username: z.string().max(200).default(''),
    password: z
      .string()
      .max(500)
      .optional()
      .describe('left out, the one of before stays for the same server and name'),
    changed_at_seen: instant
      .nullable()
      .optional()
      .describe(
        '`changed_at` as it was read, null where there was no server: 409 where it was changed since',
      ),
  }),
) {}

export class MailServerView extends createZodDto(
  z.object({
    server: z
      .object({
        host: z.string(),
        port: z.int(),
        security,
        sender: z.string(),
        username: z.string(),
        has_password: z.boolean(),
        changed_by: z.string(),
        changed_at: z.iso.datetime(),
      })
      .nullable(),
  }),
) {}

/** Why mail may not be handed in there; undefined when it may. */
export function doorRefusal(
  { host: name, port: number, security: how }: Pick<MailServerBody, 'host' | 'port' | 'security'>,
  mayUseLoopback: boolean,
): { readonly path: string; readonly message: string } | undefined {
  const isLoopback = /^(localhost|127(\.\d+){3})$/.test(name);
  if (isLoopback && mayUseLoopback) return undefined;
  if (isLoopback) return { path: 'host', message: 'is this machine' };
  if (how === 'none') return { path: 'security', message: 'must be tls or starttls' };
  if (!MAIL_PORTS.some((known) => known === number))
    return { path: 'port', message: `must be one of ${MAIL_PORTS.join(', ')}` };
  return undefined;
}
