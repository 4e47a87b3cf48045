import { randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
  decodeCursor,
  encodeCursor,
  SETTINGS,
  type Actor,
  type Settings,
} from '../platform';
import { ROLES, type Role } from './domain/roles';
import type { PageQuery } from './access.dto';
import { timeAndId } from './page-position';
import { hashOfSecret, newSecret } from './secret-token';

/** Marks our tokens for those who search repositories for leaked secrets. */
const TOKEN_PREFIX = 'arremate_';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly actor: string;
  readonly roles: readonly Role[];
  readonly created_by: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

const COLUMNS = 'id, name, actor, roles, created_by, created_at, revoked_at';

/** Identities for scripts. Each is an actor of its own, so two tokens can be the two people of an approval. */
@Injectable()
export class ApiTokens {
  readonly #environmentToken: Buffer | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) { ARREMATE_API_TOKEN }: Settings,
  ) {
    this.#environmentToken = ARREMATE_API_TOKEN === undefined ? undefined : hashOfSecret(ARREMATE_API_TOKEN);
  }

  /** Whose token it is; undefined for one that nobody gave out or that was revoked. */
  async holderOf(token: string): Promise<Actor | undefined> {
    const hash = hashOfSecret(token);
    if (this.#environmentToken !== undefined && timingSafeEqual(hash, this.#environmentToken))
      return { id: 'api-token', roles: ROLES };
    const [row] = await this.dataSource.query<{ actor: string; roles: string[] }[]>(
      `SELECT actor, roles FROM api_token WHERE token_hash = $1 AND revoked_at IS NULL`,
      [hash],
    );
    return row && { id: row.actor, roles: row.roles };
  }

  /** @returns the token beside its secret, which cannot be had again. */
  create(
    { name, roles }: { readonly name: string; readonly roles: readonly Role[] },
    by: Actor,
  ): Promise<{ readonly token: ApiToken; readonly secret: string }> {
    const secret = newSecret(TOKEN_PREFIX);
    const id = randomUUID();
    return this.dataSource.transaction(async (tx) => {
      const [token] = await tx.query<ApiToken[]>(
        `INSERT INTO api_token (id, name, actor, token_hash, roles, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
        [id, name, `token:${name}#${id.slice(0, 8)}`, hashOfSecret(secret), roles, by.id, this.clock.now()],
      );
      if (token === undefined) throw new Error('a token was not stored');
      await this.audit.record(tx, {
        actor: by.id,
        action: 'token.created',
        subject: `token ${id}`,
        details: { actor: token.actor, roles: [...roles] },
      });
      return { token, secret };
    });
  }

  /** Newest first, revoked ones included. */
  async list({ limit, cursor }: PageQuery): Promise<{ items: ApiToken[]; next_cursor: string | null }> {
    const after = cursor === undefined ? [null, null] : decodeCursor(cursor, timeAndId);
    const rows = await this.dataSource.query<(ApiToken & { cursor_at: string })[]>(
      `SELECT ${COLUMNS}, created_at::text AS cursor_at FROM api_token
       WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid)
       ORDER BY created_at DESC, id DESC LIMIT $3`,
      [...after, limit + 1],
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, next_cursor: more ? encodeCursor([last.cursor_at, last.id]) : null };
  }

  /** From the next request on it opens nothing. Revoking it again changes nothing. @returns false if there is none */
  revoke(id: string, by: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [token] = await tx.query<ApiToken[]>(
        `SELECT ${COLUMNS} FROM api_token WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (token === undefined || token.revoked_at !== null) return token !== undefined;
      await tx.query(`UPDATE api_token SET revoked_at = $2 WHERE id = $1`, [id, this.clock.now()]);
      await this.audit.record(tx, {
        actor: by.id,
        action: 'token.revoked',
        subject: `token ${id}`,
        details: { actor: token.actor },
      });
      return true;
    });
  }
}
