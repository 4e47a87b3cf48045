import { addDays, addMonths, Decimal, type CalendarDate, type JsonObject } from '../../src/kernel';
import { ok, type Answer } from '../answer';
import type { Behaviour } from '../behaviour';
import type { ReadFinancial } from '../debts/collateral-desk';
import type { Debt } from '../debts/debt';
import { feesOf, feesOfSetUp } from '../debts/fees';
import { commonProblems, dateRange, dateRefusal, impossible, rateOf, schemaError } from '../debts/financial';
import { priceInstallments, type Installment, type Pricing } from '../debts/pricing';
import { simulationAnswer } from '../debts/printing';
import { dateOf, isAmount, isText, isWhole, listOf, objectOf, textOf } from '../fields';

/** Prices of payroll debts: equal instalments from a first due date on, and what of the money pays off older contracts. */

const LONGEST_TERM = 180;

export function readPayrollFinancial(
  body: JsonObject,
  today: CalendarDate,
  contract: Behaviour['contract'],
  find: (debtKey: string) => Debt | undefined,
): ReadFinancial | Answer {
  const financial = objectOf(body['financial']);
  const { federal_payroll: own } = contract;
  const limit = financial['limit_days_to_disburse'];
  const days = isWhole(limit, 0, 30) ? Number(limit.toFixed()) : own.option_days;
  const first = dateOf(financial['disbursement_date']);
  const dates = first === undefined ? undefined : dateRange(first, addDays(first, days));
  const installments = equalInstallments(financial);
  const rate = rateOf(financial);
  const problems = {
    ...commonProblems(financial),
    ...(dates === undefined ? { 'financial.disbursement_date': 'a date' } : {}),
    ...(installments === undefined
      ? { 'financial.installment_face_value': 'an amount, with first_due_date and number_of_installments' }
      : {}),
    ...(limit === undefined || isWhole(limit, 0, 30)
      ? {}
      : { 'financial.limit_days_to_disburse': '0 to 30' }),
  };
  if (Object.keys(problems).length > 0 || !dates || !installments || !rate) return schemaError(problems);
  for (const date of dates) {
    const wrong = dateRefusal(date, installments, today);
    if (wrong !== undefined) return wrong;
  }
  const offer = {
    terms: {
      rate,
      interestBase: own.interest_base,
      contractFees: feesOfSetUp(own.contract_fees),
      externalFees: [...feesOfSetUp(own.external_contract_fees), ...feesOf(financial['rebates'])],
    },
    installments,
  };
  return { offer, dates, paysOff: paidOff(body, today, find) };
}

export function simulatePayroll(
  body: JsonObject,
  at: Date,
  today: CalendarDate,
  contract: Behaviour['contract'],
  find: (debtKey: string) => Debt | undefined,
): Answer {
  if (objectOf(body['borrower'])['person_type'] !== 'natural')
    return schemaError({ 'borrower.person_type': 'natural' });
  const read = readPayrollFinancial(body, today, contract, find);
  if ('status' in read) return read;
  const { offer, dates, paysOff } = read;
  const wanted = contract.federal_payroll.simulation_options === 'first' ? dates.slice(0, 1) : dates;
  const options: Pricing[] = [];
  for (const disbursementDate of wanted) {
    const pricing = priceInstallments({ ...offer.terms, disbursementDate }, offer.installments);
    if (pricing === undefined || pricing.disbursedIssueAmount.lt(paysOff ?? 0)) return impossible();
    options.push(pricing);
  }
  const [first, ...rest] = options;
  if (first === undefined) return impossible();
  return ok(simulationAnswer(at, objectOf(body['financial']), [first, ...rest], paysOff));
}

function equalInstallments(financial: JsonObject): readonly Installment[] | undefined {
  const { installment_face_value: totalAmount, number_of_installments: count } = financial;
  const first = dateOf(financial['first_due_date']);
  if (first === undefined || !isAmount(totalAmount) || !isWhole(count, 1, LONGEST_TERM)) return undefined;
  return Array.from({ length: Number(count.toFixed()) }, (_, i) => ({
    dueDate: addMonths(first, i),
    totalAmount,
  }));
}

/** What is wrong with the contracts that a refinancing names: QI's own by key, others by their number. */
export function refinancedProblems(
  body: JsonObject,
  find: (debtKey: string) => Debt | undefined,
): JsonObject {
  const list = listOf(body['refinanced_credit_operations']).map(objectOf);
  if (list.length === 0) return { refinanced_credit_operations: 'required' };
  const problems: JsonObject = {};
  const cpf = objectOf(body['borrower'])['individual_document_number'];
  list.forEach((each, i) => {
    const at = `refinanced_credit_operations.${i}`;
    if (isText(each['operation_key'])) {
      const debt = find(each['operation_key']);
      if (debt?.state !== 'disbursed' || debt.borrower.documentNumber !== cpf)
        problems[`${at}.operation_key`] = 'no open operation of this borrower';
      return;
    }
    for (const field of ['original_contract_number', 'original_financial_institution_document_number'])
      if (!isText(each[field])) problems[`${at}.${field}`] = 'required';
    if (!isAmount(each['due_balance'])) problems[`${at}.due_balance`] = 'an amount';
  });
  return problems;
}

/** What the older contracts still cost on `today`. */
function paidOff(
  body: JsonObject,
  today: CalendarDate,
  find: (debtKey: string) => Debt | undefined,
): Decimal {
  const costs = listOf(body['refinanced_credit_operations']).map((value) => {
    const each = objectOf(value);
    const debt = find(textOf(each['operation_key']));
    if (debt !== undefined) return dueBalance(debt, today);
    return isAmount(each['due_balance']) ? each['due_balance'] : new Decimal(0);
  });
  return Decimal.sum(0, ...costs);
}

/** The instalments still to come, at the contract's own rate. */
function dueBalance(debt: Debt, today: CalendarDate): Decimal {
  const left = debt.offer.installments.filter((each) => each.dueDate > today);
  const terms = { ...debt.offer.terms, disbursementDate: today, contractFees: [], externalFees: [] };
  return priceInstallments(terms, left)?.issueAmount ?? new Decimal(0);
}
