import type { FieldDefinitions } from './field-definition';

/** Facts of a loan that is deducted from pay, in equal instalments. */
export const PAYROLL_FIELDS = {
  requested_installments: {
    type: 'integer',
    stage: 'request',
    label: 'Prazo solicitado',
    unit: ['parcela', 'parcelas'],
    source: 'issuer_proposal_request_data.number_of_installments; SIAPE: prazo desejado na proposta',
  },
  requested_installment: {
    type: 'amount',
    stage: 'request',
    label: 'Parcela solicitada sem juros',
    source: 'derivado: valor solicitado dividido pelo prazo solicitado, em centavos',
  },
  margin: {
    type: 'amount',
    stage: 'request',
    label: 'Margem consignável',
    source:
      'issuer_proposal_request_data.consigned_credit_balance; SIAPE: consigned_credit.available_balance do vínculo',
  },
  offered_installments: {
    type: 'integer',
    stage: 'offer',
    label: 'Prazo ofertado',
    unit: ['parcela', 'parcelas'],
    source: 'oferta: número de parcelas',
  },
  offered_installment: {
    type: 'amount',
    stage: 'offer',
    label: 'Parcela ofertada',
    source: 'oferta: valor da parcela',
  },
  installment_to_margin: {
    type: 'rate',
    atMost: 2,
    stage: 'offer',
    label: 'Parcela sobre a margem',
    source: 'derivado: parcela ofertada dividida pela margem',
  },
} as const satisfies FieldDefinitions;
