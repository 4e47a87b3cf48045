import { existsSync, openSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Child } from './child';
import { startEmbeddedPostgres, type RunningPostgres } from './embedded-postgres';
import {
  demoHistoryEnvironment,
  demoSandboxEnvironment,
  demoServiceEnvironment,
  embeddedEnvironment,
  servicePasswordFile,
  usesSandbox,
  type Environment,
} from './environment';
import { LaunchError } from './launch-error';
import { assertCanListen, findFreePort, isPortFree } from './ports';
import { eventually } from './processes';
import { givePassword } from './service-password';
import type { StartLock } from './start-lock';

const SANDBOX_PORT = 3100;
const READY_TIMEOUT_MS = 60_000;
const SERVICE_STOP_MS = 8_500;
const SANDBOX_STOP_MS = 1_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** One run: what it started, in the order in which it is stopped again. */
export class Launch {
  private service: Child | undefined;
  private sandbox: Child | undefined;
  private postgres: RunningPostgres | undefined;

  constructor(
    private readonly root: string,
    private readonly dataDir: string,
    /** What the user has set; it wins over everything here. */
    private readonly user: Environment,
    private readonly lock: StartLock,
  ) {}

  /**
   * Starts everything and waits for the end.
   *
   * @returns the exit code
   * @throws LaunchError where something does not start
   */
  async run(stop: AbortSignal): Promise<number> {
    await assertCanListen('PORT', this.port, this.user['HOST'] ?? '127.0.0.1');
    const database = await this.startDatabase();
    const sandboxPort = usesSandbox(this.user) ? await this.chooseSandboxPort() : undefined;
    if (sandboxPort !== undefined) await this.layDownHistory(database, sandboxPort, stop);
    if (stop.aborted) return 0;
    const service = this.startService(database, sandboxPort);
    const stopped = new Promise<number>((resolve) => {
      stop.addEventListener('abort', () => {
        resolve(0);
      });
    });
    const early = await Promise.race([this.untilReady(), stopped, service.exited]);
    if (early !== undefined) return early;
    const sandbox = sandboxPort === undefined ? undefined : this.startSandbox(sandboxPort);
    this.greet(sandbox !== undefined);
    const code = await Promise.race([
      stopped,
      service.exited,
      ...(sandbox === undefined ? [] : [sandbox.exited]),
    ]);
    if (!service.isRunning) say(`The service ended (exit code ${code}).`);
    if (sandbox?.isRunning === false)
      say(`The sandbox ended (exit code ${code}): ${this.sandboxLog} says why.`);
    return code;
  }

  /** The service drains first, while it still has its partner and its database. */
  async stop(): Promise<void> {
    this.lock.markStopping();
    if (this.service?.isRunning === true) say('Stopping ...');
    await this.service?.stop(SERVICE_STOP_MS);
    await this.sandbox?.stop(SANDBOX_STOP_MS);
    await this.postgres?.stop();
  }

  /** At once, whatever is in flight: the next start takes it up from the database. */
  kill(): void {
    this.service?.kill();
    this.sandbox?.kill();
    this.postgres?.kill();
  }

  private get port(): number {
    return Number(this.user['PORT'] ?? '3000');
  }

  private get serviceLog(): string {
    return join(this.dataDir, 'logs', 'service.log');
  }

  private get sandboxLog(): string {
    return relative(this.root, join(this.dataDir, 'logs', 'sandbox.log'));
  }

  private get host(): string {
    const host = this.user['HOST'] ?? '127.0.0.1';
    return host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  }

