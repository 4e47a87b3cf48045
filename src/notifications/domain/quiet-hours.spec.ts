import { quietLeftMs } from './quiet-hours';

const NIGHT = { from: '22:00', until: '07:00' };
const NOON = { from: '12:00', until: '13:30' };
const minutesLeft = (at: string, quiet?: typeof NIGHT): number => quietLeftMs(new Date(at), quiet) / 60_000;

describe('quiet hours', () => {
  // São Paulo is three hours behind UTC.
  it.each([
    ['2026-11-28T00:59:59Z', NIGHT, 0],
    ['2026-11-28T01:00:00Z', NIGHT, 540],
    ['2026-11-28T03:00:30Z', NIGHT, 419.5],
    ['2026-11-28T09:59:00Z', NIGHT, 1],
    ['2026-11-28T10:00:00Z', NIGHT, 0],
    ['2026-11-28T16:00:00Z', NOON, 30],
    ['2026-11-28T16:30:00Z', NOON, 0],
    ['2026-11-28T03:00:00Z', undefined, 0],
  ])('at %s of %j: %d minutes more', (at, quiet, left) => {
    expect(minutesLeft(at, quiet)).toBe(left);
  });
});
