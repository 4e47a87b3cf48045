import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DebtBook, ExposureBook } from '../exposure';
import { Decimal } from '../kernel';
import { FieldCipher, type Sealed } from '../platform';
import { ApprovalBook } from './approval-book.service';
import { OperationCommandBook } from './operation-command-book';
import {
  CLAIM_TAKEN_REASON,
  CONSENTED_AFTER_ALL,
  consentUntil,
  contradictionReason,
  follow,
  INITIAL_MARGIN,
  INITIAL_STATUS,
  isClosed,
  isConsentPending,
  loanProduct,
  PAID_UNSECURED,
  paidAllTheSameReason,
  putsAtRisk,
  statusAs,
  step,
  type Consequences,
  type MarginStatus,
  type MarginStep,
  type OperationFact,
  type Step,
  type TaskKind,
  type TaskReason,
  type TimelineKind,
} from './domain';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { OperationEntity } from './operation.entity';
import { isPaidOff, PAID_OFF } from './paid-off';
import { LOAN_CLAIMS, type LoanClaims } from './ports';
import { ofOperation, TaskDesk } from './task-desk.service';

/** What is written down beside a fact. */
export interface FactRecord {
  /** The word of the timeline: the kind of the webhook, or of what we did. */
  readonly kind: TimelineKind;
  readonly webhookEventId?: string;
  readonly actor?: string;
  /** Nothing personal: it is shown as it is. */
  readonly summary?: Readonly<Record<string, unknown>>;
  /** Stored encrypted. */
  readonly personal?: string;
  /** Keyed: of the account that refused a payment. */
  readonly refusedAccountIndex?: Buffer | undefined;
  readonly eventAtText?: string | undefined;
  readonly failureCode?: string;
  /** What somebody must do about it, if the fact is where the operation now stands. */
  readonly task?: { readonly kind: TaskKind; readonly reason: TaskReason };
}

/**
 * Moves operations. Each call is part of the caller's transaction and follows one order of locks
 * (operation, then its commands, approvals and tasks), so that callers never wait for each other in a circle.
 */
@Injectable()
export class OperationLife {
  constructor(
    private readonly tasks: TaskDesk,
    private readonly commands: OperationCommandBook,
    private readonly approvals: ApprovalBook,
    private readonly exposure: ExposureBook,
    private readonly debts: DebtBook,
    private readonly cipher: FieldCipher,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(LOAN_CLAIMS) private readonly claims: LoanClaims,
  ) {}

  /**
   * Locks the operation, opening it first if this is the first that is heard of it. The webhook that opens it may not say
   * of which product it is; the first that does corrects what was assumed.
   */
  async open(tx: EntityManager, key: string, product?: string): Promise<OperationEntity> {
    await tx.query(
      `INSERT INTO operation (credit_operation_key, product, status, status_since, opened_at, margin_status, margin_since)
       SELECT $1, COALESCE($2, 'private_payroll'), $3, at, at, $4, CASE WHEN $4::text IS NOT NULL THEN at END
       FROM clock_timestamp() AS at
       ON CONFLICT DO NOTHING`,
      [key, product ?? null, INITIAL_STATUS, firstMarginOf(product)],
    );
    const operation = await tx.findOneOrFail(OperationEntity, {
      where: { key },
      lock: { mode: 'pessimistic_write' },
    });
    if (product !== undefined) await this.#learnProduct(tx, operation, product);
    return operation;
  }

