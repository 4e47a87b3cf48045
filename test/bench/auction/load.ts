import { Pool } from 'undici';
import { now, pause } from './clock';
import type { Request, Requests } from './requests';

/** Where what is pushed comes from. */
type Source = Pick<Requests, 'next'>;

/** One webhook that was pushed, and when. */
export interface Pushed {
  readonly key: string;
  readonly windowSeconds: number;
  readonly at: number;
}

const CONNECTIONS = 64;
/** How often the open loop looks what is due. */
const TICK_MS = 1;

/** Which of so many processes a request is for. */
export type Route = (key: string, processes: number) => number;

/** QI pushing webhooks: to one process, or to several in turn, or to the one that a route names. */
export class Load {
  readonly #pools: readonly { readonly pool: Pool; readonly path: string }[];
  #turn = 0;

  constructor(
    private readonly requests: Source,
    urls: readonly string[],
    private readonly route?: Route,
  ) {
    this.#pools = urls.map((url) => {
      const { origin, pathname } = new URL(url);
      return { pool: new Pool(origin, { connections: CONNECTIONS, pipelining: 1 }), path: pathname };
    });
  }

  /** Open loop: so many a second for so long, whether they are answered or not. */
  async atRate(perSecond: number, seconds: number): Promise<readonly Pushed[]> {
    const total = Math.round(perSecond * seconds);
    const pushed: Pushed[] = [];
    const answers: Promise<unknown>[] = [];
    const begun = now();
    while (pushed.length < total) {
      const due = Math.min(total, Math.floor(((now() - begun) / 1_000) * perSecond) + 1);
      while (pushed.length < due) {
        const request = this.requests.next();
        pushed.push({ key: request.key, windowSeconds: request.windowSeconds, at: now() });
        answers.push(this.#push(request));
      }
      await pause(TICK_MS);
    }
    await Promise.all(answers);
    return pushed;
  }

  /** Closed loop: as fast as they are acknowledged over all connections. */
  async burst(webhooks: number): Promise<readonly Pushed[]> {
    const pushed: Pushed[] = [];
    await this.#closedLoop(() => {
      if (pushed.length === webhooks) return undefined;
      const request = this.requests.next();
      pushed.push({ key: request.key, windowSeconds: request.windowSeconds, at: now() });
      return request;
    });
    return pushed;
  }

  /** Durable acknowledgements a second over all connections. */
  async acknowledgements(seconds: number): Promise<{ readonly perSecond: number; readonly pushed: number }> {
    const until = now() + seconds * 1_000;
    let [pushed, acknowledged] = [0, 0];
    await this.#closedLoop(
      () => {
        if (now() >= until) return undefined;
        pushed += 1;
        return this.requests.next([60]);
      },
      (status) => {
        if (status === 200 && now() < until) acknowledged += 1;
      },
    );
    return { perSecond: acknowledged / seconds, pushed };
  }

  async close(): Promise<void> {
    await Promise.all(this.#pools.map(({ pool }) => pool.destroy()));
  }

  async #closedLoop(
    next: () => Request | undefined,
    answered: (status: number | undefined) => void = () => undefined,
  ): Promise<void> {
    const lane = async (): Promise<void> => {
      for (let request = next(); request !== undefined; request = next()) answered(await this.#push(request));
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  }

  /** @returns the status of the answer, undefined when there was none */
  #push({ key, body }: Request): Promise<number | undefined> {
    const processes = this.#pools.length;
    const target = this.#pools[this.route?.(key, processes) ?? this.#turn++ % processes];
    if (target === undefined) throw new Error('there is nobody to push to');
    return new Promise((resolve) => {
      let status: number | undefined;
      target.pool.dispatch(
        { path: target.path, method: 'POST', headers: { 'content-type': 'application/json' }, body },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_, code) => {
            status = code;
          },
          onResponseData: () => undefined,
          onResponseEnd: () => {
            resolve(status);
          },
          onResponseError: () => {
            resolve(undefined);
          },
        },
      );
    });
  }
}
