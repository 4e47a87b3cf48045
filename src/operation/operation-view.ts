import type { z } from 'zod';
import type { ApprovalEntity } from './approval.entity';
import type { ConsentReminder } from './consent-watch.service';
import { DAY_MS, calendarDateAt, Decimal, type HolidayCalendar } from '../kernel';
import {
  ACTION_RULES,
  actionsIn,
  consequenceOf,
  firstDeduction,
  guaranteeTrouble,
  isConsentOver,
  latestRefusedPayment,
  loanProduct,
  nextStep,
  partsPaid,
  payrollOpensAt,
  type GuaranteeRefusal,
  type OperationStatus,
  type PayrollCalendar,
  type PayrollHours,
  type WithdrawalRight,
} from './domain';
import { RELEASE_CONSEQUENCE } from './kill-switch.service';
import type { OperationCommandEntity } from './operation-command.entity';
import type { OperationEventEntity } from './operation-event.entity';
import type { ApprovalDto, OperationDetailDto, OperationDto, TaskDto } from './operation.dto';
import type { OperationEntity } from './operation.entity';
import { chargeIn } from './reversal-charge';
import type { TaskEntity } from './task.entity';
import type { WithdrawalStanding } from './withdrawals.service';

type View<T extends { readonly schema: z.ZodType }> = z.output<T['schema']>;
type OperationView = View<typeof OperationDto>;
type DetailView = View<typeof OperationDetailDto>;
type TaskView = View<typeof TaskDto>;
type ApprovalView = View<typeof ApprovalDto>;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function viewOperation(operation: OperationEntity): OperationView {
  return {
    credit_operation_key: operation.key,
    product: operation.product,
    origin: operation.origin,
    status: operation.status,
    status_since: operation.statusSince.toISOString(),
    margin_status: operation.marginStatus,
    failure_code: isOvercome(operation.status) ? null : operation.failureCode,
    issuer_proposal_request_key: operation.auctionKey,
    auction_proposal_key: operation.auctionProposalKey,
    request_control_key: operation.requestControlKey,
    disbursed_issue_amount: operation.disbursedIssueAmount,
    installment_face_value: operation.installmentFaceValue,
    number_of_installments: operation.numberOfInstallments,
    monthly_interest_rate: operation.monthlyInterestRate,
    opened_at: operation.openedAt.toISOString(),
    ended_at: iso(operation.endedAt),
  };
}

/** Where a refusal told before has been got over. */
const isOvercome = (status: OperationStatus): boolean => OVERCOMING.includes(status);
const OVERCOMING: readonly OperationStatus[] = [
  'signed',
  'awaiting_authorization',
  'authorized',
  'reserved',
  'disbursed',
];

/** Of the CCB, as QI told it last. */
export function contractNumberOf(events: readonly OperationEventEntity[]): string | null {
  const number = events.findLast(({ summary }) => summary['contract_number'] !== undefined)?.summary[
    'contract_number'
  ];
  return typeof number === 'string' ? number : null;
}

/** By all of its receipts. */
export function paidAmountOf(events: readonly OperationEventEntity[]): string | null {
  const parts = partsPaid(events.flatMap(({ kind, summary }) => (kind === 'disbursed' ? [summary] : [])));
  return parts === undefined ? null : Decimal.sum(...parts).toFixed(2);
}

export function viewRefusedPayment(
  { status }: OperationEntity,
  events: readonly OperationEventEntity[],
): DetailView['refused_payment'] {
  const refused = status === 'disbursement_failed' ? latestRefusedPayment(events) : undefined;
  return refused === undefined
    ? null
    : {
        code: refused.code,
        reason: refused.reason ?? null,
        account: refused.account ?? null,
        is_of_another_holder: refused.isOfAnotherHolder,
      };
}

