import type { Words } from './words';

/* Loans without an auction, before the debt. */

export const PROPOSAL_STATUS: Words = {
  draft: 'Rascunho',
  querying: 'Consultando o saldo',
  balance_failed: 'Consulta sem saldo',
  balance_known: 'Saldo conhecido',
  not_eligible: 'Sem oferta',
  in_review: 'Em conferência',
  simulated: 'Simulada',
  offered: 'Com oferta',
  accepted: 'Aceita',
  issuing: 'Emitindo',
  issued: 'Emitida',
  withdrawn: 'Encerrada',
};

/** What a person may do. */
export const PROPOSAL_ACTION: Words = {
  query_balance: 'Consultar o saldo de novo',
  cancel_query: 'Desistir da consulta',
  simulate: 'Simular outro valor',
  clear_review: 'Liberar a proposta',
  accept: 'Registrar o aceite',
  issue: 'Emitir a operação',
  settle_issue: 'Informar o que se achou na QI',
  withdraw: 'Encerrar a proposta',
};

/** Why a balance or a margin was not told, in a few words; what to do about it is said beside it. */
export const BALANCE_FAILURE: Words = {
  ongoing_operation: 'operação em andamento na Caixa',
  unauthorized_institution: 'consulta não autorizada',
  inexistent_anniversary_membership: 'fora do saque-aniversário',
  on_locked_date_range: 'época bloqueada pela Caixa',
  anniversary_membership_egress: 'saída do saque-aniversário pedida',
  processing_pending_changes: 'cadastro em processamento na Caixa',
  caixa_error: 'erro da Caixa',
  inexistent_relationship: 'sem vínculo federal',
  invalid_document_number: 'CPF não aceito',
  inactive_federal_employee: 'vínculo inativo',
  deceased_federal_employee: 'falecimento registrado',
  mock_error: 'CPF fora dos de teste da QI',
  query_canceled: 'consulta cancelada',
  issue_not_taken: 'emissão não recebida pela QI',
  issue_withheld: 'emissão não enviada: a oferta deixou de valer',
  balance_key_missing: 'resposta sem a consulta',
  balance_overdue: 'consulta sem resposta',
};
