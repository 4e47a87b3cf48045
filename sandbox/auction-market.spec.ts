import { Decimal, type JsonObject } from '../src/kernel';
import { Oracle } from '../test/bench/rate-market/oracle';
import { AuctionMarket, type Placed } from './auction-market';
import { changeBehaviour, defaultBehaviour, type BehaviourChange } from './behaviour';
import { Random } from './random';
import { acceptProbability, bandsOf, drawMarket } from './rate-market';

const SEED = 7;
const OPENED = new Date('2026-08-03T12:00:00Z');
const LIMIT = new Date('2026-08-03T12:00:30Z');
const STILL = { market: SEED, level_bp: 0, wave_bp: 0 };

function marketWith(change: NonNullable<BehaviourChange['rivals']> = STILL): AuctionMarket {
  const { rivals } = changeBehaviour(defaultBehaviour(), { rivals: change });
  return new AuctionMarket(() => rivals);
}

const placed = (changes: JsonObject = {}): Placed => ({
  openedAt: OPENED,
  request: {
    admission_date: '2020-01-10',
    number_of_installments: new Decimal(24),
    disbursed_issue_amount: new Decimal('5200.00'),
    employer_document_number: '11222333000181',
    ...changes,
  },
});

describe('the market of auctions', () => {
  it.each<[string, JsonObject, readonly [tenure: number, term: number, amount: number]]>([
    ['an old hand, two years, a middling amount', {}, [2, 1, 1]],
    ['eleven months', { admission_date: '2025-08-04' }, [0, 1, 1]],
    ['a year to the day', { admission_date: '2025-08-03' }, [1, 1, 1]],
    ['twelve instalments', { number_of_installments: new Decimal(12) }, [2, 0, 1]],
    ['a large amount', { disbursed_issue_amount: new Decimal(10_000) }, [2, 1, 2]],
    ['nothing that can be read', { admission_date: null, number_of_installments: 'x' }, [0, 0, 1]],
  ])('places %s', (_, changes, bands) => {
    const request = placed(changes);
    expect(bandsOf(marketWith().cellOf(request)).slice(1)).toEqual(bands);
  });

  it('reads the amount under the name of the manual’s table too, and employers by their root', () => {
    const { disbursed_issue_amount: amount, ...rest } = placed().request;
    const named = { ...placed(), request: { ...rest, disbursed_amount: amount } as JsonObject };
    expect(marketWith().cellOf(named)).toBe(marketWith().cellOf(placed()));
    const branch = placed({ employer_document_number: '11.222.333/0002-62' });
    expect(marketWith().cellOf(branch)).toBe(marketWith().cellOf(placed()));
  });

  it('is the market that the learner is proved on: wins and payouts come as its oracle says', () => {
    const [market, truth] = [marketWith(), drawMarket('varied', SEED)];
    const [oracle, cell] = [new Oracle(truth), marketWith().cellOf(placed())];
    const traits = truth.cells[cell];
    if (traits === undefined) throw new Error('no such cell');
    const rateBp = traits.breakEvenBp + 50;
    const rate = new Decimal(rateBp).dividedBy(10_000);
    const [auctions, random] = [4_000, new Random(1, 'many auctions')];
    let [won, accepted, paid] = [0, 0, 0];
    for (let i = 0; i < auctions; i++) {
      const rivals = market.draw(random, placed(), LIMIT);
      if (rivals.every(({ monthlyInterestRate }) => monthlyInterestRate.gt(rate))) won += 1;
      const fate = market.fate(random, placed(), rate);
      if (fate !== 'declined') accepted += 1;
      if (fate === 'paid') paid += 1;
    }
    expect(won / auctions).toBeCloseTo(oracle.winShare(cell, rateBp), 1);
    expect(accepted / auctions).toBeCloseTo(acceptProbability(truth, traits, rateBp, 0), 1);
    expect(paid / accepted).toBeCloseTo(traits.paidShare, 1);
  });

  it('shifts by as much as it is told, drifts by the day, and bids within the window', () => {
    const drawn = (rivals: NonNullable<BehaviourChange['rivals']>) =>
      marketWith(rivals).draw(new Random(3, 'one auction'), placed(), LIMIT);
    const usual = drawn(STILL);
    expect(usual.length).toBeGreaterThan(0);
    const apart = drawn({ ...STILL, level_bp: -25 }).map(({ monthlyInterestRate: rate }, at) =>
      usual[at]?.monthlyInterestRate.minus(rate).toNumber(),
    );
    expect(new Set(apart)).toEqual(new Set([0.0025]));
    for (const { bidsAt } of usual) expect(bidsAt >= OPENED && bidsAt <= LIMIT).toBe(true);
    const levels = Array.from({ length: 40 }, (_, day) =>
      marketWith({ level_bp: 0, wave_bp: 16, wave_days: 40 }).levelBp(
        new Date(OPENED.getTime() + day * 86_400_000),
      ),
    );
    expect(Math.max(...levels) - Math.min(...levels)).toBeCloseTo(16);
    expect(Math.max(...levels)).toBeLessThanOrEqual(0);
  });

  it('is empty where rivals may not come', () => {
    expect(marketWith({ presence: 0 }).draw(new Random(3, 'x'), placed(), LIMIT)).toEqual([]);
  });
});