/** Whether what people ask for can still be taken back. */
function undoWords(needsTwoPeople: boolean, undoWindowMs: number): string {
  const seconds = Math.round(undoWindowMs / 1_000);
  return needsTwoPeople
    ? `Aprovado, ainda pode ser desfeito por ${seconds} segundos; depois de enviado à QI, não.`
    : 'Pode ser retirado enquanto a QI não recebe pedidos; depois de enviado, não.';
}

export function viewEvent(event: OperationEventEntity): DetailView['events'][number] {
  return {
    kind: event.kind,
    effect: event.effect,
    from_status: event.fromStatus,
    to_status: event.toStatus,
    from_margin: event.fromMargin,
    to_margin: event.toMargin,
    contradiction: event.contradiction,
    actor: event.actor,
    summary: event.summary,
    event_datetime: event.eventAtText,
    recorded_at: event.recordedAt.toISOString(),
  };
}

export function viewCommand(
  command: OperationCommandEntity,
  mayBeTakenBack: boolean,
): DetailView['commands'][number] {
  return {
    command_id: command.id,
    action: command.action,
    status: command.status,
    actor: command.actor,
    attempts: command.attempts,
    created_at: command.createdAt.toISOString(),
    sent_at: iso(command.sentAt),
    settled_at: iso(command.settledAt),
    settled_by: command.settledBy,
    http_status: command.httpStatus,
    answer_code: command.answerCode,
    answer: command.answerText,
    can_be_taken_back: mayBeTakenBack,
  };
}

export function viewTask(task: TaskEntity): TaskView {
  return {
    id: task.id,
    kind: task.kind,
    credit_operation_key: task.operationKey,
    issuer_proposal_request_key: task.auctionKey,
    proposal_id: task.proposalId,
    reason_code: task.reasonCode,
    message: task.message,
    amount_at_stake: task.amountAtStake,
    due_at: task.dueAt.toISOString(),
    status: task.status,
    owner: task.owner,
    snoozed_until: iso(task.snoozedUntil),
    resolution: task.resolution,
    resolved_by: task.resolvedBy,
    opened_at: task.openedAt.toISOString(),
    resolved_at: iso(task.resolvedAt),
    version: task.version,
  };
}

/**
 * @param operation the loan that it concerns, which decides what follows; none for what concerns no loan
 * @param isLate both periods of a withdrawal from it are over
 */
export function viewApproval(
  approval: ApprovalEntity,
  operation?: OperationEntity,
  undoWindowMs = 0,
  isLate = false,
): ApprovalView {
  const { action } = approval;
  return {
    approval_id: approval.id,
    credit_operation_key: approval.operationKey,
    action,
    status: approval.status,
    reason: approval.reason,
    amount: operation?.disbursedIssueAmount ?? null,
    consequence:
      action === 'release_kill_switch'
        ? RELEASE_CONSEQUENCE
        : consequenceOf(action, { margin: operation?.marginStatus ?? null, isLate }),
    undo:
      action === 'release_kill_switch'
        ? 'Os lances podem ser parados de novo a qualquer momento.'
        : undoWords(true, undoWindowMs),
    requested_by: approval.requestedBy,
    requested_at: approval.requestedAt.toISOString(),
    decided_by: approval.decidedBy,
    decided_at: iso(approval.decidedAt),
    note: approval.note,
  };
}

/** What a person may do now, with its consequence in words. Nothing while a command or a request is under way. */
export function nextActions(
  operation: OperationEntity,
  somethingIsUnderWay: boolean,
  { withdrawal, isEndOverdue }: { readonly withdrawal: WithdrawalStanding; readonly isEndOverdue: boolean },
  undoWindowMs: number,
): DetailView['next_actions'] {
  if (somethingIsUnderWay) return [];
  const endings = { status: operation.status, margin: operation.marginStatus };
  return actionsIn(endings, loanProduct(operation.product), isEndOverdue)
    .filter((action) => action !== 'request_reversal' || withdrawal.obstacle === undefined)
    .map((action) => ({
      action,
      consequence: consequenceOf(action, { ...endings, isLate: withdrawal.isLate }),
      needs_two_people: ACTION_RULES[action].needsTwoPeople,
      undo: undoWords(ACTION_RULES[action].needsTwoPeople, undoWindowMs),
    }));
}

