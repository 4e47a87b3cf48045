import { randomUUID } from 'node:crypto';
import type { EntityManager, EntityTarget } from 'typeorm';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../kernel';
import type { EncryptedColumn, FieldCipher } from '../platform';
import type { AttemptResult } from './command-answer';
import type { CommandEntity } from './command.entity';
import { LIVE_COMMAND_STATUSES } from './domain';

/** A call to make, committed as such before it is made. */
export interface CommandJob<Action extends string = string> {
  readonly id: string;
  readonly subject: string;
  readonly action: Action;
  readonly actor: string;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** How often since it was last sent the other side has known nothing of it. */
  readonly foundNothing: number;
  /** When it had left last before this attempt, by this process or another. */
  readonly sentBefore: Date | null;
  /** inquire: the command may have taken effect, and this asks whether it has. */
  readonly call: 'send' | 'inquire';
  /** An earlier attempt may have taken effect, as far as is believed by now. */
  readonly mayHaveTaken: boolean;
  /** The answer to an earlier attempt was lost, whatever is believed by now: that the other side knew nothing of it is no proof. */
  readonly answerLost: boolean;
}

export interface IntendedCommand {
  readonly id: string;
  /** It is not sent before. */
  readonly notBefore: Date;
}

/** A table whose bodies are encrypted, and so is known as such (platform/encrypted-columns.ts). */
type TableOfBodies<Column> = Column extends `${infer Table}.body_ciphertext` ? Table : never;

/** Where an owner keeps its commands. */
export interface CommandTable<Action extends string> {
  readonly entity: EntityTarget<CommandEntity<Action>>;
  readonly name: TableOfBodies<EncryptedColumn>;
  /** The column that names what a command is about. */
  readonly subjectColumn: string;
  /** Actions of which a query tells whether they took effect. */
  readonly askable: readonly Action[];
  /** SQL: whether what was done about `$2` may be forgotten, since the database was restored. */
  readonly mayHaveBeenForgotten: string;
}

/**
 * The durable commands of locked subjects. Sending them is somebody else's work. All of their instants are the database's:
 * whichever process sends a command next, and whatever its clock says, it sends it when it is due.
 */
export class CommandBook<Action extends string> {
  constructor(
    readonly table: CommandTable<Action>,
    private readonly cipher: FieldCipher,
  ) {}

  /** The one command that is not settled yet; the database allows no second. */
  async liveOf(tx: EntityManager, subject: string): Promise<CommandEntity<Action> | undefined> {
    const found = await tx
      .createQueryBuilder(this.table.entity, 'command')
      .where('command.subject = :subject', { subject })
      .andWhere('command.status IN (:...live)', { live: LIVE_COMMAND_STATUSES })
      .setLock('pessimistic_write')
      .getOne();
    return found ?? undefined;
  }

  /** True when a command of this kind was ever meant and not taken back before it was sent. */
  async everAsked(tx: EntityManager, subject: string, action: Action): Promise<boolean> {
    const [row] = await tx.query<{ asked: boolean }[]>(
      `SELECT EXISTS (SELECT FROM ${this.table.name}
         WHERE ${this.table.subjectColumn} = $1 AND action = $2 AND status <> 'withdrawn') AS asked`,
      [subject, action],
    );
    return row?.asked ?? false;
  }

  /** Whether one was asked for that QI refused, or never had. */
  async everRefused(tx: EntityManager, subject: string, action: Action): Promise<boolean> {
    const [row] = await tx.query<{ refused: boolean }[]>(
      `SELECT EXISTS (SELECT FROM ${this.table.name}
         WHERE ${this.table.subjectColumn} = $1 AND action = $2 AND status = 'rejected') AS refused`,
      [subject, action],
    );
    return row?.refused ?? false;
  }

  /**
   * To be sent; or, when it is about something from before a restore that may have had it already, asked about first.
   * @returns its id, and before when it is not sent
   * @throws QueryFailedError when another command is live: callers check first, under the subject's lock.
   */
  async intend(
    tx: EntityManager,
    command: {
      readonly subject: string;
      readonly action: Action;
      readonly actor: string;
      readonly body?: JsonObject;
      /** By the database's clock. */
      readonly notBefore?: Date;
      /** From now, where nothing else is said. */
      readonly waitMs?: number;
    },
  ): Promise<IntendedCommand> {
    const id = randomUUID();
    const sealed =
      command.body &&
      this.cipher.encrypt(stringifyJson(command.body), `${this.table.name}.body_ciphertext`, id);
    const [row] = await tx.query<{ not_before: Date }[]>(
      `INSERT INTO ${this.table.name}
         (id, ${this.table.subjectColumn}, action, status, answer_lost, actor, body_key_id, body_ciphertext, not_before,
          created_at)
       SELECT $1, $2, $3, CASE WHEN forgotten THEN 'unknown' ELSE 'intended' END, forgotten,
         $4, $5, $6, coalesce($7, clock_timestamp() + $9 * interval '1 millisecond'), clock_timestamp()
       FROM (SELECT $8 AND ${this.table.mayHaveBeenForgotten} AS forgotten) AS before
       RETURNING not_before`,
      [
        id,
        command.subject,
        command.action,
        command.actor,
        sealed?.keyId ?? null,
        sealed?.ciphertext ?? null,
        command.notBefore ?? null,
        this.table.askable.includes(command.action),
        command.waitMs ?? 0,
      ],
    );
    if (row === undefined) throw new Error('an inserted command was not returned');
    return { id, notBefore: row.not_before };
  }

