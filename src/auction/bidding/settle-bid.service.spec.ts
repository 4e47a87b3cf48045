import { Registry } from 'prom-client';
import type { Logger, Settings, Trace } from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import type { LiveBid } from './bid-rows';
import type { AuctionLedger } from './ledger';
import { SettleBidService, type Settlement } from './settle-bid.service';

type TraceAttributes = Parameters<Trace['end']>[1];

/** What the trace of an auction tells whoever collects traces. */
async function tracedReason(settlement: Settlement): Promise<unknown> {
  const told: TraceAttributes[] = [];
  const trace = {
    step: () => undefined,
    end: (_: Date, attributes: TraceAttributes) => void told.push(attributes),
  } as unknown as Trace;
  const service = new SettleBidService(
    undefined as never,
    { settle: () => Promise.resolve() } as unknown as AuctionLedger,
    undefined as never,
    { id: 'us' } as never,
    undefined as never,
    undefined as never,
    { notBid: () => undefined } as never,
    { now: () => new Date(0), monotonicMs: () => 0 },
    {
      engine: { auction: { batch_max: 1, queue_max: 1 }, database: { commit_every_ms: 0 } },
    } as unknown as Settings,
    { warn: () => undefined, error: () => undefined } as unknown as Logger,
    new Registry(),
  );
  const job = { key: 'an-auction', trace } as unknown as AuctionJob;
  await service.settle(job, { ordinal: 1, submitBy: new Date(0) } as LiveBid, settlement, []);
  return told[0]?.['auction.reason'];
}

it.each([
  ["QI's words", 'withdrawn', 'GDF000014: Maria da Silva não tem chave', 'GDF000014'],
  ["QI's words after an answer that was lost", 'unknown', 'QIT000006: Maria da Silva', 'QIT000006'],
  ['words without a code', 'withdrawn', 'Maria da Silva', 'other'],
  ['words that begin as a code of ours', 'withdrawn', 'circuit_open: Maria da Silva', 'other'],
  ['a status', 'withdrawn', 'HTTP 429', 'HTTP 429'],
  ['a status and why it was not believed', 'unknown', "HTTP 200 without QI's signature: none", 'HTTP 200'],
  ['a status that stayed', 'unknown', 'http_503', 'http_503'],
  ['a fault of the network', 'unknown', 'ECONNRESET', 'ECONNRESET'],
  ['another one', 'unknown', 'UND_ERR_SOCKET', 'UND_ERR_SOCKET'],
  ['a reason of ours', 'withdrawn', 'circuit_open', 'circuit_open'],
] as const)('a trace tells why there is no bid, without what QI wrote: %s', async (_, kind, why, told) => {
  expect(await tracedReason({ kind, why })).toBe(told);
});
