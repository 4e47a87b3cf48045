import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { instant, plainText } from '../platform';
import { MARGIN_STATUSES } from './domain';

export class EvidenceRequest extends createZodDto(
  z.object({
    reason: plainText(1_000).describe('why it has to be seen; kept in the audit trail'),
  }),
) {}

const acceptance = z.object({
  accepted_at: instant,
  channel: z.string().describe('never a telephone call or a messaging app'),
  text_version: z.string(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  device: z.string().nullable(),
  recorded_at: instant,
  recorded_by: z.string().nullable(),
  shown: z
    .record(z.string(), z.string())
    .describe(
      'the figures that were accepted, as they were shown; empty where no acceptance was of the figures of the loan',
    ),
});

const consent = z.object({
  asked_at: instant,
  until: instant,
  reminders: z.array(z.object({ day: z.int(), told_at: instant })),
  margin_status: z.enum(MARGIN_STATUSES),
  margin_since: instant,
});

const signature = z.object({
  recorded_at: instant,
  webhook_event_id: z.string().nullable().describe("QI's own words, archived"),
  has_signed_contract: z.boolean(),
  signers: z.array(
    z.object({
      document_number: z.string().nullable(),
      signed_at: z.string().nullable(),
      face_validation_score: z.string().nullable(),
      document_face_match_score: z.string().nullable(),
      liveness_result: z.string().nullable(),
    }),
  ),
});

/** What answers somebody who says that they never took this loan. */
export class EvidenceDto extends createZodDto(
  z.object({
    credit_operation_key: z.string(),
    product: z.string(),
    exported_at: instant,
    exported_by: z.string(),
    borrower_document_number: z.string().nullable(),
    acceptance: acceptance.nullable().describe('null: nothing was accepted with us, or it was erased'),
    consent: consent.nullable().describe('of the servant in SouGov.br; null where no consent was asked for'),
    signatures: z.array(signature),
    timeline: z.array(
      z.object({
        kind: z.string(),
        recorded_at: instant,
        event_datetime: z.string().nullable(),
        actor: z.string().nullable(),
        status: z.string(),
        margin_status: z.string().nullable(),
      }),
    ),
  }),
) {}
