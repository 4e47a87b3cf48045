import fc from 'fast-check';
import { calendarDate, Decimal } from '../../../../kernel';
import { PricingContext, readPricingData } from '../../../../pricing';
import { balanceFailure, nextQueryAt, type FeeTable } from '../..';
import { readFgtsData } from '../../../products/fgts/fgts-data';
import {
  BALANCE_FAILURES,
  cedablePeriods,
  competenceOf,
  estimateWithdrawals,
  lockedWindow,
  problemsOfPeriods,
  rulesOn,
  simulateFgts,
  type FgtsRules,
  type FgtsWish,
  type Period,
} from '.';

const data = readFgtsData();
const pricing = new PricingContext(readPricingData('config'));
const rulesOf = (day: string) => rulesOn(data.rules, calendarDate(day));
const rulesAt = (day: string): FgtsRules => {
  const rules = rulesOf(day);
  if (rules === undefined) throw new Error(`no rules on ${day}`);
  return rules;
};
const today = rulesAt('2026-11-27');
const periods = (...rows: readonly (readonly [string, string])[]): Period[] =>
  rows.map(([day, amount]) => ({ dueDate: calendarDate(day), amount: new Decimal(amount) }));
const shown = (list: readonly Period[]): string[] =>
  list.map(({ dueDate, amount }) => `${dueDate} ${amount.toFixed(2)}`);

const BALANCE = periods(
  ['2027-03-01', '812.40'],
  ['2028-03-01', '433.17'],
  ['2029-03-01', '250.00'],
  ['2030-03-01', '180.00'],
);

describe('the rules of a contract', () => {
  it.each([
    ['2026-10-31', 5],
    ['2026-11-01', 3],
    ['2026-11-05', 3],
  ])('on %s allow %i withdrawals', (day, most) => {
    expect(rulesAt(day).maximumWithdrawals).toBe(most);
  });

  it('are not known before the first of them', () => {
    expect(rulesOf('2025-10-31')).toBeUndefined();
  });
});

describe('what may be ceded of a balance', () => {
  it.each([
    [
      'three withdrawals of up to 500',
      BALANCE,
      ['2027-03-01 500.00', '2028-03-01 433.17', '2029-03-01 250.00'],
    ],
    [
      'what comes in any order is taken in the order of the dates',
      BALANCE.toReversed(),
      ['2027-03-01 500.00', '2028-03-01 433.17', '2029-03-01 250.00'],
    ],
    [
      'one below the minimum ends it',
      periods(['2027-03-01', '300'], ['2028-03-01', '99.99'], ['2029-03-01', '250']),
      ['2027-03-01 300.00'],
    ],
    [
      'a first one below the minimum is passed over',
      periods(['2027-03-01', '99.99'], ['2028-03-01', '100'], ['2029-03-01', '250']),
      ['2028-03-01 100.00', '2029-03-01 250.00'],
    ],
    ['nothing of small withdrawals', periods(['2027-03-01', '99.99']), []],
    ['nothing of nothing', [], []],
  ])('%s', (_, balance, expected) => {
    expect(shown(cedablePeriods(balance, today))).toEqual(expected);
  });

  it('is five withdrawals for a contract of October 2026', () => {
    const five = periods(...[27, 28, 29, 30, 31, 32].map((year) => [`20${year}-03-01`, '200'] as const));
    expect(cedablePeriods(five, rulesAt('2026-10-31'))).toHaveLength(5);
    expect(cedablePeriods(five, today)).toHaveLength(3);
  });

  it('belongs to the year of its first withdrawal', () => {
    expect(competenceOf(BALANCE)).toBe('2027');
  });
});

