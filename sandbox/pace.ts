import type { QiSandbox } from './sandbox';

const TICK_MS = 10;
/** After a pause of the process (a laptop's sleep, a long collection) the backlog is not made up for. */
const MOST_PER_TICK = 50;

/** Opens auctions at the configured pace, evenly, until stopped. A pace changed by control holds from the next tick. */
export function keepPace(sandbox: QiSandbox): () => void {
  let owed = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    owed += ((now - last) / 60_000) * sandbox.behaviour.pace.auctions_per_minute;
    last = now;
    for (let opened = 0; owed >= 1 && opened < MOST_PER_TICK; opened += 1, owed -= 1) sandbox.openAuction();
    owed %= 1;
  }, TICK_MS);
  return () => {
    clearInterval(timer);
  };
}
