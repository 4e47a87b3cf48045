import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as pg from 'pg';
import { Random } from '../../sandbox/random';
import { readSettings, type Settings } from '../../src/platform';
import { engineFile } from '../support/engine-file';
import { DatabaseLine } from './database-line';
import type { DatabaseNetwork } from './database-network';
import { Life, type LifeResult } from './life';
import { LogBook } from './log-book';
import { SHORT, type LifePlan } from './plan';
import { currentOwner, replaceRuntime } from './replaced-runtime';
import { Scheduler } from './scheduler';
import { SESSION_OPTIONS, type DatabaseMould, type SimulatedDatabase } from './simulated-database';
import { fuzzWebhooks, type FuzzResult } from './webhook-fuzz';

interface Beginning {
  readonly at: Date;
  /** SIAPE keeps its hours; else it works always, and something comes of loans whatever the hour. */
  readonly hasHours: boolean;
}

const begins = (at: string, hasHours = false): Beginning => ({ at: new Date(at), hasHours });
/** When a life begins: most on a Tuesday morning of São Paulo, or ten minutes before the day and the month are over there. */
const BEGINS = [begins('2026-03-10T12:00:00Z'), begins('2026-04-01T02:50:00Z')] as const;
/** And some so shortly before something ends or begins that their first round is played across it. */
const ON_THE_VERGE = [
  // Of the day in UTC, at 21:00.
  begins('2026-03-10T23:59:20Z'),
  // Of the day, and of SIAPE's; and for a long weekend.
  begins('2026-03-11T02:59:20Z', true),
  begins('2026-04-03T02:59:20Z', true),
  // Of SIAPE's, at 07:00.
  begins('2026-03-11T09:59:20Z', true),
] as const;
const VERGES = 0.4;

/**
 * Where lives are played, one after the other: Node's clocks and timers, and the sockets of `pg`, are the simulation's
 * from the first one on. What a life leaves in the program's modules, the next one finds: a life that has to be the same
 * again is the first one of its program (life-threads.ts).
 */
