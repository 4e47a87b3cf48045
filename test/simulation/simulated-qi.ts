import { changeBehaviour, defaultBehaviour, type BehaviourChange } from '../../sandbox/behaviour';
import type { Attempt, WebhookEvent } from '../../sandbox/delivery';
import { takesEffect, type Fault } from '../../sandbox/faults';
import { refusal, type Answer } from '../../sandbox/answer';
import { Random } from '../../sandbox/random';
import { findRoute } from '../../sandbox/routes';
import { QiSandbox } from '../../sandbox/sandbox';
import { Timeline } from '../../sandbox/timeline';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../../src/kernel';
import type { WrittenRequest } from '../../src/qi/qi-message';
import type { Owner, Scheduler } from './scheduler';

/** What came back over the wire, or why nothing did. */
export type Reply =
  | { readonly status: number; readonly text: string; readonly retryAfter?: string }
  | { readonly why: string };

/** Where webhooks are brought. */
export interface Doors {
  /** @returns the HTTP status, or the network's error */
  knock(body: Buffer): Promise<number | string>;
}

/** One delivery of a webhook and how it was answered: QI's side of what we acknowledged. */
export interface Delivered {
  readonly event: WebhookEvent;
  readonly at: number;
  readonly answer: number | string;
}

/** Something was to be done to a loan. */
export interface HeardOrder {
  readonly key: string;
  readonly at: number;
}

const WIRE_MS = [1, 40] as const;
/** Of the commands that come while QI is slow, so many lie there first. */
const TAKEN_LATE = 0.6;
/** Whoever has waited so long for an answer waits no more. */
const GIVEN_UP_BY_NOW_MS = 9_000;
/** Long enough that a process may be taken for dead while it waits. */
const RETRY_AFTER_SECONDS = [0, 20] as const;

/** The sandbox's clock and appointments, in simulated time. */
class SimulatedTimeline extends Timeline {
  #generation = 0;

  constructor(private readonly scheduler: Scheduler) {
    super();
  }

  override now(): Date {
    return new Date(this.scheduler.now);
  }

  override after(seconds: number, work: () => void): void {
    const generation = this.#generation;
    this.scheduler.after(seconds * 1000, undefined, () => {
      if (generation === this.#generation) work();
    });
  }

  override clear(): void {
    this.#generation += 1;
  }
}

/**
 * QI and the market in simulated time: the sandbox's own state machine, which reads the contract for itself and shares
 * nothing with src/qi, behind a network that loses, doubles and delays.
 */
export class SimulatedQi {
  readonly sandbox: QiSandbox;
  readonly deliveries: Delivered[] = [];
  /** To be ended: cancelled for good, or paid back. */
  readonly cancellations: HeardOrder[] = [];
  /** To be paid again, after a payment that failed. */
  readonly resubmissions: HeardOrder[] = [];
  /** Proposals that came for an auction of which QI had taken one, and had not answered that with an error. */
  readonly proposedAgain: HeardOrder[] = [];
  calls = 0;
  /** Nobody can connect. */
  isRefusing = false;
  doors: Doors | undefined;
  readonly #taken = new Set<string>();
  readonly #random: Random;

  constructor(
    private readonly scheduler: Scheduler,
    seed: number,
    behaviour: BehaviourChange,
  ) {
    this.#random = new Random(seed, 'the network to QI');
    const identity = {
      scheme: 'none',
      apiClientKey: 'simulation',
      privateKey: undefined,
      partnerPublicKey: undefined,
    } as const;
    const initial = changeBehaviour(changeBehaviour(defaultBehaviour(), behaviour), {
      webhooks: { url: 'http://simulated/' },
    });
    this.sandbox = new QiSandbox(seed, identity, initial, () => undefined, new SimulatedTimeline(scheduler));
    this.sandbox.delivery.deliver = (event, options) => this.#deliver(event, options?.retriesLeft);
  }

  draw([least, most]: readonly [number, number]): number {
    return least + this.#random.next() * (most - least);
  }

  /** A request on its way; `heard` is called when an answer comes back to `owner`, if one does. */
  hear(written: WrittenRequest, owner: Owner, heard: (reply: Reply) => void): void {
    const back = (ms: number, reply: Reply): void => {
      this.scheduler.after(ms, owner, () => {
        heard(reply);
      });
    };
    const liesMs = this.#liesMs(written);
    this.scheduler.after(this.draw(WIRE_MS) + liesMs, undefined, () => {
      this.calls += 1;
      const { fault, answer, operation } = this.#answer(written, liesMs < GIVEN_UP_BY_NOW_MS);
      this.scheduler.trace(`QI ${operation} from ${owner.name}: ${answer.status} ${fault}`);
      const ms = this.draw(WIRE_MS);
      switch (fault) {
        case 'timeout_after_effect':
          return;
        case 'reset':
        case 'reset_after_effect':
          back(ms, { why: 'ECONNRESET' });
          return;
        case 'too_many':
          back(ms, {
            ...replyOf(refusal(429, 'Too many requests', 'QIT000429')),
            retryAfter: Math.ceil(this.draw(RETRY_AFTER_SECONDS)).toFixed(),
          });
          return;
        case 'error_after_effect':
          back(ms, replyOf(refusal(500, 'Internal error', 'QIT000500')));
          return;
        case 'slow':
          back(ms + this.sandbox.behaviour.api.slow_seconds * 1000, replyOf(answer));
          return;
        default:
          back(ms, replyOf(answer));
      }
    });
  }

