import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { startSandbox, type AuctionOverrides, type Sandbox } from '../../sandbox';
import { ACCEPTABLE_REQUEST } from '../support/acceptable-request';
import { launchChromium } from '../support/chromium';
import { newPerson, type Call, type FrontDoor, type Person } from '../support/people';
import { API_TOKEN, ServiceProcess } from '../support/service-process';
import { TcpProxy } from '../support/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

const STARTS_WITHIN_MS = 60_000;
/** Twice as long as the pages themselves wait before they ask again. */
const ACTION_TIMEOUT_MS = 20_000;
const BECOMES_WITHIN_MS = 30_000;
/** A directory for what each page showed when its test ended, for whoever looks for the cause of a failure. */
const LAST_SIGHT = process.env['LAST_SIGHT'];

/**
 * The console as people have it: the built service on a database of its own, the sandbox in QI's place, a browser.
 * Whatever a page does that it must not (an exception, a refused style, a request to anybody else, a 5xx) fails the
 * test in which it happens.
 *
 *     const world = consoleWorld();
 *     it('...', async () => {
 *       const page = await world.openAs(['analyst'], '/historico');
 *       await page.getByRole('heading', { name: 'Histórico' }).waitFor();
 *     });
 */
export function consoleWorld(env: Readonly<Record<string, string>> = {}): ConsoleWorld {
  const world = new ConsoleWorld(env);
  beforeAll(() => world.start(), STARTS_WITHIN_MS);
  afterEach(() => world.closePages());
  afterAll(() => world.end());
  return world;
}

/** Without cookies and without anything stored. */
const NOBODY = { cookies: [], origins: [] };

interface OpenContext {
  readonly context: BrowserContext;
  /** What it was opened with. */
  readonly kind: string;
}

export class ConsoleWorld {
  private running:
    | {
        readonly sandbox: Sandbox;
        readonly database: TestDatabase;
        readonly network: TcpProxy;
        readonly service: ServiceProcess;
        readonly browser: Browser;
      }
    | undefined;
  private readonly contexts: OpenContext[] = [];
  private readonly contextsAtRest: OpenContext[] = [];
  private complaints: string[] = [];
  private people = 0;

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  async start(): Promise<void> {
    const [browser, sandbox, database] = await Promise.all([
      launchChromium(),
      startSandbox({ behaviour: { pace: { window_seconds: 3, step_seconds: 0.2 } } }),
      createTestDatabase(),
    ]);
    const network = await TcpProxy.start(database.url);
    const service = await ServiceProcess.start({
      databaseUrl: network.url,
      qiBaseUrl: sandbox.url,
      env: this.env,
    });
    sandbox.control.deliverTo(`${service.url}/webhooks/qi`);
    this.running = { browser, sandbox, database, network, service };
  }

  async end(): Promise<void> {
    const { browser, sandbox, database, network, service } = this.parts;
    await Promise.all([browser.close(), service.stop()]);
    await Promise.all([sandbox.close(), network.close()]);
    await database.drop();
  }

  private get parts() {
    if (this.running === undefined) throw new Error('The world has not started');
    return this.running;
  }

  get sandbox(): Sandbox {
    return this.parts.sandbox;
  }

  get service(): ServiceProcess {
    return this.parts.service;
  }

  /** Between the service and its database: it can be cut. */
  get network(): TcpProxy {
    return this.parts.network;
  }

  get database(): TestDatabase {
    return this.parts.database;
  }

