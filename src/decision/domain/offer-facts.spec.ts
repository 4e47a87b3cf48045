import { calendarDate, Decimal } from '../../kernel';
import { FIELD_NAMES, fieldNamesOf, type Facts } from '../../policy/domain';
import { withOfferFacts } from './offer-facts';

const unknown = Object.fromEntries(FIELD_NAMES.map((name) => [name, undefined])) as unknown as Facts;
const asked: Facts = {
  ...unknown,
  borrower_age: 52,
  margin: new Decimal(10_000),
  requested_amount: new Decimal(2100),
};
const offer = {
  disbursedIssueAmount: new Decimal(1050),
  numberOfInstallments: 10,
  installmentFaceValue: new Decimal('125.50'),
  monthlyInterestRate: new Decimal('0.0249'),
  monthlyCet: new Decimal('0.0301'),
};
const dates = { birthDate: calendarDate('1973-08-18'), lastDueDate: calendarDate('2027-08-18') };

describe('the facts of an offer', () => {
  it('are all known once there is one', () => {
    const facts = withOfferFacts(asked, offer, dates);
    const missing = fieldNamesOf('private_payroll', 'offer').filter((name) => facts[name] === undefined);
    expect(missing).toEqual([]);
    expect(facts).toMatchObject({
      age_at_last_installment: 54,
      installment_to_margin: new Decimal('0.01255'),
      offered_to_requested: new Decimal('0.5'),
      borrower_age: 52,
    });
  });

  it('have no age where no birth is known', () => {
    expect(
      withOfferFacts(asked, offer, { ...dates, birthDate: undefined }).age_at_last_installment,
    ).toBeUndefined();
  });

  it('have no ratio to a margin of nothing', () => {
    const facts = withOfferFacts(
      { ...asked, margin: new Decimal(0), requested_amount: undefined },
      offer,
      dates,
    );
    expect([facts.installment_to_margin, facts.offered_to_requested]).toEqual([undefined, undefined]);
  });
});
