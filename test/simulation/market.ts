import type { Random } from '../../sandbox/random';
import type { Pace } from './plan';
import type { Scheduler } from './scheduler';
import type { SimulatedQi } from './simulated-qi';

/** People and employers who come again: whoever bids for one must know of the other bids. */
const REGULARS = ['52998224725', '11144477735', '39053344705', '86288366757'] as const;
export const EMPLOYERS = ['29113956000181', '33000167000101', '60746948000112'] as const;
const WINDOWS = [30, 30, 45, 60] as const;

/** Requests of one round, at moments that the seed draws; now and then several at once. */
export function openMarket(
  qi: SimulatedQi,
  random: Random,
  scheduler: Scheduler,
  { busy, mostGroups }: Pace,
): void {
  const groups = random.integer(Math.ceil(mostGroups / 2), mostGroups);
  for (let group = 0; group < groups; group += 1) {
    const atMs = random.integer(0, busy);
    const together = random.chance(0.2) ? random.integer(2, 6) : 1;
    for (let one = 0; one < together; one += 1) {
      const [window, request] = [random.pick(WINDOWS), requestOf(random)];
      scheduler.after(atMs + random.integer(0, 40), undefined, () => {
        const auction = qi.sandbox.openAuction({ window_seconds: window, request });
        scheduler.trace(`auction ${auction.number} opens`);
      });
    }
  }
}

function requestOf(random: Random): Record<string, unknown> {
  if (!random.chance(0.4)) return {};
  return {
    document_number: random.pick(REGULARS),
    employer_document_type: 'cnpj',
    employer_document_number: random.pick(EMPLOYERS),
  };
}
