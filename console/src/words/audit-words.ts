import { plainName, wordOf, type Words } from '../../../src/words';
import { NOTIFICATION_TYPE, RECOVERY_SIGN, ROLE, STATUS_REASON, TASK_KIND } from './words';

/* The audit trail in words. */

export const AUDIT_ACTION: Words = {
  'user.created': 'Conta criada',
  'user.changed': 'Papéis ou acesso mudados',
  'user.invited': 'Convite enviado de novo',
  'user.signed_out': 'Sessões encerradas por outra pessoa',
  'user.password_set': 'Senha definida',
  'user.password_changed': 'Senha trocada',
  'user.oidc_linked': 'Conta ligada ao provedor de identidade',
  'user.locked_out': 'Entrada bloqueada por tentativas',
  'session.started': 'Entrou',
  'session.ended': 'Sessão encerrada',
  'token.created': 'Token criado',
  'token.handed_over': 'Token passado a outra pessoa',
  'token.revoked': 'Token revogado',
  'personal_data.revealed': 'Dados pessoais vistos',
  'personal_data.looked_up': 'Trabalhador procurado pelo CPF',
  'review.requested': 'Revisão pedida pelo trabalhador',
  'policy.created': 'Rascunho de política criado',
  'policy.saved': 'Rascunho de política salvo',
  'policy.renamed': 'Rascunho de política com outro nome',
  'policy.submitted': 'Política enviada para revisão',
  'policy.discarded': 'Rascunho de política descartado',
  'policy.approved': 'Política aprovada',
  'policy.sent_back': 'Política devolvida aos autores',
  'policy.scheduled': 'Ativação de política agendada',
  'policy.unscheduled': 'Agendamento de política desmarcado',
  'policy.shadow_on': 'Política em sombra',
  'policy.shadow_off': 'Política fora da sombra',
  'policy.activated': 'Política ativada',
  'policy.rolled_back': 'Volta a uma política anterior',
  'policy.backtest_ordered': 'Backtest pedido',
  'policy.backtest_canceled': 'Backtest cancelado',
  'policy.backtest_run': 'Backtest feito no terminal',
  'policy.commented': 'Comentário na revisão da política',
  'rate_model.ordered': 'Aprendizado das taxas pedido',
  'rate_model.published': 'Taxas aprendidas publicadas',
  'rate_model.approved': 'Taxas aprendidas aprovadas',
  'rate_model.returned': 'Taxas de volta à tabela',
  'rate_model.resume_asked': 'Volta às taxas aprendidas pedida',
  'rate_model.resume_refused': 'Volta às taxas aprendidas recusada',
  'rate_model.resumed': 'Taxas aprendidas de novo nos lances',
  'policy_list.imported': 'Lista importada',
  'policy_list.exported': 'Lista exportada',
  'loan_outcomes.imported': 'Desfechos de empréstimos importados',
  'kill_switch.engaged': 'Lances parados',
  'kill_switch.released': 'Lances liberados',
  'kill_switch.release_requested': 'Liberação dos lances pedida',
  'approval.approved': 'Pedido aprovado',
  'approval.rejected': 'Pedido recusado',
  'approval.undone': 'Aprovação desfeita',
  'approval.approve': 'Liberação dos lances aprovada',
  'approval.reject': 'Liberação dos lances recusada',
  'task.claimed': 'Tarefa assumida',
  'task.released': 'Tarefa devolvida',
  'task.snoozed': 'Tarefa adiada',
  'task.resolved': 'Tarefa resolvida',
  'operation.document_sent': 'Documento enviado à QI',
  'operation.evidence_exported': 'Evidências da operação exportadas',
  'operation.submit_signature_asked': 'Assinatura enviada por uma pessoa',
  'operation.authorize_asked': 'Autorização pedida por uma pessoa',
  'operation.resubmit_disbursement_asked': 'Reenvio do desembolso pedido por uma pessoa',
  'operation.cancel_permanently_asked': 'Cancelamento pedido por uma pessoa',
  'operation.request_reversal_asked': 'Devolução pedida por uma pessoa',
  'operation.command_taken_back': 'Pedido à QI retirado antes do envio',
  'proposal.opened': 'Proposta aberta',
  'proposal.review_cleared': 'Proposta liberada por outra pessoa',
  'proposal.accepted': 'Aceite registrado',
  'proposal.issue_asked': 'Emissão pedida',
  'proposal.issue_found': 'Operação achada na QI',
  'proposal.issue_said_not_taken': 'Operação não achada na QI por uma pessoa',
  'proposal.issue_not_taken': 'Emissão dada como não recebida por duas pessoas',
  'proposal.withdrawn': 'Proposta encerrada',
  'proposal_batch.started': 'Arquivo de propostas iniciado',
  'qi_filters.proposed': 'Mudança do filtro da QI pedida',
  'qi_filters.withdrawn': 'Mudança do filtro da QI retirada',
  'qi_filters.sending': 'Filtro a caminho da QI',
  'qi_filters.stopping': 'Parada dos pedidos a caminho da QI',
  'qi_filters.sent': 'Filtro em vigor na QI',
  'qi_filters.rejected': 'Filtro recusado pela QI',
  'qi_filters.unknown': 'Filtro sem resposta da QI',
  'notification_endpoint.created': 'Destino de notificações criado',
  'notification_endpoint.changed': 'Destino de notificações mudado',
  'notification_endpoint.removed': 'Destino de notificações removido',
  'notification_endpoint.secret_rotated': 'Segredo de notificações trocado',
  'notification_endpoint.tried': 'Destino de notificações testado',
  'notification_delivery.resent': 'Notificação reenviada',
  'webhook_event.replayed': 'Notificação da QI tratada de novo',
  'webhook_events.replayed': 'Notificações da QI tratadas de novo',
  'webhook_event.settled': 'Notificação da QI dada por resolvida',
  'mail_server.changed': 'Servidor de e-mail mudado',
  'alert.acknowledged': 'Alerta assumido por uma pessoa',
  'conformance.begun': 'Conferência com a QI iniciada',
  'export.requested': 'Exportação pedida',
  'export_schedule.created': 'Exportação agendada',
  'export_schedule.removed': 'Exportação agendada retirada',
  'export_schedule.handed_over': 'Exportação agendada assumida por outra pessoa',
  'recovery.found': 'Restauração do banco percebida',
  'recovery.confirmed': 'Restauração do banco conferida',
  'retention.begun': 'Apagamento de dados vencidos iniciado',
  'retention.applied': 'Dados vencidos apagados',
  'retention.interrupted': 'Apagamento de dados vencidos interrompido',
  'retention.archived': 'Decisões e ofertas antigas levadas para o arquivo',
  'encryption.rotated': 'Chave de cifra trocada',
  'encryption.binding_begun': 'Amarração das cifras iniciada',
  'encryption.bound': 'Cifras amarradas aos seus lugares',
};

