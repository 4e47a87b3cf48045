/**
 * QI for the benchmark of proposals, in a process of its own: answers every call after MS milliseconds, as cheaply as it
 * can. Each simulation is priced once by the sandbox's own reading of the contract, and remembered.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultBehaviour } from '../../../sandbox/behaviour';
import { simulateMaximum } from '../../../sandbox/fgts/simulations';
import { calendarDateAt, parseJson, stringifyJson, type JsonObject } from '../../../src/kernel';
import { bodyOf } from './body-of';
import { PERIODS } from './caixa';

const answerAfterMs = Number(process.argv[2] ?? 20);
const { contract } = defaultBehaviour();
const simulations = new Map<string, string>();

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const answer = answerOf(`${String(request.method)} ${String(request.url)}`, body);
    setTimeout(() => {
      response
        .writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
        .end(answer ?? '{}');
    }, answerAfterMs);
  });
});
server.keepAliveTimeout = 60_000;

function answerOf(call: string, body: string): string | undefined {
  if (call === 'POST /baas/v2/fgts/available_balance')
    return JSON.stringify({ available_balance_key: randomUUID(), status: 'pending', status_events: [] });
  if (call.startsWith('GET /baas/v2/fgts/available_balance/')) return BALANCE;
  return call === 'POST /baas/fgts_simulation' ? simulated(body) : undefined;
}

const BALANCE = JSON.stringify({
  status: 'success',
  number_of_active_contracts: 0,
  has_unavailable_balance: false,
  periods: PERIODS,
  has_succeeded: true,
});

function simulated(text: string): string {
  const body = parseJson(text) as JsonObject;
  const financial = stringifyJson(body['financial'] ?? null);
  const known = simulations.get(financial);
  if (known !== undefined) return known;
  const now = new Date();
  const answer = stringifyJson(simulateMaximum(body, now, calendarDateAt(now), contract).body);
  simulations.set(financial, answer);
  return answer;
}

process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
