import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HOUR_MS, type CalendarDate } from '../kernel';
import { LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import {
  BEFORE_ALL,
  learntThrough,
  mendEnds,
  reopenGivenUp,
  reopenLearnt,
  reopenWon,
  takeNew,
} from './observation-sql';
import { pagesOfDays } from './observed-days';

const EVERY_MS = 300_000;
const LATE_AFTER_MS = HOUR_MS;
const CHUNK = 2_000;
/** One process after the other. */
const KEEPER_LOCK = 7_000_013;

/**
 * Keeps one row for each decision under a mandate, with what became of it, beside the auctions and never in their way: new ones
 * by their time of receipt, and those whose end is not known yet, both in bounded steps.
 */
@Injectable()
export class ObservationKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #keeping: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#keeping = new Periodic({
      name: 'rate_observations',
      everyMs: EVERY_MS,
      lateAfterMs: LATE_AFTER_MS,
      run: () => this.catchUp(),
      logger,
      failed: 'what became of bids could not be kept for learning',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE === 'web') return;
    this.#keeping.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#keeping.stop();
  }

  /** Until nothing is left to catch up with. @returns false when this process stops before */
  async catchUp(): Promise<boolean> {
    while (!this.#keeping.isStopping && (await this.#inTurn((tx) => takeNew(tx, CHUNK))));
    await this.#inTurn(reopenWon);
    let after = BEFORE_ALL;
    while (!this.#keeping.isStopping) {
      const last = await this.#inTurn((tx) => mendEnds(tx, after, CHUNK));
      if (last === undefined) return true;
      after = last;
    }
    return false;
  }

  /**
   * What of the days that a night learns was given up too early, or learnt from against today's rules, of cells of this hash, is
   * looked at again by whoever catches up next.
   * @returns false when this process stops before all of it is
   */
  async reopen(segments: string, through: CalendarDate): Promise<boolean> {
    const seen = await learntThrough(this.dataSource, segments);
    for await (const days of pagesOfDays(this.dataSource, segments, through)) {
      await this.#inTurn((tx) => reopenGivenUp(tx, segments, days[0] ?? through, days.at(-1) ?? through));
      for (const day of days.filter((each) => each > seen)) {
        if (this.#keeping.isStopping) return false;
        await this.#inTurn((tx) => reopenLearnt(tx, segments, day));
      }
    }
    return true;
  }

  #inTurn<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock($1)`, [KEEPER_LOCK]);
      return work(tx);
    });
  }
}
