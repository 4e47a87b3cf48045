import { LOWER_CODE, type FieldDefinitions } from './field-definition';

const AUTHORITY = /^\d{1,10}$/;
const SITUATION = /^(0|[1-9]\d{0,2})$/;
/** Documents were accepted with zeros at the left, which no fact has. */
const SITUATION_BEFORE = /^\d{1,3}$/;
const REGIME = /^[A-Z]{3}$/;

/** Facts of a loan to a federal servant or pensioner (SIAPE): of the one employment link that pays for it. */
export const FEDERAL_PAYROLL_FIELDS = {
  authority_code: {
    type: 'code',
    stage: 'request',
    label: 'Órgão',
    source: 'consulta de margem: authority.code do vínculo escolhido',
    pattern: AUTHORITY,
  },
  functional_situation: {
    type: 'code',
    stage: 'request',
    label: 'Situação funcional',
    source: 'derivado da consulta de margem: número em employment_functional_situation, sem zeros à esquerda',
    pattern: SITUATION,
    storedPattern: SITUATION_BEFORE,
    form: 'a situação funcional é o número sem zeros à esquerda: "1", e não "01"',
  },
  legal_regime: {
    type: 'code',
    stage: 'request',
    label: 'Regime jurídico',
    source:
      'derivado da consulta de margem: letras em employment_functional_situation, como EST; ausente se faltam',
    pattern: REGIME,
  },
  relationship: {
    type: 'code',
    stage: 'request',
    label: 'Relação com o órgão',
    source: 'consulta de margem: employment_relationship',
    pattern: LOWER_CODE,
  },
  classification: {
    type: 'code',
    stage: 'request',
    label: 'Classificação do vínculo',
    source: 'consulta de margem: employment_classification',
    pattern: LOWER_CODE,
  },
  is_pensioner: {
    type: 'boolean',
    stage: 'request',
    label: 'É pensionista',
    source: 'derivado da consulta de margem: o vínculo é de pensão',
  },
  pension_is_temporary: {
    type: 'boolean',
    stage: 'request',
    label: 'Pensão temporária',
    source: 'derivado de pension_type, ou da declaração na proposta; não para quem não é pensionista',
  },
  pension_months_left: {
    type: 'integer',
    stage: 'request',
    label: 'Meses até o fim da pensão',
    unit: ['mês', 'meses'],
    source:
      'derivado de pension_validity ou da declaração: meses completos desde hoje; ausente sem fim (use com pension_is_temporary)',
  },
  contract_is_temporary: {
    type: 'boolean',
    stage: 'request',
    label: 'Contrato de trabalho temporário',
    source: 'derivado: situação funcional ou declaração na proposta',
  },
  contract_months_left: {
    type: 'integer',
    stage: 'request',
    label: 'Meses até o fim do contrato de trabalho',
    unit: ['mês', 'meses'],
    source:
      'proposta: meses completos de hoje ao fim declarado; ausente sem fim (use com contract_is_temporary)',
  },
  authorization_days_left: {
    type: 'integer',
    stage: 'request',
    label: 'Dias até o fim da autorização',
    unit: ['dia', 'dias'],
    source:
      'derivado da consulta de margem: de hoje a consigned_credit.expiration_date; negativo depois dele',
  },
  contract_kind: {
    type: 'code',
    stage: 'request',
    label: 'Tipo de contratação',
    source: 'proposta: margem livre ou refinanciamento',
    values: ['free_margin', 'refinancing'],
  },
  pension_months_after_loan: {
    type: 'integer',
    stage: 'offer',
    label: 'Meses de pensão depois da última parcela',
    unit: ['mês', 'meses'],
    source:
      'derivado: meses completos do último vencimento a pension_validity; negativo se a pensão acaba antes',
  },
  contract_months_after_loan: {
    type: 'integer',
    stage: 'offer',
    label: 'Meses de contrato de trabalho depois da última parcela',
    unit: ['mês', 'meses'],
    source: 'derivado: meses completos do último vencimento ao fim do contrato; negativo se ele acaba antes',
  },
} as const satisfies FieldDefinitions;
