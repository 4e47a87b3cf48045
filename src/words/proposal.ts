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
