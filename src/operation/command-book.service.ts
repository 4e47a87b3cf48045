import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, FieldCipher } from '../platform';
import { parseJson, stringifyJson, isJsonObject, type Clock, type JsonObject } from '../kernel';
import type { CommandStatus, OperationAction } from './domain';
import { OperationCommandEntity } from './operation-command.entity';
import type { CommandAnswer } from './ports';

const LIVE: readonly CommandStatus[] = ['intended', 'sending', 'unknown'];

/** A call to make, committed as such before it is made. */
export interface CommandJob {
  readonly id: string;
  readonly operationKey: string;
  readonly action: OperationAction;
  readonly actor: string;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** inquire: the command may have taken effect, and this asks whether it has. */
  readonly call: 'send' | 'inquire';
  /** An earlier attempt may have taken effect. */
  readonly mayHaveTaken: boolean;
}

/** The durable commands of locked operations. Sending them is somebody else's work. */
@Injectable()
export class CommandBook {
  constructor(
    private readonly cipher: FieldCipher,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The one command that is not settled yet; the database allows no second. */
  async liveOf(tx: EntityManager, operationKey: string): Promise<OperationCommandEntity | undefined> {
    const found = await tx
      .createQueryBuilder(OperationCommandEntity, 'command')
      .where('command.operationKey = :operationKey', { operationKey })
      .andWhere('command.status IN (:...live)', { live: LIVE })
      .setLock('pessimistic_write')
      .getOne();
    return found ?? undefined;
  }

  /** True when a command of this kind was ever meant and not taken back before it was sent. */
  async everAsked(tx: EntityManager, operationKey: string, action: OperationAction): Promise<boolean> {
    const [row] = await tx.query<{ asked: boolean }[]>(
      `SELECT EXISTS (SELECT FROM operation_command
         WHERE credit_operation_key = $1 AND action = $2 AND status <> 'withdrawn') AS asked`,
      [operationKey, action],
    );
    return row?.asked ?? false;
  }

  /** @throws QueryFailedError when another command is live: callers check first, under the operation's lock. */
  async intend(
    tx: EntityManager,
    command: {
      readonly operationKey: string;
      readonly action: OperationAction;
      readonly actor: string;
      readonly body?: JsonObject;
      readonly notBefore?: Date;
    },
  ): Promise<string> {
    const id = randomUUID();
    const now = this.clock.now();
    const sealed = command.body && this.cipher.encrypt(stringifyJson(command.body));
    await tx.query(
      `INSERT INTO operation_command
         (id, credit_operation_key, action, status, actor, body_key_id, body_ciphertext, not_before, created_at)
       VALUES ($1, $2, $3, 'intended', $4, $5, $6, $7, $8)`,
      [
        id,
        command.operationKey,
        command.action,
        command.actor,
        sealed?.keyId ?? null,
        sealed?.ciphertext ?? null,
        command.notBefore ?? now,
        now,
      ],
    );
    return id;
  }

  async bodyOf(tx: EntityManager, commandId: string): Promise<JsonObject> {
    const [row] = await tx.query<{ body_key_id: string | null; body_ciphertext: Buffer | null }[]>(
      `SELECT body_key_id, body_ciphertext FROM operation_command WHERE id = $1`,
      [commandId],
    );
    if (row?.body_key_id == null || row.body_ciphertext === null) return {};
    const sealed = { keyId: row.body_key_id, ciphertext: row.body_ciphertext };
    const body = parseJson(this.cipher.decrypt(sealed).toString('utf8'));
    if (!isJsonObject(body)) throw new Error(`command ${commandId} has a body that is not an object`);
    return body;
  }

  /** Ends a command. `by` says on what evidence: qi, webhook, inquiry, overtaken, or a person's id. */
  async settle(
    tx: EntityManager,
    commandId: string,
    status: 'accepted' | 'rejected' | 'withdrawn',
    by: string,
    answer?: CommandAnswer,
  ): Promise<void> {
    await tx.query(
      `UPDATE operation_command SET status = $2, settled_at = $3, settled_by = $4, lease_owner = NULL WHERE id = $1`,
      [commandId, status, this.clock.now(), by],
    );
    if (answer !== undefined) await this.#keepAnswer(tx, commandId, answer);
  }

  /** Puts a command back: to be sent (again), or to be asked about, not before `notBefore`. */
  async postpone(
    tx: EntityManager,
    commandId: string,
    status: 'intended' | 'unknown',
    notBefore: Date,
    answer?: CommandAnswer,
  ): Promise<void> {
    await tx.query(
      `UPDATE operation_command SET status = $2, not_before = $3, lease_owner = NULL WHERE id = $1`,
      [commandId, status, notBefore],
    );
    if (answer !== undefined) await this.#keepAnswer(tx, commandId, answer);
  }

  /** QI's words stay readable; its whole answer holds personal data and is encrypted. */
  async #keepAnswer(tx: EntityManager, commandId: string, answer: CommandAnswer): Promise<void> {
    const sealed = 'body' in answer ? this.cipher.encrypt(answer.body) : undefined;
    await tx.query(
      `UPDATE operation_command
       SET http_status = $2, answer_code = $3, answer_text = $4, answer_key_id = $5, answer_ciphertext = $6
       WHERE id = $1`,
      [
        commandId,
        answer.httpStatus ?? null,
        answer.kind === 'rejected' ? (answer.code ?? null) : null,
        answer.kind === 'rejected' ? (answer.description ?? null) : 'why' in answer ? answer.why : null,
        sealed?.keyId ?? null,
        sealed?.ciphertext ?? null,
      ],
    );
  }
}
