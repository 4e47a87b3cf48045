/**
 * QI for a measurement, as a process of its own: takes every proposal, answers 20 ms later, and knows when each came.
 * GET /received tells; POST /forget begins anew.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER_MS = 20;
const PROPOSAL = /issuer_proposal_request\/([^/]+)\/auction_proposal$/;

let received: Record<string, number[]> = {};

const server = createServer((request, response) => {
  const json = (body: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.url === '/received') {
    json(received);
    return;
  }
  if (request.url === '/forget') {
    received = {};
    json({});
    return;
  }
  const key = PROPOSAL.exec(request.url ?? '')?.[1] ?? '';
  request.resume().once('end', () => {
    (received[key] ??= []).push(Date.now());
    setTimeout(() => {
      json({
        auction_proposal_key: randomUUID(),
        issuer_proposal_request_key: key,
        status: 'bid',
        rank_position: 1,
      });
    }, ANSWER_MS);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
