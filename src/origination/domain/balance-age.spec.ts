import { balanceAgeHours } from './balance-age';

it.each([
  ['2026-11-26T15:00:00.000Z', 24],
  ['2026-11-26T14:59:59.999Z', 25],
  ['2026-11-26T14:00:00.000Z', 25],
  ['2026-11-27T14:59:59.000Z', 1],
  ['2026-11-27T15:00:00.000Z', 0],
  ['2026-11-27T15:00:01.000Z', 0],
])('a balance received at %s is %i hours old', (receivedAt, hours) => {
  expect(balanceAgeHours(new Date(receivedAt), new Date('2026-11-27T15:00:00Z'))).toBe(hours);
});
