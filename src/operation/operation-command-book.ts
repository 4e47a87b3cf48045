import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CommandBook } from '../commands';
import { FieldCipher } from '../platform';
import { ACTION_RULES, loanProduct, OPERATION_ACTIONS, type OperationAction } from './domain';
import type { OperationEntity } from './operation.entity';
import { OperationCommandEntity } from './operation-command.entity';

/**
 * Its auction ended, or its proposal was made, before the restore, or it is not known which it was; and nobody has found out since
 * what became of such a command ($3): QI by its answer, or people.
 */
const OF_BEFORE_RESTORE = `EXISTS (
  SELECT FROM recovery LEFT JOIN operation ON operation.credit_operation_key = $2
    LEFT JOIN auction ON issuer_proposal_request_key = auction_key
    LEFT JOIN proposal ON proposal.credit_operation_key = $2
  WHERE coalesce(inclusion_limit_at - interval '1 hour', proposal.created_at, '-infinity') < bids_from
    AND NOT EXISTS (
      SELECT FROM operation_command AS since
      WHERE since.credit_operation_key = $2 AND action = $3 AND since.status IN ('accepted', 'rejected')
        AND since.created_at > found_at))`;

/** No byte of it is at QI, or can be: what a restore found may have been sent in a time that is lost. */
const NEVER_LEFT = `status = 'intended' AND sent_at IS NULL AND NOT answer_lost
  AND NOT EXISTS (SELECT FROM recovery WHERE found_at >= created_at)`;

/** What is asked of QI about operations. */
@Injectable()
export class OperationCommandBook extends CommandBook<OperationAction> {
  constructor(cipher: FieldCipher) {
    super(
      {
        entity: OperationCommandEntity,
        name: 'operation_command',
        subjectColumn: 'credit_operation_key',
        askable: OPERATION_ACTIONS.filter((action) => ACTION_RULES[action].whenUnknown === 'inquire'),
        mayHaveBeenForgotten: OF_BEFORE_RESTORE,
      },
      cipher,
    );
  }

  /**
   * Whether no byte of it can be at QI. What is only asked about first was not sent either; what a restore made unknown may
   * have been.
   */
  async isUnsent(sql: Pick<EntityManager, 'query'>, commandId: string): Promise<boolean> {
    const [unsent] = await sql.query<unknown[]>(
      `SELECT FROM operation_command
       WHERE id = $1 AND status IN ('intended', 'unknown') AND sent_at IS NULL
         AND NOT EXISTS (SELECT FROM recovery WHERE found_at >= created_at)`,
      [commandId],
    );
    return unsent !== undefined;
  }

  /** Whether the account of a payment may be changed at QI, whatever became of the call that asks for its day. */
  async mayHaveChangedAccount(
    tx: EntityManager,
    product: OperationEntity['product'],
    { id, action }: { readonly id: string; readonly action: OperationAction },
  ): Promise<boolean> {
    if (action !== 'resubmit_disbursement' || !loanProduct(product).changesAccountApart) return false;
    return (await this.bodyOf(tx, id))['disbursement_bank_accounts'] !== undefined;
  }

  /** Whether a person may still take it back. */
  async mayBeTakenBack(sql: Pick<EntityManager, 'query'>, commandId: string): Promise<boolean> {
    const [kept] = await sql.query<unknown[]>(
      `SELECT FROM operation_command WHERE id = $1 AND ${NEVER_LEFT}`,
      [commandId],
    );
    return kept !== undefined;
  }

  /**
   * Ends one that has never left, in one statement. The operation is locked by the caller, as by whoever marks it as sending.
   * @returns whether it did
   */
  async takeBack(tx: EntityManager, commandId: string, by: string): Promise<boolean> {
    const [, taken] = await tx.query<[unknown[], number]>(
      `UPDATE operation_command
       SET status = 'withdrawn', settled_at = clock_timestamp(), settled_by = $2, lease_owner = NULL
       WHERE id = $1 AND ${NEVER_LEFT}`,
      [commandId, by],
    );
    return taken > 0;
  }

  /**
   * Whether the last that people have asked of QI about it, and have not taken back, is to cancel it for good: here, or in QI's
   * portal, of which only the margin that QI is to delete is told.
   */
  async isCancellationWanted(tx: EntityManager, operationKey: string): Promise<boolean> {
    const [last] = await tx.query<{ action: OperationAction }[]>(
      `SELECT action, created_at FROM operation_command
       WHERE credit_operation_key = $1 AND status <> 'withdrawn' AND NOT starts_with(actor, 'policy:')
       UNION ALL
       SELECT 'cancel_permanently', recorded_at FROM operation_event
       WHERE credit_operation_key = $1 AND to_margin = 'pending_consent_with_deletion' AND from_margin <> to_margin
       ORDER BY created_at DESC LIMIT 1`,
      [operationKey],
    );
    return last?.action === 'cancel_permanently';
  }

  /** Whether people have once taken back an authorization: then it is for them. */
  async wasAuthorizationTakenBack(tx: EntityManager, operationKey: string): Promise<boolean> {
    const [row] = await tx.query<unknown[]>(
      `SELECT FROM operation_event WHERE credit_operation_key = $1 AND kind = 'authorize_undone' LIMIT 1`,
      [operationKey],
    );
    return row !== undefined;
  }
}
