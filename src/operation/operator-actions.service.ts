import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail, BlindIndex, CLOCK, FieldCipher, type Actor } from '../platform';
import type { KeptDocument } from '../documents';
import { calendarDateAt, type Clock, type JsonObject } from '../kernel';
import { ApprovalBook } from './approval-book.service';
import type { ApprovedAction } from './approval.entity';
import { borrowerCpfOf } from './borrower-cpf';
import { OperationCommandSender } from './operation-command-sender';
import {
  consequenceOf,
  latestRefusedPayment,
  loanProduct,
  mayBeAsked,
  readResubmission,
  readSignatureSubmission,
  type OperationAction,
} from './domain';
import { accepted, IdempotentRequests, type Accepted } from './idempotent-requests.service';
import { OperationAsks } from './operation-asks.service';
import { OperationLife } from './operation-life.service';
import { OperationEventEntity } from './operation-event.entity';
import { OperationEntity } from './operation.entity';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';
import type { PersonsRequest } from './persons-request';
import type { Refusal } from './refusal';
import { Withdrawals } from './withdrawals.service';

type Work = (tx: EntityManager, operation: OperationEntity) => Promise<Accepted | Refusal>;

/**
 * What people do to operations. Every action locks the operation, checks that the state allows it and that no other
 * command is live, and leaves one durable command behind: of two who act at once, one is told that the other was first.
 */
@Injectable()
export class OperatorActions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly asks: OperationAsks,
    private readonly approvals: ApprovalBook,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditTrail,
    private readonly sender: OperationCommandSender,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    private readonly withdrawals: Withdrawals,
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  authorize(operationKey: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#act('authorize', operationKey, request, (tx, operation) =>
      this.#ask(tx, operation, 'authorize', request.actor),
    );
  }

  /** The proof of a signature that we have collected, in QI's own words; incomplete, it is refused here. */
  submitSignature(operationKey: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#act('submit_signature', operationKey, request, (tx, operation) => {
      const reading = readSignatureSubmission(request.body, borrowerCpfOf(operation, this.cipher));
      if (reading.kind === 'invalid') return Promise.resolve(reading);
      return this.#ask(tx, operation, 'submit_signature', request.actor, reading.body);
    });
  }

  /** For whoever would send a proof first. @returns undefined while a signature of ours may be sent */
  async whyNoSignature(operationKey: string): Promise<Refusal | undefined> {
    const operation = await this.dataSource.manager.findOneBy(OperationEntity, { key: operationKey });
    if (operation === null) return { kind: 'not_found', what: 'operation' };
    const { status, marginStatus: margin, product } = operation;
    const action = 'submit_signature';
    const isPossible = mayBeAsked(action, { status, margin }, loanProduct(product));
    return isPossible ? undefined : { kind: 'not_allowed', action, status, margin, product };
  }

  /** A file that belongs to the operation has gone to QI: its key and hash, never what is in it. */
  noteDocument(operationKey: string, document: KeptDocument, actor: Actor): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const operation = await this.life.lock(tx, operationKey);
      if (operation === undefined) return;
      const summary = { ...document };
      await this.life.note(tx, operation, { kind: 'document_sent', actor: actor.id, summary });
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'operation.document_sent',
        subject: operationKey,
      });
    });
  }

  /** QI's own body; what is wrong with it is refused here, before anything is sent. */
  resubmitDisbursement(operationKey: string, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#act('resubmit_disbursement', operationKey, request, async (tx, operation) => {
      const events = await tx.find(OperationEventEntity, { where: { operationKey }, order: { id: 'ASC' } });
      const reading = readResubmission(request.body, {
        today: calendarDateAt(this.clock.now()),
        calendar: this.calendars.currentCalendar(),
        borrowerCpf: borrowerCpfOf(operation, this.cipher),
        newAccount: loanProduct(operation.product).newAccount,
        refused: latestRefusedPayment(events),
        accountIndexOf: (number) => this.blindIndex.of('account', number).toString('hex'),
      });
      if (reading.kind === 'invalid') return reading;
      return this.#ask(tx, operation, 'resubmit_disbursement', request.actor, reading.body);
    });
  }

  /** Only asks: somebody else decides. */
  cancelPermanently(
    operationKey: string,
    reason: string,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#askedOfTwo('cancel_permanently', operationKey, reason, request);
  }

  /** The borrower of a paid loan withdraws from it: only asks, too. */
  requestReversal(
    operationKey: string,
    reason: string,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#askedOfTwo('request_reversal', operationKey, reason, request);
  }

  #askedOfTwo(
    action: ApprovedAction,
    operationKey: string,
    reason: string,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    const work: Work = (tx, operation) => this.#askSecondPerson(tx, operation, action, reason, request.actor);
    return this.#act(action, operationKey, request, work, reason);
  }

  async #act(
    action: OperationAction,
    operationKey: string,
    request: PersonsRequest,
    work: Work,
    reason = '',
  ): Promise<Accepted | Refusal> {
    const outcome = await this.dataSource.transaction((tx) =>
      this.requests.once<Refusal>(tx, { ...request, target: `${action} ${operationKey}` }, async () => {
        const operation = await this.life.lock(tx, operationKey);
        if (operation === undefined) return { kind: 'not_found', what: 'operation' };
        const obstacle =
          (await this.asks.obstacle(tx, operation, action, request.actor)) ??
          (await this.#pendingCancellation(tx, operation));
        const outcome = obstacle ?? (await work(tx, operation));
        if (outcome.kind === 'done') {
          await this.audit.record(tx, {
            actor: request.actor.id,
            action: `operation.${action}_asked`,
            subject: operationKey,
            reason: reason === '' ? undefined : reason,
            details: idsIn(outcome),
          });
        }
        return outcome;
      }),
    );
    this.sender.nudge();
    return outcome;
  }

  async #askSecondPerson(
    tx: EntityManager,
    operation: OperationEntity,
    action: ApprovedAction,
    reason: string,
    actor: Actor,
  ): Promise<Accepted> {
    const approvalId = await this.approvals.request(tx, operation, action, { by: actor.id, reason });
    await this.life.note(tx, operation, {
      kind: `${action}_requested`,
      actor: actor.id,
      summary: { approval_id: approvalId, reason },
    });
    const { isLate } = await this.withdrawals.of(tx, operation);
    const consequence = consequenceOf(action, { margin: operation.marginStatus, isLate });
    return accepted({ approval_id: approvalId, status: 'pending', consequence });
  }

  /** While one person wants the end of an operation, nobody carries it on: the request is decided first. */
  async #pendingCancellation(tx: EntityManager, operation: OperationEntity): Promise<Refusal | undefined> {
    const pending = await this.approvals.pendingOf(tx, operation.key);
    return pending && { kind: 'approval_pending', approvalId: pending.id, requestedBy: pending.requestedBy };
  }

  async #ask(
    tx: EntityManager,
    operation: OperationEntity,
    action: OperationAction,
    actor: Actor,
    body?: JsonObject,
  ): Promise<Accepted> {
    const { id: commandId } = await this.asks.intend(tx, operation, action, actor, body && { body });
    return accepted({ command_id: commandId, action, status: 'intended' });
  }
}

/** What came of what was asked for: a request to a second person, or a call to QI. */
function idsIn({ answer: { approval_id: approval, command_id: command } }: Accepted): JsonObject {
  return {
    ...(typeof approval === 'string' && { approval_id: approval }),
    ...(typeof command === 'string' && { command_id: command }),
  };
}
