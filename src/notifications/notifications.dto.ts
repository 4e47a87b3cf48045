import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { instant, pageOfItems, pageQuery } from '../platform';
import { EVENT_TYPES } from './domain';

export const CHANNELS = ['webhook', 'email', 'slack', 'teams'] as const;

const eventTypes = z
  .array(z.enum(EVENT_TYPES))
  .min(1)
  .max(EVENT_TYPES.length)
  .transform((given) => [...new Set(given)]);
const url = z
  .string()
  .max(2_000)
  .describe('https, on a public address; of Slack and Teams a secret that is not shown again');
const recipients = z.array(z.email().max(200)).max(20).describe('of the channel email');
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
  .nullable();
const quiet = {
  quiet_from: clock.optional().describe('HH:MM in São Paulo: from then on only what is critical is sent'),
  quiet_until: clock.optional().describe('until then; what waited comes in one message. Null: none'),
};
const description = z
  .string()
  .trim()
  .max(200)
  .refine((text) => !/[\p{Cc}\p{Surrogate}]/u.test(text), 'must be plain text');

export class EndpointRequest extends createZodDto(
  z.object({
    channel: z.enum(CHANNELS).default('webhook'),
    url: url.default(''),
    recipients: recipients.default([]),
    event_types: eventTypes.describe('of people: alert.* and export.* alone'),
    description: description.default(''),
    ...quiet,
  }),
) {}

const seen = z
  .array(z.string().max(200))
  .max(100)
  .optional()
  .describe('what the list was when another was chosen: 409 where it is no longer');

export class EndpointChange extends createZodDto(
  z.object({
    url: url.optional(),
    recipients: recipients.optional(),
    recipients_seen: seen,
    event_types: eventTypes.optional(),
    event_types_seen: seen,
    description: description.optional(),
    ...quiet,
    seen: z
      .object({
        url: z.string().max(2_000),
        description: z.string().max(200),
        quiet_from: clock,
        quiet_until: clock,
        enabled: z.boolean(),
      })
      .partial()
      .optional()
      .describe('what values were when others were chosen: 409 where one is another now'),
    enabled: z
      .boolean()
      .optional()
      .describe('false: what happens is kept back and sent once it is true again'),
  }),
) {}

const endpoint = z.object({
  id: z.uuid(),
  channel: z.enum(CHANNELS),
  url: z.string().describe('of Slack and Teams the host alone; of e-mail mailto: and the recipients'),
  description: z.string(),
  event_types: z.array(z.string()),
  enabled: z.boolean(),
  disabled_reason: z.string().nullable().describe('gone: the endpoint answered 410'),
  quiet_from: z.string().nullable(),
  quiet_until: z.string().nullable(),
  former_secret_until: instant.nullable().describe('until then the former secret signs too'),
  created_by: z.string(),
  created_at: instant,
  waiting: z.int().describe('deliveries not yet made'),
  given_up: z.int().describe('deliveries that failed to the end'),
  failing_with: z
    .string()
    .nullable()
    .describe(
      'why what waits, or was given up with nothing delivered since, was not taken when it was last sent: HTTP 404, ECONNREFUSED, SMTP_550',
    ),
});

export class EndpointView extends createZodDto(endpoint) {}
export class EndpointList extends createZodDto(z.object({ items: z.array(endpoint) })) {}

const secret = z
  .string()
  .nullable()
  .describe('whsec_...: signs what is sent; shown this once. Null of channels for people');
export class EndpointCreated extends createZodDto(endpoint.extend({ secret })) {}
export class NewSecret extends createZodDto(z.object({ secret: z.string(), former_secret_until: instant })) {}

export class SecretRotation extends createZodDto(
  z
    .object({
      keeps: z
        .enum(['in_force', 'former'])
        .optional()
        .describe(
          'which of two that sign stays beside the new one: the last, or the one before it. 409 without it while two sign',
        ),
      former_secret_until_seen: instant
        .nullable()
        .optional()
        .describe('`former_secret_until` as it was read: 409 where the secret was changed since'),
    })
    .prefault({}),
) {}

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'given_up', 'withdrawn'] as const;

export class DeliveryQuery extends createZodDto(
  z.object({
    status: z.enum(DELIVERY_STATUSES).optional(),
    ...pageQuery,
  }),
) {}

const delivery = z.object({
  id: z.string(),
  event_id: z.uuid().describe('webhook-id of every attempt'),
  event_type: z.string(),
  subject: z.string(),
  occurred_at: instant,
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int().describe('since it was last sent by hand'),
  next_attempt_at: instant.nullable(),
  last_http_status: z.int().nullable(),
  last_error: z.string().nullable(),
  taken_by: z.array(z.string()).describe('of a mail that not every recipient has: who has it'),
});

export class DeliveryPage extends createZodDto(pageOfItems(delivery)) {}

export class DeliveryDetail extends createZodDto(
  delivery.extend({
    body: z.record(z.string(), z.unknown()).describe('what is sent'),
    attempt_log: z.array(
      z.object({
        sent_at: instant,
        duration_ms: z.int(),
        http_status: z.int().nullable(),
        error: z.string().nullable(),
      }),
    ),
  }),
) {}

export class DeliveryQueued extends createZodDto(z.object({ delivery_id: z.string() })) {}
