import { join } from 'node:path';
import { Child } from './child';
import { now, pause } from './clock';

/** QI takes about so long to answer a proposal. */
const ANSWER_AFTER_MS = 20;
const ASK_EVERY_MS = 100;

/** QI, in a process of its own. */
export class Counterpart {
  private constructor(
    private readonly child: Child,
    readonly url: string,
  ) {}

  static async start(): Promise<Counterpart> {
    const child = Child.fork(join(__dirname, 'counterpart-process.js'), [String(ANSWER_AFTER_MS)]);
    const { port } = await child.said<{ port: number }>();
    return new Counterpart(child, `http://127.0.0.1:${port}`);
  }

  /** How many requests have been bid on since the start. */
  async bids(): Promise<number> {
    return (await this.child.ask<{ bids: number }>('count')).bids;
  }

  /** What came since the last report: when the first proposal for each request was whole; and repeated ones of all time. */
  async report(): Promise<{ readonly received: ReadonlyMap<string, number>; readonly repeated: number }> {
    const { received, repeated } = await this.child.ask<{ received: [string, number][]; repeated: number }>(
      'report',
    );
    return { received: new Map(received), repeated };
  }

  /** Waits until there are so many bids, or for `quietMs` no more have come. */
  async settled(bids: number, quietMs: number): Promise<void> {
    let [seen, movedAt] = [-1, now()];
    for (;;) {
      const count = await this.bids();
      if (count >= bids) return;
      if (count > seen) [seen, movedAt] = [count, now()];
      if (now() - movedAt > quietMs) return;
      await pause(ASK_EVERY_MS);
    }
  }

  stop(): Promise<void> {
    return this.child.kill();
  }
}
