import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail, type AuditAction, isSamePerson, switchBidding, type Actor } from '../platform';
import { awaitsConfirmation } from '../recovery';
import { ApprovalBook } from './approval-book.service';
import { ApprovalEntity } from './approval.entity';
import { IdempotentRequests, type Accepted } from './idempotent-requests.service';
import type { PersonsRequest } from './persons-request';
import type { Refusal } from './refusal';

export interface SwitchState {
  readonly engaged: boolean;
  readonly reason: string;
  readonly actor: string;
  readonly changedAt: Date;
  /** The request to let bidding go on that waits for a second person. */
  readonly pending: ApprovalEntity | undefined;
  /** The database was restored, and nobody has said yet that what was found is right. */
  readonly awaitsConfirmation: boolean;
}

/** Stops all bidding at one person's word, and lets it go on at two people's. */
@Injectable()
export class KillSwitch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly approvals: ApprovalBook,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditTrail,
  ) {}

  state(): Promise<SwitchState> {
    return this.dataSource.transaction((tx) => this.#stateIn(tx));
  }

  /** Engaging it again renews the reason. */
  engage(reason: string, actor: Actor): Promise<SwitchState> {
    return this.dataSource.transaction(async (tx) => {
      await switchBidding(tx, this.audit, { engaged: true, reason, actor: actor.id });
      return this.#stateIn(tx);
    });
  }

  /**
   * Only asks: somebody else decides.
   * @param shown when it was engaged for the reason that was read
   */
  release(reason: string, request: PersonsRequest, shown?: string): Promise<Accepted | Refusal> {
    return this.#once(request, 'release kill switch', async (tx) => {
      const { engaged, changed_at: stoppedAt } = await this.#lock(tx);
      if (!engaged) return { kind: 'not_engaged' };
      if (shown !== undefined && Date.parse(shown) !== stoppedAt.getTime()) return { kind: 'stopped_anew' };
      if (await awaitsConfirmation(tx)) return { kind: 'restore_unconfirmed' };
      const pending = await this.approvals.pendingRelease(tx);
      if (pending)
        return { kind: 'approval_pending', approvalId: pending.id, requestedBy: pending.requestedBy };
      const id = await this.approvals.requestRelease(tx, { by: request.actor.id, reason });
      await this.#record(tx, 'kill_switch.release_requested', request, id, reason);
      const answer = { approval_id: id, status: 'pending', consequence: RELEASE_CONSEQUENCE };
      return { kind: 'done', httpStatus: 202, answer };
    });
  }

  approve(
    approvalId: string,
    note: string | undefined,
    request: PersonsRequest,
  ): Promise<Accepted | Refusal> {
    return this.#decide('approve', approvalId, request, async (tx, { id, reason }) => {
      await this.approvals.decide(tx, id, { status: 'approved', by: request.actor.id, note });
      await this.#record(tx, 'approval.approve', request, id, note);
      await switchBidding(tx, this.audit, { engaged: false, reason, actor: request.actor.id });
      return { kind: 'done', httpStatus: 200, answer: { approval_id: id, status: 'approved' } };
    });
  }

  reject(approvalId: string, note: string | undefined, request: PersonsRequest): Promise<Accepted | Refusal> {
    return this.#decide('reject', approvalId, request, async (tx, { id }) => {
      await this.approvals.decide(tx, id, { status: 'rejected', by: request.actor.id, note });
      await this.#record(tx, 'approval.reject', request, id, note);
      return { kind: 'done', httpStatus: 200, answer: { approval_id: id, status: 'rejected' } };
    });
  }

  /** It took effect at once: whoever wants bidding stopped engages the switch again. */
  async undo(approvalId: string): Promise<Refusal> {
    const { status } = await this.dataSource.manager.findOneByOrFail(ApprovalEntity, { id: approvalId });
    return { kind: 'already_decided', status };
  }

  #decide(
    verb: 'approve' | 'reject',
    approvalId: string,
    request: PersonsRequest,
    work: (tx: EntityManager, approval: ApprovalEntity) => Promise<Accepted>,
  ): Promise<Accepted | Refusal> {
    return this.#once(request, `${verb} ${approvalId}`, async (tx) => {
      await this.#lock(tx);
      const approval = await tx.findOneByOrFail(ApprovalEntity, { id: approvalId });
      if (approval.status !== 'pending') return { kind: 'already_decided', status: approval.status };
      if (await isSamePerson(tx, request.actor.id, [approval.requestedBy])) return { kind: 'same_person' };
      return work(tx, approval);
    });
  }

  #once(
    request: PersonsRequest,
    target: string,
    work: (tx: EntityManager) => Promise<Accepted | Refusal>,
  ): Promise<Accepted | Refusal> {
    return this.dataSource.transaction((tx) =>
      this.requests.once(tx, { ...request, target }, () => work(tx)),
    );
  }

  #record(tx: EntityManager, action: AuditAction, { actor }: PersonsRequest, id: string, reason?: string) {
    return this.audit.record(tx, {
      actor: actor.id,
      action,
      subject: 'bidding',
      reason,
      details: { approval_id: id },
    });
  }

  /** Whoever changes the switch or decides about it comes after whoever does already. */
  async #lock(tx: EntityManager): Promise<{ readonly engaged: boolean; readonly changed_at: Date }> {
    const [row] = await tx.query<{ engaged: boolean; changed_at: Date }[]>(
      `SELECT engaged, changed_at FROM kill_switch FOR UPDATE`,
    );
    if (row === undefined) throw new Error('the kill switch is gone');
    return row;
  }

  async #stateIn(tx: EntityManager): Promise<SwitchState> {
    const [row] = await tx.query<{ engaged: boolean; reason: string; actor: string; changed_at: Date }[]>(
      `SELECT engaged, reason, actor, changed_at FROM kill_switch`,
    );
    if (row === undefined) throw new Error('the kill switch is gone');
    const { changed_at: changedAt, ...state } = row;
    return {
      ...state,
      changedAt,
      pending: await this.approvals.pendingRelease(tx),
      awaitsConfirmation: await awaitsConfirmation(tx),
    };
  }
}

/** In words, for whoever is to decide. */
export const RELEASE_CONSEQUENCE = 'O envio de propostas aos leilões recomeça imediatamente.';
