import { Pool } from 'pg';
import { startSandbox, type BehaviourChange, type Sandbox } from '../../sandbox';
import { ACCEPTABLE_REQUEST } from '../support/acceptable-request';
import { engineFile } from '../support/engine-file';
import { ServiceProcess, type Answer } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

type AuctionOverrides = Parameters<Sandbox['control']['openAuction']>[0];

export type LoanPlan = NonNullable<NonNullable<AuctionOverrides>['loan']>;

interface TaskRow {
  readonly kind: string;
  readonly reason_code: string;
  readonly message: string;
}

/** The service as a process of its own, a QI that walks its loans to their end over HTTP, and nobody who helps them. */
export class SandboxWorld {
  private constructor(
    readonly sandbox: Sandbox,
    readonly database: TestDatabase,
    readonly sql: Pool,
    readonly service: ServiceProcess,
  ) {}

  static async start(
    engine: Parameters<typeof engineFile>[0],
    behaviour: BehaviourChange = { pace: { window_seconds: 3, step_seconds: 0.3 } },
    more: Readonly<Record<string, string>> = {},
  ): Promise<SandboxWorld> {
    const [sandbox, database] = await Promise.all([startSandbox({ behaviour }), createTestDatabase()]);
    const sql = new Pool({ connectionString: database.url, max: 4 });
    sql.on('error', () => undefined); // an idle connection cut when the database is dropped
    const env = { ARREMATE_ENGINE_FILE: engineFile(engine), ...more };
    const service = await ServiceProcess.start({ databaseUrl: database.url, qiBaseUrl: sandbox.url, env });
    sandbox.control.deliverTo(`${service.url}/webhooks/qi`);
    return new SandboxWorld(sandbox, database, sql, service);
  }

  async end(): Promise<void> {
    await this.service.stop();
    await this.sandbox.close();
    await this.sql.end();
    await this.database.drop();
  }

  /** An auction that nobody else bids in, for a borrower whom the policy takes. */
  openAuction({ request, ...overrides }: NonNullable<AuctionOverrides> = {}): string {
    return this.sandbox.control.openAuction({
      borrower: 'clean',
      rivals: [],
      request: {
        ...ACCEPTABLE_REQUEST,
        ...request,
      },
      ...overrides,
    }).key;
  }

  /** A loan that QI knows without any auction of ours. */
  async openLoan(credit_operation_key: string, plan: LoanPlan): Promise<void> {
    const body = JSON.stringify({ credit_operation_key, plan });
    const answer = await fetch(`${this.sandbox.url}/_control/loans`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`the sandbox says ${await answer.text()}`);
  }

  async auction(key: string): Promise<{ status: string; credit_operation_key: string | null } | undefined> {
    const { rows } = await this.sql.query<{ status: string; credit_operation_key: string | null }>(
      `SELECT status, credit_operation_key FROM auction WHERE issuer_proposal_request_key = $1`,
      [key],
    );
    return rows[0];
  }

  auctionBecomes(key: string, status: string): Promise<string | null> {
    return waitFor(
      `the auction to become ${status}`,
      async () => {
        const row = await this.auction(key);
        return row?.status === status ? row.credit_operation_key : undefined;
      },
      { timeoutMs: 20_000 },
    );
  }

  /** The loan that an auction ends in. */
  async wonLoan(auctionKey: string): Promise<string> {
    return (await this.auctionBecomes(auctionKey, 'won')) ?? '';
  }

  operationBecomes(key: string, status: string): Promise<true> {
    return waitFor(
      `the operation to become ${status}`,
      async () => {
        const { rows } = await this.sql.query<{ status: string }>(
          `SELECT status FROM operation WHERE credit_operation_key = $1`,
          [key],
        );
        if (rows[0]?.status === 'awaiting_authorization') await this.agreeIfSampled(key);
        return rows[0]?.status === status ? true : undefined;
      },
      { timeoutMs: 20_000 },
    );
  }

  /** One signature in twenty is drawn for a person to look at; here the person agrees. */
  private async agreeIfSampled(key: string): Promise<void> {
    const tasks = await this.openTasks(key);
    if (tasks.some(({ reason_code }) => reason_code === 'sampled'))
      await this.service.post(`/api/v1/operations/${key}/authorize`, {});
  }

  async openTasks(key: string): Promise<readonly TaskRow[]> {
    const { rows } = await this.sql.query<TaskRow>(
      `SELECT kind, reason_code, message FROM task WHERE credit_operation_key = $1 AND status <> 'resolved' ORDER BY kind`,
      [key],
    );
    return rows;
  }

  loanOf(key: string): ReturnType<Sandbox['control']['ledger']>['loans'][number] | undefined {
    return this.sandbox.control.ledger().loans.find((loan) => loan.credit_operation_key === key);
  }

  /** Somebody with a token of their own. @returns requests as they send them */
  async person(
    name: string,
    ...roles: readonly string[]
  ): Promise<(path: string, body?: unknown) => Promise<Answer>> {
    const { body } = await this.service.post('/api/v1/tokens', { name, roles });
    const { token } = body as { readonly token: string };
    return (path, sent = {}) =>
      this.service.post(`/api/v1/${path}`, sent, { authorization: `Bearer ${token}` });
  }

  /** QI loses this share of its webhooks on the way. */
  lose(share: 0 | 1): void {
    this.sandbox.control.setBehaviour({ webhooks: { drop_rate: share } });
  }

  /** Until QI has tried, and failed, to tell it. */
  lost(what: RegExp): Promise<unknown> {
    const find = () =>
      this.sandbox.control
        .ledger()
        .webhooks.find((each) => what.test(JSON.stringify(each)) && each.callback_status === 'failed');
    return waitFor(`QI to lose ${String(what)}`, find, { timeoutMs: 30_000 });
  }
}
