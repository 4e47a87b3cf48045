import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseJson } from '../kernel';
import { compilePolicy, parseStored, type CompiledPolicy, type Policy, type PolicyVersion } from './domain';
import type { PackedList } from './packed-list';
import { PolicyLists, type Sql } from './policy-lists.service';
import { UnreadablePolicyError } from './unreadable-policy';

/** A stored document and the lists that go with it, by the names it gives them. */
export interface StoredPolicy {
  readonly number: number;
  readonly hash: string;
  /** Canonical JSON. */
  readonly document: string;
  readonly lists: Readonly<Record<string, string>>;
}

const MAX_COMPILED = 16;
const MAX_LISTS = 32;

/** Reads stored policies and keeps the compiled ones in use at hand. */
@Injectable()
export class PolicyLibrary {
  readonly #compiled = new Recent<Promise<PolicyVersion>>(MAX_COMPILED);
  readonly #lists = new Recent<Promise<PackedList>>(MAX_LISTS);

  constructor(
    private readonly dataSource: DataSource,
    private readonly lists: PolicyLists,
  ) {}

  /**
   * The version of this address; undefined when there is none.
   * @param sql whoever is in a transaction has a connection, and asks for no second one
   * @throws UnreadablePolicyError when it can no longer be read
   */
  async byHash(hash: string, sql: Sql = this.dataSource): Promise<PolicyVersion | undefined> {
    const kept = this.#compiled.get(hash);
    if (kept !== undefined) return kept;
    const [row] = await sql.query<(StoredPolicy & { readonly is_approved: boolean })[]>(
      `SELECT number, hash, document, lists, state NOT IN ('draft', 'in_review') AS is_approved
       FROM policy_version WHERE hash = $1 ORDER BY state = 'draft', number LIMIT 1`,
      [hash],
    );
    if (row === undefined) return undefined;
    // Until it is approved another may yet be approved with the same words, and theirs is the number then.
    return row.is_approved
      ? this.#compiled.getOrMake(hash, () => this.#versionOf(row, sql))
      : this.#versionOf(row, sql);
  }

  /**
   * Compiles what is stored and makes sure that it still means what it meant: the same content gives the same hash.
   * @throws UnreadablePolicyError when this release reads the document otherwise, or not at all.
   */
  async compile(stored: StoredPolicy, sql: Sql = this.dataSource): Promise<CompiledPolicy> {
    const compiled = await this.compileWith(readStored(stored), stored.lists, sql);
    if (compiled.hash === stored.hash) return compiled;
    const message = `policy version ${String(stored.number)} has another hash now: ${compiled.hash}`;
    throw new UnreadablePolicyError(message);
  }

  /** @throws UnreadablePolicyError when a list is not there. */
  async compileWith(
    policy: Policy,
    lists: Readonly<Record<string, string>>,
    sql: Sql = this.dataSource,
  ): Promise<CompiledPolicy> {
    const loaded = Object.entries(lists).map(
      async ([name, sha256]) =>
        [name, await this.#lists.getOrMake(sha256, () => this.lists.load(sha256, sql))] as const,
    );
    return compilePolicy(policy, new Map(await Promise.all(loaded)));
  }

  async #versionOf(stored: StoredPolicy, sql: Sql): Promise<PolicyVersion> {
    return { version: String(stored.number), compiled: await this.compile(stored, sql) };
  }
}

/** @throws UnreadablePolicyError when this release no longer reads it. */
export function readStored({ number, document }: Pick<StoredPolicy, 'number' | 'document'>): Policy {
  const parsed = parseStored(parseJson(document));
  if (parsed.kind === 'ok') return parsed.policy;
  const paths = parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new UnreadablePolicyError(`policy version ${String(number)} cannot be read any more: ${paths}`);
}

/** The values asked for last; what failed is asked for anew. */
class Recent<T extends Promise<unknown>> {
  readonly #kept = new Map<string, T>();

  constructor(private readonly capacity: number) {}

  get(key: string): T | undefined {
    const value = this.#kept.get(key);
    if (value === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, value);
    return value;
  }

  getOrMake(key: string, make: () => T): T {
    const kept = this.get(key);
    if (kept !== undefined) return kept;
    const value = make();
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.capacity && oldest !== undefined) this.#kept.delete(oldest);
    value.catch(() => {
      if (this.#kept.get(key) === value) this.#kept.delete(key);
    });
    return value;
  }
}
