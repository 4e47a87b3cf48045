import { Pool } from 'pg';
import { ScriptedQi } from '../support/scripted-qi';
import { ServiceProcess } from '../support/service-process';
import { endConnections } from '../support/skewed-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

/** The real service on a real database, with a QI that does as it is told. */
export class AuctionWorld {
  protected constructor(
    readonly qi: ScriptedQi,
    readonly database: TestDatabase,
    readonly sql: Pool,
    readonly service: ServiceProcess,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<AuctionWorld> {
    const [qi, database] = await Promise.all([ScriptedQi.start(), createTestDatabase()]);
    const sql = new Pool({ connectionString: database.url, max: 4 });
    sql.on('error', () => undefined); // an idle connection cut when the database is dropped
    const service = await ServiceProcess.start({ databaseUrl: database.url, qiBaseUrl: qi.url, env });
    return new AuctionWorld(qi, database, sql, service);
  }

  async end(): Promise<void> {
    await this.service.stop();
    await this.qi.close();
    await this.sql.end();
    await this.database.drop();
  }

  /** Cuts the connections of every service, as a dying machine would: nothing that is under way commits. */
  endConnections(): Promise<void> {
    return endConnections(this.sql);
  }

  /** Pushes a webhook as QI does. @returns the status of the answer */
  async push(webhook: unknown): Promise<number> {
    return (await this.service.post('/webhooks/qi', webhook)).status;
  }

  async auctionStatus(key: string): Promise<string | undefined> {
    const { rows } = await this.sql.query<{ status: string }>(
      `SELECT status FROM auction WHERE issuer_proposal_request_key = $1`,
      [key],
    );
    return rows[0]?.status;
  }

  async operationStatus(key: string): Promise<string | undefined> {
    const { rows } = await this.sql.query<{ status: string }>(
      `SELECT status FROM operation WHERE credit_operation_key = $1`,
      [key],
    );
    return rows[0]?.status;
  }

  async bidStatuses(auctionKey: string): Promise<readonly string[]> {
    const { rows } = await this.sql.query<{ status: string }>(
      `SELECT status FROM bid WHERE auction_key = $1 ORDER BY ordinal`,
      [auctionKey],
    );
    return rows.map(({ status }) => status);
  }

  auctionBecomes(key: string, status: string, timeoutMs = 10_000): Promise<true> {
    return waitFor(
      `auction ${key} to become ${status}`,
      async () => ((await this.auctionStatus(key)) === status ? true : undefined),
      { timeoutMs },
    );
  }

  operationBecomes(key: string, status: string, timeoutMs = 10_000): Promise<true> {
    return waitFor(
      `operation ${key} to become ${status}`,
      async () => ((await this.operationStatus(key)) === status ? true : undefined),
      { timeoutMs },
    );
  }
}
