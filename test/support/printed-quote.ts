import { calendarDate, Decimal } from '../../src/kernel';
import { PricingContext, quote, readPricingData, type Quote, type QuoteRequest } from '../../src/pricing';

const context = new PricingContext(readPricingData('config'));

/** @throws Error where it is refused */
export function quoted(request: QuoteRequest): Quote {
  const result = quote(request, context);
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.quote;
}

/** The simulation that manual 002 prints. */
export const PRINTED: QuoteRequest = {
  disbursementDate: calendarDate('2023-03-14'),
  rate: { kind: 'monthly', value: new Decimal('0.0205') },
  interestBase: 'calendar_days',
  contractFees: [{ feeType: 'tac', amountType: 'percentage', amount: new Decimal(1) }],
  rebates: [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal(1) }],
  shape: {
    kind: 'installment_face_value',
    installmentFaceValue: new Decimal(100),
    numberOfInstallments: 2,
    firstDueDate: calendarDate('2023-04-07'),
  },
};
