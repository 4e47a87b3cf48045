import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** So long a connection waits for its first request at most: proxies drop silent ones after a minute or less. */
const LONGEST_WAIT_MS = 30_000;
const OPEN_AGAIN_MS = 1_000;

/**
 * A few connections that stand open before anybody needs them, so that no auction waits for TCP and TLS. One that is
 * taken, gets old or is closed by the other side is replaced.
 */
export class ReadyConnections {
  #ready: Socket[] = [];
  #opening = 0;
  #later: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param size how many stand ready. */
  constructor(
    private readonly open: buildConnector.connector,
    private readonly to: buildConnector.Options,
    private readonly size: number,
  ) {}

  fill(): void {
    while (!this.#closed && this.#ready.length + this.#opening < this.size) {
      this.#opening += 1;
      this.open(this.to, (...[error, socket]) => {
        this.#opening -= 1;
        if (error !== null) this.#fillLater();
        else if (this.#closed) socket.destroy();
        else this.#keep(socket);
      });
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#later);
    for (const socket of this.#ready) socket.destroy();
    this.#ready = [];
  }

  /** Connects as undici asks for it: with one that is ready, else with a new one. */
  readonly connect: buildConnector.connector = (options, callback) => {
    const socket = this.#ready.pop();
    if (socket === undefined) {
      this.open(options, callback);
      return;
    }
    this.fill();
    // One turn of the event loop reads what has come meanwhile: an end, or words that nobody asked for.
    setImmediate(() => {
      this.#letGo(socket);
      if (socket.destroyed) this.connect(options, callback);
      else callback(null, socket);
    });
  };

  #keep(socket: Socket): void {
    socket.once('close', this.#onClose).once('readable', destroy).once('timeout', destroy);
    socket.setTimeout(LONGEST_WAIT_MS * (0.5 + Math.random() / 2)); // not all at once
    socket.unref();
    this.#ready.push(socket);
  }

  #letGo(socket: Socket): void {
    socket.off('close', this.#onClose).off('readable', destroy).off('timeout', destroy);
    socket.setTimeout(0);
    socket.ref();
  }

  readonly #onClose = (): void => {
    this.#ready = this.#ready.filter(({ destroyed }) => !destroyed);
    this.#fillLater();
  };

  #fillLater(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.fill();
    }, OPEN_AGAIN_MS).unref();
  }
}

function destroy(this: Socket): void {
  this.destroy();
}
