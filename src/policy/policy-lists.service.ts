import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { AuditTrail, CLOCK, FieldCipher, type Actor, type Sealed } from '../platform';
import { csvEntry, type FieldName, type Sheet } from './domain';
import { StoredEntries, type PackedList } from './packed-list';
import { isSeal } from './sealed-list';
import { UnreadablePolicyError } from './unreadable-policy';

const CHUNK_ENTRIES = 10_000;
const COLUMN = 'policy_list_chunk.ciphertext';
const nameOf = (sha256: string, ordinal: number): string => `${sha256}/${String(ordinal)}`;

/** Of the pool, or of a transaction. */
export type Sql = Pick<EntityManager, 'query'>;

/** A list kept outside the policies, as it is known by. */
export interface StoredList {
  readonly sha256: string;
  readonly field: string;
  /** Without its seal. */
  readonly size: number;
  readonly source: string;
  readonly imported_by: string;
  readonly imported_at: Date;
}

/** What one list has and another has not. */
export interface ListDifference {
  readonly added: number;
  readonly removed: number;
  /** Of the list that was there before. */
  readonly size: number;
}

/** What is stored of a list is its entries, and of people a seal behind them. */
const LIST = `SELECT sha256, field, size - is_sealed::int AS size, source, imported_by, imported_at FROM policy_list`;

/** Looked for in a list before whatever else waits has its turn. */
const COMPARED_AT_ONCE = 500;

/** Lists kept outside the policies: immutable, addressed by content, their entries encrypted. */
@Injectable()
export class PolicyLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Storing the same entries again changes nothing. */
  async store(
    list: PackedList,
    of: {
      readonly field: FieldName;
      readonly source: string;
      readonly actor: string;
      readonly isSealed?: boolean;
    },
  ): Promise<StoredList> {
    await this.dataSource.transaction(async (tx) => {
      const [row] = await tx.query<Pick<StoredList, 'size'>[]>(
        `INSERT INTO policy_list (sha256, field, size, source, imported_by, imported_at, is_sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sha256) DO NOTHING RETURNING size - is_sealed::int AS size`,
        [list.sha256, of.field, list.size, of.source, of.actor, this.clock.now(), of.isSealed ?? false],
      );
      if (row === undefined) return;
      await this.#storeEntries(tx, list);
      const details = { field: of.field, entries: String(row.size), source: of.source };
      await this.audit.record(tx, {
        actor: of.actor,
        action: 'policy_list.imported',
        subject: list.sha256,
        details,
      });
    });
    const [stored] = await this.find([list.sha256]);
    if (stored === undefined) throw new Error('a list that was just stored is gone');
    return stored;
  }

  find(hashes: readonly string[]): Promise<StoredList[]> {
    return this.dataSource.query(`${LIST} WHERE sha256 = ANY ($1)`, [hashes]);
  }

  all(): Promise<StoredList[]> {
    return this.dataSource.query(`${LIST} ORDER BY imported_at DESC, sha256 LIMIT 500`);
  }

  /**
   * Read on the thread that bids: a chunk at a time, between which others have their turn.
   * @throws UnreadablePolicyError when there is no such list, or its entries are not those it was stored with.
   */
  async load(sha256: string, sql: Sql = this.dataSource): Promise<PackedList> {
    const [stored] = await sql.query<Pick<StoredList, 'size'>[]>(
      `SELECT size FROM policy_list WHERE sha256 = $1`,
      [sha256],
    );
    const entries = new StoredEntries(stored?.size ?? 0);
    for await (const chunk of this.#stored(sha256, sql)) {
      entries.add(chunk);
      await setImmediate();
    }
    const list = entries.end(sha256);
    if (list === undefined) throw new UnreadablePolicyError(`list ${sha256} is not what was stored`);
    return list;
  }

  /** How a list differs from a stored one, which is never whole in memory for it. */
  async difference(list: PackedList, { sha256, size }: StoredList): Promise<ListDifference> {
    let kept = 0;
    for await (const chunk of this.chunks(sha256))
      for (let from = 0; from < chunk.length; from += COMPARED_AT_ONCE) {
        kept += chunk.slice(from, from + COMPARED_AT_ONCE).filter((entry) => list.has(entry)).length;
        await setImmediate();
      }
    return { added: list.size - kept, removed: size - kept, size };
  }

  /** The entries, some thousands at a time. */
  async *chunks(sha256: string): AsyncGenerator<readonly string[]> {
    for await (const chunk of this.#stored(sha256, this.dataSource))
      yield chunk.filter((entry) => !isSeal(entry));
  }

  /** With the seal of a list of people behind them. */
  async *#stored(sha256: string, sql: Sql): AsyncGenerator<readonly string[]> {
    for (let ordinal = 0; ; ordinal += 1) {
      const [row] = await sql.query<{ key_id: string; ciphertext: Buffer }[]>(
        `SELECT key_id, ciphertext FROM policy_list_chunk WHERE sha256 = $1 AND ordinal = $2`,
        [sha256, ordinal],
      );
      if (row === undefined) return;
      const sealed = { keyId: row.key_id, ciphertext: row.ciphertext };
      yield this.#open(sealed, nameOf(sha256, ordinal)).split('\n');
    }
  }

  #open(sealed: Sealed, name: string): string {
    try {
      return this.cipher.decrypt(sealed, COLUMN, name).toString('latin1');
    } catch (error) {
      throw new UnreadablePolicyError(`the entries of list ${name} cannot be opened`, { cause: error });
    }
  }

  /** The entries as the rows of a sheet, some thousands at a time. */
  async *rows(sha256: string): AsyncGenerator<Sheet> {
    for await (const chunk of this.chunks(sha256)) yield chunk.map((entry) => [entry]);
  }

  /** The entries as the lines of a CSV, some thousands at a time. */
  async *lines(sha256: string): AsyncGenerator<string> {
    for await (const chunk of this.chunks(sha256))
      yield chunk.map((entry) => `${csvEntry(entry)}\n`).join('');
  }

  recordExport({ sha256, field, size }: StoredList, reason: string, { id: actor }: Actor): Promise<void> {
    const details = { field, entries: String(size) };
    return this.dataSource.transaction((tx) =>
      this.audit.record(tx, { actor, action: 'policy_list.exported', subject: sha256, reason, details }),
    );
  }

  async #storeEntries(tx: EntityManager, list: PackedList): Promise<void> {
    let ordinal = 0;
    let chunk: string[] = [];
    const write = async (): Promise<void> => {
      const { keyId, ciphertext } = this.cipher.encrypt(
        chunk.join('\n'),
        COLUMN,
        nameOf(list.sha256, ordinal),
      );
      await tx.query(
        `INSERT INTO policy_list_chunk (sha256, ordinal, key_id, ciphertext) VALUES ($1, $2, $3, $4)`,
        [list.sha256, ordinal, keyId, ciphertext],
      );
      ordinal += 1;
      chunk = [];
    };
    for (const entry of list) {
      chunk.push(entry);
      if (chunk.length === CHUNK_ENTRIES) await write();
    }
    if (chunk.length > 0) await write();
  }
}
