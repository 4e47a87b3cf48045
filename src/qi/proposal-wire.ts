import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { buildConnector, Pool, type Dispatcher } from 'undici';
import type { SendingPermit } from '../platform';
import type { Clock } from '../kernel';
import { CLOCK } from '../platform';
import {
  codeOf,
  IDLE_CONNECTION_MS,
  NO_PATH,
  QiMessages,
  type QiExchange,
  type QiRequest,
  type WireAnswer,
  type WrittenRequest,
} from './qi-message';
import { QI_SETTINGS, type QiSettings } from './qi-settings';
import { ReadyConnections } from './ready-connections';

/** How one POST ended: with an answer, or as the exchange will. */
type Ending = WireAnswer | Exclude<QiExchange, { kind: 'answered' }>;

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The wire for the one POST that counts: a bounded pool of connections, some of them open beforehand. It costs a
 * quarter of the CPU of the way that commands go (docs/adr/proposal-wire.md). Follows no redirect, uses no proxy,
 * repeats nothing.
 */
@Injectable()
export class ProposalWire implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #pool: Pool;
  readonly #ready: ReadyConnections;

  constructor(
    @Inject(QI_SETTINGS) private readonly settings: QiSettings,
    private readonly messages: QiMessages,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    const connector = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
    this.#ready = new ReadyConnections(connector, addressOf(messages.origin), settings.warmConnections);
    this.#pool = new Pool(messages.origin, {
      connect: this.#ready.connect,
      connections: settings.maxSockets,
      pipelining: 1,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      maxResponseSize: settings.maxResponseBytes,
      // Each POST has its own end in time.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  onApplicationBootstrap(): void {
    this.#ready.fill();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#ready.close();
    await this.#pool.destroy();
  }

  /** Never throws: whatever the network, QI or a key of QI's does is one of the exchanges. */
  async post(request: QiRequest, permit: SendingPermit): Promise<QiExchange> {
    const written = await this.messages.write(request).catch(codeOf);
    if (written === undefined) return { kind: 'not_sent', why: NO_PATH };
    if (typeof written === 'string') return { kind: 'not_sent', why: written };
    const ending = await this.#send(written, permit);
    if ('kind' in ending) return ending;
    return this.messages
      .read(written, ending)
      .catch((error: unknown) => ({ kind: 'no_answer', why: codeOf(error) }));
  }

  #send({ method, endpoint, headers, body }: WrittenRequest, permit: SendingPermit): Promise<Ending> {
    return new Promise((done) => {
      const watch = new WatchedPost(permit, () => this.#leftMs(permit), done);
      // Without a choice of encodings a server may choose any.
      const options = {
        path: endpoint,
        method,
        headers: { ...headers, 'accept-encoding': 'identity' },
        body,
      };
      if (watch.begin()) this.#pool.dispatch(options as Dispatcher.DispatchOptions, watch);
    });
  }

  #leftMs({ until }: SendingPermit): number {
    return Math.floor(Math.min(until.getTime() - this.clock.now().getTime(), this.settings.timeoutMs));
  }
}

/**
 * One POST under way. undici tells it when a connection stands ready, before the first byte: that, and no list of error
 * codes, tells what was never sent from an answer that got lost. A connection whose end has been seen by then is
 * replaced without our noticing; one that ends later leaves it open.
 */
class WatchedPost implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;
  #httpStatus = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];

  constructor(
    private readonly permit: SendingPermit,
    private readonly leftMs: () => number,
    private readonly done: (ending: Ending) => void,
  ) {}

  /** @returns false when there is no time left: it has ended already. */
  begin(): boolean {
    return this.#giveUpIn(this.leftMs());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while it waited for a connection; or undici would write it a second time, which it never may.
    if (this.#hasEnded || this.#controller !== undefined) {
      controller.abort(new Error('not to be sent'));
      return;
    }
    const refusal = this.permit.refusal();
    if (refusal !== undefined) this.#end({ kind: 'not_sent', why: refusal });
    // The process may have slept since: what is left is asked again.
    if (refusal === undefined && this.#giveUpIn(this.leftMs())) this.#controller = controller;
    else controller.abort(new Error('not to be sent'));
  }

  onResponseStart(_: Dispatcher.DispatchController, httpStatus: number, headers: IncomingHttpHeaders): void {
    this.#httpStatus = httpStatus;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.#chunks).toString('utf8');
    this.#end({ httpStatus: this.#httpStatus, headers: this.#headers, text });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end({ kind: this.#unanswered, why: codeOf(error) });
  }

  get #unanswered(): 'no_answer' | 'not_sent' {
    return this.#controller === undefined ? 'not_sent' : 'no_answer';
  }

  /** What never left got no connection, and nobody was to answer it: its bid is shown with this word. */
  #whyUnanswered(ms: number): string {
    return this.#controller === undefined ? 'ETIMEDOUT' : `no answer within ${ms} ms`;
  }

  /** @returns false when it has ended already. */
  #giveUpIn(ms: number): boolean {
    clearTimeout(this.#timer);
    if (!(ms >= 1)) {
      this.#end({ kind: this.#unanswered, why: 'too_late_to_send' });
      return false;
    }
    this.#timer = setTimeout(() => {
      this.#end({ kind: this.#unanswered, why: this.#whyUnanswered(ms) });
      this.#controller?.abort(new Error('no answer in time'));
    }, ms);
    return true;
  }

  #end(ending: Ending): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.done(ending);
  }
}

function addressOf(origin: string): buildConnector.Options {
  const { protocol, host, hostname, port } = new URL(origin);
  return { protocol, host, hostname: hostname.replace(/^\[|\]$/g, ''), port };
}
