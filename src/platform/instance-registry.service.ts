import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from './logger';
import { Periodic } from './periodic';
import { productVersion } from './product-version';
import { SETTINGS, type Settings } from './settings';

/**
 * This process among its peers. Rows under work carry `lease_owner`, the id of a process; a row is free when it has
 * none or when the owner's heartbeat stopped (SQL: `instance_is_alive(lease_owner)`). One heartbeat thus renews every
 * lease of a process at once, and a killed process frees its work within `dead_after_ms`. Time is the database's.
 */
@Injectable()
export class InstanceRegistry implements OnModuleInit, BeforeApplicationShutdown {
  readonly id: string = randomUUID();
  readonly #heartbeat: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#heartbeat = new Periodic({
      everyMs: settings.engine.instance.heartbeat_ms,
      run: () => this.#beat(),
      onError: (error) => {
        logger.error({ err: error }, 'heartbeat failed');
      },
    });
  }

  async onModuleInit(): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO instance (id, host, role, version, alive_until)
       VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond')`,
      [
        this.id,
        `${hostname()}:${process.pid}`,
        this.settings.ARREMATE_ROLE,
        productVersion(),
        this.settings.engine.instance.dead_after_ms,
      ],
    );
    this.#heartbeat.start();
  }

  /** After everybody has drained (onModuleDestroy): gives up every lease at once, so that nobody waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#heartbeat.stop();
    await this.dataSource.query(`DELETE FROM instance WHERE id = $1`, [this.id]);
  }

  async #beat(): Promise<void> {
    await this.dataSource.query(
      `UPDATE instance SET alive_until = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1`,
      [this.id, this.settings.engine.instance.dead_after_ms],
    );
  }
}
