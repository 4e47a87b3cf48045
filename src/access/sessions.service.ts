import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MINUTE_MS, HOUR_MS, type Clock } from '../kernel';
import { AuditTrail, CLOCK, SETTINGS, type Actor, type Settings } from '../platform';
import { hashOfSecret, newSecret } from './secret-token';

export type SignInMethod = 'password' | 'oidc';

/** A signed-in person. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly method: SignInMethod;
  readonly expiresAt: Date;
}

export interface SessionRow {
  readonly id: string;
  readonly method: SignInMethod;
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly expires_at: Date;
}

/** Whoever acts in a session, as the audit trail calls them. */
export function actorOf({ username, roles }: Pick<Session, 'username' | 'roles'>): Actor {
  return { id: `user:${username}`, roles };
}

/** Sessions of the console: stored by the hash of their secret, ended by their user, an administrator or time. */
@Injectable()
export class Sessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  get maxAgeSeconds(): number {
    return this.settings.engine.access.session_max_hours * 3_600;
  }

  /** @returns the secret that the browser keeps */
  async start(
    tx: EntityManager,
    user: { readonly id: string; readonly username: string },
    { method, address }: { readonly method: SignInMethod; readonly address: string },
  ): Promise<string> {
    const secret = newSecret();
    const id = randomUUID();
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + this.settings.engine.access.session_max_hours * HOUR_MS);
    await tx.query(
      `INSERT INTO session (id, token_hash, user_id, method, created_at, seen_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $5, $6)`,
      [id, hashOfSecret(secret), user.id, method, now, expiresAt],
    );
    const actor = `user:${user.username}`;
    await this.audit.record(tx, {
      actor,
      action: 'session.started',
      subject: `session ${id}`,
      details: { method, address },
    });
    return secret;
  }

  /**
   * The session of a secret, if it is still good.
   * @param by a person keeps it from falling asleep; a page that asks by itself does not
   */
  async find(secret: string, by: 'person' | 'page'): Promise<Session | undefined> {
    const now = this.clock.now();
    const idleSince = new Date(now.getTime() - this.settings.engine.access.session_idle_minutes * MINUTE_MS);
    const [row] = await this.dataSource.query<
      {
        id: string;
        user_id: string;
        username: string;
        roles: string[];
        method: SignInMethod;
        seen_at: Date;
        expires_at: Date;
      }[]
    >(
      `SELECT session.id, user_id, username, roles, method, seen_at, expires_at
       FROM session JOIN app_user ON app_user.id = user_id
       WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 AND seen_at > $3 AND disabled_at IS NULL`,
      [hashOfSecret(secret), now, idleSince],
    );
    if (row === undefined) return undefined;
    if (by === 'person' && now.getTime() - row.seen_at.getTime() >= MINUTE_MS)
      await this.dataSource.query(`UPDATE session SET seen_at = $2 WHERE id = $1`, [row.id, now]);
    const { id, user_id: userId, username, roles, method, expires_at: expiresAt } = row;
    return { id, userId, username, roles, method, expiresAt };
  }

  /** Those of a user that are still good, newest first. */
  listOf(userId: string): Promise<SessionRow[]> {
    return this.dataSource.query<SessionRow[]>(
      `SELECT id, method, created_at, seen_at, expires_at FROM session
       WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id`,
      [userId, this.clock.now()],
    );
  }

  /** Ends one session of a user. Ending it again changes nothing. @returns false if the user has no such session */
  end(userId: string, sessionId: string, by: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [known] = await tx.query<{ ended_at: Date | null }[]>(
        `SELECT ended_at FROM session WHERE id = $1 AND user_id = $2 FOR UPDATE`,
        [sessionId, userId],
      );
      if (known === undefined || known.ended_at !== null) return known !== undefined;
      await tx.query(`UPDATE session SET ended_at = $2 WHERE id = $1`, [sessionId, this.clock.now()]);
      await this.audit.record(tx, { actor: by.id, action: 'session.ended', subject: `session ${sessionId}` });
      return true;
    });
  }

  /** Ends all sessions of a user, inside the change that makes it necessary. */
  async endAllOf(tx: EntityManager, userId: string, except?: string): Promise<void> {
    await tx.query(
      `UPDATE session SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3::uuid`,
      [userId, this.clock.now(), except ?? null],
    );
  }
}
