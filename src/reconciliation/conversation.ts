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
 * What one run says to QI: one call after another, at a steady pace, so many and no more, and not one more about the same
 * once QI does not answer. A QI that comes back is met by single calls, never by all that has piled up.
 */
export class Conversation {
  calls = 0;
  resent = 0;
  refused = 0;
  /** Why QI listed nothing when it was asked to last; undefined when it did, or gave no answer. */
  listRefusal: string | undefined;
  /** QI has said something, be it no. */
  hasHeard = false;
  /** The last call that QI gave no answer to, and how. */
  unanswered: string | undefined;
  #ended: Ending | undefined;
  #hasTurnedAway = false;

  constructor(
    private readonly notifications: NotificationDesk,
    private readonly reservations: ReservationDesk,
    private readonly rules: ConversationRules,
  ) {}

  /** Why nothing more is asked; undefined while there is room. */
  get ended(): Ending | undefined {
    return this.#ended;
  }

  /** What it comes to; undefined when all was asked and answered. */
  get outcome(): Ending | undefined {
    return this.#hasTurnedAway ? 'qi_unavailable' : this.#ended;
  }

  /** Whether what was to be asked after so many calls was perhaps never asked; what met its limit half-way was. */
  wasCutShort(after: number): boolean {
    return this.#ended === 'limit_of_calls' ? this.calls === after : this.#ended === 'abandoned';
  }

  /** QI gave no answer, which may lie in how it was asked: once more otherwise. @returns false where that is not why it ended */
  askOtherwise(): boolean {
    if (this.#ended !== 'qi_unavailable') return false;
    this.#ended = undefined;
    return true;
  }

  /** That QI gave no answer may lie in what it was asked about: one call is tried about something else. */
  turnToAnother(): void {
    if (this.askOtherwise()) this.#hasTurnedAway = true;
  }

  /** Undefined when it was not listed: QI said no, or the conversation is over. */
  async list(query: NotificationQuery): Promise<Extract<NotificationList, { kind: 'listed' }> | undefined> {
    const answer = await this.#call((timeoutMs) => this.notifications.list(query, timeoutMs));
    this.listRefusal = answer?.kind === 'refused' ? answer.why : undefined;
    if (answer === undefined) return undefined;
    if (answer.kind === 'unavailable') this.#noteSilence('its list', answer.why);
    else this.#noteAnswer(answer.kind === 'refused');
    return answer.kind === 'listed' ? answer : undefined;
  }

  /** @returns whether QI will send it again. */
  async resend(eventKey: string, callbackKey: string): Promise<boolean> {
    const answer = await this.#call((timeoutMs) =>
      this.notifications.resend(eventKey, callbackKey, timeoutMs),
    );
    if (answer === undefined) return false;
    if (answer.kind === 'unavailable') this.#noteSilence(`the sending of ${eventKey}`, answer.why);
    else this.#noteAnswer(answer.kind === 'refused');
    if (answer.kind === 'resent') this.resent += 1;
    return answer.kind === 'resent';
  }

  /** The body of the reservation query; undefined when there is none. */
  async reservationsOf(creditOperationKey: string): Promise<string | undefined> {
    const answer = await this.#call((timeoutMs) =>
      this.reservations.findReservations(creditOperationKey, timeoutMs),
    );
    if (answer === undefined) return undefined;
    if (answer.kind === 'accepted' || answer.kind === 'rejected')
      this.#noteAnswer(answer.kind === 'rejected');
    else this.#noteSilence(`the reservations of ${creditOperationKey}`, answer.why);
    return answer.kind === 'accepted' ? answer.body : undefined;
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

  #noteAnswer(isRefusal: boolean): void {
    this.hasHeard = true;
    if (isRefusal) this.refused += 1;
  }

  #noteSilence(of: string, why: string): void {
    this.#ended ??= 'qi_unavailable';
    this.unanswered = `${of}: ${why}`;
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