  private get url(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  private async startDatabase(): Promise<Environment> {
    if (this.user['DATABASE_URL'] !== undefined) return this.user;
    const home = join(this.dataDir, 'postgres');
    this.postgres = await startEmbeddedPostgres(home);
    const { host } = new URL(this.postgres.url);
    const how = this.postgres.adopted ? 'was still running and is taken over' : 'runs';
    say(`PostgreSQL ${how} on ${host}, its data are in ${relative(this.root, home)}`);
    const wasLost = !existsSync(servicePasswordFile(this.dataDir));
    const embedded = embeddedEnvironment(this.user, this.dataDir, this.postgres.url);
    if (wasLost) await givePassword(this.postgres.url, String(embedded['DATABASE_URL']));
    return embedded;
  }

  private async chooseSandboxPort(): Promise<number> {
    const { SANDBOX_PORT: wanted } = this.user;
    if (wanted === undefined) return (await isPortFree(SANDBOX_PORT)) ? SANDBOX_PORT : findFreePort();
    await assertCanListen('SANDBOX_PORT', Number(wanted), '127.0.0.1');
    return Number(wanted);
  }

  /** Once, into the database of our own: a file says that it is done, or that there was one before. */
  private async layDownHistory(database: Environment, sandboxPort: number, stop: AbortSignal): Promise<void> {
    const done = join(this.dataDir, 'demo-history');
    const history = demoHistoryEnvironment(database, this.dataDir, sandboxPort);
    if (this.postgres === undefined || history === undefined || existsSync(done) || stop.aborted) return;
    const env = { ...history, ARREMATE_LOG_FILE: this.serviceLog, ARREMATE_DATA_DIR: this.dataDir };
    const child = new Child('dist/demo/main.js', { cwd: this.root, env, output: 'inherit' });
    this.lock.addChild(child.pid);
    const kill = (): void => {
      child.kill();
    };
    stop.addEventListener('abort', kill);
    const code = await child.exited;
    stop.removeEventListener('abort', kill);
    if (code === 0) writeFileSync(done, '');
    else
      throw new LaunchError(
        'The history of the demo could not be laid down.',
        `Begin without one: rm -rf ${relative(this.root, this.dataDir)}, then ARREMATE_DEMO_HISTORY=0 npm start`,
      );
  }

  private startService(database: Environment, sandboxPort: number | undefined): Child {
    const settings =
      sandboxPort === undefined ? database : demoServiceEnvironment(database, this.dataDir, sandboxPort);
    const env = {
      ARREMATE_LOG_FILE: this.serviceLog,
      ...settings,
      ARREMATE_DATA_DIR: this.dataDir,
    };
    this.service = new Child('dist/src/main.js', { cwd: this.root, env, output: 'inherit' });
    this.lock.addChild(this.service.pid);
    return this.service;
  }

  private startSandbox(port: number): Child {
    const log = openSync(join(this.root, this.sandboxLog), 'a');
    const env = demoSandboxEnvironment(this.user, this.dataDir, port);
    this.sandbox = new Child('dist/sandbox/main.js', { cwd: this.root, env, output: log });
    this.lock.addChild(this.sandbox.pid);
    say(`The sandbox plays QI on http://127.0.0.1:${port}; its log is ${this.sandboxLog}`);
    return this.sandbox;
  }

  private async untilReady(): Promise<undefined> {
    const answers = async (): Promise<boolean> => {
      if (this.service?.isRunning !== true) return true; // that it ended is for others to tell
      try {
        return (await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
      } catch {
        return false;
      }
    };
    if (await eventually(answers, READY_TIMEOUT_MS)) return undefined;
    throw new LaunchError(`The service does not answer ${this.url}/health/ready.`, `Read ${this.serviceLog}`);
  }

  private greet(demo: boolean): void {
    say(`Arremate runs. Console: ${this.url}  API: ${this.url}/api/docs`);
    if (demo && this.user['ARREMATE_API_TOKEN'] === undefined) {
      const token = relative(this.root, join(this.dataDir, 'api-token'));
      say(`Ask it:  curl -H "Authorization: Bearer $(cat ${token})" ${this.url}/api/v1/auctions`);
    }
    say('Ctrl-C stops everything.');
  }
}
