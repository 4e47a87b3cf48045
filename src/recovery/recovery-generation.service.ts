import { hostname } from 'node:os';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { LOGGER, METRICS, Periodic, ReadyDetails, SETTINGS, type Logger, type Settings } from '../platform';
import type { Mark } from './domain';
import { GenerationFile } from './generation-file';
import { RecoveryBook } from './recovery-book.service';

/**
 * Tells a database that was restored, or failed over to a standby that had not everything, from one that was only
 * restarted: at each start by a file outside of it, and every second by what this process has seen itself. Nothing is
 * decided on a history that this process has not looked at: the ledger asks for `known` in the statement that writes.
 */
@Injectable()
export class RecoveryGeneration implements OnModuleInit, BeforeApplicationShutdown {
  readonly #file: GenerationFile;
  readonly #looks: Periodic;
  readonly #unconfirmed: Gauge;
  #known: Mark | undefined;
  #isUnconfirmed = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly book: RecoveryBook,
    private readonly readyDetails: ReadyDetails,
    @Inject(SETTINGS) settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#file = new GenerationFile(settings.ARREMATE_RECOVERY_FILE);
    this.#looks = new Periodic({
      name: 'recovery_look',
      everyMs: settings.engine.recovery.look_every_ms,
      run: () => this.#look(),
      logger,
      failed: 'the generation of the database could not be advanced',
    });
    this.#unconfirmed = new Gauge({
      name: 'arremate_recovery_unconfirmed',
      help: '1 while a restore of the database waits for a person',
      registers: [metrics],
    });
  }

  /** How far this process has seen its database go; undefined before it has looked. */
  get known(): Mark | undefined {
    return this.#known;
  }

  /** Before anything is taken up: what a copy believes to be unfinished is made unknown first. */
  async onModuleInit(): Promise<void> {
    this.#file.removeTorn();
    this.#known = await this.#settle(this.#file.read());
    await this.#look();
    this.readyDetails.add('recovery', () => ({ unconfirmed: this.#isUnconfirmed ? 'yes' : null }));
    this.#looks.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#looks.stop();
  }

  async #settle(seen: Mark | undefined): Promise<Mark> {
    const { mark, recovery } = await this.book.settle(seen, `${hostname()}:${process.pid}`);
    if (recovery !== undefined)
      this.logger.error(recovery, 'the database was restored: bidding is stopped until people let it go on');
    return mark;
  }

  /** Database first, file second: the file never knows more than was on disk. */
  async #look(): Promise<void> {
    const [[advanced]] = await this.dataSource.query<
      [{ counter: string; is_unconfirmed: boolean }[], number]
    >(
      `UPDATE recovery_generation SET counter = counter + 1, advanced_at = clock_timestamp()
       WHERE only_row AND generation = $1 AND is_known_history($1, $2)
       RETURNING counter, EXISTS (SELECT FROM recovery WHERE confirmed_at IS NULL) AS is_unconfirmed`,
      [this.#known?.generation, this.#known?.counter],
    );
    if (advanced === undefined || this.#known === undefined) {
      this.#known = await this.#settle(this.#known);
    } else {
      this.#known = { generation: this.#known.generation, counter: Number(advanced.counter) };
      this.#isUnconfirmed = advanced.is_unconfirmed;
      this.#unconfirmed.set(advanced.is_unconfirmed ? 1 : 0);
    }
    await this.#file.write(this.#known);
  }
}
