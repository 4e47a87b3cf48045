import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import type { AuctionRow, Overview } from '../api/client';
import { readEvents } from './event-stream';

const KEPT = 200;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;

export interface LiveState {
  /** The last try brought nothing, or what came has ended: what is shown was so, and may be otherwise now. */
  readonly isLost: boolean;
  /** Whether anything has come at all. */
  readonly hasBegun: boolean;
  readonly overview: Overview | undefined;
  /** Newest first. */
  readonly auctions: readonly AuctionRow[];
  /** How far the service's clock is ahead of ours, for countdowns. */
  readonly clockAheadMs: number;
}

const START: LiveState = {
  isLost: false,
  hasBegun: false,
  overview: undefined,
  auctions: [],
  clockAheadMs: 0,
};

const LiveContext = createContext<LiveState>(START);

export function useLive(): LiveState {
  return use(LiveContext);
}

/** One connection for all pages; a lost one is shown and made again by itself. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState(START);

  useEffect(() => {
    const stop = new AbortController();
    void watch(stop.signal, setState);
    return () => {
      stop.abort();
    };
  }, []);

  return <LiveContext value={state}>{children}</LiveContext>;
}

type Update = (change: (state: LiveState) => LiveState) => void;

async function watch(signal: AbortSignal, update: Update): Promise<void> {
  let retryMs = FIRST_RETRY_MS;
  while (!isOver(signal)) {
    try {
      await readEvents('/api/v1/live', signal, ({ event, data }) => {
        retryMs = FIRST_RETRY_MS;
        if (event === 'auctions') update((state) => withAuctions(state, JSON.parse(data) as AuctionRow[]));
        if (event === 'overview') update((state) => withOverview(state, JSON.parse(data) as Overview));
      });
    } catch {
      // said on the page: isLost
    }
    if (isOver(signal)) return;
    update((state) => ({ ...state, isLost: true }));
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
}

/** Asked again after each wait: it may have happened meanwhile. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;

function withAuctions(state: LiveState, changed: readonly AuctionRow[]): LiveState {
  const byKey = new Map(state.auctions.map((auction) => [auction.issuer_proposal_request_key, auction]));
  for (const auction of changed) byKey.set(auction.issuer_proposal_request_key, auction);
  const auctions = [...byKey.values()]
    .sort((a, b) => (a.received_at < b.received_at ? 1 : -1))
    .slice(0, KEPT);
  return { ...state, isLost: false, hasBegun: true, auctions };
}

function withOverview(state: LiveState, overview: Overview): LiveState {
  const clockAheadMs = new Date(overview.as_of).getTime() - Date.now();
  return { ...state, isLost: false, hasBegun: true, overview, clockAheadMs };
}
