/**
 * The least that can answer auctions and lose none: a webhook read, a fixed proposal posted, and the three writes without
 * which something is lost: received, sending, answered. No signature, no policy, no price, no log.
 * BARE_WRITES=one makes each write a commit of its own; =grouped commits together what is ready together.
 */
import { randomUUID } from 'node:crypto';
import { Agent, createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';

interface Write {
  readonly key: string;
  readonly body: string | null;
  readonly done: () => void;
}

const isGrouped = process.env['BARE_WRITES'] === 'grouped';
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: isGrouped ? 3 : 16 });
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const qi = new URL(process.env['QI_BASE_URL'] ?? '');

const RECEIVED = `INSERT INTO bare (key, body, status) SELECT key, body, 'received'
  FROM unnest($1::text[], $2::text[]) AS t (key, body) ON CONFLICT DO NOTHING`;
const statusTo = (status: string): string =>
  `UPDATE bare SET status = '${status}' FROM unnest($1::text[], $2::text[]) AS t (k, b) WHERE key = k`;

/** A step whose writes wait for each other, or not. */
class Step {
  #waiting: Write[] = [];
  #busy = false;

  constructor(
    private readonly name: string,
    private readonly text: string,
  ) {}

  write(key: string, body: string | null = null): Promise<void> {
    if (!isGrouped) return this.#commit([{ key, body, done: () => undefined }]);
    return new Promise((done) => {
      this.#waiting.push({ key, body, done });
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    await new Promise((turn) => setImmediate(turn));
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, 200));
    this.#busy = false;
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    await pool.query({
      name: this.name,
      text: this.text,
      values: [writes.map(({ key }) => key), writes.map(({ body }) => body)],
    });
    for (const { done } of writes) done();
  }
}

const received = new Step('received', RECEIVED);
const sending = new Step('sending', statusTo('sending'));
const answered = new Step('answered', statusTo('answered'));

async function answer(text: string, acknowledge: () => void): Promise<void> {
  const { key } = JSON.parse(text) as { key: string };
  await received.write(key, text);
  acknowledge();
  await sending.write(key);
  await post(key);
  await answered.write(key);
}

function post(key: string): Promise<void> {
  const proposal = JSON.stringify({
    request_control_key: randomUUID(),
    disbursed_issue_amount: 1000,
    monthly_interest_rate: 0.02,
    number_of_installments: 10,
    purchaser_document_number: '11222333000181',
    days_to_expiration: 1,
  });
  return new Promise((resolve, reject) => {
    httpRequest(
      {
        host: qi.hostname,
        port: qi.port,
        method: 'POST',
        path: `/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`,
        agent,
        headers: { 'content-type': 'application/json', 'content-length': proposal.length },
      },
      (response) => response.resume().once('end', resolve),
    )
      .once('error', reject)
      .end(proposal);
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function main(): Promise<void> {
  await pool.query('CREATE TABLE bare (key text PRIMARY KEY, body text, status text NOT NULL)');
  const server = createServer((incoming, response) => {
    void bodyOf(incoming).then((text) =>
      answer(text, () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}')),
    );
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ port: (server.address() as AddressInfo).port });
  });
}

void main();
