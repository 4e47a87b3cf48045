import type { DisbursementOption, IssuedDebt, SimulatedFigures } from '../origination';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';

/** A debt as QI made or found it. `none`: QI answers that there is no such debt. */
export function readIssuedDebt(body: string): IssuedDebt | 'none' | undefined {
  const document = fieldsIn(body);
  if (document === undefined) return undefined;
  const listed = document.children('data', 'debts');
  if (listed !== undefined) {
    const [only] = listed;
    if (listed.length === 0) return 'none';
    const key = listed.length === 1 ? only?.key('key', 'debt_key', 'credit_operation_key') : undefined;
    return key === undefined || only === undefined
      ? undefined
      : { creditOperationKey: key, options: optionsOf(only) };
  }
  const key = document.key('key', 'debt_key', 'credit_operation_key');
  return key === undefined
    ? undefined
    : { creditOperationKey: key, options: optionsOf(document.child('data')) };
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
    monthlyCet: option.rate('cet'),
    annualCet: option.rate('annual_cet'),
    monthlyInterestRate: rates.rate('monthly_rate'),
    periods: (option.children('installments') ?? []).flatMap((installment) => {
      const [dueDate, amount] = [installment.date('due_date'), installment.decimal('total_amount')];
      return dueDate === undefined || amount === undefined ? [] : [{ dueDate, amount }];
    }),
  };
}

export function fieldsIn(body: string): Fields | undefined {
  const document = readJsonObject(Buffer.from(body));
  return document && new Fields(document);
}
