import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { calendarDate, Cpf, Decimal, isBusinessDay, itemAt, nextBusinessDay, type CalendarDate } from '../../../src/kernel';
import {
  cedablePeriods,
  judgeFgts,
  simulateFgts,
  type FgtsData,
  type FgtsSimulation,
  type FgtsRules,
  type FgtsTerms,
  type FgtsWishes,
  type Period,
} from '../../../src/origination/domain/products/fgts';
import { UNKNOWN_BORROWER } from '../../../src/exposure/domain';
import { reasonsAgainst, type Offer, type Verdict } from '../../../src/origination/domain';
import { readFgtsData } from '../../../src/origination/products/fgts/fgts-data';
import { besideQi, storedOffer } from '../../../src/origination/products/fgts/stored-fgts';
import { PricingContext, readPricingData } from '../../../src/pricing';
import { readIssuedDebt } from '../../../src/qi/read-debt';
import { readFigures } from '../../../src/qi/read-fgts';
import { compiledPolicy, fgtsJson, policyJson } from '../../support/policies';
import { runs } from '../../support/repetitions';
import { payloadText } from '../qi/payloads';

/** QI's printed simulations of FGTS, and what holds of every offer, through all that the product makes of a balance. */

interface Fee {
  readonly fee_type: string;
  readonly amount_type: string;
  readonly amount: number;
}
interface Case {
  readonly id: string;
  readonly request: {
    readonly disbursement_date: string;
    readonly annual_interest_rate?: number;
    readonly monthly_interest_rate?: number;
    readonly contract_fees: readonly Fee[];
    readonly installments: readonly { readonly due_date: string; readonly total_amount: number }[];
  };
  readonly expected: Readonly<Record<string, unknown>>;
}

const all = JSON.parse(readFileSync(join(__dirname, 'simulations.json'), 'utf8')) as readonly Case[];
const printed = all.filter(({ id }) => id.startsWith('fgts-'));
const pricing = new PricingContext(readPricingData('config'));
const { holidays } = pricing.data;

/** The printed contracts are older than the rules: more and larger withdrawals were ceded then. */
const WITHOUT_LIMITS: FgtsRules = {
  validFrom: calendarDate('2020-01-01'),
  maximumWithdrawals: 12,
  minimumWithdrawal: new Decimal('0.01'),
  maximumWithdrawal: new Decimal(1_000_000),
  waitingDays: 0,
  source: 'none',
};
const today = readFgtsData();
const OLDEN: FgtsData = { ...today, rules: [WITHOUT_LIMITS] };
const TODAY = calendarDate('2026-11-27');
const RULES = today.rules.at(-1) as FgtsRules;

interface Price {
  readonly rate: string;
  readonly fees: readonly object[];
}

/** A policy with one fee table at one rate. */
function policyOf({ rate, fees }: Price) {
  const table = {
    id: 'precos',
    kind: 'price',
    label: 'Preços',
    columns: ['offered_periods'],
    rows: [{ id: 'todos', when: { offered_periods: 'any' }, then: { monthly_interest_rate: rate } }],
    no_match: { code: 'NO_PRICE', sentence: 'Sem preço.' },
  };
  return compiledPolicy(
    policyJson({
      products: {
        fgts: fgtsJson({
          tables: [table],
          rules: [(fgtsJson() as { rules: readonly object[] }).rules[0]],
          limits: {
            amount: { minimum: '0.01', maximum: '1000000.00' },
            installments: { minimum: 1, maximum: 12 },
          },
          pricing: {
            fee_tables: [{ id: 'unica', label: 'Única', table: 'precos', contract_fees: fees, rebates: [] }],
            days_to_expiration: 7,
          },
        }),
      },
    }),
  );
}

const termsOn = (day: CalendarDate, price: Price, data: FgtsData, days: number): FgtsTerms => ({
  policy: { version: '1', compiled: policyOf(price) },
  now: new Date(`${day}T15:00:00Z`),
  caps: { rate: undefined, installments: undefined },
  data,
  pricing,
  calendar: holidays,
  disbursementBusinessDays: days,
});

function judged(
  periods: readonly Period[],
  wishes: FgtsWishes,
  terms: FgtsTerms,
  receivedAt = terms.now,
): Verdict<FgtsSimulation> {
  return judgeFgts(
    {
      cpf: Cpf.parse('46338864879'),
      birthDate: calendarDate('1985-10-28'),
      isPep: false,
      channel: 'console',
      target: wishes.kind === 'target' ? wishes.amount : undefined,
      balance: { receivedAt, periods, activeContracts: 0, hasUnavailableBalance: false },
      standing: UNKNOWN_BORROWER,
      heldUntil: undefined,
      now: terms.now,
    },
    wishes,
    terms,
  );
}

/** The one offer of the one fee table. @throws Error with why there is none */
function offerIn(verdict: Verdict<FgtsSimulation>): Extract<Offer<FgtsSimulation>['simulation'], { kind: 'simulated' }> {
  const [offer] = verdict.kind === 'offers' ? verdict.offers : [];
  if (offer?.simulation.kind !== 'simulated') throw new Error(JSON.stringify(verdict));
  return offer.simulation;
}

