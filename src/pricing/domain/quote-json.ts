import type { Fee } from './fees';
import type { ChargedFee, ChargedRebate, Quote } from './quote';
import { SCHEDULE_DECIMALS } from './scaled';
import type { ScheduleRow } from './schedule';

const RATE_DECIMALS = 8;

/** A quote under the names of QI's simulation: amounts and rates as texts of exact decimals. */
export function quoteToJson(quote: Quote) {
  const { cet, rates } = quote;
  return {
    disbursement_date: quote.disbursementDate,
    first_due_date: quote.firstDueDate,
    number_of_installments: quote.numberOfInstallments,
    installment_face_value: quote.installmentFaceValue?.toFixed(2) ?? null,
    issue_amount: quote.issueAmount.toFixed(2),
    disbursed_issue_amount: quote.disbursedIssueAmount.toFixed(2),
    assignment_amount: quote.assignmentAmount.toFixed(2),
    contract_fee_amount: quote.contractFeeAmount.toFixed(2),
    contract_fees: quote.contractFees.map(contractFeeToJson),
    external_contract_fee_amount: quote.rebateAmount.toFixed(2),
    net_external_contract_fee_amount: quote.netRebateAmount.toFixed(2),
    external_contract_fees: quote.rebates.map(rebateToJson),
    iof_amount: quote.iofAmount.toFixed(2),
    base_iof: quote.baseIof.toFixed(SCHEDULE_DECIMALS),
    additional_iof: quote.additionalIof.toFixed(SCHEDULE_DECIMALS),
    cet: cet.monthly.toFixed(4),
    annual_cet: cet.annual.toFixed(SCHEDULE_DECIMALS),
    annual_cet_exact: cet.annualExact.toFixed(SCHEDULE_DECIMALS),
    total_pre_fixed_amount: quote.totalPreFixedAmount.toFixed(SCHEDULE_DECIMALS),
    prefixed_interest_rate: {
      annual_rate: rates.annual.toFixed(RATE_DECIMALS),
      daily_rate: rates.daily.toFixed(RATE_DECIMALS),
      monthly_rate: rates.monthly.toFixed(Math.max(RATE_DECIMALS, rates.monthly.decimalPlaces())),
      interest_base: rates.interestBase,
    },
    installments: quote.schedule().map(rowToJson),
  };
}

export type QuoteJson = ReturnType<typeof quoteToJson>;

function feeToJson({ feeType, amountType, amount }: Fee) {
  return { fee_type: feeType, amount_type: amountType, amount: amount.toFixed() };
}

function contractFeeToJson(fee: ChargedFee) {
  return { ...feeToJson(fee), fee_amount: fee.feeAmount.toFixed(2) };
}

function rebateToJson(rebate: ChargedRebate) {
  return {
    ...contractFeeToJson(rebate),
    tax_amount: rebate.taxAmount.toFixed(2),
    net_fee_amount: rebate.netFeeAmount.toFixed(2),
  };
}

function rowToJson(row: ScheduleRow) {
  return {
    installment_number: row.installmentNumber,
    due_date: row.dueDate,
    business_due_date: row.businessDueDate,
    calendar_days: row.calendarDays,
    workdays: row.workdays,
    due_principal: row.duePrincipal.toFixed(SCHEDULE_DECIMALS),
    pre_fixed_amount: row.preFixedAmount.toFixed(SCHEDULE_DECIMALS),
    principal_amortization_amount: row.principalAmortizationAmount.toFixed(SCHEDULE_DECIMALS),
    tax_amount: row.taxAmount.toFixed(SCHEDULE_DECIMALS),
    total_amount: row.totalAmount.toFixed(2),
  };
}