describe('periods that somebody chose', () => {
  it.each([
    [
      'all of them',
      [
        ['2027-03-01', '500.00'],
        ['2028-03-01', '433.17'],
      ],
      [],
    ],
    ['part of one', [['2027-03-01', '100.00']], []],
    ['none', [], ['periods']],
    ['a cent below the minimum', [['2027-03-01', '99.99']], ['periods[0].amount']],
    ['a cent above the maximum', [['2027-03-01', '500.01']], ['periods[0].amount']],
    [
      'a cent above the balance',
      [
        ['2027-03-01', '500.00'],
        ['2028-03-01', '433.18'],
      ],
      ['periods[1].amount'],
    ],
    ['a tenth of a cent', [['2027-03-01', '100.001']], ['periods[0].amount']],
    ['not the first', [['2028-03-01', '400']], ['periods[0].due_date']],
    [
      'not in order',
      [
        ['2028-03-01', '400'],
        ['2027-03-01', '400'],
      ],
      ['periods[0].due_date', 'periods[1].due_date'],
    ],
    [
      'one left out',
      [
        ['2027-03-01', '400'],
        ['2029-03-01', '200'],
      ],
      ['periods[1].due_date'],
    ],
    [
      'four',
      [
        ['2027-03-01', '400'],
        ['2028-03-01', '200'],
        ['2029-03-01', '200'],
        ['2030-03-01', '150'],
      ],
      ['periods'],
    ],
    ['a date of our own', [['2027-03-02', '400']], ['periods[0].due_date']],
  ] as const)('%s', (_, chosen, paths) => {
    const problems = problemsOfPeriods(periods(...chosen), BALANCE, today);
    expect(problems.map(({ path }) => path)).toEqual(paths);
  });
});

const TABLE: FeeTable = {
  id: 'normal',
  label: 'Normal',
  monthlyInterestRate: new Decimal('0.0179'),
  contractFees: [],
  rebates: [],
  priceRow: 'r1',
};
const DAY = calendarDate('2026-11-30');
const simulate = (wish: FgtsWish, balance = BALANCE) =>
  simulateFgts(TABLE, {
    periods: cedablePeriods(balance, today),
    wish,
    disbursementDate: DAY,
    rules: today,
    pricing,
  });
const target = (amount: string): FgtsWish => ({ kind: 'target', amount: new Decimal(amount) });

describe('a simulation', () => {
  it('of the maximum takes every period whole', () => {
    const made = simulate({ kind: 'maximum' });
    if (made.kind === 'refused') throw new Error(made.problem.message);
    expect(shown(made.periods)).toEqual(['2027-03-01 500.00', '2028-03-01 433.17', '2029-03-01 250.00']);
    expect(made.quote.disbursedIssueAmount.lt('1183.17')).toBe(true);
  });

  it('of a target above what the periods pay is refused', () => {
    expect(simulate(target('1200'))).toMatchObject({ kind: 'refused', problem: { path: 'target_amount' } });
  });

  it('whose last withdrawal would be below the minimum is refused', () => {
    const most = simulate({ kind: 'maximum' }, BALANCE.slice(0, 1));
    if (most.kind === 'refused') throw new Error(most.problem.message);
    const justMore = most.quote.disbursedIssueAmount.plus(20);
    const made = simulate({ kind: 'target', amount: justMore });
    expect(made).toMatchObject({ kind: 'refused', problem: { path: 'target_amount' } });
  });

  it('of a target pays exactly it, in order, and not one cent more fits into the maximum', () => {
    const most = simulate({ kind: 'maximum' });
    if (most.kind === 'refused') throw new Error(most.problem.message);
    const top = most.quote.disbursedIssueAmount;
    const cents = Number(top.times(100).toFixed(0));
    fc.assert(
      fc.property(fc.integer({ min: 8_000, max: cents }), (wanted) => {
        const amount = new Decimal(wanted).div(100);
        const made = simulate({ kind: 'target', amount });
        if (made.kind === 'refused') return made.problem.path === 'target_amount';
        expect(made.quote.disbursedIssueAmount.toFixed(2)).toBe(amount.toFixed(2));
        // Every period before the last one is whole.
        const whole = cedablePeriods(BALANCE, today).slice(0, made.periods.length - 1);
        expect(shown(made.periods.slice(0, -1))).toEqual(shown(whole));
        return problemsOfPeriods(made.periods, BALANCE, today).length === 0;
      }),
      { numRuns: 200 },
    );
    expect(simulate({ kind: 'target', amount: top.plus('0.01') }).kind).toBe('refused');
  });
});

