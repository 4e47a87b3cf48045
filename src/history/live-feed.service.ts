import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Readable } from 'node:stream';
import { DataSource } from 'typeorm';
import { MINUTE_MS } from '../kernel';
import { FieldCipher, LOGGER, Periodic, type Logger } from '../platform';
import { rowsOf, viewAuctionRow, type AuctionRecord, type AuctionRowView } from './auction-row';
import { Overview } from './overview.service';

const POLL_MS = 1_000;
const OVERVIEW_EVERY_POLLS = 3;
const NEWEST = 60;
const JUST_ENDED_SECONDS = 30;
/** Whoever watches is asked anew who they are: a session that ended does not go on watching. */
const LONGEST_WATCH_MS = 10 * MINUTE_MS;
const MAX_BEHIND_BYTES = 1_000_000;

/** What anybody's screen shows: the newest auctions, whatever stage they are at, and those that have just ended. */
const WINDOW = rowsOf(`
  SELECT issuer_proposal_request_key FROM (
    SELECT issuer_proposal_request_key FROM auction
    ORDER BY received_at DESC, issuer_proposal_request_key DESC LIMIT ${NEWEST}) newest
  UNION
  SELECT issuer_proposal_request_key FROM (
    SELECT issuer_proposal_request_key FROM auction
    WHERE ended_at > now() - interval '${JUST_ENDED_SECONDS} seconds' ORDER BY ended_at DESC LIMIT ${NEWEST}) ended`);

/**
 * Auctions as they come, as server-sent events. Each process looks at the database once a second while anybody
 * watches, and tells its watchers what has changed since: whichever process did the work, and without a trigger or a
 * notification in the way of the auctions themselves.
 */
@Injectable()
export class LiveFeed implements BeforeApplicationShutdown {
  readonly #watchers = new Set<Readable>();
  #poll: Periodic | undefined;
  #shown = new Map<string, string>();
  #polls = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly overview: Overview,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A stream that begins with the present and goes on with the changes. */
  async watch(): Promise<Readable> {
    const stream = new Readable({ read: () => undefined });
    // It is told of changes from before its first sight is read: none falls between the two.
    this.#join(stream);
    try {
      const [rows, overview] = await Promise.all([this.#window(), this.overview.current()]);
      stream.unshift(`retry: 1000\n${message('auctions', rows)}${message('overview', overview)}`);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return stream;
  }

  #join(stream: Readable): void {
    const end = setTimeout(() => {
      this.#end(stream);
    }, LONGEST_WATCH_MS).unref();
    stream.once('close', () => {
      clearTimeout(end);
      this.#watchers.delete(stream);
      if (this.#watchers.size === 0) void this.#pause();
    });
    this.#watchers.add(stream);
    this.#resume();
  }

  /** A stream without an end would hold up the draining. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const watcher of this.#watchers) this.#end(watcher);
    await this.#pause();
  }

  /** It is told of nothing more, though whoever watches may be slow to read its end. */
  #end(watcher: Readable): void {
    this.#watchers.delete(watcher);
    watcher.push(null);
  }

  #resume(): void {
    if (this.#poll !== undefined) return;
    this.#poll = new Periodic({
      name: 'live_feed',
      everyMs: POLL_MS,
      run: () => this.#tell(),
      logger: this.logger,
      failed: 'the live feed could not look',
    });
    this.#poll.start();
  }

  async #pause(): Promise<void> {
    const poll = this.#poll;
    this.#poll = undefined;
    this.#shown = new Map();
    await poll?.stop();
  }

  async #tell(): Promise<void> {
    const rows = await this.#window();
    const shown = new Map(rows.map((row) => [row.issuer_proposal_request_key, JSON.stringify(row)]));
    const changed = rows.filter(
      ({ issuer_proposal_request_key: key }) => this.#shown.get(key) !== shown.get(key),
    );
    this.#shown = shown;
    this.#polls += 1;
    if (changed.length > 0) this.#broadcast(message('auctions', changed));
    if (this.#polls % OVERVIEW_EVERY_POLLS === 0)
      this.#broadcast(message('overview', await this.overview.current()));
  }

  #broadcast(text: string): void {
    for (const watcher of this.#watchers) {
      // One that does not read is cut off; its page comes back by itself.
      if (watcher.readableLength > MAX_BEHIND_BYTES) watcher.destroy();
      else watcher.push(text);
    }
  }

  async #window(): Promise<AuctionRowView[]> {
    const rows = await this.dataSource.query<AuctionRecord[]>(WINDOW);
    return rows.map((row) => viewAuctionRow(row, this.cipher));
  }
}

function message(event: 'auctions' | 'overview', data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
