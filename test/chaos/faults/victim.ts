import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../../launcher/embedded-postgres';
import { ScriptedQi } from '../../support/scripted-qi';
import { ServiceProcess } from '../../support/service-process';
import { skewDatabase } from '../../support/skewed-database';
import { TcpProxy } from '../../support/tcp-proxy';

/** Small enough to be filled, with room for what PostgreSQL keeps of its log. */
const DISK_MB = 400;
const SETTINGS = { max_wal_size: '64MB', min_wal_size: '32MB' };
const FILLED_AT_ONCE = Buffer.alloc(1024 * 1024);

/** Two services on one PostgreSQL of their own, the first behind a network that can fail, and a QI that does as it is told. */
export class Victim {
  #isSkewed = false;

  private constructor(
    private readonly disk: string,
    /** Whether its disk can be filled without anybody else noticing. */
    readonly hasOwnDisk: boolean,
    readonly qi: ScriptedQi,
    readonly sql: Pool,
    readonly network: TcpProxy,
    readonly services: readonly [ServiceProcess, ServiceProcess],
  ) {}

  /** @param isSmall whether it is to have a disk of its own, small enough to be filled */
  static async start({ isSmall }: { readonly isSmall: boolean }): Promise<Victim> {
    const disk = mkdtempSync(join(tmpdir(), 'arremate-chaos-'));
    const hasOwnDisk = isSmall && mounted(disk);
    chmodSync(disk, 0o755); // where root has to run PostgreSQL as another user, that user must get in
    const { url } = await startEmbeddedPostgres(join(disk, 'postgres'), { settings: SETTINGS });
    const [qi, network] = await Promise.all([ScriptedQi.start(), TcpProxy.start(url)]);
    const sql = new Pool({ connectionString: url, max: 4 });
    sql.on('error', () => undefined); // cut with the server
    const env = { ARREMATE_DATA_DIR: join(disk, 'data') };
    mkdirSync(env.ARREMATE_DATA_DIR);
    const start = (databaseUrl: string, log: string) =>
      ServiceProcess.start({
        databaseUrl,
        qiBaseUrl: qi.url,
        env: { ...env, ARREMATE_LOG_FILE: join(disk, 'logs', log) },
      });
    const first = await start(network.url, 'first.log');
    const second = await start(url, 'second.log');
    return new Victim(disk, hasOwnDisk, qi, sql, network, [first, second]);
  }

  get #postgresHome(): string {
    return join(this.disk, 'postgres');
  }

  /** As the kernel does when memory is out. */
  killPostgres(): void {
    const [pid] = readFileSync(join(this.#postgresHome, 'cluster', 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
  }

  /** Starts it if it does not run. */
  async revivePostgres(): Promise<void> {
    await startEmbeddedPostgres(this.#postgresHome, { settings: SETTINGS });
  }

  fillDisk(): void {
    const file = join(this.disk, 'filler');
    writeFileSync(file, '');
    try {
      for (;;) appendFileSync(file, FILLED_AT_ONCE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  freeDisk(): void {
    rmSync(join(this.disk, 'filler'), { force: true });
  }

  /** Puts the database's clock so far ahead, or behind. */
  async skew(seconds: number): Promise<void> {
    this.#isSkewed = true;
    await skewDatabase(this.sql, seconds);
    this.#isSkewed = seconds !== 0;
  }

  /** Everything as it should be, whatever was done to it. */
  async heal(): Promise<void> {
    this.freeDisk();
    this.network.passOn();
    this.qi.script = () => ({ kind: 'accept' });
    await this.revivePostgres();
    if (this.#isSkewed) await this.skew(0);
    for (const service of this.services) {
      service.wake();
      if (!service.isRunning) await service.restart();
    }
  }

  async end(): Promise<void> {
    for (const service of this.services) {
      service.wake();
      await service.stop();
    }
    await this.network.close();
    await this.qi.close();
    await this.sql.end();
    await stopEmbeddedPostgres(this.#postgresHome);
    if (this.hasOwnDisk) execFileSync('umount', ['--lazy', this.disk]);
    rmSync(this.disk, { recursive: true, force: true });
  }
}

/** @returns false where this user may not, or the system has no such thing */
function mounted(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