describe('an estimate without Caixa', () => {
  it.each([
    ['400', 3, ['2027-03-01 200.00', '2028-03-01 100.00', '2029-03-01 0.00']],
    ['12000', 12, ['2026-12-01 500.00', '2027-12-01 500.00', '2028-12-01 500.00']],
    ['150', 3, ['2027-03-01 0.00']],
    ['0', 3, []],
  ])('of R$ %s in month %i', (balance, month, expected) => {
    const now = calendarDate('2026-11-05');
    const days = { today: now, contractFrom: now };
    const estimated = estimateWithdrawals(new Decimal(balance), month, days, data.bands, today);
    expect(estimated.map((each) => `${each.month} ${each.cedable.toFixed(2)}`)).toEqual(expected);
  });

  it('follows the annual table of the law', () => {
    const now = calendarDate('2026-11-27');
    const days = { today: now, contractFrom: now };
    const [first] = estimateWithdrawals(new Decimal('20000.01'), 1, days, data.bands, today);
    expect(first?.withdrawal.toFixed(2)).toBe('3900.00');
  });
});

describe('the locked window', () => {
  const { holidays } = readPricingData('config');
  it.each([
    [12, '2026-11-27', '2026-11-06', '2027-01-05', true],
    [12, '2027-01-04', '2026-11-06', '2027-01-05', true],
    [12, '2026-11-05', '2026-11-06', '2027-01-05', false],
    [3, '2026-11-27', '2027-02-03', '2027-04-02', false],
  ])('of a birthday in month %i, on %s, is from %s to %s', (month, on, from, permittedFrom, isNow) => {
    expect(lockedWindow(month, calendarDate(on), data, holidays)).toEqual({ from, permittedFrom, isNow });
  });
});

describe('the failures of a balance query', () => {
  it('each say what it means, what to do and when it is asked again', () => {
    expect(Object.keys(BALANCE_FAILURES)).toHaveLength(7);
    for (const { meaning, advice, retry } of Object.values(BALANCE_FAILURES)) {
      expect([meaning.length > 20, advice.length > 20]).toEqual([true, true]);
      expect(['at_date', 'later', 'on_request']).toContain(retry);
    }
  });

  it.each([
    [
      'of a locked time is over on the morning of the date given',
      'on_locked_date_range',
      '2027-01-05',
      0,
      '2027-01-05T11:00:00.000Z',
    ],
    [
      'of a locked time that should be over passes by itself',
      'on_locked_date_range',
      '2026-11-27',
      0,
      '2026-11-27T15:15:00.000Z',
    ],
    [
      'of a locked time that should long be over, too',
      'on_locked_date_range',
      '2023-01-03',
      19,
      '2026-11-27T15:15:00.000Z',
    ],
    ['and is asked for so often and no more', 'on_locked_date_range', '2023-01-03', 20, undefined],
    ['of a locked time without a date waits for a person', 'on_locked_date_range', undefined, 0, undefined],
    ['of Caixa itself passes', 'caixa_error', undefined, 19, '2026-11-27T15:15:00.000Z'],
    ['of Caixa itself passes only so often', 'caixa_error', undefined, 20, undefined],
    ['that the borrower has to mend waits', 'unauthorized_institution', '2027-01-05', 0, undefined],
  ])('one %s', (_, code, given, failures, expected) => {
    const permittedFrom = given === undefined ? undefined : calendarDate(given);
    const failed = { code, permittedFrom, failures, now: new Date('2026-11-27T15:00:00Z') };
    const next = nextQueryAt(BALANCE_FAILURES, failed, { retry_after_minutes: 15, max_retries: 20 });
    expect(next?.toISOString()).toBe(expected);
  });

  it.each(['something_new', 'toString', '__proto__'])('that nobody knows waits for a person: %s', (code) => {
    expect(balanceFailure(BALANCE_FAILURES, code).retry).toBe('on_request');
  });
});
