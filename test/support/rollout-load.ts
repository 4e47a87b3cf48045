import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { drawCnpj } from '../../sandbox/identifiers';
import { Random } from '../../sandbox/random';
import type { ScriptedQi } from './scripted-qi';
import type { ServiceProcess } from './service-process';
import { waitFor } from './wait-for';
import { endOfAuction, newCpf, proposalRequest } from './webhooks';

/** What people and machines look at all day. */
const PAGES = [
  '/',
  '/health/ready',
  '/metrics',
  '/api/openapi.json',
  '/api/v1/auctions',
  '/api/v1/history/overview',
  '/api/v1/history/auctions',
  '/api/v1/history/charts',
  '/api/v1/operations',
  '/api/v1/tasks',
  '/api/v1/policies/active',
  '/api/v1/qi-filters',
  '/api/v1/notification-endpoints',
  '/api/v1/audit',
  '/api/v1/system',
];
const PAGE_EVERY_MS = 100;
const WINDOW_SECONDS = 60;
/** Of one webhook: QI goes on for hours, a campaign does not. */
const SENDINGS_MAX = 1_000;
/** Between two sendings: a long outage is no reason for a storm, which would make us ourselves late. */
const AGAIN_MS = { first: 50, most: 1_000 };
/** Between our bid and the end of its auction. */
const ENDS_AFTER_MS = 1_000;

/**
 * Auctions from their request to their end, and the pages of the console, dealt to the processes that stand behind the
 * load balancer just then, each in turn.
 */
export class RolloutLoad {
  /** Who gets traffic. */
  doors: readonly ServiceProcess[] = [];
  /** Keys of the requests that were acknowledged, and of the proposals whose end was. */
  readonly requests: string[] = [];
  readonly ends: string[] = [];
  /** Webhooks that were not answered 200 and sent again, and pages that were not answered: what was said instead. */
  readonly refused: string[] = [];
  readonly errors: string[] = [];
  /** Webhooks that were sent once more after their 200. */
  copies = 0;
  /** Pages by the status of their answer. */
  readonly pages: Record<string, number> = {};
  /** Many: the policy's limit per employer is soon reached by one. */
  readonly #employers = new Random(1, 'employers');
  #isOver = false;
  #turn = 0;
  readonly #work: Promise<unknown>[] = [];

  constructor(
    private readonly qi: ScriptedQi,
    private readonly perSecond: number,
    private readonly isCopied: () => boolean = () => false,
  ) {}

  start(): void {
    this.#work.push(this.#auctions(), this.#look());
  }

  /** Everything that was begun is delivered. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (let done = 0; done < this.#work.length; done += 1) await this.#work[done];
  }

  async #auctions(): Promise<void> {
    const begun = performance.now();
    for (let nth = 1; !this.#isOver; nth += 1) {
      this.#work.push(this.#auction(nth % 2 === 0));
      await pause(Math.max(0, begun + (nth * 1_000) / this.perSecond - performance.now()));
    }
  }

  async #auction(isWon: boolean): Promise<void> {
    const key = randomUUID();
    const facts = { employer_document_number: drawCnpj(this.#employers) };
    await this.#deliver(proposalRequest({ key, cpf: newCpf(), windowSeconds: WINDOW_SECONDS, facts }));
    this.requests.push(key);
    await pause(ENDS_AFTER_MS);
    const bid = await waitFor('a bid', () => this.qi.proposalsFor(key)[0]).catch(() => undefined);
    if (bid === undefined) return; // declined
    const { proposalKey } = bid;
    const operationKey = isWon ? randomUUID() : null;
    await this.#deliver(endOfAuction({ requestKey: key, proposalKey, operationKey }));
    this.ends.push(proposalKey);
  }

  /** As QI does: whoever does not say 200 is asked again, and its neighbour answers. */
  async #deliver(webhook: unknown): Promise<void> {
    for (let sending = 0; sending < SENDINGS_MAX; sending += 1) {
      const said = await this.#next()
        .post('/webhooks/qi', webhook)
        .then(({ status }) => String(status), wordsOf);
      if (said === '200') {
        if (this.isCopied()) await this.#copy(webhook);
        return;
      }
      this.refused.push(said);
      await pause(Math.min(AGAIN_MS.first * 2 ** Math.min(sending, 10), AGAIN_MS.most));
    }
    throw new Error(`a webhook was refused ${SENDINGS_MAX} times`);
  }

  async #copy(webhook: unknown): Promise<void> {
    this.copies += 1;
    await this.#next()
      .post('/webhooks/qi', webhook)
      .catch(() => undefined);
  }

  async #look(): Promise<void> {
    for (let nth = 0; !this.#isOver; nth += 1) {
      const page = PAGES[nth % PAGES.length] ?? '/';
      const said = await this.#next()
        .get(page)
        .then(({ status }) => String(status), wordsOf);
      this.pages[said] = (this.pages[said] ?? 0) + 1;
      if (!/^[2-4]/.test(said)) this.errors.push(`${page}: ${said}`);
      await pause(PAGE_EVERY_MS);
    }
  }

  #next(): ServiceProcess {
    const door = this.doors[(this.#turn += 1) % this.doors.length];
    if (door === undefined) throw new Error('nobody is there to answer');
    return door;
  }
}

function wordsOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: string } };
  return `no answer (${cause?.code ?? String(error)})`;
}
