import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DAY_MS, type Clock } from '../kernel';
import {
  AuditTrail,
  type AuditAction,
  checkValuesAsSeen,
  CLOCK,
  decodeCursor,
  pageOf,
  SETTINGS,
  type Actor,
  type Page,
  type Settings,
} from '../platform';
import type { PageQuery } from './access.dto';
import { ENVIRONMENT_ACTOR, TOKENS, tokenOf, type ApiToken, type TokenRow } from './api-token';
import type { Role } from './domain/roles';
import { keptRoles } from './domain/token-rights';
import { timeAndId } from './page-position';
import { hashOfSecret, newSecret } from './secret-token';

/** Marks our tokens for those who search repositories for leaked secrets. */
const TOKEN_PREFIX = 'arremate_';

export interface WantedToken {
  readonly name: string;
  readonly roles: readonly Role[];
  /** A username; undefined: whoever asks, or who answers for the token that asks. */
  readonly keeper: string | undefined;
  /** Undefined: after `access.token_days`. */
  readonly expiresAt: Date | undefined;
}

/** `no_keeper`: no enabled user has this name. `beyond_keeper`: the keeper may not all that the roles permit. */
export type TokenRefusal = 'no_keeper' | 'beyond_keeper' | 'wrong_end' | 'not_found' | 'ended';

interface KeeperRow {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly string[];
}

/**
 * Identities for scripts. Each is an actor of its own and ends, and a person answers for it, beyond whose rights it never goes and
 * as whom it counts where two people are needed.
 */
@Injectable()
export class ApiTokens {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @returns the token beside its secret, which cannot be had again */
  async create(
    { name, roles, keeper: wanted, expiresAt }: WantedToken,
    by: Actor,
  ): Promise<{ readonly token: ApiToken; readonly secret: string } | TokenRefusal> {
    const { token_days, token_max_days } = this.settings.engine.access;
    const now = this.clock.now();
    const inDays = (days: number): Date => new Date(now.getTime() + days * DAY_MS);
    const expires = expiresAt ?? inDays(Math.min(token_days, token_max_days));
    if (expires <= now || expires > inDays(token_max_days)) return 'wrong_end';
    const secret = newSecret(TOKEN_PREFIX);
    const id = randomUUID();
    return this.dataSource.transaction(async (tx) => {
      const keeper = await (wanted === undefined ? defaultKeeper(tx, by) : enabledUser(tx, wanted));
      const needsKeeper = wanted !== undefined || by.id !== ENVIRONMENT_ACTOR;
      if (needsKeeper && keeper === undefined) return 'no_keeper';
      if (keeper !== undefined && !mayKeep(keeper, roles)) return 'beyond_keeper';
      const actor = `token:${name}#${id.slice(0, 8)}`;
      await tx.query(
        `INSERT INTO api_token (id, name, actor, token_hash, roles, created_by, created_at, expires_at, keeper_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, name, actor, hashOfSecret(secret), roles, by.id, now, expires, keeper?.id ?? null],
      );
      await this.#record(tx, by, 'token.created', id, {
        actor,
        roles: [...roles],
        keeper: keeper?.username ?? null,
        expires_at: expires.toISOString(),
      });
      return { token: await this.#read(tx, id), secret };
    });
  }

  /** Newest first, ended ones included. */
  async list({ limit, cursor }: PageQuery): Promise<Page<ApiToken>> {
    const after = cursor === undefined ? [null, null] : decodeCursor(cursor, timeAndId);
    const rows = await this.dataSource.query<(TokenRow & { cursor_at: string })[]>(
      `SELECT *, created_at::text AS cursor_at FROM (${TOKENS}) AS tokens
       WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid)
       ORDER BY created_at DESC, id DESC LIMIT $3`,
      [...after, limit + 1],
    );
    const now = this.clock.now();
    return pageOf(
      rows,
      limit,
      (row) => tokenOf(row, now),
      (last) => [last.cursor_at, last.id],
    );
  }

  /**
   * Somebody else answers for it from now on; a token whose keeper left lives again. Neither roles nor its end change.
   * @throws ProblemException 409 where it is no longer with whom it was seen
   */
  handOver(
    id: string,
    { keeper: username, seen }: { readonly keeper: string; readonly seen?: string | null | undefined },
    by: Actor,
  ): Promise<ApiToken | TokenRefusal> {
    return this.dataSource.transaction(async (tx) => {
      const token = await this.#lock(tx, id);
      if (token === undefined) return 'not_found';
      if (token.status === 'revoked' || token.status === 'expired') return 'ended';
      checkValuesAsSeen(
        { seen: { keeper: seen }, now: { keeper: token.keeper }, wished: { keeper: username } },
        'Outra pessoa responde pelo token desde que foi lido: confira quem é agora',
      );
      const keeper = await enabledUser(tx, username);
      if (keeper === undefined) return 'no_keeper';
      if (!mayKeep(keeper, token.roles)) return 'beyond_keeper';
      await tx.query(`UPDATE api_token SET keeper_id = $2 WHERE id = $1`, [id, keeper.id]);
      await this.#record(tx, by, 'token.handed_over', id, {
        actor: token.actor,
        from: token.keeper,
        to: keeper.username,
      });
      return this.#read(tx, id);
    });
  }

  /** From the next request on it opens nothing. Revoking it again changes nothing. @returns false if there is none */
  revoke(id: string, by: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const token = await this.#lock(tx, id);
      if (token === undefined || token.revokedAt !== null) return token !== undefined;
      await tx.query(`UPDATE api_token SET revoked_at = $2 WHERE id = $1`, [id, this.clock.now()]);
      await this.#record(tx, by, 'token.revoked', id, { actor: token.actor });
      return true;
    });
  }

  async #lock(tx: EntityManager, id: string): Promise<ApiToken | undefined> {
    const [row] = await tx.query<TokenRow[]>(`${TOKENS} WHERE api_token.id = $1 FOR UPDATE OF api_token`, [
      id,
    ]);
    return row && tokenOf(row, this.clock.now());
  }

  async #read(tx: EntityManager, id: string): Promise<ApiToken> {
    const token = await this.#lock(tx, id);
    if (token === undefined) throw new Error('a token was not stored');
    return token;
  }

  #record(
    tx: EntityManager,
    { id: actor }: Actor,
    action: AuditAction,
    id: string,
    details: Readonly<Record<string, string | string[] | null>>,
  ): Promise<void> {
    return this.audit.record(tx, { actor, action, subject: `token ${id}`, details });
  }
}

function mayKeep(keeper: KeeperRow, roles: readonly Role[]): boolean {
  return keptRoles(roles, { roles: keeper.roles, isDisabled: false }).length === roles.length;
}

async function enabledUser(tx: EntityManager, username: string): Promise<KeeperRow | undefined> {
  const [user] = await tx.query<KeeperRow[]>(
    `SELECT id, username, roles FROM app_user WHERE username = $1 AND disabled_at IS NULL`,
    [username],
  );
  return user;
}

/** The person who asks, or who answers for the token that asks; nobody for the environment's token. */
async function defaultKeeper(tx: EntityManager, by: Actor): Promise<KeeperRow | undefined> {
  const [keeper] = await tx.query<KeeperRow[]>(
    `SELECT id, username, roles FROM app_user WHERE disabled_at IS NULL AND
       ('user:' || username = $1 OR id = (SELECT keeper_id FROM api_token WHERE actor = $1))`,
    [by.id],
  );
  return keeper;
}
