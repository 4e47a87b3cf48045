import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MINUTE_MS, type Clock } from '../kernel';
import { CLOCK, SETTINGS, type Settings } from '../platform';
import { isTooOften, judgeStranger, networkOf, type Attempts } from './domain/sign-in-rules';
import { ConcurrencyLimit } from './concurrency-limit';
import {
  clearOldCounts,
  countStranger,
  countTry,
  forgetCount,
  takeBack,
  type CountingTimes,
} from './sign-in-counts';

/** Strangers who are being checked or made to wait in this process; beyond it they are asked to come again. */
const PLACES = 64;
/** Of them, for one name and for one address. */
const PLACES_OF_EACH = 8;
const COME_AGAIN_SECONDS = 5;

export interface Visitor {
  readonly username: string;
  readonly address: string;
  /** Of a browser in which this very user has signed in before. */
  readonly browser: string | undefined;
}

/** A try that may be checked now. It counts as a failure until it is told to have succeeded. */
export interface Attempt {
  readonly isStranger: boolean;
  /** Failing now, there is no other for a while. */
  readonly isLast: boolean;
  succeeded(tx: EntityManager): Promise<void>;
}

/** `busy`: there was no place to wait at. */
export interface Refused {
  readonly kind: 'locked' | 'busy';
  readonly waitSeconds: number;
}

const BUSY: Refused = { kind: 'busy', waitSeconds: COME_AGAIN_SECONDS };

/**
 * Makes guessing slow, by the rules of `domain/sign-in-rules.ts`. A try is counted before it is checked, so that many at
 * the same time gain nothing; what waits holds one of few places, so that a crowd costs neither memory nor connections.
 */
@Injectable()
export class SignInThrottle implements OnModuleDestroy {
  readonly #places = new ConcurrencyLimit(PLACES, PLACES_OF_EACH);
  readonly #closing = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    setMaxListeners(PLACES, this.#closing.signal);
  }

  /** Nobody is made to wait for a process that ends. */
  onModuleDestroy(): void {
    this.#closing.abort();
  }

  /** Lets somebody try to sign in: at once, after a while, or not now. A known browser that has no try left is a stranger's. */
  async attempt<T>(visitor: Visitor, check: (attempt: Attempt) => Promise<T>): Promise<T | Refused> {
    if (visitor.browser !== undefined) {
      const own = await this.ownAttempt(`browser:${visitor.browser}`);
      if (!isRefused(own)) return check(own);
    }
    const network = networkOf(visitor.address);
    const [name, address] = [`user:${visitor.username}`, `address:${network}`];
    // The name last: it may hold anything, and must not look like another subject.
    const here = `at:${network} ${visitor.username}`;
    return this.#inPlace([name, address], async () => {
      const attempt = await this.#strangersAttempt({ here, name, address });
      return isRefused(attempt) ? attempt : check(attempt);
    });
  }

  /** Makes whoever guesses something else than a name (links) wait, for longer each time. @returns nothing afterwards */
  slowDown(visitorAddress: string): Promise<Refused | undefined> {
    const address = `address:${networkOf(visitorAddress)}`;
    return this.#inPlace([address], async () => {
      const { failures } = await countTry(this.dataSource.manager, address, this.#times());
      return this.#wait({ here: 0, name: 0, address: failures });
    });
  }

  /** A try of somebody who has shown something already: nobody else can use these up. */
  async ownAttempt(subject: `account:${string}` | `browser:${string}`): Promise<Attempt | Refused> {
    const most = this.#limits.sign_in_max_failures;
    const { failures, until } = await countTry(this.dataSource.manager, subject, this.#times(), most);
    if (isTooOften(failures, this.#limits)) return this.#locked(until);
    return {
      isStranger: false,
      isLast: failures === most,
      succeeded: (tx) => forgetCount(tx, subject),
    };
  }

  async #strangersAttempt(subjects: Parameters<typeof countStranger>[1]): Promise<Attempt | Refused> {
    const most = this.#limits.sign_in_max_failures;
    const times = this.#times();
    await clearOldCounts(this.dataSource.manager, times.now);
    const { here, name, address } = await countStranger(this.dataSource.manager, subjects, times, most);
    const refused = await this.#wait({ here: here.failures, name, address }, here.until);
    if (refused !== undefined) return refused;
    return {
      isStranger: true,
      isLast: here.failures === most,
      succeeded: (tx) => takeBack(tx, subjects),
    };
  }

  /** @param lockedUntil of what is tried too often */
  async #wait(attempts: Attempts, lockedUntil = this.clock.now()): Promise<Refused | undefined> {
    const verdict = judgeStranger(attempts, this.#limits);
    if (verdict.kind === 'locked') return this.#locked(lockedUntil);
    if (verdict.afterMs === 0) return undefined;
    return wait(verdict.afterMs, undefined, { signal: this.#closing.signal }).catch(() => BUSY);
  }

  async #inPlace<T>(subjects: readonly string[], work: () => Promise<T>): Promise<T | Refused> {
    const leave = this.#places.take(subjects);
    if (leave === undefined) return BUSY;
    try {
      return await work();
    } finally {
      leave();
    }
  }

  #locked(until: Date): Refused {
    const seconds = Math.ceil((until.getTime() - this.clock.now().getTime()) / 1_000);
    return { kind: 'locked', waitSeconds: Math.max(seconds, 1) };
  }

  #times(): CountingTimes {
    const now = this.clock.now();
    return { now, until: new Date(now.getTime() + this.#limits.sign_in_lock_minutes * MINUTE_MS) };
  }

  get #limits(): Settings['engine']['access'] {
    return this.settings.engine.access;
  }
}

export function isRefused(outcome: Attempt | Refused): outcome is Refused {
  return 'waitSeconds' in outcome;
}