const period = (dueDate: string, amount: string | number | Decimal): Period => ({
  dueDate: calendarDate(dueDate),
  amount: new Decimal(amount),
});
const cents = (amount: Decimal): number => amount.times(100).toNumber();
const MAXIMUM = { kind: 'maximum' } as const;

function priceOf({ request }: Case): Price {
  const { monthly_interest_rate: monthly, annual_interest_rate: annual = 0 } = request;
  const rate =
    monthly === undefined
      ? new Decimal(1).plus(annual).pow(new Decimal(1).div(12)).minus(1).toFixed(8)
      : new Decimal(monthly).toFixed();
  return { rate, fees: request.contract_fees.map((fee) => ({ ...fee, amount: String(fee.amount) })) };
}

describe('a printed case', () => {
  it('is one of four', () => {
    expect(printed).toHaveLength(4);
  });

  it.each(printed)('$id is offered as it is printed, to the cent', (each) => {
    const { request, expected } = each;
    const judgement = { outcome: 'stands' } as Offer<FgtsSimulation>['judgement'];
    const { figures, ...rest } = storedOffer({ simulation: offerOf(each), judgement });
    if (figures === null) throw new Error(rest.problem?.message);
    const stored = { ...rest, figures };
    const money = (field: string): string => Number(expected[field]).toFixed(2);
    expect(stored.figures).toMatchObject({
      disbursement_date: request.disbursement_date,
      issue_amount: money('issue_amount'),
      disbursed_issue_amount: money('disbursed_issue_amount'),
      iof_amount: money('iof_amount'),
      contract_fee_amount: money('contract_fee_amount'),
      periods: request.installments.map((row) => ({
        due_date: row.due_date,
        amount: row.total_amount.toFixed(2),
      })),
    });
    expect(besideQi(stored, qiFiguresOf(request.disbursement_date)).differences).toEqual([]);
  });
});

/** What we offer on the balance of a case. */
function offerOf(each: Case): FgtsSimulation {
  const { request } = each;
  const day = calendarDate(request.disbursement_date);
  const balance = request.installments.map((row) => period(row.due_date, row.total_amount));
  const offer = offerIn(judged(balance, MAXIMUM, termsOn(day, priceOf(each), OLDEN, 0)));
  if (isBusinessDay(day, holidays)) return offer;
  // QI prints an option for a Sunday too. We pay on the Monday; priced for the Sunday it is the same.
  expect(offer.quote.disbursementDate).toBe(nextBusinessDay(day, holidays));
  return simulateFgts(offer.asked.table, {
    periods: balance,
    wish: MAXIMUM,
    disbursementDate: day,
    rules: WITHOUT_LIMITS,
    pricing,
  });
}

/** What QI's own answer prints for the day. */
function qiFiguresOf(day: string) {
  const debt = readIssuedDebt(payloadText('fgts/12-response-debt-create-waiting-signature'));
  const option =
    typeof debt === 'object' ? debt.options.find(({ disbursementDate }) => disbursementDate === day) : undefined;
  const figures = option ?? readFigures(payloadText('fgts/08-response-simulation-maximum-amount'));
  if (figures === undefined) throw new Error(`nothing is printed for ${day}`);
  return figures;
}

