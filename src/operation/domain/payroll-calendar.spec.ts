import { calendarDate } from '../../kernel';
import { consentUntil } from './consent';
import { firstDeduction } from './payroll-calendar';

const month = (cutOff: string, competence: string) => ({
  cutOff: calendarDate(cutOff),
  competence: calendarDate(competence),
});
const calendar = {
  assumedCutOffDay: 12,
  months: [month('2026-12-09', '2027-01-01'), month('2027-01-14', '2027-02-01')],
};

describe('the first deduction', () => {
  it.each([
    ['2026-12-09', '2027-01-01', true],
    ['2026-12-10', '2027-02-01', true],
    ['2027-01-14', '2027-02-01', true],
    // February is not filled in: from the 15th of January on it is a guess.
    ['2027-01-15', '2027-03-01', false],
    ['2026-11-12', '2026-12-01', false],
    // November's closing is assumed, so whether December's is the one that counts is too.
    ['2026-11-13', '2027-01-01', false],
  ])('of a reservation of %s is in %s, verified: %s', (day, competence, isVerified) => {
    expect(firstDeduction(calendarDate(day), calendar)).toMatchObject({ competence, isVerified });
  });

  it('without any month filled in is the next month’s, assumed, up to the cut-off', () => {
    const empty = { assumedCutOffDay: 12, months: [] };
    expect(firstDeduction(calendarDate('2026-12-12'), empty)).toEqual({
      ...month('2026-12-12', '2027-01-01'),
      isVerified: false,
    });
    expect(firstDeduction(calendarDate('2026-12-13'), empty)).toEqual({
      ...month('2027-01-12', '2027-02-01'),
      isVerified: false,
    });
  });
});

describe('the time for a consent', () => {
  it.each([
    ['2026-11-27T10:00:00-03:00', '2026-12-08T00:00:00-03:00'],
    // Two minutes before midnight in São Paulo is the next day in UTC.
    ['2026-11-27T23:58:00-03:00', '2026-12-08T00:00:00-03:00'],
  ])('asked at %s is over at %s', (askedAt, until) => {
    expect(consentUntil(new Date(askedAt), 10)).toEqual(new Date(until));
  });
});
