import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { COMMAND_STATUSES } from '../commands/domain';
import {
  AUTHORIZATION_CHECKS,
  GUARANTEE_OUTCOMES,
  MARGIN_STATUSES,
  OPERATION_ACTIONS,
  OPERATION_STATUSES,
  TASK_KINDS,
} from './domain';
import { decimal, instant, pageOfItems, pageQuery, plainText, wholeNumber } from '../platform';

export class OperationQuery extends createZodDto(
  z.object({
    ...pageQuery,
    status: z.enum(OPERATION_STATUSES).optional(),
    origin: z.enum(['auction', 'active']).optional(),
    product: z.enum(['private_payroll', 'fgts', 'federal_payroll']).optional(),
    margin_status: z.enum(MARGIN_STATUSES).optional(),
    issuer_proposal_request_key: z.string().optional(),
  }),
) {}

const operation = z.object({
  credit_operation_key: z.string(),
  product: z.string(),
  origin: z.enum(['auction', 'active']).nullable().describe('null until linked to where it came from'),
  status: z.enum(OPERATION_STATUSES),
  status_since: instant,
  margin_status: z
    .enum(MARGIN_STATUSES)
    .nullable()
    .describe('The second ending; null where the guarantee is part of the status. Closed is what has both'),
  failure_code: z
    .string()
    .nullable()
    .describe("QI's code of the latest refusal or failure; null once the loan has gone on"),
  issuer_proposal_request_key: z.string().nullable(),
  auction_proposal_key: z.string().nullable(),
  request_control_key: z.string().nullable(),
  disbursed_issue_amount: decimal.nullable(),
  installment_face_value: decimal.nullable(),
  number_of_installments: z.int().nullable(),
  monthly_interest_rate: decimal.nullable().describe('Fraction a month: 0.0249 is 2.49%'),
  opened_at: instant,
  ended_at: instant.nullable(),
});

const event = z.object({
  kind: z.string(),
  effect: z.enum(['applied', 'noted', 'overtaken', 'impossible']),
  from_status: z.enum(OPERATION_STATUSES),
  to_status: z.enum(OPERATION_STATUSES),
  from_margin: z.enum(MARGIN_STATUSES).nullable(),
  to_margin: z.enum(MARGIN_STATUSES).nullable(),
  contradiction: z.boolean(),
  actor: z.string().nullable(),
  summary: z.record(z.string(), z.unknown()),
  event_datetime: z.string().nullable().describe('As QI printed it'),
  recorded_at: instant,
});

const command = z.object({
  command_id: z.uuid(),
  action: z.enum(OPERATION_ACTIONS),
  status: z.enum(COMMAND_STATUSES),
  actor: z.string(),
  attempts: z.int(),
  created_at: instant,
  sent_at: instant.nullable(),
  settled_at: instant.nullable(),
  settled_by: z.string().nullable(),
  http_status: z.int().nullable(),
  answer_code: z.string().nullable(),
  answer: z.string().nullable().describe("QI's words when it refused, or why its answer is not known"),
  can_be_taken_back: z.boolean().describe('It has never left: a person may still take it back'),
});

const task = z.object({
  id: z.uuid(),
  kind: z.enum(TASK_KINDS),
  credit_operation_key: z.string().nullable().describe('what it is about: one of the three is not null'),
  issuer_proposal_request_key: z.string().nullable(),
  proposal_id: z.uuid().nullable(),
  reason_code: z.string(),
  message: z.string(),
  amount_at_stake: decimal.nullable(),
  due_at: instant,
  status: z.enum(['open', 'claimed', 'resolved']),
  owner: z.string().nullable(),
  snoozed_until: instant.nullable(),
  resolution: z.string().nullable(),
  resolved_by: z.string().nullable(),
  opened_at: instant,
  resolved_at: instant.nullable(),
  version: z.int(),
});

