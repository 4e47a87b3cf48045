import { Pool } from 'pg';
import { audit } from '../support/auditor';
import { ScriptedQi } from '../support/scripted-qi';
import { ServiceProcess } from '../support/service-process';
import { TcpProxy } from '../support/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';
import { newCpf, proposalRequest, type RequestOptions } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

/** A world whose first service reaches PostgreSQL through a network that can fail, and that others may join. */
export class FaultWorld extends AuctionWorld {
  readonly #others: ServiceProcess[] = [];

  private constructor(
    qi: ScriptedQi,
    database: TestDatabase,
    sql: Pool,
    service: ServiceProcess,
    readonly network: TcpProxy,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    super(qi, database, sql, service);
  }

  /**
   * @param prepare runs before any service has seen the database
   * @param contents of the database before that
   */
  static override async start(
    env: Readonly<Record<string, string>> = {},
    prepare: (sql: Pool, databaseUrl: string) => Promise<void> = () => Promise.resolve(),
    contents: 'schema' | 'nothing' = 'schema',
  ): Promise<FaultWorld> {
    const [qi, database] = await Promise.all([ScriptedQi.start(), createTestDatabase(contents)]);
    const sql = new Pool({ connectionString: database.url, max: 4 });
    sql.on('error', () => undefined); // an idle connection cut when the database is dropped
    await prepare(sql, database.url);
    const network = await TcpProxy.start(database.url);
    const service = await ServiceProcess.start({ databaseUrl: network.url, qiBaseUrl: qi.url, env });
    return new FaultWorld(qi, database, sql, service, network, env);
  }

  override async end(): Promise<void> {
    for (const service of this.#others) {
      service.wake();
      await service.stop();
    }
    this.service.wake();
    this.network.passOn();
    await super.end();
    await this.network.close();
  }

  /** Another process on the same database, with a network that does not fail. */
  async join(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const { url: databaseUrl } = this.database;
    const service = await ServiceProcess.start({
      databaseUrl,
      qiBaseUrl: this.qi.url,
      env: { ...this.env, ...env },
    });
    this.#others.push(service);
    return service;
  }

  /** A request of a borrower of its own, told until it is acknowledged: as QI tells one. @returns its key */
  async request(key: string, options: RequestOptions = {}): Promise<string> {
    const webhook = proposalRequest({ key, cpf: newCpf(), ...options });
    await waitFor(`${key} to be acknowledged`, async () => {
      const status = await this.push(webhook);
      if (status !== 200 && status !== 503) throw new Error(`the webhook was answered ${status}`);
      return status === 200 ? true : undefined;
    });
    return key;
  }

  /** So many proposals have reached QI. */
  async qiHas(proposals: number): Promise<void> {
    const { received } = this.qi;
    await waitFor(`${proposals} proposals at QI`, () => (received.length >= proposals ? true : undefined));
  }

  async bidBecomes(auctionKey: string, status: string, timeoutMs = 5_000): Promise<void> {
    await waitFor(
      `the bid of ${auctionKey} to become ${status}`,
      async () => ((await this.bidStatuses(auctionKey)).at(-1) === status ? true : undefined),
      { timeoutMs },
    );
  }

  /** How many auctions stand where. */
  async auctionsByStatus(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.sql.query<{ status: string; count: number }>(
      `SELECT status, count(*)::int FROM auction GROUP BY status`,
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async exposureOf(auctionKey: string): Promise<readonly string[]> {
    const { rows } = await this.sql.query<{ status: string }>(
      `SELECT status FROM exposure WHERE auction_key = $1 ORDER BY changed_at`,
      [auctionKey],
    );
    return rows.map(({ status }) => status);
  }

  /** Nothing is wrong, or will be right in a moment. */
  audit(): Promise<void> {
    return audit(this.sql, this.qi);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
