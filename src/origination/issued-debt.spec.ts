import { Decimal } from '../kernel';
import { madeOf, type Order } from './issued-debt';
import type { DisbursementOption, IssuedDebt } from './ports';
import { theirFigures, type StoredOffer } from './stored';

function offerOf(disbursed: string, day = '2099-01-04', qi: StoredOffer['qi'] = null): StoredOffer {
  return {
    fee_table: 'padrao',
    label: 'Padrão',
    monthly_interest_rate: '0.0175',
    price_row: '',
    contract_fees: [],
    rebates: [],
    problem: null,
    differences: [],
    qi,
    figures: {
      disbursement_date: day,
      issue_amount: '1000.00',
      disbursed_issue_amount: disbursed,
      iof_amount: '10.00',
      contract_fee_amount: '0.00',
      total_amount: '1200.00',
      cet: '0.0190',
      annual_cet: '0.253410',
    },
  };
}

const orderOf = (offer: StoredOffer, claim = '2099', paidOff: readonly string[] = []): Order => ({
  offer,
  claim,
  paidOff,
});
const option = (disbursed: string | undefined, day: string | undefined): DisbursementOption => ({
  issueAmount: undefined,
  disbursedIssueAmount: disbursed === undefined ? undefined : new Decimal(disbursed),
  totalIof: undefined,
  contractFeeAmount: undefined,
  monthlyCet: undefined,
  annualCet: undefined,
  monthlyInterestRate: undefined,
  periods: [],
  disbursementDate: day as DisbursementOption['disbursementDate'],
});
const debt = (...options: DisbursementOption[]): IssuedDebt => ({ creditOperationKey: 'key', options });

const LAST = offerOf('900.00');
const BEFORE = offerOf('300.00', '2099-01-02');
const ORDERS = [orderOf(LAST), orderOf(BEFORE)];

describe('the order that a debt was made of', () => {
  it.each<[string, IssuedDebt, StoredOffer | undefined, string, boolean | undefined]>([
    ['the last, whose figures QI says', debt(option('900.00', '2099-01-04')), LAST, '900', true],
    ['the last or any other, where QI says no figures', debt(), LAST, '900', undefined],
    [
      'the last, where QI says none of what is compared',
      debt(option(undefined, '2099-01-04')),
      LAST,
      '900',
      true,
    ],
    ['the last, where QI names no day', debt(option('900.00', undefined)), LAST, '900', true],
    ['the one before, by its figures', debt(option('300.00', '2099-01-02')), BEFORE, '300', false],
    ['the one before, by its day', debt(option(undefined, '2099-01-02')), BEFORE, '300', false],
    ['none that is known, by its figures', debt(option('299.99', '2099-01-04')), undefined, '299.99', false],
    ['none that is known, by its day', debt(option('900.00', '2099-01-05')), undefined, '900', false],
    [
      'none that is known, and QI does not say of how much',
      debt(option(undefined, '2099-01-05')),
      undefined,
      '900',
      false,
    ],
  ])('is %s', (_, made, offer, amount, isAsAccepted) => {
    const found = madeOf(made, ORDERS, orderOf(LAST));
    expect(found.order?.offer).toBe(offer);
    expect(found.disbursedIssueAmount.toFixed()).toBe(amount);
    expect(found.isAsAccepted).toBe(isAsAccepted);
  });

  it('agrees with what QI had said of the offer, where that was not our figure', () => {
    const said = debt(option('899.99', '2099-01-04'));
    const reviewed = offerOf('900.00', '2099-01-04', theirFigures(option('899.99', '2099-01-04')));
    for (const told of [said, debt()]) {
      const made = madeOf(told, [orderOf(reviewed)], orderOf(reviewed));
      expect([made.disbursedIssueAmount.toFixed(), made.isAsAccepted]).toEqual(['899.99', true]);
    }
    expect(madeOf(said, [orderOf(LAST)], orderOf(LAST))).toMatchObject({ isAsAccepted: false });
  });

  it('is as accepted when it is of an earlier order of the same figures', () => {
    const again = offerOf('300.00', '2099-01-02');
    const made = madeOf(debt(option('300.00', '2099-01-02')), [orderOf(BEFORE)], orderOf(again));
    expect(made).toMatchObject({ order: { offer: BEFORE }, isAsAccepted: true });
  });

  it('is clear without figures where all orders are of the same', () => {
    const orders = [orderOf(BEFORE), orderOf(offerOf('300.00', '2099-01-02'))];
    expect(madeOf(debt(), orders, orderOf(BEFORE))).toMatchObject({ order: orders[0], isAsAccepted: true });
    expect(madeOf(debt(), orders, orderOf(LAST))).toMatchObject({ order: orders[0], isAsAccepted: false });
  });

  it.each([
    ['is of another link', orderOf(LAST, 'A')],
    ['pays off another contract', orderOf(LAST, 'B', ['their contract'])],
  ])('is another one, of the same figures, when it %s', (_, before) => {
    const last = orderOf(LAST, 'B', ['our contract']);
    const said = debt(option('900.00', '2099-01-04'));
    for (const told of [said, debt()]) {
      expect(madeOf(told, [before], last)).toMatchObject({ order: before, isAsAccepted: false });
      expect(madeOf(told, [last, before], last)).toMatchObject({ order: last, isAsAccepted: undefined });
    }
  });

  it('is not as accepted when QI had said other figures of the offer that was', () => {
    const again = offerOf('900.00', '2099-01-04', theirFigures(option('899.99', '2099-01-04')));
    const made = madeOf(debt(option('900.00', '2099-01-04')), [orderOf(LAST)], orderOf(again));
    expect(made).toMatchObject({ order: { offer: LAST }, isAsAccepted: false });
  });

  it('is not known when no order kept its offer: the last acceptance is compared', () => {
    expect(madeOf(debt(option('900.00', '2099-01-04')), [], orderOf(LAST))).toMatchObject({
      order: undefined,
      isAsAccepted: true,
    });
    expect(madeOf(debt(option('1.00', '2099-01-04')), [], orderOf(LAST))).toMatchObject({
      isAsAccepted: false,
    });
  });
});
