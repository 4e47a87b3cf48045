import fc from 'fast-check';
import { readDeadline, type DeadlineZone } from './deadline';

const HOUR = 3_600_000;
const received = new Date('2025-03-20T14:47:45Z');
const sample = {
  eventAtText: '2025-03-20T14:47:43Z',
  inclusionLimitText: '2025-03-20T11:49:43Z',
  expirationText: '2025-03-21T11:47:12Z',
  receivedAt: received,
};

const read = (times: Partial<typeof sample> = {}, zone: DeadlineZone = 'auto') =>
  readDeadline({ ...sample, ...times }, zone, HOUR);

describe('readDeadline', () => {
  it("reads the manual's sample as São Paulo time: a window of two minutes, an expiry a day later", () => {
    expect(read()).toEqual({
      kind: 'deadline',
      reading: 'America/Sao_Paulo',
      limitAt: new Date('2025-03-20T14:49:43Z'),
      expirationAt: new Date('2025-03-21T14:47:12Z'),
    });
  });

  it.each([
    [
      'a true UTC limit',
      { inclusionLimitText: '2025-03-20T14:49:43Z' },
      'auto',
      'utc',
      '2025-03-20T14:49:43Z',
    ],
    ['no zone at all', { inclusionLimitText: '2025-03-20 14:49:43' }, 'auto', 'utc', '2025-03-20T14:49:43Z'],
    [
      'a numeric offset',
      { inclusionLimitText: '2025-03-20T11:49:43-03:00' },
      'auto',
      'utc',
      '2025-03-20T14:49:43Z',
    ],
    [
      'fractions of a second',
      { inclusionLimitText: '2025-03-20T14:49:43.500Z' },
      'auto',
      'utc',
      '2025-03-20T14:49:43.5Z',
    ],
    ['a zone set by hand', {}, 'America/Sao_Paulo', 'America/Sao_Paulo', '2025-03-20T14:49:43Z'],
  ] as const)('reads %s', (_, times, zone, reading, limit) => {
    expect(read(times as Partial<typeof sample>, zone)).toMatchObject({
      kind: 'deadline',
      reading,
      limitAt: new Date(limit),
    });
  });

  it('measures the window from receipt when the event has no readable time', () => {
    expect(readDeadline({ ...sample, eventAtText: 'yesterday' }, 'auto', HOUR)).toMatchObject({
      reading: 'America/Sao_Paulo',
    });
  });

  it.each([
    [
      'a limit that no zone puts after the event',
      { inclusionLimitText: '2025-03-20T08:00:00Z' },
      'auto',
      'limit_not_after_event',
    ],
    ['a limit days away', { inclusionLimitText: '2025-03-25T11:49:43Z' }, 'auto', 'limit_too_far'],
    ['a limit before the event in the only zone allowed', {}, 'utc', 'limit_not_after_event'],
    ['text', { inclusionLimitText: 'soon' }, 'auto', 'limit_unreadable'],
    ['a day that does not exist', { inclusionLimitText: '2025-02-30T11:49:43Z' }, 'auto', 'limit_unreadable'],
  ] as const)('calls %s nonsense', (_, times, zone, reason) => {
    expect(read(times as Partial<typeof sample>, zone)).toEqual({ kind: 'nonsense', reason });
  });

  it('calls a missing limit nonsense', () => {
    expect(readDeadline({ ...sample, inclusionLimitText: undefined }, 'auto', HOUR)).toEqual({
      kind: 'nonsense',
      reason: 'limit_missing',
    });
  });

  it('never reads a limit outside the window after the event', () => {
    const instants = fc.date({
      min: new Date('2025-01-01'),
      max: new Date('2025-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, instants, (event, limit) => {
        const deadline = read({ eventAtText: event.toISOString(), inclusionLimitText: limit.toISOString() });
        if (deadline.kind === 'nonsense') return;
        const window = deadline.limitAt.getTime() - event.getTime();
        expect(window).toBeGreaterThan(0);
        expect(window).toBeLessThanOrEqual(HOUR);
      }),
    );
  });

  it.each(['2025-03-20T14:47:43Z', '2025-07-01T02:59:00Z'])(
    'reads what either zone prints back to the same limit (%s)',
    (event) => {
      const limit = new Date(new Date(event).getTime() + 90_000);
      const local = new Date(limit.getTime() - 3 * HOUR).toISOString();
      for (const printed of [limit.toISOString(), local]) {
        expect(read({ eventAtText: event, inclusionLimitText: printed })).toMatchObject({ limitAt: limit });
      }
    },
  );
});
