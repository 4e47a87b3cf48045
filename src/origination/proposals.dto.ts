import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { instant, pageOfItems, pageQuery, wholeNumber } from '../platform';
import { COMMAND_STATUSES } from '../commands/domain';
import { figures, lockedWindow, period } from './dto-parts';
import {
  acceptanceSchema,
  borrowerDataGiven,
  issueFindingSchema,
  PERSONS_ACTIONS,
  PROPOSAL_ACTIONS,
  PROPOSAL_STATUSES,
} from './domain';
import { federalPayrollWishes } from './domain/products/federal-payroll';
import { fgtsWishes } from './domain/products/fgts';
import { DIRECT_PRODUCTS } from '../policy/domain';

/** Strict: what is no filter, a CPF above all, must not read as none and list everybody's. */
export class ProposalQuery extends createZodDto(
  z.strictObject({
    ...pageQuery,
    status: z.enum(PROPOSAL_STATUSES).optional(),
    product: z.enum(DIRECT_PRODUCTS).optional(),
    credit_operation_key: z.string().max(200).optional().describe('the loan that it became'),
    borrower: z.base64url().length(43).optional().describe('from POST /history/lookup: never a CPF'),
  }),
) {}

/** What opens a proposal. Whatever is not known yet can be given later, up to the issue. */
export const newProposalSchema = borrowerDataGiven.extend({
  product: z.enum(DIRECT_PRODUCTS),
  document_number: z.string().describe('CPF of the borrower'),
  channel: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'use letras minúsculas, números e _')
    .default('console'),
  employment: z
    .strictObject({
      authority_code: z.string().regex(/^\d{1,10}$/, 'informe o código do órgão, só dígitos'),
      registration_code: z.string().regex(/^[0-9A-Za-z-]{1,20}$/, 'informe a matrícula'),
    })
    .optional()
    .describe('Federal payroll: the one employment link to ask about; all of them when it is left out'),
  /** Each product reads its own. */
  wishes: z.unknown().default({ kind: 'maximum' }),
});
const anyWishes = z.union([fgtsWishes, federalPayrollWishes]);
export class NewProposalDto extends createZodDto(
  newProposalSchema.extend({ wishes: anyWishes.default({ kind: 'maximum' }) }),
) {}
export const simulateSchema = z.strictObject({ wishes: z.unknown() });
export class SimulateDto extends createZodDto(z.strictObject({ wishes: anyWishes })) {}
export const borrowerSchema = borrowerDataGiven.extend({
  borrower_revision: wholeNumber(0, 1_000_000)
    .optional()
    .describe('As it was read: what somebody has told since is not overwritten'),
});
export class BorrowerDto extends createZodDto(borrowerSchema) {}
export class OfferAcceptanceDto extends createZodDto(acceptanceSchema) {}
export const reasonSchema = z.strictObject({ reason: z.string().trim().min(3).max(500) });
export const clearanceSchema = reasonSchema.extend({
  reviewed_since: instant
    .optional()
    .describe('`status_since` of the proposal as it was shown: another review since is not cleared'),
});
export class IssueFindingDto extends createZodDto(
  z.object({
    outcome: z.enum(['took_effect', 'not_taken']),
    credit_operation_key: issueFindingSchema.options[0].shape.credit_operation_key
      .optional()
      .describe('of took_effect: the operation at QI'),
    evidence: issueFindingSchema.options[0].shape.evidence.describe('how and where it was found out'),
    command_id: z
      .uuid()
      .optional()
      .describe('The order as it was seen: of another one nothing is said. Needed of not_taken'),
    sent_at: instant
      .nullable()
      .optional()
      .describe('When it had left, as it was seen: of one that has left again since nothing is said'),
  }),
) {}
export class ReasonDto extends createZodDto(reasonSchema) {}
export class ClearanceDto extends createZodDto(clearanceSchema) {}

/** Of what is kept of a simulation, what people see. */
export const simulationView = z.object({
  fee_table: z.string(),
  label: z.string(),
  monthly_interest_rate: z.string().describe('Fraction a month'),
  problem: z.object({ path: z.string(), message: z.string() }).nullable(),
  figures: figures.nullable().describe('Ours, to the cent'),
  qi: figures
    .partial()
    .nullable()
    .describe("QI's own simulation of the same: what it names is what is paid, and what an acceptance says"),
  differences: z.array(z.string()),
});
const link = z.object({
  id: z.string().describe('Authority and the end of the registration; `wishes.link` chooses by it'),
  authority_code: z.string(),
  authority: z.string().nullable(),
  registration: z.string().describe('Masked'),
  situation: z.string().nullable(),
  is_pensioner: z.boolean().nullable(),
  is_authorized: z.boolean().nullable(),
  margin: z.string().nullable().describe('Reais a month that are free for a loan'),
  consigned: z.string().nullable().describe('Reais a month that loans take already'),
  card_margin: z.string().nullable(),
  authorized_until: z.iso.date().nullable(),
  authorization_warning: z.string().nullable(),
  is_chosen: z.boolean(),
});

const ownContract = z.object({
  operation_key: z.string(),
  link: z.string().describe('`balance.links[].id`'),
  installment: z.string().describe('Reais a month, free for the new loan'),
  number_of_installments: z.int(),
  first_due_date: z.iso.date(),
  due_balance: z.string().describe('What pays it off today, by our own figures'),
});

const proposal = z.object({
  id: z.uuid(),
  product: z.enum(DIRECT_PRODUCTS),
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
  wishes: z.record(z.string(), z.unknown()).describe('Of a contract at another bank how its number ends'),
  disbursed_issue_amount: z.string().nullable(),
  credit_operation_key: z.string().nullable(),
  created_by: z.string(),
  created_at: instant,
  ended_at: instant.nullable(),
});

export class ProposalDto extends createZodDto(proposal) {}
export class ProposalPageDto extends createZodDto(pageOfItems(proposal)) {}
export class ProposalDetailDto extends createZodDto(
  proposal.extend({
    balance: z
      .object({
        reference_date: z.iso.date().nullable(),
        received_at: instant,
        periods: z.array(period).describe('FGTS: the withdrawals to come'),
        cedable: z.array(period).describe('FGTS: what a contract of today may take, in order'),
        active_contracts: z.int().nullable(),
        has_unavailable_balance: z.boolean().nullable(),
        links: z.array(link).describe('Federal payroll: the employment links of the servant'),
      })
      .nullable(),
    own_contracts: z
      .array(ownContract)
      .describe("Federal payroll: the servant's loans of ours that a refinancing may pay off"),
    locked_window: lockedWindow
      .nullable()
      .describe(
        'FGTS, in which Caixa takes nothing: the present one or the next; null while the birthday is not known',
      ),
    queued_until: instant.nullable().describe('What is asked for waits until the other side opens'),
    simulations: z.array(simulationView),
    offer: simulationView.nullable().describe('What the borrower has accepted'),
    offer_expires_at: instant.nullable(),
    decision: z.record(z.string(), z.unknown()).nullable(),
    borrower_revision: z.int().describe('How often something of the borrower was told'),
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
        sent_at: instant.nullable().describe('when it left last'),
        settled_at: instant.nullable(),
        answer: z.string().nullable(),
      }),
    ),
    next_actions: z.array(z.enum(PERSONS_ACTIONS)),
    review_is_own: z
      .boolean()
      .describe('Whoever reads this has said what a review would look at: somebody else lets it through'),
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
