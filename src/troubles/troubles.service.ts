import { dirname } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS, type Clock } from '../kernel';
import { CLOCK, inTime, LOGGER, SETTINGS, type Logger, type Settings } from '../platform';
import { CertificateWatch } from './certificate-watch.service';
import { readDatabaseFigures } from './database-figures';
import { sightOf, type DatabaseFigures, type Sight, type Trouble } from './domain';
import { FreeSpace } from './free-space';
import { HeardHours } from './heard-hours.service';

const FRESH_FOR_MS = 2_000;
/** A database that takes longer to say how things are is as good as none. */
const ANSWERS_WITHIN_MS = 5_000;
/** Whoever works looks every 15 s: what was seen longer ago may be over, whoever saw that. */
const LATELY_MS = MINUTE_MS;

/** What is wrong now. Never throws, and needs no database to say that there is none. */
@Injectable()
export class Troubles {
  #latest: { readonly at: number; readonly sight: Promise<Sight> } | undefined;
  #before: { readonly at: number; readonly troubles: readonly Trouble[] } = { at: 0, troubles: [] };
  #databaseAnsweredAt: Date;
  /** Where the process writes. */
  readonly #space: FreeSpace;

  constructor(
    private readonly dataSource: DataSource,
    private readonly certificates: CertificateWatch,
    private readonly heard: HeardHours,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#databaseAnsweredAt = clock.now();
    const { ARREMATE_DATA_DIR: data, ARREMATE_LOG_FILE: log } = settings;
    this.#space = new FreeSpace([data, ...(log === undefined ? [] : [dirname(log)])]);
  }

  /** Worst first. */
  async current(): Promise<readonly Trouble[]> {
    return (await this.look()).troubles;
  }

  /** Measured once for all who ask within two seconds. */
  look(): Promise<Sight> {
    const now = this.clock.monotonicMs();
    if (this.#latest === undefined || now - this.#latest.at >= FRESH_FOR_MS)
      this.#latest = { at: now, sight: this.#measure() };
    return this.#latest.sight;
  }

  async #measure(): Promise<Sight> {
    const [database, disks] = await Promise.all([this.#askDatabase(), this.#space.figures()]);
    const now = this.clock.now();
    if (database !== undefined) this.#databaseAnsweredAt = now;
    const measured = {
      now,
      database,
      databaseAnsweredAt: this.#databaseAnsweredAt,
      usual: this.heard.counts,
      certificates: this.certificates.found,
      certificatesUnseen: this.certificates.unseen,
      disks,
    };
    const { at, troubles: before } = this.#before;
    const present = this.clock.monotonicMs();
    const sight = sightOf(measured, before, present - at <= LATELY_MS ? before : []);
    this.#before = { at: present, troubles: sight.troubles };
    return sight;
  }

  async #askDatabase(): Promise<DatabaseFigures | undefined> {
    try {
      const late = `the database did not answer within ${ANSWERS_WITHIN_MS} ms`;
      return await inTime(readDatabaseFigures(this.dataSource), ANSWERS_WITHIN_MS, late);
    } catch (error) {
      this.logger.error({ err: error }, 'troubles could not be read from the database');
      return undefined;
    }
  }
}
