import type { QiSandbox } from './sandbox';

const TICK_MS = 10;
/** While none is wanted: a pace set by control holds after this at the latest. */
const REST_MS = 100;
/** After a pause of the process (a laptop's sleep, a long collection) the backlog is not made up for. */
const MOST_PER_TICK = 50;

/** Opens auctions at the configured pace, evenly, until stopped. A pace changed by control holds from the next tick. */
export function keepPace(sandbox: QiSandbox): () => void {
  let owed = 0;
  let last = performance.now();
  let timer: NodeJS.Timeout;
  const tick = (): void => {
    const now = performance.now();
    owed += ((now - last) / 60_000) * sandbox.behaviour.pace.auctions_per_minute;
    last = now;
    for (let opened = 0; owed >= 1 && opened < MOST_PER_TICK; opened += 1, owed -= 1) sandbox.openAuction();
    owed %= 1;
    next();
  };
  const next = (): void => {
    timer = setTimeout(tick, sandbox.behaviour.pace.auctions_per_minute > 0 ? TICK_MS : REST_MS);
  };
  next();
  return () => {
    clearTimeout(timer);
  };
}