  async bodyOf(tx: EntityManager, commandId: string): Promise<JsonObject> {
    const [row] = await tx.query<{ body_key_id: string | null; body_ciphertext: Buffer | null }[]>(
      `SELECT body_key_id, body_ciphertext FROM ${this.table.name} WHERE id = $1`,
      [commandId],
    );
    if (row?.body_key_id == null || row.body_ciphertext === null) return {};
    const sealed = { keyId: row.body_key_id, ciphertext: row.body_ciphertext };
    const plain = this.cipher.decrypt(sealed, `${this.table.name}.body_ciphertext`, commandId);
    const body = parseJson(plain.toString('utf8'));
    if (!isJsonObject(body)) throw new Error(`command ${commandId} has a body that is not an object`);
    return body;
  }

  /**
   * Of all of one kind that were not taken back before they were sent, the newest first.
   * @param except the id of one that is left out
   */
  async bodiesOf(
    tx: EntityManager,
    subject: string,
    action: Action,
    except?: string,
  ): Promise<readonly JsonObject[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT id FROM ${this.table.name}
       WHERE ${this.table.subjectColumn} = $1 AND action = $2 AND status <> 'withdrawn' AND id IS DISTINCT FROM $3
       ORDER BY created_at DESC`,
      [subject, action, except ?? null],
    );
    const bodies: JsonObject[] = [];
    for (const { id } of rows) bodies.push(await this.bodyOf(tx, id));
    return bodies;
  }

  /** Ends a command. `by` says on what evidence: qi, webhook, inquiry, overtaken, or a person's id. */
  async settle(
    tx: EntityManager,
    commandId: string,
    status: 'accepted' | 'rejected' | 'withdrawn',
    by: string,
    answer?: AttemptResult,
  ): Promise<void> {
    await tx.query(
      `UPDATE ${this.table.name} SET status = $2, settled_at = clock_timestamp(), settled_by = $3, lease_owner = NULL
       WHERE id = $1`,
      [commandId, status, by],
    );
    if (answer !== undefined) await this.keepAnswer(tx, commandId, answer);
  }

  /** Of a command that was asked about: the other side knows nothing of it. */
  async countFoundNothing(tx: EntityManager, commandId: string): Promise<void> {
    await tx.query(`UPDATE ${this.table.name} SET found_nothing = found_nothing + 1 WHERE id = $1`, [
      commandId,
    ]);
  }

  /** Puts a command back: to be sent (again), or to be asked about, not before so much time has passed. */
  async postpone(
    tx: EntityManager,
    commandId: string,
    status: 'intended' | 'unknown',
    waitMs: number,
    answer?: AttemptResult,
  ): Promise<void> {
    await tx.query(
      `UPDATE ${this.table.name}
       SET status = $2, answer_lost = answer_lost OR 'unknown' IN (status, $2), not_before = clock_timestamp() + $3 * interval '1 millisecond', lease_owner = NULL WHERE id = $1`,
      [commandId, status, waitMs],
    );
    if (answer !== undefined) await this.keepAnswer(tx, commandId, answer);
  }

  /** Nothing left this time after all. */
  async putSentBack(tx: EntityManager, commandId: string, sentBefore: Date | null): Promise<void> {
    await tx.query(`UPDATE ${this.table.name} SET sent_at = $2 WHERE id = $1`, [commandId, sentBefore]);
  }

  /** QI's words stay readable; its whole answer holds personal data and is encrypted. */
  async keepAnswer(tx: EntityManager, commandId: string, answer: AttemptResult): Promise<void> {
    const sealed =
      'body' in answer
        ? this.cipher.encrypt(answer.body, `${this.table.name}.answer_ciphertext`, commandId)
        : undefined;
    await tx.query(
      `UPDATE ${this.table.name}
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
