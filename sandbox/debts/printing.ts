import { randomUUID } from 'node:crypto';
import { Decimal, type JsonObject } from '../../src/kernel';
import { spaced } from '../printed-time';
import type { ChargedFee } from './fees';
import type { PricedInstallment, Pricing } from './pricing';

/** Prices as QI prints them: one way in simulations, another in what it answers about a debt. */

const integer = (value: number): Decimal => new Decimal(value);
const total = (fees: readonly ChargedFee[], of: 'feeAmount' | 'netFeeAmount'): Decimal =>
  Decimal.sum(0, ...fees.map((fee) => fee[of]));

/** 2,3200% */
export function percentText(fraction: Decimal): string {
  return `${fraction.times(100).toFixed(4).replace('.', ',')}%`;
}

export function simulationAnswer(
  at: Date,
  financial: JsonObject,
  options: readonly [Pricing, ...Pricing[]],
  paysOff = new Decimal(0),
): JsonObject {
  const [first] = options;
  const { first_due_date: _, ...figures } = simulationOption(first);
  return {
    key: randomUUID(),
    status: 'finished',
    type: 'debt',
    event_datetime: spaced(at),
    data: {
      ...figures,
      credit_operation_type: financial['credit_operation_type'] ?? null,
      disbursement_options: options.map(simulationOption),
      final_disbursement_amount: first.disbursedIssueAmount.minus(paysOff),
      interest_grace_period: financial['interest_grace_period'] ?? null,
      interest_payment_month_period: integer(1),
      interest_type: financial['interest_type'] ?? null,
      issue_date: financial['issue_date'] ?? first.disbursementDate,
      number_of_installments: integer(first.installments.length),
      operation_type: 'structured_operation',
      post_fixed_interest_base: 'workdays',
      post_fixed_interest_rate: null,
      principal_amortization_month_period: integer(1),
      principal_grace_period: financial['principal_grace_period'] ?? null,
      requester_key: randomUUID(),
    },
  };
}

function simulationOption(pricing: Pricing): JsonObject {
  return {
    ...amounts(pricing),
    annual_cet: pricing.annualCet.toSignificantDigits(16),
    cet: pricing.monthlyCet,
    contract_fees: pricing.contractFees.map((fee) => ({ ...chargedFee(fee), fee_type: fee.feeType })),
    disbursed_issue_amount: pricing.disbursedIssueAmount,
    external_contract_fees: pricing.externalFees.map((fee) => ({
      ...chargedFee(fee),
      amount_released: fee.netFeeAmount,
      cofins_amount: integer(0),
      csll_amount: integer(0),
      description: null,
      fee_type: fee.feeType,
      irrf_amount: integer(0),
      net_fee_amount: fee.netFeeAmount,
      pis_amount: integer(0),
      tax_amount: fee.taxAmount,
    })),
    installments: pricing.installments.map(row),
    iof_amount: pricing.totalIof,
    prefixed_interest_rate: ratesOf(pricing),
  };
}

/** An option of a debt that exists; with `rates`, as FGTS prints it. */
export function debtOption(pricing: Pricing, style: 'fgts' | 'federal_payroll'): JsonObject {
  const fgts = {
    disbursed_issue_amount: pricing.disbursedIssueAmount,
    number_of_installments: null,
    pre_fixed_interest_rate: ratesOf(pricing),
  };
  return {
    ...amounts(pricing),
    additional_iof: pricing.additionalIof,
    annual_cet: percentText(pricing.exactAnnualCet),
    base_iof: pricing.baseIof.toSignificantDigits(17),
    cet: percentText(pricing.monthlyCet),
    contract_fees: pricing.contractFees.map((fee) => ({
      ...(style === 'fgts' ? {} : chargedFee(fee)),
      fee_amount: fee.feeAmount,
      fee_type: fee.feeType,
    })),
    external_contract_fees: pricing.externalFees.map((fee) => ({
      description: null,
      fee_amount: fee.feeAmount,
      fee_type: fee.feeType,
      net_fee_amount: fee.netFeeAmount,
      rebate_bank_account: null,
      tax_amount: fee.taxAmount,
    })),
    installments: pricing.installments.map((each, index) => ({
      ...row(each, index),
      additional_costs: [],
      due_interest: integer(0),
      fine_amount: null,
      installment_status: null,
      installment_type: null,
    })),
    total_iof: pricing.totalIof,
    ...(style === 'fgts' ? fgts : {}),
  };
}

export function ratesOf(pricing: Pricing): JsonObject {
  const { annual, monthly, daily, interestBase } = pricing.rates;
  return { annual_rate: annual, daily_rate: daily, interest_base: interestBase, monthly_rate: monthly };
}

/** What both ways print alike. */
function amounts(pricing: Pricing): JsonObject {
  const external = total(pricing.externalFees, 'feeAmount');
  return {
    assignment_amount: pricing.issueAmount.plus(external),
    contract_fee_amount: total(pricing.contractFees, 'feeAmount'),
    disbursement_date: pricing.disbursementDate,
    external_contract_fee_amount: external,
    first_due_date: pricing.installments[0]?.dueDate ?? null,
    issue_amount: pricing.issueAmount,
    net_external_contract_fee_amount: total(pricing.externalFees, 'netFeeAmount'),
    total_pre_fixed_amount: Decimal.sum(0, ...pricing.installments.map((each) => each.interest)),
  };
}

function chargedFee(fee: ChargedFee): JsonObject {
  return { amount: fee.amount, amount_type: fee.amountType, fee_amount: fee.feeAmount };
}

function row(each: PricedInstallment, index: number): JsonObject {
  return {
    business_due_date: each.businessDueDate,
    calendar_days: integer(each.calendarDays),
    due_date: each.dueDate,
    due_principal: each.duePrincipal,
    has_interest: true,
    installment_number: integer(index + 1),
    post_fixed_amount: null,
    pre_fixed_amount: each.interest,
    principal_amortization_amount: each.amortization,
    tax_amount: each.tax,
    total_amount: each.totalAmount,
    workdays: integer(each.workdays),
  };
}
