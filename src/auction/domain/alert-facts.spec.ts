import fc from 'fast-check';
import { addDays, calendarDate, type CalendarDate } from '../../kernel';
import { deriveAlertFacts } from './alert-facts';
import type { WorkAlert } from './proposal-request';

const today = calendarDate('2026-08-18');
const admission = calendarDate('2020-03-10');
const [yesterday, tomorrow] = [addDays(today, -1), addDays(today, 1)];

const NOTHING: WorkAlert = {
  type: 'leave',
  referenceDate: undefined,
  leaveReasonCode: undefined,
  leaveStartDate: undefined,
  leaveEndDate: undefined,
  terminationReasonCode: undefined,
  terminationDate: undefined,
  noticePeriodStartDate: undefined,
  noticePeriodEndDate: undefined,
};
const day = (date: string | undefined): CalendarDate | undefined =>
  date === undefined ? undefined : calendarDate(date);

const leave = (code: string | undefined, start: string | undefined, end: string | undefined): WorkAlert => ({
  ...NOTHING,
  leaveReasonCode: code,
  leaveStartDate: day(start),
  leaveEndDate: day(end),
});
const termination = (
  code: string | undefined,
  ended: string | undefined,
  noticeEnd?: string,
  noticeStart?: string,
): WorkAlert => ({
  ...NOTHING,
  type: 'termination',
  terminationReasonCode: code,
  terminationDate: day(ended),
  noticePeriodStartDate: day(noticeStart),
  noticePeriodEndDate: day(noticeEnd),
});
const derive = (...alerts: readonly WorkAlert[]) => deriveAlertFacts(alerts, admission, today);

describe('leaves', () => {
  const unknown = [undefined, undefined, undefined];
  it.each<[string, readonly WorkAlert[], readonly unknown[]]>([
    ['none', [], [[], [], 0]],
    ['one that ended yesterday', [leave('03', '2026-01-01', yesterday)], [[], [], 0]],
    ['one on its last day', [leave('03', '2026-01-01', today)], [['03'], [], 0]],
    ['one on its first day', [leave('15', today, '2026-09-01')], [['15'], [], 14]],
    ['one without an end', [leave('03', '2026-01-01', undefined)], [['03'], [], undefined]],
    ['one that begins tomorrow', [leave('17', tomorrow, undefined)], [[], ['17'], 0]],
    [
      'two, the later end counts',
      [leave('15', today, tomorrow), leave('03', today, '2026-08-28')],
      [['03', '15'], [], 10],
    ],
    ['the same reason twice', [leave('15', today, tomorrow), leave('15', yesterday, today)], [['15'], [], 1]],
    [
      'one with an end and one without',
      [leave('15', today, tomorrow), leave('03', today, undefined)],
      [['03', '15'], [], undefined],
    ],
    ['a running one without its reason', [leave(undefined, today, tomorrow)], [undefined, [], 1]],
    ['a past one without its reason', [leave(undefined, '2026-01-01', yesterday)], [[], [], 0]],
    ['a start that cannot be read', [leave('15', undefined, tomorrow)], unknown],
    ['an end before the start', [leave('15', '2026-08-10', '2026-08-09')], unknown],
    [
      'a readable one beside an unreadable one',
      [leave('15', today, tomorrow), leave('15', undefined, undefined)],
      unknown,
    ],
  ])('%s', (_what, alerts, expected) => {
    const facts = derive(...alerts);
    expect([facts.running_leave_codes, facts.upcoming_leave_codes, facts.days_until_leave_end]).toEqual(
      expected,
    );
  });

  it('do not touch what is known of terminations', () => {
    expect(derive(leave('15', undefined, undefined)).present_job_terminated).toBe(false);
  });
});

