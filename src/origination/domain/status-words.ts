import type { ProposalStatus } from './proposal-state';

/** Statuses as people read them in a file; the console's own words are the same. */
export const PROPOSAL_STATUS_WORDS: Readonly<Record<ProposalStatus, string>> = {
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
