import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  AuditTrail,
  LOGGER,
  Periodic,
  SETTINGS,
  Sightings,
  switchBidding,
  UNWATCHED,
  type Logger,
  type Settings,
} from '../platform';
import { biddingWhile, looksUntil, type Looks, type Watching, type WatchRules } from './domain';

/** Why, for whoever sees the banner or the audit trail. */
const REASON = {
  stops: 'Ninguém vigia o sistema: o monitoramento não deu sinal no tempo marcado.',
  resumes: 'O monitoramento voltou a dar sinal.',
} as const;

interface Row {
  readonly now: Date;
  readonly seen_at: Date | null;
  readonly listening_since: Date | null;
  readonly engaged: boolean;
  readonly actor: string;
  readonly changed_at: Date;
}

/**
 * Keeps when somebody last watched, whichever process saw it, and stops bidding when nobody has for too long: an engine
 * that nobody would hear from must not spend money. Off by default.
 */
@Injectable()
export class MonitoringWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #looks: Periodic;
  readonly #rules: WatchRules;
  #wentWell: Looks | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly sightings: Sightings,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const { stop_after_seconds, look_every_ms, resumes } = settings.engine.monitoring;
    this.#rules = { stopAfterMs: stop_after_seconds * 1_000, lookEveryMs: look_every_ms, resumes };
    this.#looks = new Periodic({
      name: 'monitoring_watch',
      everyMs: look_every_ms,
      run: () => this.look(),
      logger,
      failed: 'it could not be told whether somebody watches',
    });
  }

  onApplicationBootstrap(): void {
    if (this.#rules.stopAfterMs > 0) this.#looks.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#looks.stop();
  }

  async look(): Promise<void> {
    await this.#keep();
    // Most looks change nothing, and take no lock.
    if (biddingWhile(await this.#watching(this.dataSource.manager), this.#rules) === 'stays') return;
    const change = await this.dataSource.transaction(async (tx) => {
      await tx.query(`SELECT FROM kill_switch FOR UPDATE`);
      const verdict = biddingWhile(await this.#watching(tx), this.#rules);
      if (verdict === 'stays') return undefined;
      const reason = REASON[verdict];
      await switchBidding(tx, this.audit, { engaged: verdict === 'stops', reason, actor: UNWATCHED });
      return verdict;
    });
    if (change === 'stops') this.logger.error('bidding stops: nobody watches');
    if (change === 'resumes') this.logger.info('bidding goes on: somebody watches again');
  }

  /** What cannot be kept now is kept by the next look. */
  async #keep(): Promise<void> {
    const counted = this.sightings
      .take()
      .filter((sign) => this.settings.engine.monitoring.signs.includes(sign));
    if (counted.length === 0) return;
    try {
      await this.dataSource.query(
        `INSERT INTO watcher (sign, seen_at) SELECT sign, clock_timestamp() FROM unnest($1::text[]) AS sign
         ON CONFLICT (sign) DO UPDATE SET seen_at = greatest(watcher.seen_at, excluded.seen_at)`,
        [counted],
      );
    } catch (error) {
      for (const sign of counted) this.sightings.note(sign);
      throw error;
    }
  }

  async #watching(manager: EntityManager): Promise<Watching> {
    const [row] = await manager.query<Row[]>(
      `SELECT clock_timestamp() AS now, (SELECT max(seen_at) FROM watcher WHERE sign = ANY ($1)) AS seen_at,
         (SELECT min(started_at) FROM instance WHERE alive_until > clock_timestamp()) AS listening_since,
         engaged, actor, changed_at
       FROM kill_switch`,
      [this.settings.engine.monitoring.signs],
    );
    if (row === undefined) throw new Error('the kill switch is gone');
    this.#wentWell = looksUntil(row.now, this.#wentWell, this.#rules);
    return {
      now: row.now,
      seenAt: row.seen_at ?? undefined,
      listeningSince: row.listening_since ?? undefined,
      lookingSince: this.#wentWell.since,
      bidding: {
        isStopped: row.engaged,
        isStoppedByUs: row.engaged && row.actor === UNWATCHED,
        changedAt: row.changed_at,
      },
    };
  }
}