export class Stage {
  readonly #present: { scheduler: Scheduler; random: Random; network: DatabaseNetwork | undefined } = {
    scheduler: new Scheduler(BEGINS[0].at),
    random: new Random(0, 'nobody'),
    network: undefined,
  };
  #isReplaced = false;

  /** @param home a directory for what processes keep outside of the database */
  constructor(
    private readonly mould: DatabaseMould,
    private readonly home: string,
  ) {
    this.#replaceConnections();
  }

  /** One life, whole. */
  play(plan: LifePlan, isLogKept = false): Promise<{ result: LifeResult; log: LogBook }> {
    return this.#with(plan, isLogKept, async (life, { log }) => ({ result: await life.play(), log }));
  }

  /** So many webhooks with mistakes at the door of one process. */
  fuzz(seed: number, count: number, isLogKept = false): Promise<FuzzResult> {
    return this.#with(
      { seeds: [seed], pace: SHORT },
      isLogKept,
      async (life, { database, log, scheduler }) => {
        const process = await life.startOne();
        const result = await fuzzWebhooks({ process, scheduler, database, log }, seed, count);
        await process.kill();
        return result;
      },
    );
  }

  async #with<T>(
    plan: LifePlan,
    isLogKept: boolean,
    work: (
      life: Life,
      props: { database: SimulatedDatabase; log: LogBook; scheduler: Scheduler },
    ) => Promise<T>,
  ): Promise<T> {
    const database = await this.mould.copy();
    // Of its own: what another life kept in files would be found here.
    const directory = mkdtempSync(join(this.home, 'life-'));
    const log = new LogBook(isLogKept);
    const [seed = 0] = plan.seeds;
    const beginning = beginningOf(seed);
    const scheduler = new Scheduler(beginning.at);
    this.#present.scheduler = scheduler;
    this.#present.random = new Random(seed, 'choices of the code itself');
    if (!this.#isReplaced) replaceRuntime(this.#present);
    this.#isReplaced = true;
    const life = new Life(plan, database, settingsOf(database.url, directory, beginning), log, scheduler);
    this.#present.network = life.network;
    try {
      return await work(life, { database, log, scheduler });
    } finally {
      this.#present.network = undefined;
      await database.drop();
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** Whoever connects in the name of a simulated process does so over the simulated network; others really. */
  #replaceConnections(): void {
    const { Client, Pool } = pg;
    const simulated = (config: pg.ClientConfig): pg.ClientConfig => {
      const owner = currentOwner.getStore();
      const { network } = this.#present;
      if (owner === undefined || network === undefined) return config;
      const { options = '' } = config;
      const line = new DatabaseLine(network, owner, idleMsIn(options));
      return {
        ...config,
        statement_timeout: undefined,
        options: `${options} ${SESSION_OPTIONS}`,
        stream: () => line,
      };
    };
    class LinedClient extends Client {
      constructor(config?: string | pg.ClientConfig) {
        super(typeof config === 'object' ? simulated(config) : config);
      }
    }
    class KeptPool extends Pool {
      constructor(config?: pg.PoolConfig) {
        super({ ...config, Client: LinedClient, idleTimeoutMillis: 0 });
      }
    }
    const module = (pg as unknown as { default: object }).default;
    Object.defineProperty(module, 'Client', { value: LinedClient });
    Object.defineProperty(module, 'Pool', { value: KeptPool });
  }
}

function beginningOf(seed: number): Beginning {
  const verge = new Random(seed, 'verge');
  return verge.chance(VERGES) ? verge.pick(ON_THE_VERGE) : new Random(seed, 'begin').pick(BEGINS);
}

function settingsOf(databaseUrl: string, directory: string, { hasHours }: Beginning): Settings {
  return readSettings(
    {
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      ARREMATE_DATA_DIR: directory,
      ARREMATE_RECOVERY_FILE: join(directory, 'generation.json'),
      ARREMATE_API_TOKEN: 'token-of-the-simulation-0123456789ab',
      ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      PURCHASER_DOCUMENT_NUMBER: '11222333000181',
      QI_BASE_URL: 'http://simulated',
      QI_API_CLIENT_KEY: 'simulation',
      QI_SIGNING: 'none',
      QI_WEBHOOK_AUTH: 'none',
      ARREMATE_MIGRATE: 'false',
    },
    engineFileOf(hasHours),
  );
}

/** How long the product bears a silent transaction, where its session's options say so. */
function idleMsIn(options: string): number | undefined {
  const [, ms] = /idle_in_transaction_session_timeout=(\d+)/.exec(options) ?? [];
  return ms === undefined ? undefined : Number(ms);
}

/** As in life, but for what would only make simulated hours long: what looks for work looks less often. */
const engineFileOf = (hasHours: boolean): string =>
  engineFile({
    auction: { outcome_grace_minutes: 1 },
    operation: { poll_ms: 5_000, unlinked_after_minutes: 5, command_inquiries: 8 },
    origination: {
      poll_ms: 10_000,
      sweep_ms: 30_000,
      retry_after_minutes: 1,
      issue_inquiries: 8,
      answer_within_minutes: 1,
      federal_payroll: hasHours ? {} : { opens_at_hour: 0, closes_at_hour: 24, business_days_only: false },
    },
    reconciliation: {
      every_seconds: 20,
      auction_quiet_minutes: 1,
      operation_quiet_minutes: 1,
      ask_again_seconds: 30,
      ask_again_max_minutes: 1,
    },
    notifications: { sweep_ms: 6_000 },
    alerts: { look_every_ms: 600_000 },
    recovery: { look_every_ms: 10_000, margin_seconds: 5 },
    database: { connections: 6, hot_connections: 3 },
    instance: { heartbeat_ms: 2_000, dead_after_ms: 6_000, sweep_ms: 4_000 },
    qi: { warm_connections: 0 },
  });
