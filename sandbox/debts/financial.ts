import {
  addDays,
  daysBetween,
  type CalendarDate,
  type Decimal,
  type JsonObject,
  type JsonValue,
} from '../../src/kernel';
import { refusal, type Answer } from '../answer';
import { dateOf, isAmount, isFraction, isNumber, isWhole, listOf, objectOf } from '../fields';
import type { DebtTerms } from './curve';
import { areRebates } from './fees';
import type { Installment } from './pricing';

/** The parts of a `financial` that every product's requests share, and QI's codes for what is wrong with them. */

const LONGEST_RANGE_DAYS = 60;

export const schemaError = (problems: JsonObject): Answer =>
  refusal(400, 'Schema error', 'QIT000001', problems);

export function rateOf(financial: JsonObject): DebtTerms['rate'] | undefined {
  const { monthly_interest_rate: monthly, annual_interest_rate: annual } = financial;
  if (isFraction(monthly)) return { monthly };
  return isAnnualRate(annual) ? { annual } : undefined;
}

/** A year's rate may well exceed one. */
const isAnnualRate = (value: JsonValue | undefined): value is Decimal => isNumber(value) && value.gte(0);

/** Fields that simulations and creations alike require. */
export function commonProblems(financial: JsonObject): JsonObject {
  const problems: JsonObject = {};
  const need = (field: string, valid: boolean, message: string): void => {
    if (!valid) problems[`financial.${field}`] = message;
  };
  need('interest_type', financial['interest_type'] === 'pre_price_days', 'pre_price_days');
  need('credit_operation_type', financial['credit_operation_type'] === 'ccb', 'ccb');
  for (const field of ['interest_grace_period', 'principal_grace_period'])
    need(field, isWhole(financial[field], 0, 0), '0');
  need('rebates', areRebates(financial['rebates']), 'a list of fee_type, amount_type and amount');
  const fine = objectOf(financial['fine_configuration']);
  for (const field of ['monthly_rate', 'contract_fine_rate'])
    need(`fine_configuration.${field}`, isFraction(fine[field]), 'a fraction');
  need('fine_configuration.interest_base', fine['interest_base'] !== undefined, 'required');
  need('monthly_interest_rate', rateOf(financial) !== undefined, 'a fraction, or annual_interest_rate');
  return problems;
}

/** The desired instalments as they stand; undefined when one of them is no amount on a date. */
export function desiredInstallments(financial: JsonObject): readonly Installment[] | undefined {
  const read = listOf(financial['desired_installments']).map((each) => {
    const { due_date: date, total_amount: totalAmount } = objectOf(each);
    const dueDate = dateOf(date);
    return dueDate === undefined || !isAmount(totalAmount) ? undefined : { dueDate, totalAmount };
  });
  const installments = read.filter((each) => each !== undefined);
  return installments.length > 0 && installments.length === read.length ? installments : undefined;
}

/** Days from the first to the last, both included; undefined when they are none, or too many. */
export function dateRange(
  first: CalendarDate | undefined,
  last: CalendarDate | undefined,
): CalendarDate[] | undefined {
  if (first === undefined || last === undefined) return undefined;
  const days = daysBetween(first, last);
  if (days < 0 || days > LONGEST_RANGE_DAYS) return undefined;
  return Array.from({ length: days + 1 }, (_, i) => addDays(first, i));
}

/** What is wrong with paying out on a day a debt that falls due on these days. */
export function dateRefusal(
  disbursement: CalendarDate,
  installments: readonly Installment[],
  today: CalendarDate,
): Answer | undefined {
  if (disbursement < today) return refusal(400, 'Disbursement date is in the past', 'COP000090');
  const dueDates = installments.map((each) => each.dueDate);
  if (dueDates.some((due) => due <= disbursement))
    return refusal(400, 'Installment date is not after the disbursement date', 'COP000203');
  if (dueDates.some((due, i) => i > 0 && due <= (dueDates[i - 1] ?? due))) return impossible();
  return undefined;
}

export const impossible = (): Answer =>
  refusal(400, 'Installments are impossible for the schedule', 'COP000170');