  /** What an auction has won is of the auction's product, whatever is said later. */
  async #learnProduct(tx: EntityManager, operation: OperationEntity, product: string): Promise<void> {
    if (operation.product === product || operation.origin === 'auction') return;
    const before = operation.status;
    operation.product = product;
    operation.status = statusAs(loanProduct(product), operation);
    operation.marginStatus ??= firstMarginOf(product);
    operation.marginSince ??= operation.marginStatus === null ? null : await databaseNow(tx);
    // What was thought to have ended with its contract may have a margin to wait for.
    if (!isClosed({ status: operation.status, margin: operation.marginStatus })) operation.endedAt = null;
    await tx.query(
      `UPDATE operation SET product = $2, margin_status = $3, margin_since = $4, ended_at = $5, status = $6
       WHERE credit_operation_key = $1`,
      [
        operation.key,
        product,
        operation.marginStatus,
        operation.marginSince,
        operation.endedAt,
        operation.status,
      ],
    );
    if (operation.status !== before)
      await this.tasks.resolve(tx, ofOperation(operation.key), ['disbursement_failed'], { as: product });
  }

  async lock(tx: EntityManager, key: string): Promise<OperationEntity | undefined> {
    const found = await tx.findOne(OperationEntity, { where: { key }, lock: { mode: 'pessimistic_write' } });
    return found ?? undefined;
  }

  /**
   * Applies one fact to a locked operation: timeline, status, tasks, and the command that may be under way.
   * @returns undefined when this webhook has been applied before: then nothing is written.
   */
  async advance(
    tx: EntityManager,
    operation: OperationEntity,
    fact: OperationFact,
    record: FactRecord,
  ): Promise<Step | undefined> {
    const command = await this.commands.liveOf(tx, operation.key);
    const isPaidOff = await this.#isPaidOff(tx, operation.key);
    const standing = {
      status: operation.status,
      margin: operation.marginStatus,
      command,
      isCancellationWanted: await this.commands.isCancellationWanted(tx, operation.key),
      isPaidOff,
    };
    const consequences = follow(standing, fact);
    const { step: taken, ...also } = consequences;
    if (!(await this.#write(tx, operation, taken, record, also.margin))) return undefined;

    if (taken.effect === 'applied') await this.#move(tx, operation, consequences, record.failureCode);
    await this.tasks.resolve(tx, ofOperation(operation.key), also.endedTasks, { as: record.kind });
    if (taken.effect === 'applied' && record.task !== undefined)
      await this.tasks.open(tx, operation, record.task.kind, record.task.reason);
    if (also.outlivesCancellation) await this.tasks.openRefusal(tx, operation, CONSENTED_AFTER_ALL);
    if (taken.contradiction)
      for (const reason of contradictionsOf(consequences, fact, operation, isPaidOff))
        await this.tasks.openContradiction(tx, operation, reason);
    if (command !== undefined && also.fateOfCommand !== 'stays') {
      const by = also.fateOfCommand === 'accepted' ? 'webhook' : 'overtaken';
      await this.commands.settle(tx, command.id, also.fateOfCommand, by);
    }
    if (also.endsApprovals) await this.approvals.withdraw(tx, operation);
    if (also.comesBack && !isPaidOff) await this.#takeUpAgain(tx, operation);
    else if (taken.effect === 'applied' && !also.comesBack) await this.freeExposure(tx, operation);
    return taken;
  }

  /**
   * Frees what a loan put at risk that is gone for good, or paid off, once it is known where it comes from. Last in a
   * transaction.
   */
  async freeExposure(tx: EntityManager, operation: OperationEntity): Promise<void> {
    const { auctionKey, requestControlKey } = operation;
    const reason = await this.#whyFree(tx, operation);
    if (reason === undefined) return;
    if (auctionKey !== null) await this.exposure.release(tx, [auctionKey], reason);
    else if (requestControlKey !== null) await this.debts.release(tx, requestControlKey, reason);
  }

  async #takeUpAgain(tx: EntityManager, operation: OperationEntity): Promise<void> {
    await this.retakeClaim(tx, operation);
    await this.countAgain(tx, operation);
  }

  /** Where what it takes is another's by now, people are told. */
  async retakeClaim(tx: EntityManager, operation: OperationEntity): Promise<void> {
    if (!(await this.claims.retake(tx, operation.key)))
      await this.tasks.openContradiction(tx, operation, CLAIM_TAKEN_REASON);
  }

  /** Whatever the limits. Last in a transaction. */
  async countAgain(tx: EntityManager, operation: OperationEntity): Promise<void> {
    const { requestControlKey, borrowerIndex, disbursedIssueAmount, monthlyInterestRate } = operation;
    // Of one that is not linked yet nothing has counted; the link counts it.
    if (requestControlKey === null || disbursedIssueAmount === null || monthlyInterestRate === null) return;
    await this.debts.commit(tx, {
      controlKey: requestControlKey,
      borrower: borrowerIndex ?? undefined,
      amount: new Decimal(disbursedIssueAmount),
      monthlyInterestRate: new Decimal(monthlyInterestRate),
      orderedAt: operation.linkedAt ?? operation.openedAt,
    });
  }

  async #whyFree(
    tx: EntityManager,
    { key, status, marginStatus }: OperationEntity,
  ): Promise<string | undefined> {
    if (!putsAtRisk({ status, margin: marginStatus })) return status;
    return (await this.#isPaidOff(tx, key)) ? PAID_OFF : undefined;
  }

  async #isPaidOff(tx: EntityManager, key: string): Promise<boolean> {
    const [loan] = await tx.query<{ is_paid_off: boolean }[]>(
      `SELECT ${isPaidOff('loan')} AS is_paid_off FROM operation AS loan WHERE credit_operation_key = $1`,
      [key],
    );
    return loan?.is_paid_off === true;
  }

  /** Writes something into the timeline that does not say where the loan stands. */
  async note(tx: EntityManager, operation: OperationEntity, record: FactRecord): Promise<void> {
    await this.#write(tx, operation, step(operation.status, 'noted'), record);
  }

  async #write(
    tx: EntityManager,
    operation: OperationEntity,
    taken: Step,
    record: FactRecord,
    margin?: MarginStep,
  ): Promise<boolean> {
    const sealed = this.#seal(record);
    const written = await tx.query<unknown[]>(
      `INSERT INTO operation_event
         (credit_operation_key, webhook_event_id, kind, effect, from_status, to_status, contradiction, actor, summary,
          personal_key_id, personal_ciphertext, event_at_text, recorded_at, from_margin, to_margin, refused_account_index)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp(), $13, $14, $15)
       ON CONFLICT (webhook_event_id) DO NOTHING RETURNING id`,
      [
        operation.key,
        record.webhookEventId ?? null,
        record.kind,
        taken.effect,
        taken.from,
        taken.to,
        taken.contradiction,
        record.actor ?? null,
        record.summary ?? {},
        sealed?.keyId ?? null,
        sealed?.ciphertext ?? null,
        record.eventAtText ?? null,
        margin?.from ?? operation.marginStatus,
        margin?.to ?? operation.marginStatus,
        record.refusedAccountIndex ?? null,
      ],
    );
    return written.length > 0;
  }

  /** Found by the webhook it was heard in: the row's number is not known before it is written. */
  #seal({ personal, webhookEventId }: FactRecord): Sealed | undefined {
    if (personal === undefined) return undefined;
    if (webhookEventId === undefined) throw new Error('what is personal comes in a webhook');
    return this.cipher.encrypt(personal, 'operation_event.personal_ciphertext', webhookEventId);
  }

  /** One statement: a case is closed only with both of its ends, and the database holds it to that. */
  async #move(
    tx: EntityManager,
    operation: OperationEntity,
    { step: taken, margin, isClosed: closed }: Consequences,
    failureCode: string | undefined,
  ): Promise<void> {
    operation.status = taken.to;
    if (margin !== undefined && margin.from !== margin.to)
      this.#moveMargin(operation, margin, await databaseNow(tx));
    operation.failureCode = failureCode ?? operation.failureCode;
    // News of what has ended already does not end it again. When it was is the database's to say: all act on it.
    const [[moved]] = await tx.query<[{ status_since: Date; ended_at: Date | null }[], number]>(
      `UPDATE operation SET status = $2, status_since = CASE WHEN $3 THEN clock_timestamp() ELSE status_since END,
         ended_at = CASE WHEN $4 THEN coalesce(ended_at, clock_timestamp()) END, failure_code = $5,
         margin_status = $6, margin_since = $7, consent_asked_at = $8, consent_until = $9
       WHERE credit_operation_key = $1
       RETURNING status_since, ended_at`,
      [
        operation.key,
        operation.status,
        taken.from !== taken.to,
        closed,
        operation.failureCode,
        operation.marginStatus,
        operation.marginSince,
        operation.consentAskedAt,
        operation.consentUntil,
      ],
    );
    if (moved === undefined) throw new Error('a locked operation is gone');
    operation.statusSince = moved.status_since;
    operation.endedAt = moved.ended_at;
  }

  /** A consent that is asked for begins a countdown, which what is heard later does not move. */
  #moveMargin(operation: OperationEntity, { from, to }: MarginStep, now: Date): void {
    operation.marginStatus = to;
    operation.marginSince = now;
    if (!isConsentPending(to) || isConsentPending(from)) return;
    operation.consentAskedAt = now;
    operation.consentUntil = consentUntil(now, this.limits.consent_days);
  }
}

/** The most urgent last: the last one names the task. */
function contradictionsOf(
  { step: { from }, contradicts, isPaidAllTheSame, isPaidUnsecured }: Consequences,
  fact: OperationFact,
  { product }: OperationEntity,
  isPaidOff: boolean,
): readonly TaskReason[] {
  return [
    ...(contradicts ? [contradictionReason(fact, from, isPaidOff)] : []),
    ...(isPaidUnsecured ? [PAID_UNSECURED] : []),
    ...(isPaidAllTheSame ? [paidAllTheSameReason(loanProduct(product))] : []),
  ];
}

/** What all processes act on is dated by the database (docs/adr/one-clock.md). */
async function databaseNow(tx: EntityManager): Promise<Date> {
  const [row] = await tx.query<{ now: Date }[]>(`SELECT clock_timestamp() AS now`);
  if (row === undefined) throw new Error('the database does not say what time it is');
  return row.now;
}

function firstMarginOf(product: string | undefined): MarginStatus | null {
  return product !== undefined && loanProduct(product).hasMarginOfItsOwn ? INITIAL_MARGIN : null;
}
