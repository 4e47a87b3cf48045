import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import { AuditTrail, CLOCK, FieldCipher, LOGGER, type Logger } from '../platform';
import { stepOfCode } from './one-time-code';
import { hashPassword, isPassword } from './passwords';
import { Sessions, type Session } from './sessions.service';
import { SignInThrottle, type ThrottleSubject } from './sign-in-throttle.service';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly code: string;
}

export type SignInOutcome =
  | { readonly kind: 'signed_in'; readonly secret: string }
  /** Which of name, password and code was wrong is nobody's business. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'locked'; readonly until: Date };

interface StoredUser {
  readonly id: string;
  readonly username: string;
  readonly password_hash: string | null;
  readonly totp_key_id: string | null;
  readonly totp_ciphertext: Buffer | null;
}

/** Signing in with a password and a one-time code. */
@Injectable()
export class SignIn {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly cipher: FieldCipher,
    private readonly sessions: Sessions,
    private readonly throttle: SignInThrottle,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async signIn(credentials: Credentials, address: string): Promise<SignInOutcome> {
    const [byAddress, byName]: [ThrottleSubject, ThrottleSubject] = [
      `address:${address}`,
      `user:${credentials.username}`,
    ];
    const fromAddress = await this.throttle.attempt(byAddress);
    if (fromAddress.kind === 'locked') return fromAddress;
    const attempt = await this.throttle.attempt(byName);
    if (attempt.kind === 'locked') return attempt;

    const user = await this.#find(credentials.username);
    const isRight = await isPassword(credentials.password, user?.password_hash ?? undefined);
    if (user !== undefined && isRight) {
      const secret = await this.#enter(user, credentials.code, byName, byAddress);
      if (secret !== undefined) return { kind: 'signed_in', secret };
    }
    await this.#noteFailure(user, attempt.attempts === this.throttle.limitOf(byName));
    return { kind: 'refused' };
  }

  /**
   * Changes one's own password, which one has to know; every other session of one's own ends. Wrong guesses count as
   * wrong sign-ins do.
   */
  async changePassword(
    session: Session,
    current: string,
    next: string,
  ): Promise<SignInOutcome['kind'] | 'changed'> {
    const byName: ThrottleSubject = `user:${session.username}`;
    if ((await this.throttle.attempt(byName)).kind === 'locked') return 'locked';
    const user = await this.#find(session.username);
    if (!(await isPassword(current, user?.password_hash ?? undefined))) return 'refused';
    const passwordHash = await hashPassword(next);
    await this.dataSource.transaction(async (tx) => {
      await tx.query(`UPDATE app_user SET password_hash = $2 WHERE id = $1`, [session.userId, passwordHash]);
      await this.sessions.endAllOf(tx, session.userId, session.id);
      await this.throttle.succeeded(tx, byName);
      const actor = `user:${session.username}`;
      await this.audit.record(tx, {
        actor,
        action: 'user.password_changed',
        subject: `user ${session.username}`,
      });
    });
    return 'changed';
  }

  /** The second factor and the session, together: a code opens one session and no other, however often it is sent. */
  #enter(
    user: StoredUser,
    code: string,
    byName: ThrottleSubject,
    byAddress: ThrottleSubject,
  ): Promise<string | undefined> {
    if (user.totp_key_id === null || user.totp_ciphertext === null) return Promise.resolve(undefined);
    const sealed = { keyId: user.totp_key_id, ciphertext: user.totp_ciphertext };
    const step = stepOfCode(this.cipher.decrypt(sealed).toString('utf8'), code, this.clock.now());
    if (step === undefined) return Promise.resolve(undefined);
    return this.dataSource.transaction(async (tx) => {
      // The password is compared again: it may have been changed while it was checked.
      const [, changed] = await tx.query<[unknown, number]>(
        `UPDATE app_user SET totp_last_step = $2
         WHERE id = $1 AND totp_last_step < $2 AND disabled_at IS NULL AND password_hash = $3`,
        [user.id, step, user.password_hash],
      );
      if (changed === 0) return undefined;
      await this.throttle.succeeded(tx, byName, byAddress);
      return this.sessions.start(tx, user, 'password');
    });
  }

  async #find(username: string): Promise<StoredUser | undefined> {
    const [user] = await this.dataSource.query<StoredUser[]>(
      `SELECT id, username, password_hash, totp_key_id, totp_ciphertext FROM app_user
       WHERE username = $1 AND disabled_at IS NULL`,
      [username],
    );
    return user;
  }

  /** Names are not logged: people type their passwords into the wrong field. */
  async #noteFailure(user: StoredUser | undefined, isLast: boolean): Promise<void> {
    this.logger.warn({ known_user: user !== undefined, locked: isLast }, 'sign-in refused');
    if (user === undefined || !isLast) return;
    await this.dataSource.transaction((tx) =>
      this.audit.record(tx, {
        actor: 'sign-in',
        action: 'user.locked_out',
        subject: `user ${user.username}`,
      }),
    );
  }
}
