import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import {
  AuditTrail,
  type AuditAction,
  checkAsSeen,
  CLOCK,
  decodeCursor,
  pageOf,
  SETTINGS,
  type Actor,
  type Page,
  type Settings,
} from '../platform';
import type { UserQuery } from './access.dto';
import type { Role } from './domain/roles';
import { Invitations, type Invitation } from './invitations.service';
import { timeAndId } from './page-position';
import { Sessions } from './sessions.service';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly created_by: string;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
  readonly has_password: boolean;
  readonly has_oidc: boolean;
}

export type UserChange = {
  readonly roles?: readonly Role[] | undefined;
  readonly roles_seen?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
};

const COLUMNS = `id, username, roles, created_by, created_at, disabled_at,
  password_hash IS NOT NULL AS has_password, oidc_subject IS NOT NULL AS has_oidc`;

/**
 * Not so of whoever has an invitation and never opened it, nor of whom another identity provider than ours ($1; null without one)
 * knows. It may name itself without the last slash of its address.
 */
const CAN_SIGN_IN = `(password_hash IS NOT NULL
  OR rtrim(split_part(oidc_subject, ' ', 1), '/') = rtrim($1::text, '/'))`;

/** People who may sign in, as administrators manage them. */
@Injectable()
export class Users {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly sessions: Sessions,
    private readonly invitations: Invitations,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Newest first. */
  async list({ limit, cursor, text = '' }: UserQuery): Promise<Page<User>> {
    const after = cursor === undefined ? [null, null] : decodeCursor(cursor, timeAndId);
    const rows = await this.dataSource.query<(User & { cursor_at: string })[]>(
      `SELECT ${COLUMNS}, created_at::text AS cursor_at FROM app_user
       WHERE ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid))
         AND strpos(lower(username), lower($4)) > 0
       ORDER BY created_at DESC, id DESC LIMIT $3`,
      [...after, limit + 1, text],
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      (last) => [last.cursor_at, last.id],
    );
  }

  /** @returns undefined when the name is taken */
  create(
    { username, roles }: { readonly username: string; readonly roles: readonly Role[] },
    by: Actor,
  ): Promise<{ readonly user: User; readonly invitation: Invitation } | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const [user] = await tx.query<User[]>(
        `INSERT INTO app_user (id, username, roles, created_by, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (username) DO NOTHING RETURNING ${COLUMNS}`,
        [randomUUID(), username, roles, by.id, this.clock.now()],
      );
      if (user === undefined) return undefined;
      const invitation = await this.invitations.create(tx, user.id);
      await this.#record(tx, by, 'user.created', user, { roles: [...roles] });
      return { user, invitation };
    });
  }

  /**
   * Changes roles, disables or enables. A disabled user's sessions end at once; new roles hold from the next request.
   * Whatever two administrators do to each other at the same time, one of them stays: one who can sign in, unless nobody
   * could before.
   * @throws ProblemException 409 where the roles are no longer those that whoever changes them saw
   */
  change(
    id: string,
    { roles, roles_seen: seen, disabled }: UserChange,
    by: Actor,
  ): Promise<User | 'not_found' | 'last_administrator'> {
    return this.dataSource.transaction(async (tx) => {
      const administrators = await tx.query<{ id: string; can_sign_in: boolean | null }[]>(
        `SELECT id, ${CAN_SIGN_IN} AS can_sign_in FROM app_user
         WHERE 'admin' = ANY (roles) AND disabled_at IS NULL ORDER BY id FOR UPDATE`,
        [this.settings.OIDC_ISSUER ?? null],
      );
      const before = await this.#lock(tx, id);
      if (before === undefined) return 'not_found';
      checkAsSeen(
        { seen, now: before.roles, wished: roles },
        'Os papéis mudaram desde que foram lidos: confira quais são agora',
      );
      const after = {
        roles: roles ?? before.roles,
        disabledAt: disabled === undefined ? before.disabled_at : disabled ? this.clock.now() : null,
      };
      const staysAdministrator = after.roles.includes('admin') && after.disabledAt === null;
      const arrived = administrators.filter(({ can_sign_in }) => can_sign_in === true);
      const [only, ...others] = arrived.length > 0 ? arrived : administrators;
      if (only?.id === id && others.length === 0 && !staysAdministrator) return 'last_administrator';

      await tx.query(`UPDATE app_user SET roles = $2, disabled_at = $3 WHERE id = $1`, [
        id,
        after.roles,
        after.disabledAt,
      ]);
      if (disabled === true) {
        await this.sessions.endAllOf(tx, id);
        await this.invitations.endAllOf(tx, id);
      }
      const details = {
        ...(roles && { roles: [...roles], roles_before: [...before.roles] }),
        ...(disabled !== undefined && { disabled }),
      };
      await this.#record(tx, by, 'user.changed', before, details);
      return { ...before, roles: after.roles, disabled_at: after.disabledAt };
    });
  }

  /** A new link for whoever lost the password or the telephone; older ones are void. */
  invite(id: string, by: Actor): Promise<Invitation | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const user = await this.#lock(tx, id);
      if (user === undefined || user.disabled_at !== null) return undefined;
      const invitation = await this.invitations.create(tx, id);
      await this.#record(tx, by, 'user.invited', user);
      return invitation;
    });
  }

  /** Signs a user out everywhere. @returns false if there is no such user */
  endSessions(id: string, by: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const user = await this.#lock(tx, id);
      if (user === undefined) return false;
      await this.sessions.endAllOf(tx, id);
      await this.#record(tx, by, 'user.signed_out', user);
      return true;
    });
  }

  async #lock(tx: EntityManager, id: string): Promise<User | undefined> {
    const [user] = await tx.query<User[]>(`SELECT ${COLUMNS} FROM app_user WHERE id = $1 FOR UPDATE`, [id]);
    return user;
  }

  #record(
    tx: EntityManager,
    { id: actor }: Actor,
    action: AuditAction,
    { username }: User,
    details: Record<string, string[] | boolean> = {},
  ): Promise<void> {
    return this.audit.record(tx, { actor, action, subject: `user ${username}`, details });
  }
}
