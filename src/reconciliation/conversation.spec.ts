import type { ReservationDesk } from '../operation';
import { Conversation } from './conversation';
import type { NotificationDesk, NotificationQuery } from './ports';

const QUERY: NotificationQuery = {
  window: { from: new Date('2026-08-01'), to: new Date('2026-08-02') },
  originKey: undefined,
  onlyFailed: true,
  page: 1,
};
const never = (): Promise<never> => new Promise(() => undefined);
const NOBODY = { list: never, resend: never } satisfies NotificationDesk;
const NO_RESERVATIONS = { findReservations: never } as unknown as ReservationDesk;

it.each<[string, (talk: Conversation) => Promise<unknown>, unknown]>([
  ['listing', (talk) => talk.list(QUERY), undefined],
  ['resending', (talk) => talk.resend('event', 'callback'), false],
  ['asking for reservations', (talk) => talk.reservationsOf('operation'), undefined],
])('ends at once when the process does, though QI does not answer: %s', async (_, ask, nothing) => {
  const stopping = new AbortController();
  const rules = { maxCalls: 5, callsPerSecond: 1_000, timeoutMs: 60_000, stopping: stopping.signal };
  const talk = new Conversation(NOBODY, NO_RESERVATIONS, rules);
  const asked = ask(talk);
  setTimeout(() => {
    stopping.abort();
  }, 10);
  expect(await asked).toBe(nothing);
  expect([talk.ended, talk.wasCutShort(0), talk.calls]).toEqual(['abandoned', true, 1]);
  expect(await ask(talk)).toBe(nothing);
  expect(talk.calls).toBe(1);
});
