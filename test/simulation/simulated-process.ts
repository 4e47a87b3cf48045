import { Test, type TestingModule } from '@nestjs/testing';
import { AppModule } from '../../src/app.module';
import { InboxService } from '../../src/inbox/inbox.service';
import type { Clock } from '../../src/kernel';
import { WebhookSender } from '../../src/notifications/webhook-sender';
import { Periodic } from '../../src/platform';
import type { Logger, Settings } from '../../src/platform';
import { ProposalWire } from '../../src/qi/proposal-wire';
import { QiClient } from '../../src/qi/qi-client';
import { QiMessages } from '../../src/qi/qi-message';
import type { DatabaseNetwork, DatabaseWeather } from './database-network';
import { RESTING_MS, workOf } from './replaced-product';
import { currentOwner, type SimulatedOwner } from './replaced-runtime';
import type { Partner } from './partner';
import type { Scheduler } from './scheduler';
import type { SimulatedQi } from './simulated-qi';
import { SimulatedWire } from './simulated-wire';

type Class<T> = abstract new (...args: never[]) => T;

export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly network: DatabaseNetwork;
  readonly qi: SimulatedQi;
  readonly partner: Partner;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly pace: ProcessPace;
}

/** resting: what it does by itself it does ever so often, and all of it. usual: as set, without what is LEFT_OUT. */
export type ProcessPace = 'usual' | 'resting';

const nothing = { log: () => undefined, error: () => undefined, warn: () => undefined };

/** Work that touches no auction, loan or proposal: done as often as is usual it would only make simulated hours long. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'alerts',
  'backtests',
  'binding_stage',
  'certificates',
  'exports_forgetting',
  'history_recount',
  'live_feed',
  'retention',
  'token_expiry',
]);

/** With a heartbeat as slow as everything else that it does. */
function resting(settings: Settings): Settings {
  const { engine } = settings;
  const slow = { heartbeat_ms: RESTING_MS, dead_after_ms: 3 * RESTING_MS, sweep_ms: RESTING_MS };
  return { ...settings, engine: { ...engine, instance: { ...engine.instance, ...slow } } };
}

/** The whole service, put together as in life, without its HTTP server: it can end at any moment and leaves nothing. */
export class SimulatedProcess implements SimulatedOwner {
  isDead = false;
  standsStillUntil = 0;
  clockAheadMs = 0;
  isReady = false;
  readonly weather: DatabaseWeather = { way: 'open', slowMs: 0, planned: [] };
  #module: TestingModule | undefined;

  constructor(
    readonly name: string,
    private readonly around: Surroundings,
  ) {}

  get isResting(): boolean {
    return this.around.pace === 'resting';
  }

  holdTime(): () => void {
    return this.around.scheduler.holdTurn();
  }

  /** Resolves when it is ready to take webhooks; never, when it ends before. */
  start(): Promise<void> {
    return currentOwner.run(this, async () => {
      const { scheduler, qi, partner, logger } = this.around;
      const settings = this.isResting ? resting(this.around.settings) : this.around.settings;
      const begun = scheduler.now;
      const clock: Clock = {
        now: () => new Date(scheduler.now + this.clockAheadMs),
        monotonicMs: () => scheduler.now - begun,
      };
      const wire = (messages: QiMessages): SimulatedWire =>
        new SimulatedWire(scheduler, qi, this, messages, clock);
      const module = await Test.createTestingModule({ imports: [AppModule.forRoot(settings, logger, clock)] })
        .setLogger(nothing)
        .overrideProvider(QiClient)
        .useFactory({ factory: wire, inject: [QiMessages] })
        .overrideProvider(ProposalWire)
        .useFactory({ factory: wire, inject: [QiMessages] })
        .overrideProvider(WebhookSender)
        .useValue(partner.wireOf(this))
        .compile();
      this.#module = module;
      await module.init();
      if (!this.isResting)
        await Promise.all(
          [...Periodic.all()].filter(({ name }) => LEFT_OUT.has(name)).map((work) => work.stop()),
        );
      this.isReady = true;
      scheduler.trace(`${this.name} is ready`);
    });
  }

  get<T>(type: Class<T> | symbol): T {
    if (this.#module === undefined) throw new Error(`${this.name} has not started`);
    return this.#module.get<T>(type, { strict: false });
  }

  /** One delivery at its door. @returns the HTTP status; never, when it ends before it has answered */
  receive(rawBody: Buffer): Promise<number> {
    return currentOwner.run(this, async () => {
      const inbox = this.get(InboxService);
      const receipt = await inbox.receive({ method: 'POST', uri: '/webhooks/qi', headers: {}, rawBody });
      return { durable: 200, refused: 401, not_json: 400, not_durable: 503 }[receipt.kind];
    });
  }

  /** Runs in its name. */
  within<T>(work: () => Promise<T>): Promise<T> {
    return currentOwner.run(this, work);
  }

  /** As at a rollout: it takes nothing more, and ends what it has in hand. */
  stop(): Promise<void> {
    this.isReady = false;
    return this.within(async () => this.#module?.close());
  }

  /** As a power cut: nothing that it was about to do is done. */
  async kill(): Promise<void> {
    if (this.isDead) return;
    this.isDead = true;
    this.isReady = false;
    this.around.scheduler.trace(`${this.name} is killed`);
    // What it had begun never ends, and nobody waits for it.
    for (const work of workOf(this)) void work.stop();
    await this.around.network.abandon(this);
  }
}
