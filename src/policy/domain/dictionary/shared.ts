import { ELEVEN_DIGITS, type FieldDefinitions } from './field-definition';

/** Facts of a borrower and of an offer, whatever the product. */
export const SHARED_FIELDS = {
  cpf_valid: {
    type: 'boolean',
    stage: 'request',
    label: 'CPF válido',
    source: 'derivado: dígitos verificadores do CPF do pedido ou da proposta',
  },
  borrower_cpf: {
    type: 'text',
    stage: 'request',
    label: 'CPF do trabalhador',
    source: 'issuer_proposal_request_data.document_number; sem leilão: CPF da proposta',
    personal: true,
    pattern: ELEVEN_DIGITS,
  },
  borrower_age: {
    type: 'integer',
    stage: 'request',
    label: 'Idade',
    unit: ['ano', 'anos'],
    source: 'derivado: anos completos desde birth_date, hoje em São Paulo',
  },
  requested_amount: {
    type: 'amount',
    stage: 'request',
    label: 'Valor solicitado',
    source:
      'issuer_proposal_request_data.disbursed_issue_amount; sem leilão: valor desejado, ausente se é o máximo',
  },
  hour_of_day: {
    type: 'integer',
    stage: 'request',
    label: 'Hora do dia',
    unit: ['h', 'h'],
    source: 'derivado: 0 a 23, em São Paulo',
  },
  borrower_live_offers: {
    type: 'integer',
    stage: 'request',
    label: 'Ofertas nossas vivas para o CPF',
    unit: ['oferta viva', 'ofertas vivas'],
    source: 'derivado: registro de ofertas vivas',
  },
  borrower_exposure: {
    type: 'amount',
    stage: 'request',
    label: 'Exposição no CPF',
    source: 'derivado: reservado e comprometido com o CPF, em reais',
  },
  offered_amount: {
    type: 'amount',
    stage: 'offer',
    label: 'Valor ofertado',
    source: 'oferta: valor desembolsado',
  },
  offered_rate: {
    type: 'rate',
    atMost: 1,
    stage: 'offer',
    label: 'Taxa mensal ofertada',
    source: 'oferta: taxa de juros ao mês',
  },
  offered_monthly_cet: {
    type: 'rate',
    atMost: 1,
    stage: 'offer',
    label: 'CET mensal da oferta',
    source: 'oferta: custo efetivo total ao mês',
  },
  last_due_date: {
    type: 'date',
    stage: 'offer',
    label: 'Vencimento da última parcela',
    source: 'oferta: último vencimento',
  },
  age_at_last_installment: {
    type: 'integer',
    stage: 'offer',
    label: 'Idade na última parcela',
    unit: ['ano', 'anos'],
    source: 'derivado: anos completos de birth_date ao último vencimento',
  },
  offered_to_requested: {
    type: 'rate',
    atMost: 2,
    stage: 'offer',
    label: 'Valor ofertado sobre o solicitado',
    source: 'derivado: valor ofertado dividido pelo solicitado',
  },
} as const satisfies FieldDefinitions;
