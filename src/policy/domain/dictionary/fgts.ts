import type { FieldDefinitions } from './field-definition';

const MONTHS = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'] as const;

/** Facts of an advance on the anniversary withdrawals of the FGTS. A period is one withdrawal, of one year. */
export const FGTS_FIELDS = {
  available_periods: {
    type: 'integer',
    stage: 'request',
    label: 'Saques disponíveis',
    unit: ['saque', 'saques'],
    source: 'consulta de saldo: número de periods[]',
  },
  available_total: {
    type: 'amount',
    stage: 'request',
    label: 'Soma dos saques disponíveis',
    source: 'derivado da consulta de saldo: soma de periods[].amount',
  },
  first_period_amount: {
    type: 'amount',
    stage: 'request',
    label: 'Valor do primeiro saque',
    source: 'consulta de saldo: amount do primeiro de periods[]; ausente sem saques',
  },
  days_to_first_period: {
    type: 'integer',
    stage: 'request',
    label: 'Dias até o primeiro saque',
    unit: ['dia', 'dias'],
    source: 'derivado da consulta de saldo: de hoje ao due_date do primeiro de periods[]; ausente sem saques',
  },
  anniversary_month: {
    type: 'code',
    stage: 'request',
    label: 'Mês de aniversário',
    source: 'derivado: mês de birth_date, de 01 a 12',
    values: MONTHS,
  },
  days_to_birthday: {
    type: 'integer',
    stage: 'request',
    label: 'Dias até o aniversário',
    unit: ['dia', 'dias'],
    source: 'derivado: de hoje ao próximo aniversário, em São Paulo; 0 no próprio dia',
  },
  active_contracts: {
    type: 'integer',
    stage: 'request',
    label: 'Antecipações em curso',
    unit: ['contrato', 'contratos'],
    source: 'consulta de saldo: number_of_active_contracts',
  },
  has_unavailable_balance: {
    type: 'boolean',
    stage: 'request',
    label: 'Tem saldo indisponível',
    source: 'consulta de saldo: has_unavailable_balance',
  },
  offered_periods: {
    type: 'integer',
    stage: 'offer',
    label: 'Saques antecipados',
    unit: ['saque', 'saques'],
    source: 'oferta: número de saques antecipados',
  },
  offered_total: {
    type: 'amount',
    stage: 'offer',
    label: 'Soma dos saques antecipados',
    source: 'oferta: soma dos valores antecipados, a pagar pelo fundo',
  },
  smallest_offered_period: {
    type: 'amount',
    stage: 'offer',
    label: 'Menor saque antecipado',
    source: 'oferta: menor dos valores antecipados',
  },
  largest_offered_period: {
    type: 'amount',
    stage: 'offer',
    label: 'Maior saque antecipado',
    source: 'oferta: maior dos valores antecipados',
  },
} as const satisfies FieldDefinitions;
