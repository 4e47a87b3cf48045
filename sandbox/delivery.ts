import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { codeOf, stringifyJson, type JsonObject } from '../src/kernel';
import type { Behaviour } from './behaviour';
import { Journal, type Log } from './ledger';
import type { Random } from './random';
import { open, seal, spoil, type Identity, type Sealed } from './signing';
import type { Timeline } from './timeline';

export interface Attempt {
  readonly at: string;
  /** HTTP status, or the network's error code. */
  readonly answer: number | string;
  readonly acknowledged: boolean;
}

/** One webhook and everything tried to deliver it: what `GET /notification/events` lists. */
export interface WebhookEvent {
  readonly eventKey: string;
  readonly callbackKey: string;
  readonly webhookType: string;
  readonly status: string;
  readonly originKey: string;
  readonly createdAt: Date;
  readonly body: string;
  callbackStatus: 'pending' | 'sent' | 'failed';
  readonly attempts: Attempt[];
}

export interface Subject {
  readonly webhookType: string;
  readonly status: string;
  readonly originKey: string;
}

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly identity: Identity;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly log: Log;
}

/** Sends webhooks as QI does: up to 10 s for the acknowledgement, then again later; at times twice, late, or not at all. */
export class WebhookDelivery {
  readonly journal = new Journal<WebhookEvent>();
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #held: (() => void)[] = [];
  readonly #firstSealed = new Map<string, Sealed>();
  /** Grows when the books are cleared: an attempt under way then has no successor. */
  #generation = 0;

  constructor(private readonly around: Surroundings) {}

  /** Queues a webhook; the configured faults decide what becomes of it. */
  send(webhook: JsonObject, subject: Subject): WebhookEvent {
    const { webhooks } = this.around.behaviour();
    const { random, timeline, log } = this.around;
    const event = this.record(stringifyJson(webhook), subject);
    if (random.chance(webhooks.drop_rate)) {
      event.callbackStatus = 'failed';
      log('webhook_dropped', { type: subject.webhookType, status: subject.status, key: subject.originKey });
      return event;
    }
    const deliver = (): void => {
      void this.deliver(event, { badSignature: random.chance(webhooks.bad_signature_rate) });
      if (random.chance(webhooks.duplicate_rate)) void this.deliver(event);
    };
    if (random.chance(webhooks.reorder_rate)) this.#hold(deliver);
    else if (random.chance(webhooks.delay_rate))
      timeline.after(random.next() * webhooks.delay_up_to_seconds, deliver);
    else {
      deliver();
      this.#release();
    }
    return event;
  }

  /** Enters a webhook in the books without sending it. */
  record(body: string, subject: Subject): WebhookEvent {
    const event: WebhookEvent = {
      ...subject,
      eventKey: randomUUID(),
      callbackKey: randomUUID(),
      createdAt: this.around.timeline.now(),
      body,
      callbackStatus: 'pending',
      attempts: [],
    };
    this.journal.add(event, this.around.behaviour().keep.webhooks);
    return event;
  }

  /** Takes up a webhook of an earlier run that was not acknowledged. */
  resume(event: WebhookEvent): void {
    this.journal.add(event, this.around.behaviour().keep.webhooks);
    void this.deliver(event);
  }

  /** Attempts until acknowledged, or until the retries are spent; resolves after the first attempt. */
  async deliver(
    event: WebhookEvent,
    options: { badSignature?: boolean; retriesLeft?: number } = {},
  ): Promise<Attempt> {
    const { webhooks } = this.around.behaviour();
    const retriesLeft = options.retriesLeft ?? webhooks.retries;
    const generation = this.#generation;
    const attempt = await this.#attempt(event, options.badSignature ?? false);
    event.attempts.push(attempt);
    if (generation !== this.#generation) return attempt;
    this.around.log('webhook_sent', {
      type: event.webhookType,
      status: event.status,
      key: event.originKey,
      answer: attempt.answer,
    });
    if (attempt.acknowledged) {
      event.callbackStatus = 'sent';
      this.#firstSealed.delete(event.eventKey);
    } else if (retriesLeft > 0) {
      this.around.timeline.after(webhooks.retry_after_seconds, () => {
        void this.deliver(event, { retriesLeft: retriesLeft - 1 });
      });
    } else if (event.callbackStatus !== 'sent') {
      event.callbackStatus = 'failed';
      this.#firstSealed.delete(event.eventKey);
    }
    return attempt;
  }

  clear(): void {
    this.#generation += 1;
    this.journal.clear();
    this.#held.length = 0;
    this.#firstSealed.clear();
  }

  close(): void {
    this.clear();
    this.#agent.destroy();
  }

  #hold(deliver: () => void): void {
    this.#held.push(deliver);
    // Nothing is held for ever, even if no other webhook follows.
    this.around.timeline.after(this.around.behaviour().webhooks.delay_up_to_seconds, () => {
      this.#release();
    });
  }

  #release(): void {
    for (const deliver of this.#held.splice(0)) deliver();
  }

  async #attempt(event: WebhookEvent, badSignature: boolean): Promise<Attempt> {
    const { webhooks, contract } = this.around.behaviour();
    const at = this.around.timeline.now();
    if (webhooks.url === null) return { at: at.toISOString(), answer: 'no_url', acknowledged: false };
    const url = new URL(webhooks.url);
    const sealed = this.#sealed(event, url.pathname, at, webhooks.sign_each_attempt);
    try {
      const answer = await this.#post(
        url,
        badSignature ? spoil(sealed) : sealed,
        webhooks.timeout_seconds * 1000,
      );
      const acknowledged = this.#isAcknowledged(answer, url.pathname, contract.signature_tolerance_seconds);
      return { at: at.toISOString(), answer: answer.status, acknowledged };
    } catch (error) {
      return { at: at.toISOString(), answer: networkCode(error), acknowledged: false };
    }
  }

  #sealed(event: WebhookEvent, uri: string, at: Date, anew: boolean): Sealed {
    const first = this.#firstSealed.get(event.eventKey);
    if (first !== undefined && !anew) return first;
    const sealed = seal(this.around.identity, { method: 'POST', uri, body: event.body, at });
    if (!anew) this.#firstSealed.set(event.eventKey, sealed);
    return sealed;
  }

  /** Any 2xx; under the legacy scheme exactly 200, with an answer signed by the partner for this very path. */
  #isAcknowledged(answer: Answer, uri: string, toleranceSeconds: number): boolean {
    if (this.around.identity.scheme !== 'encoded-body-v1') return answer.status >= 200 && answer.status < 300;
    const message = { method: 'POST', uri, body: answer.body, at: this.around.timeline.now() };
    return answer.status === 200 && open(this.around.identity, message, answer.headers, toleranceSeconds).ok;
  }

  #post(url: URL, sealed: Sealed, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        headers: { ...sealed.headers, 'content-length': Buffer.byteLength(sealed.body) },
        signal: AbortSignal.timeout(timeoutMs),
        ...(secure ? {} : { agent: this.#agent }),
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      });
      outgoing.end(sealed.body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function networkCode(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
}