const approval = z.object({
  approval_id: z.uuid(),
  credit_operation_key: z.string().nullable().describe('null for what concerns no operation'),
  action: z.enum(['cancel_permanently', 'request_reversal', 'release_kill_switch']),
  status: z.enum(['pending', 'approved', 'rejected', 'withdrawn']),
  reason: z.string(),
  amount: decimal.nullable().describe('Of the loan; null for what concerns no operation'),
  consequence: z.string(),
  undo: z.string().describe('Whether and until when it can be undone, in Portuguese'),
  requested_by: z.string(),
  requested_at: instant,
  decided_by: z.string().nullable(),
  decided_at: instant.nullable(),
  note: z.string().nullable(),
});

const nextAction = z.object({
  action: z.enum(OPERATION_ACTIONS),
  consequence: z.string().describe('What it does, in Portuguese'),
  undo: z.string().describe('Whether and until when it can be undone, in Portuguese'),
  needs_two_people: z.boolean(),
});

const guarantee = z.object({
  refusals: z.int().describe('how often it was refused'),
  refused_since: instant,
  last_refused_at: instant,
  reasons: z
    .array(
      z.object({
        code: z.string(),
        meaning: z.string().nullable(),
        advice: z.string().nullable(),
        tried_until: instant.nullable().describe('until when QI tries by itself, where that is known'),
      }),
    )
    .describe('of the latest refusal; without words where no manual names it'),
  outcome: z.enum(GUARANTEE_OUTCOMES).describe('tried_again: QI still tries by itself'),
});

const margin = z.object({
  status: z.enum(MARGIN_STATUSES),
  since: instant,
  consent_asked_at: instant.nullable(),
  consent_until: instant.nullable().describe('when the time for the consent is over'),
  reminders: z.array(z.object({ day: z.int(), told_at: instant })).describe('of the latest question'),
  queued_until: instant
    .nullable()
    .describe("SIAPE is closed: what is asked of it waits in QI's queue until then"),
  next_step: z.string().describe('What happens next and by whom, in Portuguese'),
  first_deduction: z.object({
    month: z.string().describe('YYYY-MM: the pay that the first instalment is taken from'),
    cut_off: z.iso.date().describe('the last day of a reservation for this pay'),
    is_verified: z.boolean().describe('false: nobody has filled this month of the payroll calendar; assumed'),
  }),
});

export class OperationDto extends createZodDto(operation) {}
export class OperationDetailDto extends createZodDto(
  operation.extend({
    events: z.array(event),
    commands: z.array(command),
    tasks: z.array(task),
    pending_approval: approval.nullable(),
    undo: z
      .object({ approval_id: z.uuid(), action: z.enum(OPERATION_ACTIONS), until: instant })
      .nullable()
      .describe('what two people agreed to and is not sent yet: when it is, unless it is taken back'),
    guarantee: guarantee
      .nullable()
      .describe('What has kept QI from binding what secures the loan; null when nothing has'),
    margin: margin.nullable().describe('null for a product whose guarantee is part of the status'),
    withdrawal: z
      .object({
        paid_on: z.iso.date(),
        until: z.iso.date().describe("The stricter of QI's two printed periods: what the borrower is told"),
        latest: z.iso.date().describe('The other: up to here QI may still take it'),
      })
      .nullable()
      .describe(
        'Until when the borrower of a paid loan may give the money back; null where there is no such right',
      ),
    reversal: z
      .object({
        amount: decimal.nullable(),
        expires_on: z.string().nullable(),
        copy_paste_pix: z.string().nullable(),
        qr_code_url: z.string().nullable(),
      })
      .nullable()
      .describe('The charge by which the money is given back'),
    contract_number: z.string().nullable().describe('Of the CCB, once QI has told it'),
    paid_amount: decimal
      .nullable()
      .describe("By QI's receipts; null until it is paid, or where they do not say"),
    authorization: z
      .array(
        z.object({
          name: z.enum(AUTHORIZATION_CHECKS),
          observed: z.string().nullable().describe('null: QI did not tell it'),
          required: z.string().nullable(),
          passes: z.boolean(),
        }),
      )
      .describe(
        'What the signature was proven with against what the policy in force wants; once a loan waits for it',
      ),
    refused_payment: z
      .object({
        code: z.string(),
        reason: z.string().nullable().describe("The bank's words"),
        account: z
          .object({
            bank: z.string().nullable(),
            branch: z.string().nullable(),
            number: z.string().nullable(),
          })
          .nullable()
          .describe('That refused, masked; null where QI does not print it'),
        is_of_another_holder: z.boolean().describe('Then another account has to be given'),
      })
      .nullable()
      .describe('Why the money did not arrive; null once the loan has gone on'),
    next_actions: z.array(nextAction),
  }),
) {}
export class TaskDto extends createZodDto(task) {}
export class TaskDetailDto extends createZodDto(
  task.extend({
    history: z.array(
      z.object({ action: z.string(), actor: z.string(), note: z.string().nullable(), at: instant }),
    ),
  }),
) {}
export class ApprovalDto extends createZodDto(approval) {}

