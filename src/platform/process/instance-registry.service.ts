import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { HouseClock } from './clock';
import type { Reading } from '../domain';
import { FieldCipher } from '../encryption/field-cipher';
import { LOGGER, type Logger } from '../telemetry/logger';
import { Periodic } from './periodic';
import { createPool } from '../database/pool';
import { productVersion } from '../product-version';
import { newestMigration } from '../database/schema-range';
import { SETTINGS, type Settings } from '../settings';

/** Whoever is killed leaves its row: until then the health page shows that somebody was there. */
const FORGOTTEN_AFTER_DAYS = 7;

const BEAT = `
  INSERT INTO instance (id, host, role, version, newest_migration, started_at, alive_until, binding_stage,
    clock_offset_ms, decides, has_api_token, late_work, late_since, dry_run)
  VALUES ($1, $2, $3, $4, $5, coalesce($6, clock_timestamp()), clock_timestamp() + $7 * interval '1 millisecond', $8,
    $9, $10, $11, $12, ARRAY(SELECT clock_timestamp() - ms * interval '1 millisecond'
      FROM unnest($13::float8[]) WITH ORDINALITY AS quiet (ms, place) ORDER BY place), $14)
  ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until, binding_stage = excluded.binding_stage,
    clock_offset_ms = excluded.clock_offset_ms, decides = excluded.decides,
    late_work = excluded.late_work, late_since = excluded.late_since
  RETURNING clock_timestamp() AS now, started_at`;

/** Work is late after half a minute at the soonest: a gap this long may have been why it was not done. */
const AWAY_AFTER_BEATS = 10;

/** One look at the database's clock, between two at ours. */
export interface ClockLook {
  readonly asked: Reading;
  readonly answered: Reading;
  readonly databaseMs: number;
}

/** What everybody's health page says of this process's clock. */
export interface ClockStanding {
  readonly offsetMs: number;
  readonly decides: boolean;
}

/**
 * This process among its peers. Rows under work carry `lease_owner`, the id of a process; a row is free when it has
 * none or when the owner's heartbeat stopped (SQL: `instance_is_alive(lease_owner)`). One heartbeat thus renews every
 * lease of a process at once, and a killed process frees its work within `dead_after_ms`. Time is the database's.
 * The heartbeat has a connection to itself: a process that is only busy must not look dead.
 */
@Injectable()
export class InstanceRegistry implements OnModuleInit, BeforeApplicationShutdown {
  readonly id: string = randomUUID();
  readonly #heartbeat: Periodic;
  readonly #connection: Pool;
  #judge: ((look: ClockLook) => ClockStanding) | undefined;
  #standing: ClockStanding | undefined;
  /** Read once: the file may be replaced while this runs, and the disk may be slow. */
  readonly #version = productVersion();
  /** By the database's clock; undefined before the first beat. */
  #startedAt: Date | undefined;
  #look: ClockLook | undefined;
  /** Since when the database has been heard of without a gap that could make work late; from the start it is in time. */
  #reachedSinceMs = -Infinity;

  constructor(
    private readonly dataSource: DataSource,
    private readonly house: HouseClock,
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly cipher: FieldCipher,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { heartbeat_ms, dead_after_ms } = settings.engine.instance;
    this.#connection = createPool(settings.DATABASE_URL, {
      applicationName: 'arremate-heartbeat',
      size: 1,
      queryTimeoutMs: dead_after_ms, // one that takes longer comes too late
    });
    this.#heartbeat = new Periodic({
      name: 'heartbeat',
      everyMs: heartbeat_ms,
      run: () => this.#beat(),
      logger,
      failed: 'heartbeat failed',
    });
  }

  async onModuleInit(): Promise<void> {
    await this.#beat();
    await this.#connection.query(
      `DELETE FROM instance WHERE alive_until < clock_timestamp() - interval '${FORGOTTEN_AFTER_DAYS} days'`,
    );
    this.#heartbeat.start();
  }

  /**
   * @param judge told with each heartbeat what the database's clock says, for to ask it apart would cost a statement; the
   *   next heartbeat writes down what it makes of it
   */
  judgeClockBy(judge: (look: ClockLook) => ClockStanding): void {
    this.#judge = judge;
  }

  /**
   * A moment that the database's clock has passed by now. Ours may be set: it is what the last heartbeat was told, and what
   * has passed since it was heard.
   */
  databaseNotBefore(): Date {
    if (this.#look === undefined)
      throw new Error("the database's clock is not known before the first heartbeat");
    const { answered, databaseMs } = this.#look;
    return new Date(databaseMs + this.house.reading().monotonicMs - answered.monotonicMs);
  }

  /** After everybody has drained (onModuleDestroy): gives up every lease at once, so that nobody waits for them. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#heartbeat.stop();
    await this.#connection.query(`DELETE FROM instance WHERE id = $1`, [this.id]);
    await this.#connection.end();
  }

  /** While the database was away, or this process stood still, nothing could be done. */
  #reachedForMs({ monotonicMs }: Reading): number {
    const away =
      this.#look !== undefined && monotonicMs - this.#look.answered.monotonicMs > this.#awayAfterMs;
    if (away) this.#reachedSinceMs = monotonicMs;
    return monotonicMs - this.#reachedSinceMs;
  }

  get #awayAfterMs(): number {
    return AWAY_AFTER_BEATS * this.settings.engine.instance.dead_after_ms;
  }

  /** A copy put in the database's place may be older than this process, and not know it: so each beat brings the whole row. */
  async #beat(): Promise<void> {
    const asked = this.house.reading();
    const late = Periodic.late(this.#reachedForMs(asked));
    const { rows } = await this.#connection.query<{ now: Date; started_at: Date }>(BEAT, [
      this.id,
      `${hostname()}:${process.pid}`,
      this.settings.ARREMATE_ROLE,
      this.#version,
      newestMigration(this.dataSource),
      this.#startedAt,
      this.settings.engine.instance.dead_after_ms,
      this.cipher.stage,
      this.#standing === undefined ? null : Math.round(this.#standing.offsetMs),
      this.#standing?.decides !== false,
      this.settings.ARREMATE_API_TOKEN !== undefined,
      late.map(({ name }) => name),
      late.map(({ quietMs }) => quietMs),
      this.settings.ARREMATE_DRY_RUN,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Error('a heartbeat without an answer');
    this.#startedAt = row.started_at;
    const look = { asked, answered: this.house.reading(), databaseMs: row.now.getTime() };
    this.#look = look;
    this.#standing = this.#judge?.(look);
  }
}
