import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { AuditTrail, CLOCK, FieldCipher, LOGGER, type Logger } from '../platform';
import { KnownBrowsers } from './known-browsers.service';
import { stepOfCode } from './one-time-code';
import { hashPassword, isPassword } from './passwords';
import { Sessions, type Session } from './sessions.service';
import { isRefused, SignInThrottle, type Attempt, type Refused } from './sign-in-throttle.service';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly code: string;
}

/** Where somebody stands who signs in. */
export interface Doorstep {
  readonly address: string;
  /** What the browser keeps since somebody signed in there, whoever that was. */
  readonly mark: string | undefined;
}

export type SignInOutcome =
  | {
      readonly kind: 'signed_in';
      readonly secret: string;
      /** By which this browser is known from now on. */
      readonly mark: string;
    }
  /** Which of name, password and code was wrong is nobody's business. */
  | { readonly kind: 'refused' }
  | Refused;

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
    private readonly browsers: KnownBrowsers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  signIn(credentials: Credentials, { address, mark }: Doorstep): Promise<SignInOutcome> {
    const { username } = credentials;
    const browser = this.browsers.idOf(mark, username);
    return this.throttle.attempt({ username, address, browser }, (attempt) =>
      this.#check(credentials, address, attempt),
    );
  }

  async #check(credentials: Credentials, address: string, attempt: Attempt): Promise<SignInOutcome> {
    const user = await this.#find(credentials.username);
    const lane = attempt.isStranger ? 'strangers' : 'guests';
    const isRight = await isPassword(credentials.password, user?.password_hash ?? undefined, lane);
    if (user !== undefined && isRight) {
      const secret = await this.#enter(user, credentials.code, address, attempt);
      if (secret !== undefined) return { kind: 'signed_in', secret, mark: this.browsers.mark(user.username) };
    }
    await this.#noteFailure(user, address, attempt);
    return { kind: 'refused' };
  }

  /**
   * Changes one's own password, which one has to know; every other session of one's own ends. Wrong guesses are counted
   * apart from those at the door, so that no stranger can use them up.
   */
  async changePassword(
    session: Session,
    current: string,
    next: string,
  ): Promise<'changed' | 'refused' | Refused> {
    const attempt = await this.throttle.ownAttempt(`account:${session.username}`);
    if (isRefused(attempt)) return attempt;
    const user = await this.#find(session.username);
    if (!(await isPassword(current, user?.password_hash ?? undefined, 'guests'))) return 'refused';
    const passwordHash = await hashPassword(next);
    return this.dataSource.transaction(async (tx) => {
      if (!(await hasStayed(tx, session, user?.password_hash ?? null))) return 'refused';
      await tx.query(`UPDATE app_user SET password_hash = $2 WHERE id = $1`, [session.userId, passwordHash]);
      await this.sessions.endAllOf(tx, session.userId, session.id);
      await attempt.succeeded(tx);
      const actor = `user:${session.username}`;
      await this.audit.record(tx, {
        actor,
        action: 'user.password_changed',
        subject: `user ${session.username}`,
      });
      return 'changed';
    });
  }

  /** The second factor and the session, together: a code opens one session and no other, however often it is sent. */
  #enter(user: StoredUser, code: string, address: string, attempt: Attempt): Promise<string | undefined> {
    if (user.totp_key_id === null || user.totp_ciphertext === null) return Promise.resolve(undefined);
    const sealed = { keyId: user.totp_key_id, ciphertext: user.totp_ciphertext };
    const secret = this.cipher.decrypt(sealed, 'app_user.totp_ciphertext', user.id).toString('utf8');
    const step = stepOfCode(secret, code, this.clock.now());
    if (step === undefined) return Promise.resolve(undefined);
    return this.dataSource.transaction(async (tx) => {
      // The password is compared again: it may have been changed while it was checked.
      const [, changed] = await tx.query<[unknown, number]>(
        `UPDATE app_user SET totp_last_step = $2
         WHERE id = $1 AND totp_last_step < $2 AND disabled_at IS NULL AND password_hash = $3`,
        [user.id, step, user.password_hash],
      );
      if (changed === 0) return undefined;
      await attempt.succeeded(tx);
      return this.sessions.start(tx, user, { method: 'password', address });
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
  async #noteFailure(
    user: StoredUser | undefined,
    address: string,
    { isStranger, isLast }: Attempt,
  ): Promise<void> {
    const what = { known_user: user !== undefined, known_browser: !isStranger, locked: isLast, address };
    this.logger.warn(what, 'sign-in refused');
    if (user === undefined || !isLast) return;
    await this.dataSource.transaction((tx) =>
      this.audit.record(tx, {
        actor: 'sign-in',
        action: 'user.locked_out',
        subject: `user ${user.username}`,
        details: { address, known_browser: !isStranger },
      }),
    );
  }
}

/**
 * Whether nobody has changed the password, disabled the user or ended the session since it was looked up: whoever takes an account
 * back must not lose it to a change that was under way. One statement after the other, for only the first may have to wait.
 */
async function hasStayed(
  tx: EntityManager,
  { id, userId }: Session,
  passwordHash: string | null,
): Promise<boolean> {
  const user = await tx.query<unknown[]>(
    `SELECT FROM app_user WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL FOR UPDATE`,
    [userId, passwordHash],
  );
  if (user.length === 0) return false;
  const open = await tx.query<unknown[]>(`SELECT FROM session WHERE id = $1 AND ended_at IS NULL FOR SHARE`, [
    id,
  ]);
  return open.length > 0;
}
