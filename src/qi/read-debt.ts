import type { DisbursementOption, IssuedDebt, SimulatedFigures } from '../origination';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';

/** A debt as QI made or found it. `none`: QI answers that there is no such debt. */
export function readIssuedDebt(body: string): IssuedDebt | 'none' | undefined {
  const debt = debtIn(body);
  if (debt === undefined || debt === 'none') return debt;
  const key = debt.key('key', 'debt_key', 'credit_operation_key');
  return key === undefined ? undefined : { creditOperationKey: key, options: optionsOf(dataOf(debt)) };
}

/** Whether what it prints is not the debt with this key of ours. An empty list prints none. */
export function isDebtOfAnother(body: string, controlKey: string): boolean {
  const debt = debtIn(body);
  if (debt === undefined || debt === 'none') return false;
  return dataOf(debt).key('requester_identifier_key') !== controlKey;
}

/** The one debt that an answer prints, alone or in a list. */
function debtIn(body: string): Fields | 'none' | undefined {
  const document = fieldsIn(body);
  const listed = document?.children('data', 'debts');
  if (listed === undefined) return document;
  return listed.length === 0 ? 'none' : listed.length === 1 ? listed[0] : undefined;
}

/** What QI prints of a debt, in a frame or, in a list, without one. */
function dataOf(debt: Fields): Fields {
  return debt.has('data') ? debt.child('data') : debt;
}

/**
 * What a debt disburses on its new day: the answer to a change of day is the debt with one option calculated anew. Its figures are
 * printed in a list, as in the answer to the issue, or beside the rest: no page shows which.
 */
export function readRecalculated(body: string): SimulatedFigures['disbursedIssueAmount'] {
  const debt = debtIn(body);
  if (debt === undefined || debt === 'none') return undefined;
  const data = dataOf(debt);
  const options = optionsOf(data);
  if (options.length > 1) return undefined;
  return (options[0] ?? figuresOf(data)).disbursedIssueAmount;
}

/** The figures for each day on which the money may be paid. */
export function optionsOf(data: Fields): readonly DisbursementOption[] {
  return (data.children('disbursement_options') ?? []).map((option) => ({
    ...figuresOf(option),
    disbursementDate: option.date('disbursement_date'),
  }));
}

export function figuresOf(option: Fields): SimulatedFigures {
  const rates = option.has('prefixed_interest_rate')
    ? option.child('prefixed_interest_rate')
    : option.child('pre_fixed_interest_rate');
  return {
    issueAmount: option.decimal('issue_amount'),
    disbursedIssueAmount: option.decimal('disbursed_issue_amount'),
    totalIof: option.decimal('iof_amount', 'total_iof'),
    contractFeeAmount: option.decimal('contract_fee_amount'),
    monthlyCet: option.rate('cet'),
    annualCet: option.rate('annual_cet'),
    monthlyInterestRate: rates.rate('monthly_rate'),
    periods: periodsIn(option),
  };
}

function periodsIn(option: Fields): SimulatedFigures['periods'] {
  const listed = option.children('installments') ?? [];
  const periods = listed.flatMap((installment) => {
    const [dueDate, amount] = [installment.date('due_date'), installment.decimal('total_amount')];
    return dueDate === undefined || amount === undefined ? [] : [{ dueDate, amount }];
  });
  return periods.length === listed.length ? periods : undefined;
}

export function fieldsIn(body: string): Fields | undefined {
  const document = readJsonObject(Buffer.from(body));
  return document && new Fields(document);
}
