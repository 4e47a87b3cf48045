import { refusalToSend, type Moment } from './mark-age';

const MARKED: Moment = { at: new Date('2026-11-27T12:00:00Z'), monotonicMs: 5_000 };
const after = (wallMs: number, monotonicMs = wallMs): Moment => ({
  at: new Date(MARKED.at.getTime() + wallMs),
  monotonicMs: MARKED.monotonicMs + monotonicMs,
});
const LIMIT = after(10_000).at;

describe('whether a bid may be sent on the mark that is on disk', () => {
  it.each([
    ['at once', after(0), undefined],
    ['within the time a mark is good for', after(500), undefined],
    ['after a pause that both clocks saw', after(501), 'mark_too_old'],
    ['after a pause that the monotonic clock alone saw', after(0, 501), 'mark_too_old'],
    ['after a pause of the machine that the monotonic clock slept through', after(501, 0), 'mark_too_old'],
    ['when the wall clock was set back', after(-501, 1), 'mark_too_old'],
    ['at the limit, however fresh the mark', after(10_000), 'too_late_to_send'],
    ['after the limit', after(60_000), 'too_late_to_send'],
  ])('%s', (_when, now, refusal) => {
    expect(refusalToSend(MARKED, now, LIMIT, 500)).toBe(refusal);
  });
});
