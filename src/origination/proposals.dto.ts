import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { COMMAND_STATUSES } from '../commands/domain';
import { figures, lockedWindow, period } from './dto-parts';
import {
  acceptanceSchema,
  borrowerDataSchema,
  issueFindingSchema,
  PERSONS_ACTIONS,
  PROPOSAL_ACTIONS,
  PROPOSAL_STATUSES,
  wishesSchema,
} from './domain';

const instant = z.iso.datetime();
const MAX_PAGE = 200;

export class ProposalQuery extends createZodDto(
  z.object({
    limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
    cursor: z.string().optional().describe('next_cursor of the page before'),
    status: z.enum(PROPOSAL_STATUSES).optional(),
    product: z.enum(['fgts']).optional(),
    credit_operation_key: z.string().max(200).optional().describe('the loan that it became'),
    document_number: z
      .string()
      .regex(/^\d{11}$/)
      .optional()
      .describe('CPF of the borrower, 11 digits'),
  }),
) {}

/** What opens a proposal. Whatever is not known yet can be given later, up to the issue. */
export const newProposalSchema = borrowerDataSchema.extend({
  product: z.enum(['fgts']),
  document_number: z.string().describe('CPF of the borrower'),
  channel: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'use letras minúsculas, números e _')
    .default('console'),
  wishes: wishesSchema.default({ kind: 'maximum' }),
});
export class NewProposalDto extends createZodDto(newProposalSchema) {}
export const simulateSchema = z.strictObject({ wishes: wishesSchema });
export class SimulateDto extends createZodDto(simulateSchema) {}
export class BorrowerDto extends createZodDto(borrowerDataSchema) {}
export class OfferAcceptanceDto extends createZodDto(acceptanceSchema) {}
export const reasonSchema = z.strictObject({ reason: z.string().trim().min(3).max(500) });
export class IssueFindingDto extends createZodDto(
  z.object({
    outcome: z.enum(['took_effect', 'not_taken']),
    credit_operation_key: issueFindingSchema.options[0].shape.credit_operation_key
      .optional()
      .describe('of took_effect: the operation at QI'),
    evidence: issueFindingSchema.options[0].shape.evidence.describe('how and where it was found out'),
  }),
) {}
export class ReasonDto extends createZodDto(reasonSchema) {}

const simulation = z.object({
  fee_table: z.string(),
  label: z.string(),
  monthly_interest_rate: z.string().describe('Fraction a month'),
  problem: z.object({ path: z.string(), message: z.string() }).nullable(),
  figures: figures.nullable().describe('Ours, to the cent'),
  qi: figures.partial().nullable().describe("QI's own simulation of the same"),
  differences: z.array(z.string()),
});

const proposal = z.object({
  id: z.uuid(),
  product: z.enum(['fgts', 'federal_payroll']),
  channel: z.string(),
  status: z.enum(PROPOSAL_STATUSES),
  status_since: instant,
  borrower: z.object({ document_number: z.string(), name: z.string().nullable() }).describe('Masked'),
  failure: z
    .object({
      code: z.string(),
      description: z.string().nullable().describe("QI's words"),
      meaning: z.string(),
      advice: z.string(),
      retry_at: instant.nullable().describe('when it is tried again by itself'),
    })
    .nullable(),
  wishes: z.record(z.string(), z.unknown()),
  disbursed_issue_amount: z.string().nullable(),
  credit_operation_key: z.string().nullable(),
  created_by: z.string(),
  created_at: instant,
  ended_at: instant.nullable(),
});

export class ProposalDto extends createZodDto(proposal) {}
export class ProposalPageDto extends createZodDto(
  z.object({ items: z.array(proposal), next_cursor: z.string().nullable() }),
) {}
export class ProposalDetailDto extends createZodDto(
  proposal.extend({
    balance: z
      .object({
        reference_date: z.iso.date().nullable(),
        received_at: instant,
        periods: z.array(period),
        cedable: z.array(period).describe('what a contract of today may take, in order'),
        active_contracts: z.int().nullable(),
        has_unavailable_balance: z.boolean().nullable(),
      })
      .nullable(),
    locked_window: lockedWindow
      .nullable()
      .describe(
        'in which Caixa takes nothing: the present one or the next; null while the birthday is not known',
      ),
    simulations: z.array(simulation),
    offer: simulation.nullable().describe('What the borrower has accepted'),
    offer_expires_at: instant.nullable(),
    decision: z.record(z.string(), z.unknown()).nullable(),
    missing: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .describe('What an issue still needs of the borrower'),
    events: z.array(
      z.object({
        kind: z.string(),
        effect: z.enum(['applied', 'noted', 'overtaken']),
        from_status: z.enum(PROPOSAL_STATUSES),
        to_status: z.enum(PROPOSAL_STATUSES),
        actor: z.string().nullable(),
        summary: z.record(z.string(), z.unknown()),
        recorded_at: instant,
      }),
    ),
    commands: z.array(
      z.object({
        command_id: z.uuid(),
        action: z.enum(PROPOSAL_ACTIONS),
        status: z.enum(COMMAND_STATUSES),
        attempts: z.int(),
        not_before: instant,
        settled_at: instant.nullable(),
        answer: z.string().nullable(),
      }),
    ),
    next_actions: z.array(z.enum(PERSONS_ACTIONS)),
    control_key: z.uuid().describe('our key for the debt; QI keeps it as requester_identifier_key'),
  }),
) {}

export class ProposalMovedDto extends createZodDto(
  z.object({
    proposal_id: z.uuid(),
    status: z.enum(PROPOSAL_STATUSES),
    not_before: instant.optional().describe('a query waits for its turn until then'),
    needs_second_person: z
      .boolean()
      .optional()
      .describe('of a settled issue: nothing has changed until another person says the same'),
  }),
) {}
