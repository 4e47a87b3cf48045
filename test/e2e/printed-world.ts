import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { startServer, type Answer as QiAnswer, type LoopbackServer } from '../contracts/qi/other-side';
import { payloadNames, payloadText } from '../contracts/qi/payloads';
import { engineFile } from '../support/engine-file';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';
import type { Proposal } from './proposal-world';

export type Json = Record<string, unknown>;
type Engine = Parameters<typeof engineFile>[0];
/** What QI answers to `POST /debt`; undefined where it has nothing. */
type AnswerOf = (call: string, body: Buffer) => Json | undefined;

/**
 * The built service and a QI that answers with the documents of one product's manual, word for word. What is printed
 * and taken by nobody is told.
 */
export class PrintedWorld {
  readonly #used = new Set<string>();
  #qi!: LoopbackServer;
  #database!: TestDatabase;
  #sql!: Pool;
  #service!: ServiceProcess;

  /** @param balanceKeys by CPF: what QI calls the latest query */
  constructor(
    private readonly product: 'fgts' | 'federal_payroll',
    readonly balanceKeys = new Map<string, string>(),
  ) {}

  get sql(): Pool {
    return this.#sql;
  }

  get service(): ServiceProcess {
    return this.#service;
  }

  async start(answerOf: AnswerOf, engine: Engine = {}): Promise<void> {
    const behave = ({ method, url, body }: { method: string; url: string; body: Buffer }): QiAnswer => {
      const answer = answerOf(`${method} ${url}`, body);
      return answer === undefined ? { status: 404, body: '{}' } : { body: JSON.stringify(answer) };
    };
    [this.#qi, this.#database] = await Promise.all([startServer(behave), createTestDatabase()]);
    this.#sql = new Pool({ connectionString: this.#database.url, max: 2 });
    this.#sql.on('error', () => undefined); // an idle connection cut when the database is dropped
    const pace = { poll_ms: 100, retry_base_ms: 50 };
    const origination = { ...pace, queries_per_second: 50, sweep_ms: 200, ...engine };
    const env = { ARREMATE_ENGINE_FILE: engineFile({ origination, operation: pace }) };
    const { url: databaseUrl } = this.#database;
    this.#service = await ServiceProcess.start({ databaseUrl, qiBaseUrl: this.#qi.baseUrl, env });
  }

  async end(): Promise<void> {
    await this.#service.stop();
    await this.#qi.close();
    await this.#sql.end();
    await this.#database.drop();
  }

  /** A printed document with its placeholders (`<CPF SERVIDOR>`) filled in, changed where a test says so. */
  printed(name: string, changes: Json = {}, placeholders: Readonly<Record<string, string>> = {}): Json {
    const path = `${this.#folder}/${name}`;
    this.#used.add(path);
    const fill = (_: string, value: unknown): unknown =>
      typeof value === 'string' ? (placeholders[value] ?? value) : value;
    return { ...(JSON.parse(payloadText(path), fill) as Json), ...changes };
  }

  /** What the manual prints and nobody has taken yet. */
  leftOut(): readonly string[] {
    return payloadNames.filter((name) => name.startsWith(`${this.#folder}/`) && !this.#used.has(name));
  }

  get #folder(): string {
    return this.product.replaceAll('_', '-');
  }

  /** What QI calls the latest query of a borrower. */
  balanceKey(cpf: string): string {
    const key = this.balanceKeys.get(cpf) ?? randomUUID();
    this.balanceKeys.set(cpf, key);
    return key;
  }

  /** What QI has been sent by one call, in order. */
  sent(call: string): Json[] {
    return this.#qi.requests
      .filter(({ method, url }) => `${method} ${url}` === call)
      .map(({ body }) => JSON.parse(body.toString()) as Json);
  }

  async read(id: string): Promise<Proposal> {
    return (await this.#service.get(`/api/v1/proposals/${id}`)).body as Proposal;
  }

  async becomes(id: string, status: string): Promise<Proposal> {
    let last: Proposal | undefined;
    return waitFor(`the proposal to become ${status}`, async () => {
      last = await this.read(id);
      return last.status === status ? last : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    });
  }

  /** A proposal whose query QI has answered with a key. */
  async queried(document_number: string, more: Json = {}): Promise<{ id: string; key: string }> {
    const { product } = this;
    const answer = await this.#service.post('/api/v1/proposals', { product, document_number, ...more });
    expect(answer).toMatchObject({ status: 202, body: { status: 'querying' } });
    const { proposal_id: id } = answer.body as { proposal_id: string };
    await waitFor('the query to be answered', async () =>
      (await this.read(id)).events.find(({ kind }) => kind === 'balance_queried'),
    );
    return { id, key: this.balanceKey(document_number) };
  }

  async push(webhook: Json): Promise<void> {
    expect((await this.#service.post('/webhooks/qi', webhook)).status).toBe(200);
  }

  async operationIs(key: string, status: string, margin?: string): Promise<void> {
    await waitFor(`the operation to be ${status}`, async () => {
      const { rows } = await this.#sql.query<{ status: string; margin_status: string | null }>(
        `SELECT status, margin_status FROM operation WHERE credit_operation_key = $1`,
        [key],
      );
      return rows[0]?.status === status && (margin === undefined || rows[0].margin_status === margin)
        ? true
        : undefined;
    });
  }

  /** By a person other than the first, as it has to be. */
  async clearReview(id: string): Promise<void> {
    const asked = { name: `bia-${id}`, roles: ['operator'] };
    const { body } = await this.#service.post('/api/v1/tokens', asked);
    const headers = { authorization: `Bearer ${(body as { token: string }).token}` };
    const reason = { reason: 'conferido com a QI' };
    const answer = await this.#service.post(`/api/v1/proposals/${id}/clear_review`, reason, headers);
    expect(answer).toMatchObject({ status: 202 });
    await this.becomes(id, 'offered');
  }
}
