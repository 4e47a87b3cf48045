/**
 * QI for the benchmark, in a process of its own: takes every proposal and accepts it after MS milliseconds, as cheaply
 * as it can, and remembers when it had each one whole. Asked over IPC: 'count', 'report'.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now } from './clock';

const answerAfterMs = Number(process.argv[2] ?? 20);
const PATH = /\/issuer_proposal_request\/([^/]+)\/auction_proposal$/;

/** Proposals since the last report, by request: when the first came. */
const fresh = new Map<string, number>();
/** Of all time: how many proposals each request got. */
const proposals = new Map<string, number>();
let bids = 0;

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const key = PATH.exec(request.url ?? '')?.[1];
    if (key === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const before = proposals.get(key) ?? 0;
    proposals.set(key, before + 1);
    if (before === 0) {
      fresh.set(key, now());
      bids += 1;
    }
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(accepted(key));
    }, answerAfterMs);
  });
});
server.keepAliveTimeout = 60_000;

function accepted(key: string): string {
  return `{"auction_proposal_key":"${randomUUID()}","issuer_proposal_request_key":"${key}","status":"bid","proposal_score":0.4,"inclusion_date":"${new Date().toISOString()}","rank_position":1}`;
}

process.on('message', (question) => {
  if (question === 'count') process.send?.({ bids });
  if (question === 'report') {
    const repeated = [...proposals.values()].filter((times) => times > 1).length;
    process.send?.({ received: [...fresh], repeated });
    fresh.clear();
  }
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
