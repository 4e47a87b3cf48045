import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS, type Clock } from '../kernel';
import { CLOCK, LOGGER, NameResolver, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { appendAnchor, readAnchors, writeAnchor, type Anchor } from './anchor-file';

const FIRST_AFTER_MS = 1_000;
const RETRY_MS = 30_000;
const LATE_AFTER_PERIODS = 3;
const POST_TIMEOUT_MS = 5_000;
const POST_TIMEOUT_AT_STOP_MS = 1_500;

/**
 * Notes where the audit trail ends outside the database: in a file and in the log, and at an address if one is set.
 * Whoever owns the database can rewrite the trail, but not these. Each note is held against the trail before the next
 * is written: one that is shorter or different was cut, rewritten, or restored from an older copy.
 */
@Injectable()
export class AuditAnchors implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #work: Periodic;
  #kept: Anchor | undefined;
  #posted: Anchor | undefined;
  #wentWell = true;
  #postTimeoutMs = POST_TIMEOUT_MS;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly names: NameResolver,
  ) {
    const everyMs = settings.engine.access.anchor_every_minutes * MINUTE_MS;
    this.#work = new Periodic({
      name: 'audit_anchor',
      everyMs: () => (this.#wentWell ? everyMs : Math.min(RETRY_MS, everyMs)),
      lateAfterMs: LATE_AFTER_PERIODS * everyMs,
      run: () => this.#run(),
      logger,
      failed: 'the audit trail could not be anchored',
    });
  }

  onApplicationBootstrap(): void {
    this.#work.start(FIRST_AFTER_MS);
  }

  /** After everybody has drained: what they recorded last is in it. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#work.stop();
    this.#postTimeoutMs = POST_TIMEOUT_AT_STOP_MS;
    await this.#run().catch((error: unknown) => {
      this.logger.error({ err: error }, 'the audit trail could not be anchored at the end');
    });
  }

  /** The file and the address do not wait for each other: one that fails is tried again, the other is done. */
  async #run(): Promise<void> {
    this.#wentWell = false;
    const [row] = await this.dataSource.query<{ id: string; hash: string }[]>(
      `SELECT last_id AS id, encode(last_hash, 'hex') AS hash FROM audit_head`,
    );
    if (row === undefined) throw new Error('the head of the audit trail is gone');
    const head = { id: BigInt(row.id), hash: row.hash };
    const done = await Promise.allSettled([this.#keep(head), this.#post(head)]);
    for (const result of done) if (result.status === 'rejected') throw result.reason;
    this.#wentWell = true;
  }

  async #keep(head: Anchor): Promise<void> {
    const last = this.#kept ?? (await readAnchors(this.settings.ARREMATE_AUDIT_ANCHOR_FILE))?.anchors.at(-1);
    // Where it does not hold, the file is read again the next time: people may have put it aside (docs/runbooks/audit.md).
    this.#kept = undefined;
    await this.#assertHolds(last);
    if (head.id === 0n) return;
    if (!isSame(head, last)) await this.#append(head);
    this.#kept = head;
  }

  async #append(head: Anchor): Promise<void> {
    await appendAnchor(this.settings.ARREMATE_AUDIT_ANCHOR_FILE, head, this.clock.now());
    this.logger.info({ record: String(head.id), hash: head.hash }, 'the audit trail is anchored');
  }

  /** @throws Error when the trail in the database is not the one that was anchored */
  async #assertHolds(anchor: Anchor | undefined): Promise<void> {
    if (anchor === undefined) return;
    const [row] = await this.dataSource.query<{ hash: string }[]>(
      `SELECT encode(hash, 'hex') AS hash FROM audit_event WHERE id = $1`,
      [String(anchor.id)],
    );
    if (row?.hash === anchor.hash) return;
    throw new Error(
      `the audit trail is not the one whose record ${anchor.id} was anchored in ${this.settings.ARREMATE_AUDIT_ANCHOR_FILE}: ${
        row === undefined ? 'it is shorter' : 'it was written anew'
      } (docs/runbooks/audit.md)`,
    );
  }

  async #post(head: Anchor): Promise<void> {
    const url = this.settings.ARREMATE_AUDIT_ANCHOR_URL;
    if (url === undefined || head.id === 0n || isSame(head, this.#posted)) return;
    const answer = await this.names.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: writeAnchor(head, this.clock.now()),
      redirect: 'error',
      signal: AbortSignal.timeout(this.#postTimeoutMs),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`ARREMATE_AUDIT_ANCHOR_URL answered ${answer.status}`);
    this.#posted = head;
  }
}

function isSame(one: Anchor, other: Anchor | undefined): boolean {
  return one.id === other?.id && one.hash === other.hash;
}
