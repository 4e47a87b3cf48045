import { showReais, type CalendarDate, type Decimal } from '../../kernel';
import type { Reason } from '../../policy/domain';
import type { FitReason, FitReasonCode } from '../../pricing/domain';
import { codeOfFit, type EngineReasonCode } from './reason-codes';

/** What the credit team reads when the asked loan, and everything the policy would offer instead, does not fit. */
const SENTENCES: Readonly<Record<FitReasonCode, string>> = {
  amount_not_in_cents: 'O valor pedido tem fração de centavo.',
  amount_below_minimum: 'O valor pedido está abaixo do mínimo da política.',
  amount_above_maximum: 'O valor pedido está acima do máximo da política.',
  installments_below_minimum: 'O prazo pedido está abaixo do mínimo da política.',
  installments_above_maximum: 'O prazo pedido está acima do máximo da política.',
  no_price_band: 'Não há preço na tabela para o valor e o prazo pedidos.',
  installment_above_limit: 'A parcela não cabe na margem consignável.',
  installment_below_cent: 'A parcela é menor que um centavo.',
  target_unattainable: 'As parcelas não alcançam o valor pedido.',
  cost_out_of_range: 'O custo efetivo não pode ser calculado.',
  fees_exceed_loan: 'As tarifas e os impostos consomem o empréstimo.',
  no_tax_rates: 'Não há tabela de impostos vigente para a data.',
  outside_calendar: 'O último vencimento está além do calendário de feriados.',
};

const COUNTED: readonly FitReasonCode[] = [
  'installments_below_minimum',
  'installments_above_maximum',
  'outside_calendar',
];

/** @param unit what the loan is paid back in. */
export function fitReason({ code, observed, required }: FitReason, unit = 'parcelas'): Reason {
  const show = (value: Decimal): string =>
    COUNTED.includes(code) ? `${value.toFixed()} ${unit}` : showReais(value);
  return {
    code: codeOfFit(code),
    message: SENTENCES[code],
    severity: 'decline',
    ruleId: undefined,
    observed: show(observed),
    required: required && show(required),
  };
}

export function noPayrollRule(on: CalendarDate): Reason {
  return {
    code: 'NO_PAYROLL_RULE' satisfies EngineReasonCode,
    message: 'Não há regra de folha de pagamento vigente para a data.',
    severity: 'decline',
    ruleId: undefined,
    observed: on,
    required: undefined,
  };
}