describe('terminations', () => {
  const unknown = [undefined, undefined, undefined, undefined, undefined];
  // notice running, job terminated, codes, ever terminated, months since
  it.each<[string, readonly WorkAlert[], readonly unknown[]]>([
    ['none', [], [false, false, [], false, undefined]],
    [
      'of the present job, in the past',
      [termination('01', '2026-02-11', '2026-02-11', '2026-01-11')],
      [false, true, ['01'], true, 6],
    ],
    ['of the present job, today', [termination('02', today)], [false, true, ['02'], true, 0]],
    ['on the day of admission', [termination('02', admission)], [false, true, ['02'], true, 77]],
    ['of a former job', [termination('02', '2020-03-09')], [false, false, [], true, 77]],
    ['announced for tomorrow', [termination('02', tomorrow)], [true, false, ['02'], false, undefined]],
    [
      'with its notice running to the end',
      [termination('02', tomorrow, tomorrow, '2026-07-19')],
      [true, false, ['02'], false, undefined],
    ],
    [
      'with its notice announced',
      [termination('02', '2026-10-01', '2026-10-01', '2026-09-01')],
      [true, false, ['02'], false, undefined],
    ],
    [
      'in the past, with a paid notice that still runs',
      [termination('02', yesterday, '2026-09-18')],
      [true, true, ['02'], true, 0],
    ],
    [
      'without a date while its notice runs',
      [termination('02', undefined, today)],
      [true, undefined, ['02'], undefined, undefined],
    ],
    ['without a date after its notice', [termination('02', undefined, yesterday)], unknown],
    ['without any date', [termination('02', undefined)], unknown],
    ['without its reason', [termination(undefined, '2026-02-11')], [false, true, undefined, true, 6]],
    [
      'with a notice that ends before it starts',
      [termination('02', tomorrow, '2026-08-01', '2026-08-02')],
      unknown,
    ],
    ['of a former job, with a notice that runs now', [termination('02', '2019-01-01', tomorrow)], unknown],
    [
      'a former job and the present one',
      [termination('02', '2020-01-01'), termination('07', '2026-08-01')],
      [false, true, ['07'], true, 0],
    ],
    [
      'one past, one undated',
      [termination('07', '2026-08-01'), termination('02', undefined, today)],
      [true, true, ['02', '07'], true, undefined],
    ],
  ])('%s', (_what, alerts, expected) => {
    const facts = derive(...alerts);
    expect([
      facts.notice_period_running,
      facts.present_job_terminated,
      facts.termination_codes,
      facts.has_past_termination,
      facts.months_since_last_termination,
    ]).toEqual(expected);
  });

  it('of a past that cannot be placed without the admission are unknown; an announced one is not', () => {
    const past = deriveAlertFacts([termination('02', '2019-01-01')], undefined, today);
    expect(past.present_job_terminated).toBeUndefined();
    const announced = deriveAlertFacts([termination('02', tomorrow)], undefined, today);
    expect(announced.notice_period_running).toBe(true);
  });
});

describe('a history that cannot be trusted', () => {
  const everything = (facts: object): readonly unknown[] => Object.values(facts);

  it('is not an empty history', () => {
    expect(
      everything(deriveAlertFacts(undefined, admission, today)).every((fact) => fact === undefined),
    ).toBe(true);
    expect(everything(derive()).some((fact) => fact === undefined)).toBe(true); // only the months since never
    expect(everything(derive()).filter((fact) => fact === undefined)).toHaveLength(1);
  });

  it('says nothing once it holds a kind of event we do not know', () => {
    const strange = { ...leave('15', today, tomorrow), type: 'suspension' };
    expect(everything(derive(strange, termination('02', tomorrow))).every((fact) => fact === undefined)).toBe(
      true,
    );
  });

  it('never grows better by one more alert', () => {
    const date = fc.option(
      fc.integer({ min: -900, max: 60 }).map((days) => addDays(today, days)),
      { nil: undefined },
    );
    const alert = fc.record({
      type: fc.constantFrom('leave', 'termination', 'other'),
      referenceDate: fc.constant(undefined),
      leaveReasonCode: fc.constantFrom('03', '15', undefined),
      leaveStartDate: date,
      leaveEndDate: date,
      terminationReasonCode: fc.constantFrom('01', undefined),
      terminationDate: date,
      noticePeriodStartDate: date,
      noticePeriodEndDate: date,
    });
    const isGood = (alerts: readonly WorkAlert[]): boolean => {
      const facts = derive(...alerts);
      return (
        facts.running_leave_codes?.every((code) => code === '15') === true &&
        facts.notice_period_running === false &&
        facts.present_job_terminated === false
      );
    };
    fc.assert(
      fc.property(fc.array(alert, { maxLength: 4 }), alert, (alerts, more) => {
        if (isGood([...alerts, more])) expect(isGood(alerts)).toBe(true);
      }),
    );
  });
});
