import { calendarDate, Decimal } from '../../kernel';
import { limitsReachedByDebt } from './debt-standing';
import { isPace, LIMIT_NAMES, usesInPlaceOf, usesOf, usesOfDebt, type Caps } from './limits';

const caps: Caps = {
  per_borrower: new Decimal('30000'),
  per_employer: undefined,
  bids_per_minute: new Decimal(5),
  bids_per_hour: undefined,
  bids_per_day: undefined,
  per_day: undefined,
  total: new Decimal('1000000'),
};
const amount = new Decimal('2100.50');
const NOON = new Date('2026-08-19T15:00:00Z');
const parties = { borrower: Buffer.alloc(32, 1), employer: undefined };

describe('the counters that a debt without an auction counts in', () => {
  const standing = {
    borrower: parties.borrower,
    liveOffers: 0,
    used: { per_borrower: new Decimal('28000'), per_day: new Decimal(0), total: new Decimal('999000') },
  };
  const reached = (wanted: number) =>
    limitsReachedByDebt(standing, new Decimal(wanted), NOON, caps).map(({ name, wouldBe }) => [
      name,
      wouldBe?.toFixed(),
    ]);

  it('are those in reais that have no employer', () => {
    const uses = usesOfDebt(amount, parties.borrower, new Date('2026-08-19T02:30:59.999Z'), caps);
    expect(uses.map(({ name, key }) => [name, key])).toEqual([
      ['per_borrower', '01'.repeat(32)],
      ['per_day', '2026-08-18'],
      ['total', ''],
    ]);
  });

  it.each([
    [1000, []],
    [2000, [['total', '1001000']]],
    [
      2001,
      [
        ['per_borrower', '30001'],
        ['total', '1001001'],
      ],
    ],
  ])('leave room for R$ %d, or say what would be used', (wanted, expected) => {
    expect(reached(wanted)).toEqual(expected);
  });

  it('cannot be kept for nobody in particular', () => {
    const nobody = { ...standing, borrower: undefined };
    const [first] = limitsReachedByDebt(nobody, amount, NOON, caps);
    expect(first).toEqual({ name: 'per_borrower', cap: caps.per_borrower, wouldBe: undefined });
  });
});

describe('the counters that an offer counts in', () => {
  /** 02:30 UTC is still the day before in São Paulo. */
  const uses = usesOf(amount, parties, new Date('2026-08-19T02:30:59.999Z'), caps);

  it('are locked in one order: what all auctions share comes last', () => {
    expect(uses.map(({ name }) => name)).toEqual(LIMIT_NAMES);
    expect(LIMIT_NAMES.slice(-2)).toEqual(['per_day', 'total']);
  });

  it('have one key each, none where it is not known whose they are', () => {
    expect(Object.fromEntries(uses.map(({ name, key }) => [name, key]))).toEqual({
      per_borrower: '01'.repeat(32),
      per_employer: undefined,
      bids_per_minute: '2026-08-19T02:30',
      bids_per_hour: '2026-08-19T02',
      bids_per_day: '2026-08-18',
      per_day: '2026-08-18',
      total: '',
    });
  });

  it('count reais, or one bid', () => {
    for (const use of uses) {
      expect(use.amount.toFixed()).toBe(isPace(use.name) ? '1' : '2100.5');
      expect(use.cap).toBe(caps[use.name]);
    }
  });

  const inPlaceOf = (countedOn: string) =>
    usesInPlaceOf(uses, { amount: new Decimal('2000'), countedOn: calendarDate(countedOn) }).map(
      ({ name, key, amount: left }) => [name, key, left.toFixed()],
    );

  it('count only the difference when an offer takes the place of another of the same day', () => {
    expect(inPlaceOf('2026-08-18').filter(([name]) => !isPace(name as 'total'))).toEqual([
      ['per_borrower', '01'.repeat(32), '100.5'],
      ['per_employer', undefined, '100.5'],
      ['per_day', '2026-08-18', '100.5'],
      ['total', '', '100.5'],
    ]);
    expect(
      inPlaceOf('2026-08-18')
        .filter(([name]) => isPace(name as 'total'))
        .map(([, , n]) => n),
    ).toEqual(['1', '1', '1']);
  });

  it('give back to the day before what was counted there, earlier day first', () => {
    expect(inPlaceOf('2026-08-17').filter(([name]) => name === 'per_day')).toEqual([
      ['per_day', '2026-08-17', '-2000'],
      ['per_day', '2026-08-18', '2100.5'],
    ]);
  });
});