export function viewWithdrawal(right: WithdrawalRight | undefined): DetailView['withdrawal'] {
  return right === undefined ? null : { paid_on: right.paidOn, until: right.until, latest: right.latest };
}

/** The latest charge that QI has made, as long as the loan stands. */
export function viewReversal(events: readonly OperationEventEntity[]): DetailView['reversal'] {
  const made = events.findLast(({ kind }) => kind === 'request_reversal_accepted');
  return made === undefined ? null : chargeIn(made.summary);
}

export function viewGuarantee(
  { product, status, marginStatus: margin }: OperationEntity,
  events: readonly OperationEventEntity[],
): DetailView['guarantee'] {
  const trouble = guaranteeTrouble(events, loanProduct(product), { status, margin });
  const isTriedAgain = trouble?.outcome === 'tried_again';
  return (
    trouble && {
      refusals: trouble.refusals,
      refused_since: trouble.since.toISOString(),
      last_refused_at: trouble.last.toISOString(),
      reasons: trouble.reasons.map(({ code, refusal }) => ({
        code,
        meaning: refusal?.meaning ?? null,
        // What helps QI's next attempt helps nobody when there is none.
        advice: refusal !== undefined && (isTriedAgain || refusal.qi !== 'retries') ? refusal.advice : null,
        tried_until: iso(isTriedAgain ? triedUntil(trouble.since, refusal) : null),
      })),
      outcome: trouble.outcome,
    }
  );
}

/** QI counts from its first attempt. */
function triedUntil(since: Date, refusal: GuaranteeRefusal | undefined): Date | null {
  const days = refusal?.retriesForDays;
  return days === undefined ? null : new Date(since.getTime() + days * DAY_MS);
}

/** What is asked of SIAPE while it is closed waits in QI's queue. */
function queuedUntil(
  { status, marginStatus }: OperationEntity,
  { hours, holidays }: Payroll,
  now: Date,
): Date | null {
  const isWanted = marginStatus === 'not_asked' || marginStatus === 'retrying';
  if (!isWanted || !['awaiting_signature', 'signed'].includes(status)) return null;
  const opens = payrollOpensAt(now, hours, holidays);
  return opens > now ? opens : null;
}

/** When SIAPE works, and which pay a reservation is first deducted from. */
interface Payroll {
  readonly calendar: PayrollCalendar;
  readonly hours: PayrollHours;
  readonly holidays: HolidayCalendar;
}

/** The second of the two endings; null for a product whose guarantee is part of the contract's life. */
export function viewMargin(
  operation: OperationEntity,
  reminders: readonly ConsentReminder[],
  payroll: Payroll,
  now: Date,
): DetailView['margin'] {
  const { status, marginStatus, marginSince, consentAskedAt, consentUntil } = operation;
  if (marginStatus === null || marginSince === null) return null;
  const reservedAt = marginStatus === 'held' ? marginSince : now;
  const { competence, cutOff, isVerified } = firstDeduction(calendarDateAt(reservedAt), payroll.calendar);
  return {
    status: marginStatus,
    since: marginSince.toISOString(),
    consent_asked_at: iso(consentAskedAt),
    consent_until: iso(consentUntil),
    reminders: reminders.map(({ day, toldAt }) => ({ day, told_at: toldAt.toISOString() })),
    queued_until: iso(queuedUntil(operation, payroll, now)),
    next_step: nextStep({ status, margin: marginStatus }, isConsentOver(consentUntil, now)),
    first_deduction: { month: competence.slice(0, 7), cut_off: cutOff, is_verified: isVerified },
  };
}
