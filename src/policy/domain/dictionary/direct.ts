import { LOWER_CODE, type FieldDefinitions } from './field-definition';

/** Facts of a proposal that no auction brings: a balance was asked for, and somebody brought the borrower. */
export const DIRECT_FIELDS = {
  reference_age_hours: {
    type: 'integer',
    stage: 'request',
    label: 'Idade da consulta de saldo',
    unit: ['hora', 'horas'],
    source: 'derivado: horas desde que a consulta de saldo foi respondida; a hora começada conta inteira',
  },
  channel: {
    type: 'code',
    stage: 'request',
    label: 'Canal',
    source: 'proposta: quem trouxe o cliente',
    pattern: LOWER_CODE,
  },
  is_pep: {
    type: 'boolean',
    stage: 'request',
    label: 'Pessoa politicamente exposta',
    source: 'proposta: declaração do cliente',
  },
} as const satisfies FieldDefinitions;
