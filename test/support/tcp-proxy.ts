import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Of whom the bytes are held. */
export type Side = 'client' | 'server';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * Stands before a server and treats its connections as a bad network does: cuts them, holds the bytes of one side and
 * lets them go on later, or swallows everything without a word.
 */
export class TcpProxy {
  readonly #target: URL;
  readonly #listener: Server;
  readonly #links = new Set<Link>();
  readonly #held = new Set<Side>();
  #way: 'open' | 'cut' | 'silent' = 'open';

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#listener = createServer((client) => {
      this.#take(client);
    });
  }

  /** @param target the URL of the server; only its host and port matter */
  static async start(target: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The target's URL with the proxy in its place. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String((this.#listener.address() as AddressInfo).port);
    return url.href;
  }

  /** Ends every connection; new ones end as soon as they are made. */
  cut(): void {
    this.#way = 'cut';
    for (const link of this.#links) end(link);
  }

  /** Keeps every connection, swallows what either side says, and answers nothing: a network that is gone. */
  goSilent(): void {
    this.#way = 'silent';
    for (const { client, server } of this.#links) for (const socket of [client, server]) swallow(socket);
  }

  /** What this side says from now on waits for `passOn`. */
  hold(side: Side): void {
    this.#held.add(side);
    for (const link of this.#links) link[side].pause();
  }

  /** As a good network again: what was held goes on, what was swallowed is lost, connections can be made. */
  passOn(): void {
    // Nobody can go on speaking where half a sentence is missing.
    if (this.#way === 'silent') for (const link of this.#links) end(link);
    this.#way = 'open';
    this.#held.clear();
    for (const link of this.#links) for (const side of ['client', 'server'] as const) link[side].resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #take(client: Socket): void {
    if (this.#way === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const link = { client, server };
    this.#links.add(link);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.setNoDelay(true);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => undefined); // told by 'close'
      from.on('close', () => {
        this.#links.delete(link);
        to.destroySoon();
      });
    }
    for (const side of this.#held) link[side].pause();
    if (this.#way === 'silent') for (const socket of [client, server]) swallow(socket);
  }
}

function swallow(socket: Socket): void {
  socket.removeAllListeners('data').on('data', () => undefined);
}

function end({ client, server }: Link): void {
  client.resetAndDestroy();
  server.destroy();
}
