import type { Words } from './words';

/* Loans after the win, and the work that waits for people. */

export const OPERATION_STATUS: Words = {
  awaiting_signature: 'Aguarda assinatura',
  signature_failed: 'Assinatura falhou',
  signed: 'Assinada',
  awaiting_authorization: 'Aguarda autorização',
  authorized: 'Autorizada',
  reservation_retrying: 'Averbação em nova tentativa',
  reservation_failed: 'Averbação recusada',
  parked: 'Parada',
  reserved: 'Averbada',
  disbursement_failed: 'Desembolso recusado',
  disbursed: 'Desembolsada',
  canceling: 'Em cancelamento',
  canceled_permanently: 'Cancelada em definitivo',
};

/** Where the margin of a SIAPE loan stands, beside its contract. */
export const MARGIN_STATUS: Words = {
  not_asked: 'Ainda não pedida',
  pending_consent: 'Aguarda anuência',
  pending_consent_with_deletion: 'Aguarda anuência, a liberar',
  retrying: 'Em nova tentativa',
  unexplained: 'Recusa sem explicação',
  held: 'Reservada',
  refused: 'Não reservada',
  released: 'Livre',
};

export const ACTION: Words = {
  authorize: 'Autorizar averbação',
  submit_signature: 'Enviar assinatura colhida',
  resubmit_disbursement: 'Reenviar desembolso',
  cancel_permanently: 'Cancelar em definitivo',
  request_reversal: 'Cobrar a devolução',
};

export const COMMAND_STATUS: Words = {
  intended: 'a enviar',
  sending: 'enviando',
  unknown: 'sem resposta',
  accepted: 'aceito',
  rejected: 'recusado',
  withdrawn: 'retirado',
};

export const TASK_KIND: Words = {
  authorization_review: 'Revisar autorização',
  reservation_unexplained: 'Averbação sem explicação',
  disbursement_failed: 'Desembolso recusado',
  contradiction: 'Fatos contraditórios',
  command_rejected: 'Comando recusado pela QI',
  command_unknown: 'Comando sem resposta',
  unlinked_operation: 'Operação sem leilão',
  late: 'Parada há tempo demais',
  margin_unsettled: 'Margem sem desfecho',
  auction_parked: 'Leilão parado',
  pricing_drift: 'Cálculo da QI diverge',
  human_review: 'Revisão pedida pelo trabalhador',
  proposal_refused: 'Pedido da proposta recusado',
  proposal_unknown: 'Resposta da QI desconhecida',
  proposal_review: 'Proposta a conferir',
  authorization_ending: 'Autorização do servidor perto do fim',
};

export const OPERATION_FACT: Words = {
  won: 'Leilão ganho',
  issued: 'Operação emitida',
  signed: 'CCB assinada',
  signature_failed: 'Assinatura falhou',
  authorization_requested: 'QI pede autorização',
  authorization_accepted: 'Autorização aceita pela QI',
  reservation_waiting: 'Averbação em andamento',
  reservation_refused: 'Averbação recusada',
  reservation_confirmed: 'Garantia averbada',
  margin_released: 'Margem liberada',
  deletion_pending: 'Margem a liberar com a resposta do servidor',
  canceled_unsecured: 'QI cancelou a CCB: sem garantia',
  disbursement_failed: 'Desembolso recusado',
  resubmission_accepted: 'Reenvio aceito pela QI',
  disbursed: 'Valor desembolsado',
  cancellation_accepted: 'Cancelamento aceito pela QI',
  canceled_permanently: 'Cancelada em definitivo',
  noted: 'Informação registrada',
  authorization_decided: 'A política examinou a assinatura',
  cancel_permanently_requested: 'Cancelamento pedido',
  cancel_permanently_declined: 'Cancelamento recusado pela segunda pessoa',
  cancel_permanently_undone: 'Cancelamento desfeito antes do envio',
  request_reversal_requested: 'Devolução pedida: o cliente desistiu',
  request_reversal_declined: 'Devolução recusada pela segunda pessoa',
  request_reversal_undone: 'Devolução desfeita antes do envio',
  request_reversal_intended: 'Cobrança da devolução a enviar',
  request_reversal_accepted: 'QI criou a cobrança da devolução',
  request_reversal_rejected: 'QI recusou a devolução',
  request_reversal_not_taken: 'Devolução não chegou à QI',
  refunded: 'Cliente devolveu o valor: operação cancelada',
  authorize_intended: 'Autorização a enviar',
  document_sent: 'Documento enviado à QI',
  submit_signature_intended: 'Assinatura a enviar',
  resubmit_disbursement_intended: 'Reenvio a enviar',
  cancel_permanently_intended: 'Cancelamento a enviar',
  authorize_rejected: 'QI recusou a autorização',
  submit_signature_rejected: 'QI recusou a assinatura enviada',
  submit_signature_accepted: 'QI recebeu a assinatura',
  resubmit_disbursement_rejected: 'QI recusou o reenvio',
  cancel_permanently_rejected: 'QI recusou o cancelamento',
  authorize_not_taken: 'Autorização não chegou à QI',
  submit_signature_not_taken: 'Assinatura não chegou à QI',
  resubmit_disbursement_not_taken: 'Reenvio não chegou à QI',
  cancel_permanently_not_taken: 'Cancelamento não chegou à QI',
  authorize_undone: 'Autorização retirada antes do envio',
  submit_signature_undone: 'Assinatura retirada antes do envio',
  resubmit_disbursement_undone: 'Reenvio retirado antes do envio',
};

/** What contradicts a loan under another name than its timeline has for it. */
export const TOLD_FACT: Words = {
  reservation_refused_for_good: 'Averbação recusada, sem nova tentativa',
  reservation_refused_unexplained: 'Averbação recusada sem explicação',
  reservation_canceled: 'Averbação cancelada',
  reservation_terminated: 'Averbação encerrada com o vínculo de emprego',
  reservation_transferred: 'Averbação transferida para outro vínculo',
  reservation_renewed: 'Nova averbação em outro vínculo',
  resubmitted_authorized: 'Reenvio aceito, já autorizado',
  resubmitted_unauthorized: 'Reenvio aceito, à espera de autorização',
  resubmitted_signed: 'Reenvio aceito, já assinado',
  resubmitted_unsigned: 'Reenvio aceito, à espera de assinatura',
};
