import { setTimeout as wait } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module';
import { DecideAuctionsService, type Undecided } from '../src/auction/bidding/decide-auctions.service';
import { ExpireAuctionsService } from '../src/auction/bidding/expire-auctions.service';
import { lastMoment } from '../src/auction/bidding/opening';
import { SubmitBidService, type Rest } from '../src/auction/bidding/submit-bid.service';
import { readDeadline } from '../src/auction/domain/deadline';
import { WEBHOOK_ROUTER, type WebhookEvent, type WebhookRouter } from '../src/inbox';
import { WebhookDispatcher } from '../src/inbox/webhook-dispatcher.service';
import { WebhookStore } from '../src/inbox/webhook-store.service';
import type { Clock } from '../src/kernel';
import { OperationCommandSender } from '../src/operation/operation-command-sender';
import { createHttpAdapter, InstanceRegistry, type Logger, type Settings } from '../src/platform';
import { ActivePolicy } from '../src/policy';
import { readProposalRequest, rereadWebhook, WEBHOOK_TYPES } from '../src/qi';
import { RecoveryGeneration } from '../src/recovery';
import { NightlyLearning } from '../src/winning';

type Class<T> = abstract new (...args: never[]) => T;

const MS_PER_MINUTE = 60_000;
const LOOK_AGAIN_MS = 8;
const PATIENCE_MS = 20_000;

/** From what an auction is decided and to whom its bid goes: the two delays that the story draws. */
export interface Delays {
  /** Between the receipt and the decision. */
  readonly decide: () => void;
  /** Before a bid that QI did not take is sent again. */
  readonly rest: () => void;
}

/**
 * The product itself, put together and not started: nothing in it happens by itself. Whatever a history holds is written
 * by these services, one step at a time, at the time of the story.
 */
export class Product {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly delays: Delays,
  ) {}

  static async open(settings: Settings, logger: Logger, clock: Clock, delays: Delays): Promise<Product> {
    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.forRoot(settings, logger, clock),
      createHttpAdapter(settings),
      { logger: false, abortOnError: false },
    );
    const product = new Product(app, settings, clock, delays);
    await product.get(InstanceRegistry).onModuleInit();
    await product.get(RecoveryGeneration).onModuleInit();
    await product.get(ActivePolicy).onModuleInit();
    return product;
  }

  /** A service of whichever module. */
  get<T>(type: Class<T>): T {
    return this.app.get<T>(type, { strict: false });
  }

  /** One webhook of QI's, received and followed until everything that it leads to at once has been done. */
  async receive(body: string): Promise<void> {
    const rawBody = Buffer.from(body);
    const envelope = rereadWebhook(rawBody);
    if (envelope === undefined) throw new Error('a webhook that is none');
    const receivedAt = this.clock.now();
    const stored = await this.get(WebhookStore).store({
      envelope,
      rawBody,
      authorization: undefined,
      receivedAt,
      parkedFor: undefined,
    });
    if (stored.kind === 'duplicate') return;
    const event: WebhookEvent = { id: stored.id, receivedAt, ...envelope };
    const undecided = event.type === WEBHOOK_TYPES.proposalRequest ? this.#undecided(event) : undefined;
    if (undecided !== undefined && (await this.#bid(undecided))) return;
    await this.#apply(event);
    if (event.type !== WEBHOOK_TYPES.auctionEnd) await this.sendCommands();
  }

  /**
   * What is to be sent to QI now, until nothing is left of it. While QI is out and takes nothing, it is left for a later step:
   * the pause is over by the story's time, which does not go on by waiting.
   */
  async sendCommands(): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    const sender = this.get(OperationCommandSender);
    while (!sender.isPaused && (await this.#hasDueCommand())) {
      if (performance.now() > end) throw new Error('a command does not come to an end');
      sender.nudge();
      await wait(LOOK_AGAIN_MS);
    }
  }

  /** What falls due by the clock alone. */
  expireAuctions(): Promise<void> {
    return this.get(ExpireAuctionsService).expire();
  }

  /** A night of learning, where the policy lets rates be learnt. */
  learn(): Promise<void> {
    return this.get(NightlyLearning).work();
  }

  async close(): Promise<void> {
    await this.get(ActivePolicy).onModuleDestroy();
    await this.get(RecoveryGeneration).beforeApplicationShutdown();
    await this.get(WebhookStore).onApplicationShutdown();
    await this.get(InstanceRegistry).beforeApplicationShutdown();
    await this.get(DataSource).destroy();
  }

  #undecided(event: WebhookEvent): Undecided | undefined {
    const reading = readProposalRequest(event.document);
    if (reading.kind !== 'read') return undefined;
    const { request } = reading;
    const { receivedAt } = event;
    const longestWindowMs = this.settings.engine.auction.longest_window_minutes * MS_PER_MINUTE;
    const deadline = readDeadline(
      { ...request, receivedAt },
      this.settings.QI_DEADLINE_ZONE,
      longestWindowMs,
    );
    if (deadline.kind !== 'deadline') return undefined;
    const job = {
      key: request.key,
      limitAt: deadline.limitAt,
      expirationAt: lastMoment(deadline),
      receivedAt,
      request,
    };
    return { job, request, opening: { eventId: event.id, receivedAt, request, deadline }, eventId: event.id };
  }

  /** @returns false for one that has to be opened apart */
  async #bid(undecided: Undecided): Promise<boolean> {
    this.delays.decide();
    const outcomes = await this.get(DecideAuctionsService).decide([undecided]);
    const outcome = outcomes.get(undecided);
    switch (outcome?.kind) {
      case 'recorded':
        return true;
      case 'to_send':
        await this.get(SubmitBidService).submit(undecided.job, outcome.bid, outcome.markedAt, this.#rest);
        return true;
      case 'apart':
        return false;
      default:
        throw new Error(`an auction was not decided: ${String(outcome?.kind)}`, {
          cause: outcome?.kind === 'failed' ? outcome.error : undefined,
        });
    }
  }

  readonly #rest: Rest = () => {
    this.delays.rest();
    return Promise.resolve('waited');
  };

  async #apply(event: WebhookEvent): Promise<void> {
    const route = this.app.get<WebhookRouter>(WEBHOOK_ROUTER, { strict: false }).routeOf(event);
    if (route === undefined) throw new Error(`nobody handles ${String(event.type)}`);
    await this.get(WebhookDispatcher).handle({ event, handler: route.handler });
  }

  async #hasDueCommand(): Promise<boolean> {
    const [row] = await this.get(DataSource).query<{ due: boolean }[]>(
      `SELECT EXISTS (SELECT FROM operation_command
         WHERE status IN ('intended', 'sending', 'unknown') AND not_before <= $1) AS due`,
      [this.clock.now()],
    );
    return row?.due === true;
  }
}
