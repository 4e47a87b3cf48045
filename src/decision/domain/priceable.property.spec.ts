import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { calendarDate, parseJson } from '../../kernel';
import { GOOD_BORROWER } from '../../../test/support/policies';
import { A_PROGRAMME } from '../../../test/support/programme';
import { runs } from '../../../test/support/repetitions';
import { readPricingData } from '../../pricing';
import { PricingContext } from '../../pricing/domain';
import { compilePolicy, parsePolicy } from '../../policy/domain';
import { bidMargin } from './bid-margin';
import { decideOn } from './decide';

interface Document {
  readonly tables: readonly { readonly rows: readonly { readonly then: object }[] }[];
  readonly pricing: object;
  readonly economics: { readonly inputs: readonly object[] };
}
const seed = parseJson(readFileSync('config/policies/default.json', 'utf8')) as unknown as Document;
const pricing = new PricingContext(readPricingData('config'));

/** Of few decimals and of many, on both sides of what may be written. */
const decimal = (whole: readonly string[], places: readonly number[]) =>
  fc
    .tuple(fc.constantFrom(...whole), fc.constantFrom(...places), fc.stringMatching(/^[0-9]{24}$/))
    .map(([units, digits, drawn]) => (digits === 0 ? units : `${units}.${drawn.slice(0, digits)}`));
const rate = decimal(['0'], [0, 4, 12, 12, 12, 13]).map((text) => text.replace(/(?<=\.)\d/, '0'));
const fees = fc.array(
  fc.record({
    fee_type: fc.constant('spread'),
    amount_type: fc.constantFrom('percentage', 'absolute'),
    amount: decimal(['0', '4', '99', '100', '4000'], [0, 0, 2, 2, 8]),
  }),
  { maxLength: 2 },
);
const numbers = fc.record({
  price: rate,
  loss: rate,
  prepaid: rate,
  funding: rate,
  kept: rate,
  paid: fees,
  rebates: fees,
});

/** The seed with these numbers wherever it has others. */
function withNumbers({
  price,
  loss,
  prepaid,
  funding,
  kept,
  paid,
  rebates,
}: typeof numbers extends fc.Arbitrary<infer N> ? N : never) {
  const rates = { monthly_interest_rate: price, expected_loss_rate: loss, prepayment_monthly_rate: prepaid };
  const then = (old: object) =>
    Object.fromEntries(
      Object.entries(old).map(([key, value]) => [key, Reflect.get(rates, key) ?? (value as unknown)]),
    );
  const entry = { fees: paid, funding_monthly_rate: funding, rebates_kept: kept, paid_out_share: kept };
  return {
    ...seed,
    tables: seed.tables.map((table) => ({
      ...table,
      rows: table.rows.map((row) => ({ ...row, then: then(row.then) })),
    })),
    pricing: { ...seed.pricing, rebates },
    economics: { ...seed.economics, inputs: seed.economics.inputs.map((old) => ({ ...old, ...entry })) },
    test_cases: [],
  };
}

it('whatever rates and fees a policy may be written with, pricing can take', () => {
  const seen = { refused: 0, bid: 0 };
  fc.assert(
    fc.property(numbers, (some) => {
      const parsed = parsePolicy(withNumbers(some));
      if (parsed.kind === 'invalid') {
        seen.refused += 1;
        return;
      }
      const compiled = compilePolicy(parsed.policy);
      const decision = decideOn(GOOD_BORROWER, {
        policy: { version: '1', compiled },
        pricing,
        programme: A_PROGRAMME,
        context: { now: new Date('2026-08-18T15:00:00Z'), liveOffers: { lowestRate: undefined } },
        window: 'on_time',
        installmentBelow: undefined,
        birthDate: calendarDate('1985-03-01'),
      });
      if (decision.outcome !== 'bid') return;
      seen.bid += 1;
      bidMargin(decision.bid, decision.trace.economics, compiled, { programme: A_PROGRAMME, pricing });
    }),
    runs(150, 5_000),
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});