export class OperationPageDto extends createZodDto(pageOfItems(operation)) {}
export class TaskPageDto extends createZodDto(pageOfItems(task)) {}
export class ApprovalPageDto extends createZodDto(pageOfItems(approval)) {}

export class CommandAcceptedDto extends createZodDto(
  z.object({
    command_id: z.uuid(),
    action: z.enum(OPERATION_ACTIONS),
    status: z.literal('intended'),
  }),
) {}
export class TakenBackDto extends createZodDto(
  z.object({
    command_id: z.uuid(),
    action: z.enum(OPERATION_ACTIONS),
    status: z.literal('withdrawn'),
  }),
) {}
export class ApprovalNeededDto extends createZodDto(
  z.object({ approval_id: z.uuid(), status: z.literal('pending'), consequence: z.string() }),
) {}

export class DecidedDto extends createZodDto(
  z.object({
    approval_id: z.uuid(),
    status: z.enum(['approved', 'rejected']),
    command_id: z.uuid().optional().describe('what is sent unless it is undone'),
    can_be_undone_until: instant.optional(),
    command_status: z.literal('withdrawn').optional().describe('it was undone'),
  }),
) {}

const MAX_TEXT = 1_000;
const reasonText = plainText(MAX_TEXT);
export class SwitchReasonDto extends createZodDto(z.object({ reason: reasonText })) {}
export class ReleaseDto extends createZodDto(
  z.object({
    reason: reasonText,
    stopped_at: instant
      .optional()
      .describe('`changed_at` as it was shown: bidding that was stopped for another reason since stays so'),
  }),
) {}
export class KillSwitchDto extends createZodDto(
  z.object({
    engaged: z.boolean(),
    reason: z.string(),
    actor: z.string(),
    changed_at: instant,
    pending_approval: approval.nullable().describe('waits for a second person to let bidding go on'),
    restore_unconfirmed: z
      .boolean()
      .describe('the database was restored: it cannot be released before a person confirms what was found'),
  }),
) {}
export class CancelDto extends createZodDto(z.object({ reason: z.string().max(MAX_TEXT).optional() })) {}
export class DecisionDto extends createZodDto(z.object({ note: z.string().max(MAX_TEXT).optional() })) {}
export class SnoozeDto extends createZodDto(z.object({ until: z.iso.datetime({ offset: true }) })) {}
export class TakeBackDto extends createZodDto(
  z.strictObject({
    owner: z.string().max(MAX_TEXT).describe('Who it was seen with: whoever else has it by now keeps it'),
  }),
) {}
const seenVersion = wholeNumber(1, 2_147_483_647);
export class ResolveDto extends createZodDto(
  z.object({
    outcome: z.enum(['took_effect', 'not_taken']).optional(),
    note: z.string().max(MAX_TEXT).optional(),
    version: seenVersion
      .optional()
      .describe(
        'Of the task as it was read: one that has changed since stays open. Needed of a contradiction',
      ),
  }),
) {}

