import { Decimal, type JsonObject } from '../kernel';
import type { FgtsIssueOrder, FgtsSimulationOrder } from '../origination';
import { borrowerBody, NO_GRACE, rebatesBody, withoutUndefined } from './debt-wire';

/** A fine is the creditor's business after the sale; the manual's samples are sent as they are printed. */
const NO_FINE = {
  monthly_rate: new Decimal(0),
  interest_base: 'calendar_days',
  contract_fine_rate: new Decimal(0),
};
const FINE = {
  monthly_rate: new Decimal('0.01'),
  contract_fine_rate: new Decimal('0.01'),
  interest_base: 'calendar_days',
};

/** QI's body of a simulation, of the maximum or of a target (manual 004, section 3). */
export function simulationBody({
  cpf,
  periods,
  target,
  annualInterestRate,
  rebates,
  disbursementDate,
}: FgtsSimulationOrder): JsonObject {
  return {
    borrower: { person_type: 'natural', individual_document_number: cpf.reveal() },
    ...(target && { target_disbursed_amount: target }),
    financial: {
      desired_installments: periods.map(({ dueDate, amount }) => ({
        total_amount: amount,
        due_date: dueDate,
      })),
      interest_type: 'pre_price_days',
      disbursement_date: disbursementDate,
      fine_configuration: NO_FINE,
      annual_interest_rate: annualInterestRate,
      credit_operation_type: 'ccb',
      number_of_installments: new Decimal(periods.length),
      ...rebatesBody(rebates),
      ...NO_GRACE,
    },
  };
}

/** QI's body of a debt (manual 004, section 4): the amounts are `total_amount` of instalments and `amount` of periods. */
export function debtBody(order: FgtsIssueOrder): JsonObject {
  const { account, periods } = order;
  return {
    requester_identifier_key: order.controlKey,
    borrower: borrowerBody(order),
    additional_data: null,
    collaterals: [
      {
        collateral_type: 'fgts_balance',
        collateral_data: {
          periods: periods.map(({ dueDate, amount }) => ({ due_date: dueDate, amount })),
        },
        percentage: new Decimal(1),
      },
    ],
    financial: {
      desired_installments: periods.map(({ dueDate, amount }) => ({
        due_date: dueDate,
        total_amount: amount,
      })),
      interest_type: 'pre_price_days',
      disbursement_start_date: order.disbursementFrom,
      disbursement_end_date: order.disbursementUntil,
      fine_configuration: FINE,
      monthly_interest_rate: order.monthlyInterestRate,
      credit_operation_type: 'ccb',
      number_of_installments: new Decimal(periods.length),
      issue_date: order.issueDate,
      ...rebatesBody(order.rebates),
      ...NO_GRACE,
    },
    disbursement_bank_account: {
      ...transferTypeOf(account),
      ...withoutUndefined(account),
      percentage_receivable: new Decimal(1),
    },
  };
}

/** A transfer by PIX, to its key or, with the bank's code, to the account; one with the ISPB alone is printed without a word. */
function transferTypeOf(account: FgtsIssueOrder['account']): JsonObject {
  if ('pix_key' in account) return { pix_transfer_type: 'key' };
  return 'bank_code' in account ? { pix_transfer_type: 'manual' } : {};
}
