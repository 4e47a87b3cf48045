import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import {
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
  type RunningPostgres,
} from '../../../launcher/embedded-postgres';
import { engineFile } from '../../support/engine-file';
import { ScriptedQi } from '../../support/scripted-qi';
import { ServiceProcess } from '../../support/service-process';
import { newCpf, proposalRequest, type RequestOptions } from '../../support/webhooks';

const BEAT_MS = 1_000;
/** What is waited for is over sooner than in life. */
const ENGINE = {
  access: { anchor_every_minutes: 1 },
  alerts: { look_every_ms: 1_000 },
  monitoring: { stop_after_seconds: 10, signs: ['heartbeat'], resumes: true, look_every_ms: 1_000 },
  reconciliation: { every_seconds: 2, auction_quiet_minutes: 1 },
  operation: { poll_ms: 200, retry_base_ms: 50, retry_max_ms: 500 },
  notifications: { sweep_ms: 200, retry_base_ms: 500 },
};

/** A worker and a process for the web on a PostgreSQL of their own, watched by whoever sends heartbeats. */
export class Watched {
  /** Whether monitoring says that it lives. */
  beats = true;
  readonly #beating: NodeJS.Timeout;

  private constructor(
    readonly home: string,
    private postgres: RunningPostgres,
    readonly qi: ScriptedQi,
    readonly sql: Pool,
    readonly worker: ServiceProcess,
    readonly web: ServiceProcess,
  ) {
    this.#beating = setInterval(() => {
      if (!this.beats) return;
      for (const { url } of [this.worker, this.web])
        void fetch(`${url}/heartbeat`, { method: 'POST' }).catch(() => undefined);
    }, BEAT_MS);
  }

  static async start(): Promise<Watched> {
    const home = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
    chmodSync(home, 0o755); // where root has to run PostgreSQL as another user, that user must get in
    const postgres = await startEmbeddedPostgres(join(home, 'postgres'));
    const qi = await ScriptedQi.start();
    const sql = new Pool({ connectionString: postgres.url, max: 4 });
    sql.on('error', () => undefined); // cut with the server
    mkdirSync(join(home, 'data'));
    const start = (role: string) =>
      ServiceProcess.start({
        databaseUrl: postgres.url,
        qiBaseUrl: qi.url,
        env: {
          ARREMATE_ROLE: role,
          ARREMATE_DATA_DIR: join(home, 'data'),
          ARREMATE_ENGINE_FILE: engineFile(ENGINE),
          ARREMATE_NOTIFY_LOOPBACK: '1',
        },
      });
    return new Watched(home, postgres, qi, sql, await start('all'), await start('web'));
  }

  /** The owner's. */
  get databaseUrl(): string {
    return this.postgres.url;
  }

  /** A third process on the same database. */
  join(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    return ServiceProcess.start({ databaseUrl: this.postgres.url, qiBaseUrl: this.qi.url, env });
  }

  async push(options: RequestOptions & { readonly key: string }): Promise<string> {
    await this.worker.post('/webhooks/qi', proposalRequest({ cpf: newCpf(), ...options }));
    return options.key;
  }

  stopPostgres(): Promise<void> {
    return this.postgres.stop();
  }

  async startPostgres(): Promise<void> {
    this.postgres = await startEmbeddedPostgres(join(this.home, 'postgres'));
  }

  async end(): Promise<void> {
    clearInterval(this.#beating);
    for (const service of [this.worker, this.web]) {
      service.wake();
      await service.stop();
    }
    await this.qi.close();
    await this.sql.end();
    await stopEmbeddedPostgres(join(this.home, 'postgres'));
    rmSync(this.home, { recursive: true, force: true });
  }
}
