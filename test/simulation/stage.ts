import { join } from 'node:path';
import * as pg from 'pg';
import { Random } from '../../sandbox/random';
import { readSettings, type Settings } from '../../src/platform';
import { engineFile } from '../support/engine-file';
import { DatabaseLine } from './database-line';
import type { DatabaseNetwork } from './database-network';
import { Life, type LifePlan, type LifeResult } from './life';
import { LogBook } from './log-book';
import { currentOwner, replaceRuntime } from './replaced-runtime';
import { Scheduler } from './scheduler';
import { DatabaseMould } from './simulated-database';

/** When every life begins: a Tuesday morning of São Paulo. */
const BEGIN = new Date('2026-03-10T12:00:00Z');

/**
 * Where lives are played, one after the other: Node's clocks and timers, and the sockets of `pg`, are the simulation's
 * from the opening on.
 */
export class Stage {
  private constructor(
    private readonly mould: DatabaseMould,
    private readonly home: string,
    private readonly present: { scheduler: Scheduler; random: Random; network: DatabaseNetwork | undefined },
  ) {}

  static async open(server: string, home: string): Promise<Stage> {
    const mould = await DatabaseMould.make(server);
    const present = { scheduler: new Scheduler(BEGIN), random: new Random(0, 'nobody'), network: undefined };
    const stage = new Stage(mould, home, present);
    stage.#replaceConnections();
    return stage;
  }

  async play(plan: LifePlan, isLogKept = false): Promise<{ result: LifeResult; log: LogBook }> {
    const database = await this.mould.copy();
    const log = new LogBook(isLogKept);
    const scheduler = new Scheduler(BEGIN);
    this.present.scheduler = scheduler;
    this.present.random = new Random(plan.seed, 'choices of the code itself');
    if (!this.#isReplaced) replaceRuntime(this.present);
    this.#isReplaced = true;
    const life = new Life(plan, database, this.#settings(database.url), log, scheduler);
    this.present.network = life.network;
    const result = await life.play();
    this.present.network = undefined;
    await database.drop();
    return { result, log };
  }

  async close(): Promise<void> {
    await this.mould.remove();
  }

  #isReplaced = false;

  /** Whoever connects in the name of a simulated process does so over the simulated network; others really. */
  #replaceConnections(): void {
    const { Client, Pool } = pg;
    const streamOf = (): DatabaseLine | undefined => {
      const owner = currentOwner.getStore();
      const { network } = this.present;
      return owner === undefined || network === undefined ? undefined : new DatabaseLine(network, owner);
    };
    class LinedClient extends Client {
      constructor(config?: string | pg.ClientConfig) {
        const stream = streamOf();
        super(
          stream === undefined || typeof config === 'string' ? config : { ...config, stream: () => stream },
        );
      }
    }
    class KeptPool extends Pool {
      constructor(config?: pg.PoolConfig) {
        super({ ...config, Client: LinedClient, idleTimeoutMillis: 0 } as pg.PoolConfig);
      }
    }
    const module = (pg as unknown as { default: object }).default;
    Object.defineProperty(module, 'Client', { value: LinedClient });
    Object.defineProperty(module, 'Pool', { value: KeptPool });
  }

  #settings(databaseUrl: string): Settings {
    return readSettings(
      {
        HOST: '127.0.0.1',
        DATABASE_URL: databaseUrl,
        ARREMATE_DATA_DIR: this.home,
        ARREMATE_RECOVERY_FILE: join(this.home, `generation-${new URL(databaseUrl).pathname.slice(1)}.json`),
        ARREMATE_API_TOKEN: 'token-of-the-simulation-0123456789ab',
        ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
        PURCHASER_DOCUMENT_NUMBER: '11222333000181',
        QI_BASE_URL: 'http://simulated',
        QI_API_CLIENT_KEY: 'simulation',
        QI_SIGNING: 'none',
        QI_WEBHOOK_AUTH: 'none',
        ARREMATE_MIGRATE: 'false',
      },
      ENGINE_FILE(),
    );
  }
}

/** As in life, but for what would only make simulated hours long: what looks for work looks less often. */
const ENGINE_FILE = (): string =>
  engineFile({
    auction: { outcome_grace_minutes: 5 },
    operation: { poll_ms: 5_000, unlinked_after_minutes: 10 },
    origination: { poll_ms: 10_000, sweep_ms: 30_000 },
    reconciliation: {
      every_seconds: 30,
      auction_quiet_minutes: 2,
      operation_quiet_minutes: 3,
      ask_again_seconds: 60,
      ask_again_max_minutes: 5,
    },
    notifications: { sweep_ms: 60_000 },
    alerts: { look_every_ms: 600_000 },
    recovery: { look_every_ms: 10_000 },
    clock: { measure_every_ms: 1_000 },
    database: { connections: 6, hot_connections: 3 },
    instance: { heartbeat_ms: 500, dead_after_ms: 1_500, sweep_ms: 1_000 },
    qi: { warm_connections: 0 },
  });
