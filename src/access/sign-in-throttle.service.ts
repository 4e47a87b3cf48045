import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';

/** Who is counted: a name that is tried, or an address that tries. */
export type ThrottleSubject = `user:${string}` | `address:${string}`;

/**
 * Too many failures in a row and nobody may try for a while, not even with the right password. An attempt is counted
 * before it is checked and taken back when it succeeds: of many at the same time, no more than the limit are checked.
 */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Counts an attempt. @returns how many there are now, or until when nobody may try */
  async attempt(
    subject: ThrottleSubject,
  ): Promise<
    | { readonly kind: 'counted'; readonly attempts: number }
    | { readonly kind: 'locked'; readonly until: Date }
  > {
    const now = this.clock.now();
    const until = new Date(now.getTime() + this.settings.engine.access.sign_in_lock_minutes * 60_000);
    const [counted] = await this.dataSource.query<{ failures: number }[]>(
      `INSERT INTO sign_in_throttle AS known (subject, failures, until) VALUES ($1, 1, $3)
       ON CONFLICT (subject) DO UPDATE
         SET failures = CASE WHEN known.until <= $2 THEN 1 ELSE known.failures + 1 END, until = $3
         WHERE known.failures < $4 OR known.until <= $2
       RETURNING failures`,
      [subject, now, until, this.limitOf(subject)],
    );
    if (counted !== undefined) return { kind: 'counted', attempts: counted.failures };
    const [locked] = await this.dataSource.query<{ until: Date }[]>(
      `SELECT until FROM sign_in_throttle WHERE subject = $1`,
      [subject],
    );
    return { kind: 'locked', until: locked?.until ?? until };
  }

  limitOf(subject: ThrottleSubject): number {
    const { sign_in_max_failures, address_max_failures } = this.settings.engine.access;
    return subject.startsWith('user:') ? sign_in_max_failures : address_max_failures;
  }

  /** The attempt succeeded: the name starts afresh, the address is as it was before. */
  async succeeded(tx: EntityManager, user: ThrottleSubject, address?: ThrottleSubject): Promise<void> {
    await tx.query(
      `DELETE FROM sign_in_throttle WHERE subject = $1 OR subject IN
         (SELECT subject FROM sign_in_throttle WHERE until <= $2 FOR UPDATE SKIP LOCKED)`,
      [user, this.clock.now()],
    );
    if (address !== undefined) await this.#takeBack(tx, address);
  }

  async #takeBack(tx: EntityManager, subject: ThrottleSubject): Promise<void> {
    await tx.query(
      `UPDATE sign_in_throttle SET failures = failures - 1 WHERE subject = $1 AND failures > 0`,
      [subject],
    );
  }
}