  /** Where QI is slow a command may lie there before anything comes of it, whether or not somebody still waits for the answer. */
  #liesMs({ method, endpoint }: WrittenRequest): number {
    const { slow_rate: rate, slow_seconds: seconds } = this.sandbox.behaviour.api;
    if (rate === 0 || method === 'GET' || !this.#random.chance(TAKEN_LATE)) return 0;
    const { pathname } = new URL(endpoint, 'http://qi');
    const found = findRoute(method, pathname, this.sandbox.behaviour.contract);
    // A proposal is late by its limit.
    return found === undefined || found.route.operation === 'propose' ? 0 : this.draw([1, seconds]) * 1_000;
  }

  #answer(
    { method, endpoint, body }: WrittenRequest,
    mayBeHeard: boolean,
  ): {
    readonly operation: string;
    readonly fault: Fault;
    readonly answer: Answer;
  } {
    const url = new URL(endpoint, 'http://qi');
    const found = findRoute(method, url.pathname, this.sandbox.behaviour.contract);
    if (found === undefined)
      return { operation: `${method} ${url.pathname}`, fault: 'none', answer: refusal(404, 'No endpoint') };
    const { route, parameters } = found;
    const document = objectOf(body);
    const canceled = canceledBy(route.operation, parameters, document);
    if (canceled !== undefined) this.cancellations.push({ key: canceled, at: this.scheduler.now });
    const [key = ''] = parameters;
    if (route.operation === 'change_disbursement_date')
      this.resubmissions.push({ key, at: this.scheduler.now });
    const fault = this.sandbox.faultFor(route.operation, parameters[0] ?? '', document);
    const answer = takesEffect(fault)
      ? route.answer(this.sandbox, parameters, {
          body: document,
          query: url.searchParams,
          file: undefined,
          context: { ...this.sandbox.contextOf(fault), ...(mayBeHeard ? {} : { heard: false }) },
        })
      : refusal(503, 'Service unavailable', 'QIT000503');
    if (route.operation === 'propose') this.#noteProposal(key, fault, answer);
    return { operation: route.operation, fault, answer };
  }

  #noteProposal(key: string, fault: Fault, { status }: Answer): void {
    if (this.#taken.has(key)) this.proposedAgain.push({ key, at: this.scheduler.now });
    else if (status === 200 && fault !== 'error_after_effect') this.#taken.add(key);
  }

  async #deliver(event: WebhookEvent, retriesLeft?: number): Promise<Attempt> {
    const { webhooks } = this.sandbox.behaviour;
    const left = retriesLeft ?? webhooks.retries;
    const at = new Date(this.scheduler.now).toISOString();
    await this.scheduler.wait(this.draw(WIRE_MS));
    const answer = (await this.doors?.knock(Buffer.from(event.body))) ?? 'ENOTFOUND';
    const attempt = { at, answer, acknowledged: answer === 200 };
    event.attempts.push(attempt);
    this.deliveries.push({ event, at: this.scheduler.now, answer });
    this.scheduler.trace(`webhook ${event.webhookType} ${event.status}: ${answer}`);
    if (attempt.acknowledged) event.callbackStatus = 'sent';
    else if (left > 0)
      this.sandbox.timeline.after(webhooks.retry_after_seconds, () => void this.#deliver(event, left - 1));
    else if (event.callbackStatus !== 'sent') event.callbackStatus = 'failed';
    return attempt;
  }
}

/** @returns the loan that a call is to end, if it is such a call */
function canceledBy(operation: string, [key]: readonly string[], body: JsonObject): string | undefined {
  if (operation === 'cancel_permanently') return key;
  const named = operation === 'reversal' ? (body['debt_key'] ?? body['credit_operation_key']) : undefined;
  return typeof named === 'string' ? named : undefined;
}

function replyOf({ status, body }: Answer): { status: number; text: string } {
  return { status, text: status === 204 ? '' : stringifyJson(body) };
}

function objectOf(bytes: Buffer | undefined): JsonObject {
  if (bytes === undefined || bytes.length === 0) return {};
  const value = parseJson(bytes.toString('utf8'));
  return isJsonObject(value) ? value : {};
}