  /** The API as scripts use it. */
  get door(): FrontDoor {
    const { service } = this.parts;
    const call: Call = async (method, path, body, headers = {}) => {
      const response = await fetch(`${service.url}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        headers: { ...Object.fromEntries(response.headers), 'set-cookie': response.headers.getSetCookie() },
        body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
      };
    };
    return {
      call,
      master: (method, path, body, headers) =>
        call(method, path, body, { authorization: `Bearer ${API_TOKEN}`, ...headers }),
      logged: service.output.split('\n').filter((line) => line.startsWith('{')),
    };
  }

  /** A new user who may do what these roles may, with password and authenticator. */
  person(...roles: string[]): Promise<Person> {
    this.people += 1;
    return newPerson(this.door, `${roles.join('-')}-${this.people}@example.com`, ...roles);
  }

  /** The console in a browser of its own, where nobody is signed in. */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.contextWith(options);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /** The console in a browser of its own, with this person, or a new one with these roles, signed in. */
  async openAs(
    who: Person | readonly string[],
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const person = 'signIn' in who ? who : await this.person(...who);
    const context = await this.contextWith(options);
    const { username, password } = person;
    const answer = await context.request.post('/api/v1/session', {
      data: { username, password, code: person.code() },
    });
    if (!answer.ok()) throw new Error(`${username} cannot sign in: ${await answer.text()}`);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /** An earlier test's, if there is one of this kind at rest: whoever was in it is forgotten, the console's files are not. */
  private async contextWith({ storageState, ...options }: BrowserContextOptions): Promise<BrowserContext> {
    const kind = JSON.stringify(options);
    const at = this.contextsAtRest.findIndex((rested) => rested.kind === kind);
    const [rested] = at === -1 ? [] : this.contextsAtRest.splice(at, 1);
    const context = rested?.context ?? (await this.newContext(options));
    this.contexts.push({ context, kind });
    await context.setStorageState(storageState ?? NOBODY);
    return context;
  }

  private async newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const { browser, service } = this.parts;
    const context = await browser.newContext({
      baseURL: service.url,
      viewport: { width: 1440, height: 900 },
      locale: 'pt-BR',
      timezoneId: 'America/Manaus', // an hour behind São Paulo, whose time the pages show
      ...options,
    });
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    context.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(`${service.url}/`))
        this.complaints.push(`asked a stranger: ${request.url()}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 500) this.complaints.push(`${response.status()} from ${response.url()}`);
    });
    context.on('weberror', (error) => this.complaints.push(String(error.error().stack)));
    context.on('console', (message) => {
      // A refused request is for the page to explain; the browser's own line about it says nothing new.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.complaints.push(message.text());
    });
    await context.newPage(); // an empty one that stays: with its last page a context would lose what is in its cache
    return context;
  }

  /** Takes back what a test provoked on purpose. @returns what was complained of so */
  forgive(pattern: RegExp): readonly string[] {
    const forgiven = this.complaints.filter((complaint) => pattern.test(complaint));
    this.complaints = this.complaints.filter((complaint) => !pattern.test(complaint));
    return forgiven;
  }

  /** After each test. @throws if a page did what none may */
  async closePages(): Promise<void> {
    if (LAST_SIGHT !== undefined) await this.picturePages(LAST_SIGHT);
    await Promise.all(this.contexts.splice(0).map((used) => this.putToRest(used)));
    const complaints = this.complaints;
    this.complaints = [];
    if (complaints.length > 0) throw new Error(`The pages complained:\n${complaints.join('\n')}`);
  }

  private async putToRest(used: OpenContext): Promise<void> {
    const [, ...pages] = used.context.pages();
    await Promise.all([...pages.map((page) => page.close()), used.context.clearPermissions()]);
    this.contextsAtRest.push(used);
  }

  private async picturePages(directory: string): Promise<void> {
    const test = (expect.getState().currentTestName ?? '').replace(/\W+/g, '-');
    const pages = this.contexts.flatMap(({ context }) => context.pages().slice(1));
    await Promise.all(
      pages.map((page, n) => page.screenshot({ path: join(directory, `${test}-${n}.png`), fullPage: true })),
    );
  }

  /** An auction for somebody whom the policy takes, without rivals unless told otherwise. @returns its key */
  openAuction(overrides: AuctionOverrides = {}): string {
    return this.sandbox.control.openAuction({
      borrower: 'clean',
      rivals: [],
      ...overrides,
      request: { ...ACCEPTABLE_REQUEST, ...overrides.request },
    }).key;
  }

  auctionBecomes(key: string, status: string | readonly string[]): Promise<Record<string, unknown>> {
    return this.becomes(`/api/v1/auctions/${key}`, status);
  }

  proposalBecomes(id: string, status: string): Promise<Record<string, unknown>> {
    return this.becomes(`/api/v1/proposals/${id}`, status);
  }

  operationBecomes(key: string, status: string): Promise<Record<string, unknown>> {
    return this.becomes(`/api/v1/operations/${key}`, status, () => this.agreeIfSampled(key));
  }

  /** One signature in twenty is drawn for a person to look at; here the person agrees. */
  private async agreeIfSampled(key: string): Promise<void> {
    const { body } = await this.door.master('GET', '/api/v1/tasks?limit=200');
    const tasks = body['items'] as { reason_code: string; credit_operation_key: string | null }[];
    if (tasks.some((task) => task.reason_code === 'sampled' && task.credit_operation_key === key))
      await this.door.master('POST', `/api/v1/operations/${key}/authorize`, {});
  }

  private async becomes(
    path: string,
    status: string | readonly string[],
    meanwhile?: () => Promise<void>,
  ): Promise<Record<string, unknown>> {
    let last: unknown;
    const ask = async (): Promise<Record<string, unknown> | undefined> => {
      const { body } = await this.door.master('GET', path);
      last = body['status_reason'] ?? body['status'];
      const isThere = [status].flat().includes(body['status'] as string);
      if (!isThere) await meanwhile?.();
      return isThere ? body : undefined;
    };
    try {
      return await waitFor(`${path} to become ${String(status)}`, ask, { timeoutMs: BECOMES_WITHIN_MS });
    } catch (error) {
      throw new Error(`It is ${String(last)}`, { cause: error });
    }
  }
}
