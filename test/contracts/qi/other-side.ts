import { createHash, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { pino } from 'pino';
import type { SendingPermit } from '../../../src/platform';
import type { Clock } from '../../../src/kernel';
import { ProposalWire } from '../../../src/qi/proposal-wire';
import { QiClient } from '../../../src/qi/qi-client';
import { QiDocumentShelf } from '../../../src/qi/qi-document-shelf';
import { DebtCalls } from '../../../src/qi/debt-calls';
import {
  QiFederalPayrollDesk,
  type FederalPayrollQiSettings,
} from '../../../src/qi/qi-federal-payroll-desk';
import { QiFgtsDesk } from '../../../src/qi/qi-fgts-desk';
import { QiKeys } from '../../../src/qi/qi-keys';
import { QiMessages } from '../../../src/qi/qi-message';
import { QiNotificationDesk } from '../../../src/qi/qi-notification-desk';
import { QiProposalDesk } from '../../../src/qi/qi-proposal-desk';
import { QiReservationDesk } from '../../../src/qi/qi-reservation-desk';
import type { QiSettings } from '../../../src/qi/qi-settings';
import { QiWebhookGate } from '../../../src/qi/webhook-gate';

/**
 * The other end of the wire, written with node:crypto alone, so that a mistake in our signing cannot agree with
 * itself in our verifying.
 */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

export function keyPair(namedCurve = 'secp521r1'): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    privateKey,
    publicKey,
    // SEC1 ("BEGIN EC PRIVATE KEY") is what QI's instructions make ssh-keygen write.
    privatePem: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url');
const md5 = (bytes: string | Buffer): string => createHash('md5').update(bytes).digest('hex');

export function jwt(
  claims: string | object,
  key: KeyObject,
  header: object = { typ: 'JWT', alg: 'ES512' },
): string {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const signed = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
  return `${signed}.${base64url(sign('sha512', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }))}`;
}

/** The payload's text when the token is ES512 by this key. */
export function openJwt(token: string, key: KeyObject): string | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string };
  const data = Buffer.from(`${header}.${payload}`);
  const good = verify(
    'sha512',
    data,
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  return alg === 'ES512' && good ? Buffer.from(payload, 'base64url').toString() : undefined;
}

export interface OutgoingMessage {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export const API_CLIENT_KEY = 'b1a5e6d0-0000-4000-8000-000000000001';
export const WEBHOOK_URI = '/webhooks/qi';

/** A webhook as QI signs it now. */
export function jwtV2Webhook(body: string, key: KeyObject, claims: object = {}): OutgoingMessage {
  const token = jwt(
    {
      payload_md5: md5(body),
      timestamp: '2025-03-20T14:47:43.759844Z',
      method: 'POST',
      uri: WEBHOOK_URI,
      ...claims,
    },
    key,
  );
  return { headers: { authorization: token, 'content-type': 'application/json' }, body };
}

/** A message in QI's older scheme: a webhook, or the answer to a request of ours. */
export function encodedMessage(
  json: string,
  key: KeyObject,
  over: { method?: string; endpoint?: string; apiKey?: string; md5?: string; bodyKey?: KeyObject } = {},
): OutgoingMessage {
  const token = jwt(json, over.bodyKey ?? key);
  const textToSign = [
    over.method ?? 'POST',
    over.md5 ?? md5(token),
    'application/json',
    'Thu, 20 Mar 2025 14:47:43 GMT',
    over.endpoint ?? WEBHOOK_URI,
  ].join('\n');
  const apiKey = over.apiKey ?? API_CLIENT_KEY;
  return {
    headers: {
      authorization: `QIT ${apiKey}:${jwt({ sub: apiKey, signature: textToSign }, key)}`,
      'api-client-key': apiKey,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ encoded_body: token }),
  };
}

interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** What a server does with a request: answers it, or takes the connection into its own hands. */
export type Behaviour = (
  request: Received,
  socket: Socket,
) => Answer | undefined | Promise<Answer | undefined>;

