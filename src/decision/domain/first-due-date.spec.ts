import fc from 'fast-check';
import { addDays, calendarDate, daysBetween } from '../../kernel';
import { firstDueDate, type PayrollRule } from './first-due-date';

const rule: PayrollRule = {
  validFrom: calendarDate('2025-03-21'),
  validTo: undefined,
  cutOffDay: 20,
  monthsToFirstDue: 2,
  dueDay: 28,
};

describe('firstDueDate', () => {
  it.each([
    ['2026-01-29', '2026-04-28', "QI's printed disbursement"],
    ['2026-01-20', '2026-03-28', 'the last day of a period'],
    ['2026-01-21', '2026-04-28', 'the first day of the next'],
    ['2026-11-21', '2027-02-28', 'over the end of a year'],
  ])('registered %s is first due %s (%s)', (registered, due) => {
    expect(firstDueDate(calendarDate(registered), [rule])).toBe(due);
  });

  it('takes the last day of a month that lacks the due day', () => {
    expect(firstDueDate(calendarDate('2025-12-10'), [{ ...rule, dueDay: 31 }])).toBe('2026-02-28');
  });

  it('guesses nothing outside the rules in force', () => {
    expect(firstDueDate(calendarDate('2025-03-20'), [rule])).toBeUndefined();
    expect(
      firstDueDate(calendarDate('2026-01-01'), [{ ...rule, validTo: calendarDate('2025-12-31') }]),
    ).toBeUndefined();
  });

  it('gives everybody registered later the same date or a later one, and always more than a month', () => {
    fc.assert(
      fc.property(fc.nat(4000), (days) => {
        const registered = addDays(calendarDate('2025-03-21'), days);
        const due = firstDueDate(registered, [rule]) ?? registered;
        const dueOfNext = firstDueDate(addDays(registered, 1), [rule]) ?? registered;
        expect(daysBetween(registered, due)).toBeGreaterThan(31);
        expect(dueOfNext >= due).toBe(true);
      }),
    );
  });
});
