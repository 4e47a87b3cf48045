/**
 * The least that loses nothing: a webhook comes in, three durable writes (received, sending, answered), one proposal
 * with fixed terms. No decision, no limit, no recovery. Argument: how it writes, `one-by-one` or `group-committed`.
 */
import { randomUUID } from 'node:crypto';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GroupCommittedStore, OneByOneStore, type BareStore } from './bare-store';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const qiUrl = process.env['QI_BASE_URL'] ?? '';

async function main(): Promise<void> {
  const databaseUrl = process.env['DATABASE_URL'] ?? '';
  const store: BareStore =
    process.argv[2] === 'group-committed'
      ? await GroupCommittedStore.open(databaseUrl)
      : await OneByOneStore.open(databaseUrl);
  const server = createServer((webhook, response) => {
    void bodyOf(webhook).then(async (text) => {
      const key = (JSON.parse(text) as { data: { issuer_proposal_request_key: string } }).data
        .issuer_proposal_request_key;
      const isNew = await store.received(key, text);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      if (isNew) await bid(store, key);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

async function bid(store: BareStore, key: string): Promise<void> {
  const proposal = JSON.stringify({
    request_control_key: randomUUID(),
    disbursed_issue_amount: 1000,
    monthly_interest_rate: 0.0249,
    number_of_installments: 10,
    purchaser_document_number: '11222333000181',
    days_to_expiration: 7,
  });
  await store.sending(key, proposal);
  await store.answered(key, await post(key, proposal));
}

function post(key: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const path = `${qiUrl}/private_payroll_auction/issuer_proposal_request/${key}/auction_proposal`;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    request(path, { method: 'POST', agent, headers }, (response) => {
      bodyOf(response).then(resolve, reject);
    })
      .once('error', reject)
      .end(body);
  });
}

function bodyOf(message: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    message.once('error', reject);
  });
}

process.on('disconnect', () => process.exit(0));
void main();
