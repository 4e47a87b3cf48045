import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { findFreePort } from '../../launcher/ports';
import { dataDirectory } from './data-directory';
import { asService } from './test-database';
import { waitFor } from './wait-for';

const READY_TIMEOUT_MS = 45_000;

export const API_TOKEN = 'token-of-the-tests-0123456789abcdef';

/** Neither the developer's own settings nor those of another run may reach the process under test. */
const settings = /^(PORT|HOST|DATABASE_\w+|(ARREMATE|QI|SANDBOX|PURCHASER|PG)_?.*)$/;
export const surroundings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !settings.test(name)),
);

export interface ServiceOptions {
  /** The owner's; the service works under its own role. */
  readonly databaseUrl: string;
  readonly qiBaseUrl: string;
  /** On top of the defaults, which sign nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the release stands that is started, built; ours unless another is named. */
  readonly home?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The built service as a process of its own, on a free port: it can be killed at any moment and started
 * again. It dies with the test file.
 */
export class ServiceProcess {
  private process: ChildProcess | undefined;
  private exited: Promise<number | null> = Promise.resolve(null);
  private printed = '';

  private constructor(
    readonly url: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly home: string,
  ) {}

  /** Starts it and waits until it is ready. */
  static async start({
    databaseUrl,
    qiBaseUrl,
    env = {},
    home = '.',
  }: ServiceOptions): Promise<ServiceProcess> {
    const port = await findFreePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = {
      ...surroundings,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: asService(databaseUrl),
      ARREMATE_DATA_DIR: dataDirectory(),
      ARREMATE_API_TOKEN: API_TOKEN,
      ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      PURCHASER_DOCUMENT_NUMBER: '11222333000181',
      QI_BASE_URL: qiBaseUrl,
      QI_API_CLIENT_KEY: 'test',
      QI_SIGNING: 'none',
      QI_WEBHOOK_AUTH: 'none',
      ...env,
    };
    const service = new ServiceProcess(url, environment, home);
    await service.restart();
    return service;
  }

  /** Everything it has printed since its first start. */
  get output(): string {
    return this.printed;
  }

  /** What opens every route to a request of one's own. */
  readonly credentials = { authorization: `Bearer ${API_TOKEN}` };

  /** Of the operating system. @throws Error while it does not run */
  get pid(): number {
    if (this.process?.pid === undefined) throw new Error('The service does not run');
    return this.process.pid;
  }

  get isRunning(): boolean {
    return this.process !== undefined;
  }

  /** Starts it again after it ended: the same settings, the same port, the same database. */
  async restart(): Promise<void> {
    if (this.process !== undefined) throw new Error('The service runs already');
    this.spawn();
    await waitFor('the service to be ready', () => this.isReady(), { timeoutMs: READY_TIMEOUT_MS });
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.process?.kill('SIGKILL');
    await this.exited;
  }

  /** It stands still, as on a machine that swaps or migrates, until `wake`. */
  stun(): void {
    this.process?.kill('SIGSTOP');
  }

  wake(): void {
    this.process?.kill('SIGCONT');
  }

  /** Asks it to drain and end. @returns its exit code, null if it had to be killed by a signal */
  async stop(): Promise<number | null> {
    this.process?.kill('SIGTERM');
    return this.exited;
  }

  /** Waits for an end that it comes to by itself. @returns its exit code, null after a signal */
  ended(): Promise<number | null> {
    return this.exited;
  }

  get(path: string): Promise<Answer> {
    return this.request(path, { method: 'GET' }, {});
  }

  /** @param body sent as it stands if it is text, else as JSON */
  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.request(
      path,
      { method: 'POST', body: text },
      { 'content-type': 'application/json', ...headers },
    );
  }

  private async request(
    path: string,
    init: { readonly method: string; readonly body?: string },
    extra: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const headers = { ...this.credentials, ...extra };
    const response = await fetch(`${this.url}${path}`, { ...init, headers });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text };
  }

  private async isReady(): Promise<true | undefined> {
    if (this.process === undefined) throw new Error(`The service ended while it started:\n${this.printed}`);
    try {
      return (await fetch(`${this.url}/health/ready`)).ok ? true : undefined;
    } catch {
      return undefined;
    }
  }

  private spawn(): void {
    const main = resolve(this.home, 'dist/src/main.js');
    if (!existsSync(main)) throw new Error('There is no build to test: node scripts/prepare.mjs');
    // The guard ends it when this process ends, however that happens.
    const child = spawn(
      process.execPath,
      ['--require', resolve(this.home, 'dist/launcher/child-guard.js'), main],
      {
        cwd: this.home,
        env: this.env,
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    const collect = (chunk: Buffer): void => {
      this.printed += chunk.toString('utf8');
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    this.process = child;
    this.exited = new Promise((resolveExit) => {
      child.once('close', (code) => {
        this.process = undefined;
        resolveExit(code);
      });
    });
  }
}
