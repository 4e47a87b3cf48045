import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HOUR_MS, type Clock } from '../kernel';
import { AuditTrail, CLOCK, FieldCipher, SETTINGS, type Settings } from '../platform';
import { newTotpSecret, stepOfCode, totpUri } from './one-time-code';
import { hashPassword } from './passwords';
import { hashOfSecret, newSecret } from './secret-token';
import { Sessions } from './sessions.service';

/** A link to be given to one person. */
export interface Invitation {
  readonly link: string;
  readonly expiresAt: Date;
}

export interface Acceptance {
  readonly token: string;
  /** Chosen by the first administrator; everybody else has one already. */
  readonly username: string | undefined;
  readonly password: string;
  readonly code: string;
}

export type AcceptanceOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'void' }
  | { readonly kind: 'wrong_code' }
  | { readonly kind: 'username_needed' };

interface OpenInvitation {
  readonly token_hash: Buffer;
  readonly user_id: string | null;
  readonly username: string | null;
  readonly totp_key_id: string;
  readonly totp_ciphertext: Buffer;
}

/** One-time links with which people set their own password and set up their authenticator. Nobody else ever knows either. */
@Injectable()
export class Invitations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly cipher: FieldCipher,
    private readonly sessions: Sessions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @param userId null for the first administrator, who is no user yet */
  async create(tx: EntityManager, userId: string | null): Promise<Invitation> {
    if (userId !== null) await this.endAllOf(tx, userId);
    const secret = newSecret();
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + this.settings.engine.access.invitation_hours * HOUR_MS);
    const hash = hashOfSecret(secret);
    const totp = this.cipher.encrypt(newTotpSecret(), 'invitation.totp_ciphertext', hash.toString('hex'));
    await tx.query(
      `INSERT INTO invitation (token_hash, user_id, totp_key_id, totp_ciphertext, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [hash, userId, totp.keyId, totp.ciphertext, now, expiresAt],
    );
    // In the fragment, which browsers send to nobody and no server logs.
    return { link: `${this.settings.ARREMATE_PUBLIC_URL}/welcome#${secret}`, expiresAt };
  }

  async endAllOf(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(`UPDATE invitation SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL`, [
      userId,
      this.clock.now(),
    ]);
  }

  /** What the page behind the link shows. Undefined for a link that is used, void, expired or not ours. */
  async inspect(
    token: string,
    chosenUsername: string | undefined,
  ): Promise<{ readonly username: string | undefined; readonly totpUri: string } | undefined> {
    const open = await this.#open(this.dataSource.manager, token);
    if (open === undefined) return undefined;
    const username = open.username ?? undefined;
    return {
      username,
      totpUri: totpUri(this.#secretOf(open), username ?? chosenUsername ?? 'administrator'),
    };
  }

  /** Sets password and authenticator, once; whoever was signed in as this user is signed out. */
  async accept({ token, username, password, code }: Acceptance): Promise<AcceptanceOutcome> {
    if ((await this.#open(this.dataSource.manager, token)) === undefined) return { kind: 'void' };
    const passwordHash = await hashPassword(password);
    return this.dataSource.transaction(async (tx) => {
      const open = await this.#lock(tx, token);
      if (open === undefined) return { kind: 'void' };
      const name = open.username ?? username;
      if (name === undefined) return { kind: 'username_needed' };
      const secret = this.#secretOf(open);
      const step = stepOfCode(secret, code, this.clock.now());
      if (step === undefined) return { kind: 'wrong_code' };

      const userId = open.user_id ?? (await this.#createFirstAdministrator(tx, name));
      if (userId === undefined) return { kind: 'void' };
      const totp = this.cipher.encrypt(secret, 'app_user.totp_ciphertext', userId);
      await tx.query(
        `UPDATE app_user SET password_hash = $2, totp_key_id = $3, totp_ciphertext = $4, totp_last_step = $5
         WHERE id = $1`,
        [userId, passwordHash, totp.keyId, totp.ciphertext, step],
      );
      await tx.query(`UPDATE invitation SET ended_at = $2 WHERE token_hash = $1`, [
        open.token_hash,
        this.clock.now(),
      ]);
      await this.sessions.endAllOf(tx, userId);
      const actor = `user:${name}`;
      await this.audit.record(tx, { actor, action: 'user.password_set', subject: `user ${name}` });
      return { kind: 'accepted' };
    });
  }

  /** Once and only once, however many hold a link. */
  async #createFirstAdministrator(tx: EntityManager, username: string): Promise<string | undefined> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('first administrator', 0))`);
    const [created] = await tx.query<{ id: string }[]>(
      `INSERT INTO app_user (id, username, roles, created_by, created_at)
       SELECT $1, $2, ARRAY['admin'], 'first start', $3 WHERE NOT EXISTS (SELECT FROM app_user) RETURNING id`,
      [randomUUID(), username, this.clock.now()],
    );
    return created?.id;
  }

  /** The user before the invitation: the order in which administrators lock them. */
  async #lock(tx: EntityManager, token: string): Promise<OpenInvitation | undefined> {
    const seen = await this.#open(tx, token);
    if (seen === undefined) return undefined;
    await tx.query(`SELECT FROM app_user WHERE id = $1 FOR UPDATE`, [seen.user_id]);
    return this.#open(tx, token, 'FOR UPDATE OF invitation');
  }

  async #open(
    tx: EntityManager,
    token: string,
    lock: '' | 'FOR UPDATE OF invitation' = '',
  ): Promise<OpenInvitation | undefined> {
    const [open] = await tx.query<OpenInvitation[]>(
      `SELECT invitation.token_hash, invitation.user_id, username, invitation.totp_key_id, invitation.totp_ciphertext
       FROM invitation LEFT JOIN app_user ON app_user.id = user_id
       WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2 AND disabled_at IS NULL
         AND (user_id IS NOT NULL OR NOT EXISTS (SELECT FROM app_user)) ${lock}`,
      [hashOfSecret(token), this.clock.now()],
    );
    return open;
  }

  #secretOf({ token_hash, totp_key_id: keyId, totp_ciphertext: ciphertext }: OpenInvitation): string {
    const row = token_hash.toString('hex');
    return this.cipher.decrypt({ keyId, ciphertext }, 'invitation.totp_ciphertext', row).toString('utf8');
  }
}
