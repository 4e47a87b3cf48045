import { Readable } from 'node:stream';
import { AuctionSearch } from '../../src/history/auction-search.service';
import { Periodic } from '../../src/platform';
import type { PeriodicWork } from '../../src/platform/process/periodic';
import * as retentionPeriods from '../../src/retention/retention-periods';
import type { ObservedDay } from '../../src/winning/domain';
import * as nightThread from '../../src/winning/night-thread';
import { currentOwner, type SimulatedOwner } from './replaced-runtime';

/** What of the product is done otherwise in a program that lives are played in, from its import on. */

/** Whose each periodic work is: a process of its own would know of none but its own. */
const periodicWork = new WeakMap<Periodic, SimulatedOwner>();
const everybodys = Periodic.all.bind(Periodic);
Periodic.all = () => workOf(currentOwner.getStore());

export function workOf(owner: SimulatedOwner | undefined): ReadonlySet<Periodic> {
  return new Set([...everybodys()].filter((work) => periodicWork.get(work) === owner));
}

/** At rest nothing is looked for more often than this. */
export const RESTING_MS = 3_600_000;
const start = Reflect.get<Periodic, 'start'>(Periodic.prototype, 'start');
Periodic.prototype.start = function (this: Periodic, ...args) {
  const owner = currentOwner.getStore();
  if (owner !== undefined) periodicWork.set(this, owner);
  if (owner?.isResting === true) slowDown(this);
  start.apply(this, args);
};

function slowDown(periodic: Periodic): void {
  const work = Reflect.get(periodic, 'work') as PeriodicWork;
  const { everyMs } = work;
  const usual = typeof everyMs === 'number' ? () => everyMs : everyMs;
  const slowed = { ...work, everyMs: () => Math.max(RESTING_MS, usual()), lateAfterMs: undefined };
  Reflect.set(periodic, 'work', slowed);
}

/** Nothing is kept for longer than the shortest time that may be set, so that lives of months see what is left then. */
export const KEEP_DAYS = 30;
const { readRetentionPeriods } = retentionPeriods;
replace(retentionPeriods, 'readRetentionPeriods', (...args: Parameters<typeof readRetentionPeriods>) =>
  Object.fromEntries(
    Object.entries(readRetentionPeriods(...args)).map(([name, period]) => [
      name,
      { ...period, keep_days: KEEP_DAYS },
    ]),
  ),
);

/** A file has a part for each two thousand rows; in lives it has more of them. */
const ROWS_OF_A_PART = 4;
const page = Reflect.get<AuctionSearch, 'page'>(AuctionSearch.prototype, 'page');
AuctionSearch.prototype.page = function (filter, wanted) {
  return page.call(this, filter, { ...wanted, limit: Math.min(wanted.limit, ROWS_OF_A_PART) });
};

/** A thread takes real time: it is given all days at once, and simulated time waits for it. */
const { learnApart } = nightThread;
replace(nightThread, 'learnApart', async (...[job, pages]: Parameters<typeof learnApart>) => {
  const all: (readonly ObservedDay[])[] = [];
  for (let next = await pages.next(); next.done !== true; next = await pages.next()) all.push(next.value);
  const goOn = currentOwner.getStore()?.holdTime();
  try {
    return await learnApart(job, Readable.from(all)[Symbol.asyncIterator]());
  } finally {
    goOn?.();
  }
});

/** An export of a module, for everybody who imports it. */
function replace(module: object, name: string, value: unknown): void {
  Object.defineProperty(module, name, { value });
}