describe('of every balance', () => {
  const prices: readonly FgtsTerms[] = [
    { rate: '0.0179', fees: [] },
    { rate: '0.0099', fees: [{ fee_type: 'tac', amount_type: 'percentage', amount: '0.6' }] },
    { rate: '0.0150', fees: [{ fee_type: 'tac', amount_type: 'absolute', amount: '7.35' }] },
  ].map((price) => termsOn(TODAY, price, today, 1));

  const balances = fc
    .record({
      month: fc.integer({ min: 1, max: 12 }),
      amounts: fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 10 }),
    })
    .map(({ month, amounts }) =>
      amounts.map((amount, year) =>
        period(`${2027 + year}-${String(month).padStart(2, '0')}-01`, new Decimal(amount).div(100)),
      ),
    )
    // A whole number of cents that the rules let a contract take.
    .filter((balance) => cedablePeriods(balance, RULES).length > 0);
  /** By number: what a failing run prints is long enough. */
  const terms = fc.nat(prices.length - 1);
  const priceAt = (number: number): FgtsTerms => itemAt(prices, number);
  const shown = (periods: readonly Period[]): string[] =>
    periods.map(({ dueDate, amount }) => `${dueDate} ${amount.toFixed(2)}`);

  it('the maximum takes the withdrawals whole and in order, and one cent more does not fit', () => {
    fc.assert(
      fc.property(balances, terms, (balance, price) => {
        const on = priceAt(price);
        const most = offerIn(judged(balance, MAXIMUM, on));
        expect(shown(most.periods)).toEqual(shown(cedablePeriods(balance, RULES)));
        const { disbursedIssueAmount: top } = most.quote;
        const exactly = judged(balance, { kind: 'target', amount: top }, on);
        expect(offerIn(exactly).quote.disbursedIssueAmount.toFixed(2)).toBe(top.toFixed(2));
        const more = judged(balance, { kind: 'target', amount: top.plus('0.01') }, on);
        expect(more).toMatchObject({ kind: 'impossible', problems: [{ path: 'target_amount' }] });
      }),
      runs(100, 2_000),
    );
  });

  it('a target is paid exactly, of as few withdrawals as pay it, in order, all but the last one whole', () => {
    fc.assert(
      fc.property(balances, terms, fc.double({ min: 0, max: 1, noNaN: true }), (balance, price, share) => {
        const on = priceAt(price);
        const top = cents(offerIn(judged(balance, MAXIMUM, on)).quote.disbursedIssueAmount);
        const amount = new Decimal(Math.max(1, Math.round(top * share))).div(100);
        const verdict = judged(balance, { kind: 'target', amount }, on);
        if (verdict.kind === 'impossible') {
          // Too little to be a withdrawal, or what is over would be too little to be one.
          expect(verdict.problems.map(({ path }) => path)).toEqual(['target_amount']);
          return;
        }
        const offer = offerIn(verdict);
        expect(offer.quote.disbursedIssueAmount.toFixed(2)).toBe(amount.toFixed(2));
        const cedable = cedablePeriods(balance, RULES);
        const [whole, last] = [offer.periods.slice(0, -1), offer.periods.at(-1)];
        expect(shown(whole)).toEqual(shown(cedable.slice(0, whole.length)));
        const available = cedable[whole.length];
        expect(last?.dueDate).toBe(available?.dueDate);
        expect(last?.amount.lte(available?.amount ?? 0)).toBe(true);
        expect(last?.amount.gte(RULES.minimumWithdrawal)).toBe(true);
        expect(paidBy(whole, offer, on).lt(amount)).toBe(true);
      }),
      runs(100, 2_000),
    );
  });

  /** What these withdrawals pay out without the last one. */
  function paidBy(whole: readonly Period[], offer: ReturnType<typeof offerIn>, on: FgtsTerms): Decimal {
    if (whole.length === 0) return new Decimal(0);
    const day = offer.quote.disbursementDate;
    const less = simulateFgts(offer.asked.table, {
      periods: whole,
      wish: MAXIMUM,
      disbursementDate: day,
      rules: RULES,
      pricing: on.pricing,
    });
    return less.kind === 'simulated' ? less.quote.disbursedIssueAmount : new Decimal(0);
  }
});

describe('a balance with withdrawals that are past', () => {
  const [on] = [termsOn(TODAY, { rate: '0.0179', fees: [] }, today, 1)];
  it('cedes those to come alone', () => {
    const balance = [period('2025-11-01', 300), period('2026-11-30', 200), period('2026-12-01', 150)];
    // November 30 is the day of payment.
    expect(offerIn(judged(balance, MAXIMUM, on)).periods.map(({ dueDate }) => dueDate)).toEqual(['2026-12-01']);
  });

  it('has nothing to offer when all of them are', () => {
    const verdict = judged([period('2022-08-01', '500.1'), period('2023-08-01', '400.2')], MAXIMUM, on);
    expect(verdict.kind === 'not_eligible' && reasonsAgainst(verdict)).toEqual([
      { path: 'periods', message: 'não há saque de valor suficiente para ceder' },
    ]);
  });
});

it('a balance that is too old is what stands against it', () => {
  const on = termsOn(TODAY, { rate: '0.0179', fees: [] }, today, 1);
  const receivedAt = new Date(on.now.getTime() - 25 * 3_600_000);
  const verdict = judged([period('2027-03-01', 300)], MAXIMUM, on, receivedAt);
  expect(verdict.kind === 'not_eligible' && reasonsAgainst(verdict)).toMatchObject([{ path: 'balance' }]);
});

describe('the policy as it is shipped', () => {
  const { lists, products } = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as Record<string, unknown>;
  const on: FgtsTerms = {
    ...termsOn(TODAY, { rate: '0.0179', fees: [] }, today, 1),
    policy: { version: '1', compiled: compiledPolicy(policyJson({ lists, products })) },
  };
  const balance = [2027, 2028, 2029].map((year) => period(`${year}-03-01`, 500));
  /** What each fee table pays out of a wish; undefined where it does not. */
  const paid = (wishes: FgtsWishes): Readonly<Record<string, string | undefined>> => {
    const verdict = judged(balance, wishes, on);
    if (verdict.kind !== 'offers') throw new Error(JSON.stringify(verdict));
    return Object.fromEntries(
      verdict.offers.map(({ simulation, judgement }) => [
        simulation.asked.table.id,
        simulation.kind === 'simulated' && judgement?.outcome === 'stands'
          ? simulation.quote.disbursedIssueAmount.toFixed(2)
          : undefined,
      ]),
    );
  };

  it.each(['padrao', 'com-tarifa'])('pays a target just below the most of %s by it', (table) => {
    const most = new Decimal(paid(MAXIMUM)[table] ?? NaN);
    const target = most.minus('0.08');
    expect(paid({ kind: 'target', amount: target })[table]).toBe(target.toFixed(2));
  });
});