/** QI's own body; `submitSignature` says what is wrong with one, field by field. */
export class SignatureSubmissionDto extends createZodDto(
  z.object({
    type: z.enum(['pdf-signature', 'data-signature']),
    'path-pdf-signed': z.url().optional(),
    signatures: z
      .array(
        z.object({
          authentication_type: z.enum(['opt_in', 'zip', 'selfie']),
          signer: z.record(z.string(), z.unknown()),
          signed_object: z.record(z.string(), z.unknown()),
          authenticity: z.record(z.string(), z.unknown()),
        }),
      )
      .optional(),
  }),
) {}

const MAX_BULK = 200;
const versions = z
  .record(z.uuid(), seenVersion)
  .optional()
  .describe('Of resolve: by task, the version as it was read, as in the resolution of one');
const bulk = {
  task_ids: z.array(z.uuid()).min(1).max(MAX_BULK),
  preview: z.boolean().default(false).describe('Say what would happen and change nothing'),
};
export const bulkSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('claim'), ...bulk }),
  z.object({ action: z.literal('release'), ...bulk }),
  z.object({ action: z.literal('snooze'), ...bulk, until: z.iso.datetime({ offset: true }) }),
  z.object({
    action: z.literal('resolve'),
    ...bulk,
    outcome: z.enum(['took_effect', 'not_taken']).optional(),
    note: z.string().max(MAX_TEXT).optional(),
    versions,
  }),
]);
export class BulkDto extends createZodDto(
  z.object({
    action: z.enum(['claim', 'release', 'snooze', 'resolve']),
    ...bulk,
    until: z.iso.datetime({ offset: true }).optional(),
    outcome: z.enum(['took_effect', 'not_taken']).optional(),
    note: z.string().optional(),
    versions,
  }),
) {}
export class BulkResultDto extends createZodDto(
  z.object({
    preview: z.boolean(),
    done: z.int(),
    refused: z.int(),
    results: z.array(
      z.object({
        task_id: z.string(),
        outcome: z.enum(['done', 'refused']),
        reason: z.string().nullable(),
        message: z.string().nullable(),
      }),
    ),
  }),
) {}

/** QI's own body; checked with QI's rules and the borrower's CPF by readResubmission. */
export class ResubmissionDto extends createZodDto(
  z.object({
    disbursement_date: z.iso.date(),
    disbursement_bank_accounts: z
      .array(
        z.object({
          name: z.string(),
          document_number: z.string().describe("The borrower's CPF"),
          pix_key: z.string().optional().describe('Instead of an account; not of a loan of the auction'),
          bank_code: z.union([z.string(), z.int()]).optional(),
          ispb_number: z
            .string()
            .optional()
            .describe('Of a loan of the auction, with the code or without it'),
          branch_number: z.string().optional(),
          account_number: z.string().optional(),
          account_digit: z.string().optional(),
          account_type: z.string().optional().describe('As QI names it; needed of federal_payroll'),
          percentage_receivable: z.number(),
        }),
      )
      .optional()
      .describe('Left out: the account stays as it is'),
    is_another_account: z
      .boolean()
      .optional()
      .describe(
        'Of our own, never sent to QI: a person has checked an account that ends like the one that refused the payment',
      ),
  }),
) {}

export class TaskQuery extends createZodDto(
  z.object({
    ...pageQuery,
    status: z.enum(['open', 'claimed', 'resolved']).optional(),
    kind: z.enum(TASK_KINDS).optional(),
    owner: z.string().optional(),
    credit_operation_key: z.string().optional(),
    proposal_id: z.uuid().optional(),
    snoozed: z.enum(['include', 'exclude']).default('exclude'),
  }),
) {}

export class ApprovalQuery extends createZodDto(
  z.object({
    ...pageQuery,
    status: z.enum(['pending', 'approved', 'rejected', 'withdrawn']).optional(),
  }),
) {}
