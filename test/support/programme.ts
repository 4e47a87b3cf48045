import type { ProgrammeTerms } from '../../src/decision/domain';
import { calendarDate } from '../../src/kernel';

/** The programme's terms as tests decide and price by them. */
export const A_PROGRAMME: ProgrammeTerms = {
  interestBase: 'calendar_days_365',
  contractFees: [],
  payrollRules: [
    {
      validFrom: calendarDate('2025-01-01'),
      validTo: undefined,
      cutOffDay: 20,
      monthsToFirstDue: 2,
      dueDay: 28,
    },
  ],
};
