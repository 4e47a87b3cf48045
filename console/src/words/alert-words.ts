import type { Words } from '../../../src/words';

/** What is wrong, waits or goes astray. */
export const ALERT_TYPE: Words = {
  'alert.qi_down': 'QI fora',
  'alert.qi_failing': 'QI com falhas',
  'alert.commands_waiting': 'QI não recebe pedidos de operações e propostas',
  'alert.webhooks_silent': 'QI em silêncio',
  'alert.wins_silent': 'Nenhum leilão ganho',
  'alert.signatures_silent': 'Nenhuma CCB assinada',
  'alert.webhooks_unhandled': 'Notificações da QI na fila sem tratamento',
  'alert.nobody_works': 'Nenhum processo trabalha nos leilões',
  'alert.unwatched': 'Lances parados: ninguém vigia o sistema',
  'alert.clock_off': 'Relógio errado',
  'alert.certificate_ending': 'Certificado a vencer',
  'alert.disk_full': 'Disco quase cheio',
  'alert.restore_unconfirmed': 'Banco restaurado, lances e pedidos parados',
  'alert.work_late': 'Trabalho periódico parado',
  'alert.audit_unanchored': 'Trilha de auditoria sem âncora',
  'alert.caps_near': 'Limite perto do fim',
  'alert.webhooks_parked': 'Notificações da QI paradas',
  'alert.tasks_due': 'Tarefas perto do prazo',
  'alert.approvals_waiting': 'À espera de aprovação',
  'alert.activation_refused': 'Ativação agendada recusada',
  'alert.bidding_stopped': 'Lances parados há horas',
  'alert.pricing_drift': 'Cálculo da QI difere do nosso',
  'alert.notifications_failing': 'Avisos que não chegam',
  'alert.rates_returned': 'Taxas de volta à tabela',
  'alert.rates_in_doubt': 'Chances de ganhar fora do previsto',
};

/** What became of a file that is made again and again. */
const EXPORT_TYPE: Words = {
  'export.ready': 'Exportação agendada pronta',
  'export.failed': 'Exportação agendada que falhou',
};

/** What people can be told of; systems are told of everything. */
export const PEOPLE_TYPE: Words = { ...ALERT_TYPE, ...EXPORT_TYPE };

/** How somebody is told. */
export const CHANNEL: Words = {
  webhook: 'Outro sistema (webhook assinado)',
  email: 'E-mail',
  slack: 'Slack',
  teams: 'Teams',
};
