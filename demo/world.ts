import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { changeBehaviour, defaultBehaviour } from '../sandbox/behaviour';
import { Random } from '../sandbox/random';
import { QiSandbox } from '../sandbox/sandbox';
import { createSandboxServer } from '../sandbox/server';
import { VirtualTimeline } from '../sandbox/virtual-timeline';
import type { Clock } from '../src/kernel';
import type { Delays } from './product';
import { SEED } from './story';

/** The counterpart of a story: QI and the market, at the story's time. */
export class StoryWorld {
  readonly timeline: VirtualTimeline;
  readonly qi: QiSandbox;
  readonly clock: Clock;
  readonly delays: Delays;
  readonly #random = new Random(SEED, 'delays');
  readonly #server: Server;

  constructor(begin: Date) {
    this.timeline = new VirtualTimeline(begin);
    const { timeline } = this;
    const behaviour = changeBehaviour(defaultBehaviour(), {
      // Nobody works there for long enough to cancel what QI may leave open.
      contract: {
        reservation_refused_webhook: 'canceled_permanently',
        unsigned_ends: 'canceled_permanently',
      },
      // They are taken out of the books, not sent.
      webhooks: { url: null, retries: 0 },
    });
    const identity = {
      scheme: 'none',
      apiClientKey: 'sandbox',
      privateKey: undefined,
      partnerPublicKey: undefined,
    } as const;
    this.qi = new QiSandbox(
      SEED,
      identity,
      behaviour,
      (event) => {
        if (event === 'call') this.#pass(40, 180);
      },
      timeline,
    );
    this.#server = createSandboxServer(this.qi);
    const begun = timeline.now().getTime();
    this.clock = { now: () => timeline.now(), monotonicMs: () => timeline.now().getTime() - begun };
    this.delays = {
      decide: () => {
        this.#pass(12, 60);
      },
      rest: () => {
        this.#pass(100, 1_500);
      },
    };
  }

  /** @returns where the product finds QI */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #pass(least: number, most: number): void {
    this.timeline.pass(this.#random.integer(least, most));
  }
}
