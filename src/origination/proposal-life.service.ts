import { Injectable } from '@nestjs/common';
import type { EntityManager, QueryDeepPartialEntity } from 'typeorm';
import { FieldCipher } from '../platform';
import {
  isProposalFinal,
  proposalStep,
  type ProposalEventKind,
  type ProposalFact,
  type ProposalStep,
} from './domain';
import { ProposalEntity } from './proposal.entity';

/** What is written down beside a fact. */
export interface ProposalRecord {
  readonly kind: ProposalEventKind;
  readonly webhookEventId?: string;
  readonly actor?: string;
  /** Nothing personal: it is shown as it is. */
  readonly summary?: Readonly<Record<string, unknown>>;
  /** Stored encrypted. */
  readonly personal?: string;
  readonly eventAtText?: string | undefined;
}

/** What a fact changes of a proposal besides its status. */
export type ProposalChanges = Partial<
  Pick<
    ProposalEntity,
    | 'failureCode'
    | 'failureText'
    | 'retryAt'
    | 'wishes'
    | 'balanceKey'
    | 'balance'
    | 'balanceAt'
    | 'decision'
    | 'policyVersion'
    | 'policyHash'
    | 'simulations'
    | 'offer'
    | 'offerExpiresAt'
    | 'disbursedIssueAmount'
    | 'claim'
    | 'holdsClaim'
    | 'creditOperationKey'
    | 'borrowerKeyId'
    | 'borrowerCiphertext'
  >
>;

/** Moves proposals. Each call is part of the caller's transaction; a proposal's row is locked before its commands and tasks. */
@Injectable()
export class ProposalLife {
  constructor(private readonly cipher: FieldCipher) {}

  async lock(tx: EntityManager, id: string): Promise<ProposalEntity | undefined> {
    const found = await tx.findOne(ProposalEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    return found ?? undefined;
  }

  /** By the key of any query of its balance, also of one that was asked again since. */
  async lockByBalance(tx: EntityManager, balanceKey: string): Promise<ProposalEntity | undefined> {
    const found = await tx.findOne(ProposalEntity, {
      where: { balanceKey },
      lock: { mode: 'pessimistic_write' },
    });
    if (found !== null) return found;
    const [earlier] = await tx.query<{ id: string }[]>(
      `SELECT proposal_id AS id FROM proposal_event WHERE kind = 'balance_queried' AND summary ->> 'balance_key' = $1
       LIMIT 1`,
      [balanceKey],
    );
    return earlier && this.lock(tx, earlier.id);
  }

  /**
   * Applies one fact to a locked proposal: timeline, status, and what else it changes.
   * @returns undefined when this webhook has been applied before: then nothing is written.
   */
  async advance(
    tx: EntityManager,
    proposal: ProposalEntity,
    fact: ProposalFact,
    record: ProposalRecord,
    changes: ProposalChanges = {},
  ): Promise<ProposalStep | undefined> {
    const step = proposalStep(proposal.status, fact);
    const now = await this.#write(tx, proposal, step, record);
    if (now === undefined) return undefined;
    if (step.effect !== 'applied') return step;
    await this.change(tx, proposal, {
      ...changes,
      status: step.to,
      ...(step.from !== step.to && { statusSince: now }),
      endedAt: isProposalFinal(step.to) ? now : null,
    });
    return step;
  }

  /** Writes something into the timeline that does not say where the proposal stands. */
  async note(
    tx: EntityManager,
    proposal: ProposalEntity,
    record: ProposalRecord,
    changes: ProposalChanges = {},
  ): Promise<void> {
    await this.#write(tx, proposal, proposalStep(proposal.status, 'noted'), record);
    if (Object.keys(changes).length > 0) await this.change(tx, proposal, changes);
  }

  /**
   * What was offered, or accepted and maybe ordered in vain, was made for other wishes or of another borrower than is known now; or its time was over before.
   * @param actor left out where nobody but time has ended it
   */
  async voidOffer(tx: EntityManager, proposal: ProposalEntity, actor?: string): Promise<void> {
    await this.advance(
      tx,
      proposal,
      'offer_voided',
      { kind: 'offer_voided', ...(actor !== undefined && { actor }) },
      {
        ...{ simulations: null, offer: null, offerExpiresAt: null, disbursedIssueAmount: null },
        ...(proposal.status === 'accepted' && { failureCode: null, failureText: null }),
      },
    );
  }

  /** A query that nobody waits for any more; an answer that comes all the same is taken. */
  async queryCanceled(tx: EntityManager, proposal: ProposalEntity, actor: string): Promise<void> {
    await this.advance(
      tx,
      proposal,
      'balance_refused',
      { kind: 'query_canceled', actor },
      { failureCode: 'query_canceled', failureText: null, retryAt: null },
    );
  }

  async change(tx: EntityManager, proposal: ProposalEntity, changes: Partial<ProposalEntity>): Promise<void> {
    await tx.update(ProposalEntity, { id: proposal.id }, changes as QueryDeepPartialEntity<ProposalEntity>);
    Object.assign(proposal, changes);
  }

  /** @returns when, by the database; undefined for a webhook that was applied before */
  async #write(
    tx: EntityManager,
    proposal: ProposalEntity,
    step: ProposalStep,
    record: ProposalRecord,
  ): Promise<Date | undefined> {
    const [written] = await tx.query<{ id: string; recorded_at: Date }[]>(
      `INSERT INTO proposal_event
         (proposal_id, webhook_event_id, kind, effect, from_status, to_status, actor, summary,
          event_at_text, recorded_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
       ON CONFLICT (webhook_event_id) DO NOTHING RETURNING id, recorded_at`,
      [
        proposal.id,
        record.webhookEventId ?? null,
        record.kind,
        step.effect,
        step.from,
        step.to,
        record.actor ?? null,
        record.summary ?? {},
        record.eventAtText ?? null,
      ],
    );
    if (written === undefined) return undefined;
    if (record.personal !== undefined) await this.#keepPersonal(tx, written.id, record.personal);
    return written.recorded_at;
  }

  /** Bound to the row's number, which the row must have first. */
  async #keepPersonal(tx: EntityManager, id: string, personal: string): Promise<void> {
    const { keyId, ciphertext } = this.cipher.encrypt(personal, 'proposal_event.personal_ciphertext', id);
    await tx.query(`UPDATE proposal_event SET personal_key_id = $2, personal_ciphertext = $3 WHERE id = $1`, [
      id,
      keyId,
      ciphertext,
    ]);
  }
}
