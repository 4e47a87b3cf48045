import { setTimeout as wait } from 'node:timers/promises';
import type { ReservationDesk } from '../operation';
import type { NotificationDesk, NotificationList, NotificationQuery } from './ports';

export interface ConversationRules {
  readonly maxCalls: number;
  readonly callsPerSecond: number;
  readonly timeoutMs: number;
  /** The process ends: nothing more is asked. */
  readonly stopping: AbortSignal;
}

type Ending = 'limit_of_calls' | 'qi_unavailable' | 'abandoned';

/**
 * What one run says to QI: one call after another, at a steady pace, so many and no more, and not one more once QI
 * does not answer. A QI that comes back is met by single calls, never by all that has piled up.
 */
export class Conversation {
  calls = 0;
  resent = 0;
  refused = 0;
  /** Why QI listed nothing when it was asked to last; undefined when it did, or gave no answer. */
  listRefusal: string | undefined;
  #ended: Ending | undefined;

  constructor(
    private readonly notifications: NotificationDesk,
    private readonly reservations: ReservationDesk,
    private readonly rules: ConversationRules,
  ) {}

  /** Why nothing more is asked; undefined while there is room. */
  get ended(): Ending | undefined {
    return this.#ended;
  }

  /** Whether what was to be asked after so many calls was perhaps never heard; what met its limit half-way was. */
  wasCutShort(after: number): boolean {
    return this.#ended === 'limit_of_calls' ? this.calls === after : this.#ended !== undefined;
  }

  /** Undefined when it was not listed: QI said no, or the conversation is over. */
  async list(query: NotificationQuery): Promise<Extract<NotificationList, { kind: 'listed' }> | undefined> {
    const answer = await this.#call((timeoutMs) => this.notifications.list(query, timeoutMs));
    this.listRefusal = answer?.kind === 'refused' ? answer.why : undefined;
    if (answer === undefined || answer.kind === 'listed') return answer;
    this.#note(answer.kind);
    return undefined;
  }

  /** @returns whether QI will send it again. */
  async resend(eventKey: string, callbackKey: string): Promise<boolean> {
    const answer = await this.#call((timeoutMs) =>
      this.notifications.resend(eventKey, callbackKey, timeoutMs),
    );
    if (answer?.kind === 'resent') this.resent += 1;
    else if (answer !== undefined) this.#note(answer.kind);
    return answer?.kind === 'resent';
  }

  /** The body of the reservation query; undefined when there is none. */
  async reservationsOf(creditOperationKey: string): Promise<string | undefined> {
    const answer = await this.#call((timeoutMs) =>
      this.reservations.findReservations(creditOperationKey, timeoutMs),
    );
    if (answer === undefined) return undefined;
    if (answer.kind === 'accepted') return answer.body;
    this.#note(answer.kind === 'rejected' ? 'refused' : 'unavailable');
    return undefined;
  }

  /** The answer; undefined when there is nothing more to ask, or nobody left to wait for it. */
  async #call<Answer extends object>(
    ask: (timeoutMs: number) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    if (this.calls >= this.rules.maxCalls) this.#ended ??= 'limit_of_calls';
    if (this.#ended !== undefined) return undefined;
    const { stopping, callsPerSecond, timeoutMs } = this.rules;
    if (this.calls > 0)
      await wait(1_000 / callsPerSecond, undefined, { signal: stopping }).catch(() => undefined);
    if (!stopping.aborted) {
      this.calls += 1;
      const answer = await unlessAborted(stopping, ask(timeoutMs));
      if (answer !== undefined) return answer;
    }
    this.#ended = 'abandoned';
    return undefined;
  }

  #note(why: 'refused' | 'unavailable'): void {
    if (why === 'refused') this.refused += 1;
    else this.#ended ??= 'qi_unavailable';
  }
}

/** What it comes to; undefined as soon as the signal says so. */
function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      resolve(undefined);
    };
    signal.addEventListener('abort', giveUp);
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  });
}
