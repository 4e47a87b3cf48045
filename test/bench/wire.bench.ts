/**
 * npm run bench -- wire [CALLS] [AT ONCE] [MS]: what the one POST that counts costs this process, by the client that
 * carries it, against a peer in a process of its own that answers after MS milliseconds. The clients take turns with the
 * same bytes; the best of the rounds counts, so that a busy machine slows them alike.
 */
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { pino } from 'pino';
import { Pool } from 'undici';
import type { Proposal } from '../../src/auction';
import { Decimal, systemClock } from '../../src/kernel';
import { ProposalWire } from '../../src/qi/proposal-wire';
import { QiClient } from '../../src/qi/qi-client';
import { QiKeys } from '../../src/qi/qi-keys';
import { QiMessages } from '../../src/qi/qi-message';
import { QiProposalDesk } from '../../src/qi/qi-proposal-desk';
import type { QiSettings } from '../../src/qi/qi-settings';

const [CALLS = 4000, AT_ONCE = 256, ANSWER_AFTER_MS = 5] = process.argv.slice(2).map(Number);
const ROUNDS = 3;
const CALL_TIMEOUT_MS = 30_000;

const PATH = ['private_payroll_auction', 'issuer_proposal_request', 'r-1', 'auction_proposal'];
const PROPOSAL: Proposal = {
  issuerProposalRequestKey: 'r-1',
  requestControlKey: '111e7ed3-4080-4cae-a853-8e12812817ea',
  amount: { kind: 'disbursed_issue_amount', value: new Decimal('15000') },
  monthlyInterestRate: new Decimal('0.0249'),
  numberOfInstallments: 48,
  purchaserDocumentNumber: '32402502000135',
  daysToExpiration: 10,
  rebates: [],
};
const BODY = {
  request_control_key: PROPOSAL.requestControlKey,
  disbursed_issue_amount: new Decimal('15000'),
  monthly_interest_rate: new Decimal('0.0249'),
  number_of_installments: 48,
  purchaser_document_number: PROPOSAL.purchaserDocumentNumber,
  days_to_expiration: 10,
};

type Call = () => Promise<void>;

interface Figures {
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

async function main(): Promise<void> {
  const peer = fork(join(__dirname, 'wire-peer.js'), [String(ANSWER_AFTER_MS)]);
  const port = await new Promise<number>((resolve) =>
    peer.once('message', (message) => {
      resolve(Number(message));
    }),
  );
  const clients = clientsFor(`http://127.0.0.1:${port}`);
  const best = new Map<string, Figures>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(clients)) {
      if (round === 0) await measure(call, CALLS / 4);
      const figures = await measure(call, CALLS);
      if (figures.cpuMs < (best.get(name)?.cpuMs ?? Infinity)) best.set(name, figures);
    }
  }
  peer.kill();
  console.log(
    `${CALLS} POSTs, ${AT_ONCE} at once, answered after ${ANSWER_AFTER_MS} ms; best of ${ROUNDS} rounds`,
  );
  console.table([...best].map(([client, figures]) => ({ client, ...shown(figures) })));
  mkdirSync('.data/reports', { recursive: true });
  const report = {
    calls: CALLS,
    atOnce: AT_ONCE,
    answerAfterMs: ANSWER_AFTER_MS,
    best: Object.fromEntries(best),
  };
  writeFileSync(
    '.data/reports/wire.json',
    `${JSON.stringify({ ...report, at: new Date().toISOString() }, null, 2)}\n`,
  );
  process.exit(0);
}

/** The first two and the last sign (here: not), write and read as the service does; the bare ones only carry bytes. */
function clientsFor(baseUrl: string): Readonly<Record<string, Call>> {
  const settings: QiSettings = {
    baseUrl,
    apiClientKey: 'bench',
    signing: 'none',
    webhookAuth: 'none',
    privateKeyPem: undefined,
    publicKeyPems: [],
    timeoutMs: CALL_TIMEOUT_MS,
    maxSockets: AT_ONCE,
    warmConnections: 0,
    maxResponseBytes: 1_048_576,
    notifications: { listPath: '', resendPath: '' },
    pageParameter: '',
    cancelRoutes: { auction: '', active: '' },
    reversalRoutes: { request: '', find: '' },
  };
  const messages = new QiMessages(settings, new QiKeys(settings), systemClock);
  const commands = new QiClient(new HttpService(axios.create()), settings, messages);
  const desk = new QiProposalDesk(
    new ProposalWire(settings, messages, systemClock),
    pino({ level: 'silent' }),
  );
  return {
    'as commands go (@nestjs/axios)': async () => {
      const exchange = await commands.exchange({
        method: 'POST',
        path: PATH,
        body: BODY,
        timeoutMs: CALL_TIMEOUT_MS,
      });
      if (exchange.kind !== 'answered') throw new Error(exchange.why);
    },
    'as proposals go (undici)': async () => {
      const until = new Date(Date.now() + CALL_TIMEOUT_MS);
      const answer = await desk.submit(PROPOSAL, { until, refusal: () => undefined });
      if (answer.kind !== 'accepted') throw new Error(answer.kind);
    },
    'bare node:http': bareNodeHttp(baseUrl),
    'bare undici': bareUndici(baseUrl),
  };
}

const BARE_BODY = Buffer.from(JSON.stringify(BODY));
const BARE_PATH = `/${PATH.join('/')}`;
const BARE_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

function bareNodeHttp(baseUrl: string): Call {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  return () =>
    new Promise((resolve, reject) => {
      const headers = { ...BARE_HEADERS, 'content-length': BARE_BODY.length };
      request(baseUrl + BARE_PATH, { method: 'POST', agent, headers }, (response) => {
        response.resume().once('end', resolve);
      })
        .once('error', reject)
        .end(BARE_BODY);
    });
}

function bareUndici(baseUrl: string): Call {
  const pool = new Pool(baseUrl, { connections: AT_ONCE, pipelining: 1 });
  return () =>
    new Promise((resolve, reject) => {
      const options = { path: BARE_PATH, method: 'POST', headers: BARE_HEADERS, body: BARE_BODY };
      pool.dispatch(options, {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => {
          resolve();
        },
        onResponseError: (_, error) => {
          reject(error);
        },
      });
    });
}

async function measure(call: Call, calls: number): Promise<Figures> {
  const latencies: number[] = [];
  let left = calls;
  const before = process.cpuUsage();
  const worker = async (): Promise<void> => {
    while ((left -= 1) >= 0) {
      const startedAt = performance.now();
      await call();
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(before);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1] ?? NaN;
  return { cpuMs: (user + system) / 1_000 / calls, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function shown({ cpuMs, p50Ms, p99Ms }: Figures) {
  return { 'CPU ms a call': cpuMs.toFixed(3), 'p50 ms': p50Ms.toFixed(1), 'p99 ms': p99Ms.toFixed(1) };
}

void main();
