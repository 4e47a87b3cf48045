import { type CalendarDate, type Decimal, type JsonObject } from '../../src/kernel';
import { ok, refusal, type Answer } from '../answer';
import type { Behaviour } from '../behaviour';
import { feesOf, feesOfSetUp } from '../debts/fees';
import {
  commonProblems,
  dateRange,
  dateRefusal,
  desiredInstallments,
  impossible,
  rateOf,
  schemaError,
} from '../debts/financial';
import type { ReadFinancial } from '../debts/collateral-desk';
import type { DebtTerms } from '../debts/curve';
import type { Installment, Pricing } from '../debts/pricing';
import { priceInstallments, priceTarget } from '../debts/pricing';
import { simulationAnswer } from '../debts/printing';
import { dateOf, isAmount, isCpf, isWhole, objectOf } from '../fields';

/** Prices of FGTS debts: all of the desired instalments, or as many as a target needs. */

type Purpose = 'simulation' | 'creation';

/** Only a creation must name a range of days. */
export function readFgtsFinancial(
  financial: JsonObject,
  today: CalendarDate,
  contract: Behaviour['contract'],
  purpose: Purpose,
): ReadFinancial | Answer {
  const dates = datesOf(financial, purpose);
  const installments = desiredInstallments(financial);
  const rate = rateOf(financial);
  const problems = {
    ...commonProblems(financial),
    ...(dates === undefined
      ? { 'financial.disbursement_start_date': 'two dates, 60 days apart at most' }
      : {}),
    ...(installments === undefined
      ? { 'financial.desired_installments': 'a list of total_amount and due_date' }
      : {}),
    ...(purpose === 'creation' && dateOf(financial['issue_date']) === undefined
      ? { 'financial.issue_date': 'a date' }
      : {}),
    ...(isWhole(financial['number_of_installments'], 1, 99)
      ? {}
      : { 'financial.number_of_installments': 'a whole number' }),
  };
  if (Object.keys(problems).length > 0 || !dates || !installments || !rate) return schemaError(problems);
  for (const date of dates) {
    const wrong = dateRefusal(date, installments, today);
    if (wrong !== undefined) return wrong;
  }
  return { offer: { terms: termsOf(rate, financial, contract), installments }, dates };
}

/** A simulation may name one day; a creation names the first and the last. */
function datesOf(financial: JsonObject, purpose: Purpose): CalendarDate[] | undefined {
  const day = dateOf(financial['disbursement_date']);
  if (purpose === 'simulation' && day !== undefined) return [day];
  return dateRange(dateOf(financial['disbursement_start_date']), dateOf(financial['disbursement_end_date']));
}

function termsOf(
  rate: DebtTerms['rate'],
  financial: JsonObject,
  contract: Behaviour['contract'],
): ReadFinancial['offer']['terms'] {
  const { fgts } = contract;
  return {
    rate,
    interestBase: fgts.interest_base,
    contractFees: feesOfSetUp(fgts.contract_fees),
    externalFees: [...feesOfSetUp(fgts.external_contract_fees), ...feesOf(financial['rebates'])],
  };
}

export function simulateMaximum(
  body: JsonObject,
  at: Date,
  today: CalendarDate,
  contract: Behaviour['contract'],
): Answer {
  return simulate(
    body,
    at,
    today,
    contract,
    (terms, installments) => priceInstallments(terms, installments) ?? impossible(),
  );
}

export function simulateTarget(
  body: JsonObject,
  at: Date,
  today: CalendarDate,
  contract: Behaviour['contract'],
): Answer {
  const target = body['target_disbursed_amount'];
  if (!isAmount(target)) return schemaError({ target_disbursed_amount: 'an amount in whole cents' });
  return simulate(body, at, today, contract, (terms, bounds) => priceOfTarget(terms, bounds, target));
}

function priceOfTarget(terms: DebtTerms, bounds: readonly Installment[], target: Decimal): Pricing | Answer {
  const priced = priceTarget(terms, bounds, target);
  if (priced.kind === 'priced') return priced.pricing;
  return priced.kind === 'impossible'
    ? impossible()
    : refusal(400, 'Target disbursed amount is greater than the maximum', 'LEG000071');
}

function simulate(
  body: JsonObject,
  at: Date,
  today: CalendarDate,
  contract: Behaviour['contract'],
  price: (terms: DebtTerms, installments: readonly Installment[]) => Pricing | Answer,
): Answer {
  const problems = borrowerProblems(objectOf(body['borrower']));
  if (Object.keys(problems).length > 0) return schemaError(problems);
  const financial = objectOf(body['financial']);
  const read = readFgtsFinancial(financial, today, contract, 'simulation');
  if ('status' in read) return read;
  const { installments, terms } = read.offer;
  const count = financial['number_of_installments'];
  if (!isWhole(count, installments.length, installments.length))
    return refusal(400, 'number_of_installments differs from desired_installments', 'LEG000099');
  const options: Pricing[] = [];
  for (const disbursementDate of read.dates) {
    const priced = price({ ...terms, disbursementDate }, installments);
    if ('status' in priced) return priced;
    options.push(priced);
  }
  const [first, ...rest] = options;
  return first === undefined ? impossible() : ok(simulationAnswer(at, financial, [first, ...rest]));
}

function borrowerProblems(borrower: JsonObject): JsonObject {
  return {
    ...(borrower['person_type'] === 'natural' ? {} : { 'borrower.person_type': 'natural' }),
    ...(isCpf(borrower['individual_document_number'])
      ? {}
      : { 'borrower.individual_document_number': 'a CPF of 11 digits' }),
  };
}
