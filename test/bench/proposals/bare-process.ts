/**
 * The least that makes an offer and loses nothing: a webhook comes in and is written down, the balance is read, each fee
 * table is simulated, what came of it is written down. Nobody is judged, nothing is priced, no figure is compared.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { bodyOf } from './body-of';
import { PERIODS } from './caixa';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const qiUrl = process.env['QI_BASE_URL'] ?? '';
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 16 });
/** As many as the seed policy has fee tables, at their rates. */
const ANNUAL_RATES = [0.23143931, 0.20839066];

const TABLES = `
  CREATE TABLE webhook (key text PRIMARY KEY, body text NOT NULL, received_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE offer (key text PRIMARY KEY, balance text NOT NULL, simulations text[] NOT NULL)`;

async function main(): Promise<void> {
  await pool.query(TABLES);
  const server = createServer((webhook, response) => {
    void bodyOf(webhook).then(async (text) => {
      const { key } = JSON.parse(text) as { key: string };
      const isNew = await received(key, text);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      if (isNew) await offer(key);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}

async function received(key: string, body: string): Promise<boolean> {
  const text = `INSERT INTO webhook (key, body) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
  return (await pool.query({ name: 'received', text, values: [key, body] })).rowCount === 1;
}

async function offer(key: string): Promise<void> {
  const balance = await ask('GET', `/baas/v2/fgts/available_balance/${key}`);
  const simulations: string[] = [];
  for (const rate of ANNUAL_RATES)
    simulations.push(await ask('POST', '/baas/fgts_simulation', simulation(rate)));
  const text = `INSERT INTO offer (key, balance, simulations) VALUES ($1, $2, $3)`;
  await pool.query({ name: 'offer', text, values: [key, balance, simulations] });
}

/** In two days: nobody here knows a calendar, and the benchmark is not run on a Friday's midnight. */
const disbursementDate = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

function simulation(annual_interest_rate: number): string {
  return JSON.stringify({
    borrower: { person_type: 'natural', individual_document_number: '46338864879' },
    financial: {
      desired_installments: PERIODS.map(({ due_date, amount }) => ({ due_date, total_amount: amount })),
      interest_type: 'pre_price_days',
      disbursement_date: disbursementDate,
      fine_configuration: { monthly_rate: 0, interest_base: 'calendar_days', contract_fine_rate: 0 },
      annual_interest_rate,
      credit_operation_type: 'ccb',
      interest_grace_period: 0,
      number_of_installments: PERIODS.length,
      principal_grace_period: 0,
    },
  });
}

function ask(method: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body ?? '') };
    request(`${qiUrl}${path}`, { method, agent, headers }, (response) => {
      bodyOf(response).then(resolve, reject);
    })
      .once('error', reject)
      .end(body);
  });
}

process.on('disconnect', () => process.exit(0));
void main();