export interface LoopbackServer {
  readonly baseUrl: string;
  readonly requests: Received[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export async function startServer(initial: Behaviour = () => ({})): Promise<LoopbackServer> {
  let behaviour = initial;
  const requests: Received[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(async (body) => {
      const received = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body,
      };
      requests.push(received);
      const answer = await behaviour(received, incoming.socket);
      if (answer !== undefined)
        outgoing.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export const NOW = new Date('2025-03-20T14:47:44.123Z');
export const clock: Clock = { now: () => NOW, monotonicMs: () => performance.now() };

/** Nothing speaks against sending for so long. */
export function within(timeoutMs: number): SendingPermit {
  return { until: new Date(NOW.getTime() + timeoutMs), refusal: () => undefined };
}

export interface OurSide {
  readonly client: QiClient;
  readonly documents: QiDocumentShelf;
  readonly fgts: QiFgtsDesk;
  readonly federalPayroll: (changes?: Partial<FederalPayrollQiSettings>) => QiFederalPayrollDesk;
  readonly wire: ProposalWire;
  readonly notifications: QiNotificationDesk;
  readonly proposals: QiProposalDesk;
  readonly reservations: QiReservationDesk;
  readonly gate: QiWebhookGate;
  readonly logged: string[];
}

/** As config/engine.yaml has them. */
const fgtsRoutes = {
  query_balance: 'POST baas/v2/fgts/available_balance',
  read_balance: 'GET baas/v2/fgts/available_balance/{available_balance_key}',
  cancel_query: 'DELETE baas/v2/fgts/available_balance/{available_balance_key}',
  simulate_maximum: 'POST baas/fgts_simulation',
  simulate_target: 'POST baas/fgts_simulation_guess',
  issue: 'POST debt',
  find_issued: 'GET debt',
};

const federalPayrollSettings: FederalPayrollQiSettings = {
  query_balance: 'POST federal_payroll/balance',
  simulate: 'POST debt_simulation',
  issue: 'POST debt',
  find_issued: 'GET debt',
  open_account: 'POST account',
  open_batch: 'POST document/document_batch',
  refinancing_account: 'external',
  batch_signature: false,
  purchaser_document_number: '01272247000120',
};

/** Our module, put together by hand against `baseUrl`. */
export function ourSide(
  settings: Partial<QiSettings> & { readonly baseUrl: string },
  time = clock,
): OurSide {
  const all: QiSettings = {
    apiClientKey: API_CLIENT_KEY,
    signing: 'none',
    webhookAuth: 'none',
    privateKeyPem: undefined,
    publicKeyPems: [],
    timeoutMs: 5_000,
    maxSockets: 4,
    warmConnections: 0,
    maxResponseBytes: 100_000,
    notifications: {
      listPath: 'notification/events',
      resendPath: 'notification/events/{event_key}/callbacks/{callback_key}',
    },
    pageParameter: 'page',
    cancelRoutes: {
      auction: 'POST debt/{credit_operation_key}/cancel_permanently',
      active: 'POST debt/{credit_operation_key}/cancel_permanently',
    },
    reversalRoutes: {
      request: 'POST debt/reversal',
      find: 'GET credit_operation/{credit_operation_key}/pix_qrcode',
    },
    ...settings,
  };
  const logged: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const keys = new QiKeys(all);
  const messages = new QiMessages(all, keys, time);
  const client = new QiClient(new HttpService(axios.create()), all, messages);
  const calls = new DebtCalls(client, clock);
  const wire = new ProposalWire(all, messages, time);
  return {
    client,
    documents: new QiDocumentShelf(client),
    fgts: new QiFgtsDesk(calls, fgtsRoutes),
    federalPayroll: (changes = {}) => new QiFederalPayrollDesk(calls, { ...federalPayrollSettings, ...changes }),
    wire,
    notifications: new QiNotificationDesk(client, all),
    proposals: new QiProposalDesk(wire, logger),
    reservations: new QiReservationDesk(client, all, clock),
    gate: new QiWebhookGate(all, keys, clock, logger),
    logged,
  };
}