/** What a deed was done to: the word before the key. */
const SUBJECT: Words = {
  user: 'conta',
  session: 'sessão',
  token: 'token',
  policy: 'política',
  backtest: 'backtest',
  auction: 'leilão',
  approval: 'aprovação',
  export: 'exportação',
  'export schedule': 'exportação agendada',
  recovery: 'restauração',
  key: 'chave',
  bidding: 'lances',
  borrowers: 'trabalhadores',
  'qi filters': 'filtro da QI',
  'webhook event': 'notificação da QI',
  'webhook events': 'notificações da QI',
  'notification endpoint': 'destino de notificações',
};

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const HASH = /^[0-9a-f]{40,64}$/;

/** "export 53fe54fc-..." is "exportação 53fe54fc"; a name is shown whole. */
export function subjectWord(subject: string): string {
  const [, kind = '', key = subject] = /^(.*?)[ :]([^ :]+)$/.exec(subject) ?? [];
  const shown = UUID.test(key) || HASH.test(key) ? key.slice(0, 8) : plainName(key);
  if (kind === '') return SUBJECT[subject] ?? shown;
  return `${SUBJECT[kind] ?? plainName(kind)} ${shown}`;
}

/** Details that say more than the deed and its subject, and how each is read; the others stand in the record itself. */
const DETAIL: Readonly<Record<string, readonly [name: string, words?: Words]>> = {
  roles: ['papéis', ROLE],
  roles_before: ['antes', ROLE],
  outcome: ['a QI', { took_effect: 'tinha recebido', not_taken: 'não tinha recebido' }],
  format: ['formato'],
  event_types: ['avisa de', NOTIFICATION_TYPE],
  url: ['endereço'],
  description: ['descrição'],
  kind: ['tarefa', TASK_KIND],
  fields: [
    'dados',
    { name: 'nome', document_number: 'CPF', birth_date: 'nascimento', registration: 'matrícula' },
  ],
  method: ['por', { password: 'senha', oidc: 'provedor de identidade' }],
  address: ['de'],
  based_on: ['a partir da versão'],
  entries: ['itens'],
  started: ['iniciadas'],
  refused: ['recusadas'],
  sign: ['sinal', RECOVERY_SIGN],
  was: ['estava parada porque', STATUS_REASON],
};

/** "roles: ["admin"]" is "papéis: Administrador". */
export function detailWords(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .flatMap(([name, value]) => {
      const [word, words] = DETAIL[name] ?? [];
      if (word === undefined || value === null || value === '') return [];
      const values = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
      const shown = values.map((one) => (words === undefined ? one : wordOf(words, one)));
      return shown.length === 0 ? [] : [`${word}: ${shown.join(', ')}`];
    })
    .join(' · ');
}
