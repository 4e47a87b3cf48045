import { SAO_PAULO } from '../../kernel';
import { PERIODIC_WORK, wordOf } from '../../words';
import type { AlertKind } from './alert-kinds';

/** What an alert says, as its line begins. */
const ALERT_WORDS: Readonly<Record<AlertKind, string>> = {
  qi_down: 'QI fora',
  qi_failing: 'QI com falhas',
  commands_waiting: 'QI não recebe pedidos de operações e propostas',
  webhooks_silent: 'QI em silêncio',
  wins_silent: 'Nenhum leilão ganho',
  signatures_silent: 'Nenhuma CCB assinada',
  webhooks_unhandled: 'Notificações da QI na fila sem tratamento',
  nobody_works: 'Nenhum processo trabalha nos leilões',
  unwatched: 'Lances parados: ninguém vigia o sistema',
  clock_off: 'Relógio errado',
  certificate_ending: 'Certificado a vencer',
  disk_full: 'Disco quase cheio',
  restore_unconfirmed: 'Banco restaurado, lances e pedidos parados',
  work_late: 'Trabalho periódico parado',
  audit_unanchored: 'Trilha de auditoria sem âncora',
  caps_near: 'Limite perto do fim',
  webhooks_parked: 'Notificações da QI paradas',
  tasks_due: 'Tarefas perto do prazo',
  approvals_waiting: 'À espera de aprovação',
  activation_refused: 'Ativação agendada recusada',
  bidding_stopped: 'Lances parados há horas',
  pricing_drift: 'Cálculo da QI difere do nosso',
  notifications_failing: 'Avisos que não chegam',
  rates_returned: 'Taxas de volta à tabela',
  rates_in_doubt: 'Chances de ganhar fora do previsto',
};

/** What the count of an alert counts: one, and several. */
const COUNTED: Readonly<Partial<Record<AlertKind, readonly [one: string, several: string]>>> = {
  qi_down: ['lance não enviado ou sem resposta', 'lances não enviados ou sem resposta'],
  qi_failing: ['chamada falhou no último minuto', 'chamadas falharam no último minuto'],
  commands_waiting: ['pedido espera', 'pedidos esperam'],
  webhooks_silent: ['notificação teria vindo', 'notificações teriam vindo'],
  wins_silent: ['leilão teria sido ganho', 'leilões teriam sido ganhos'],
  signatures_silent: ['CCB teria sido assinada', 'CCBs teriam sido assinadas'],
  webhooks_unhandled: ['espera', 'esperam'],
  clock_off: ['processo não decide', 'processos não decidem'],
  certificate_ending: ['dia até vencer', 'dias até vencer'],
  disk_full: ['por cento livre', 'por cento livres'],
  work_late: ['trabalho', 'trabalhos'],
  caps_near: ['por cento usado', 'por cento usados'],
  webhooks_parked: ['espera por uma pessoa', 'esperam por uma pessoa'],
  tasks_due: ['tarefa', 'tarefas'],
  pricing_drift: ['simulação difere nas últimas 24 horas', 'simulações diferem nas últimas 24 horas'],
  notifications_failing: ['canal', 'canais'],
};

/** Details that are codes. Hosts and directories are shown as they are. */
const DETAIL_WORDS: Readonly<Record<string, string>> = {
  server_error: 'a QI responde com erro interno',
  no_answer: 'a QI recebe e não responde',
  unreachable: 'não há conexão com a QI',
  too_many_requests: 'a QI pede menos chamadas',
  access_refused: 'a QI não aceita o nosso acesso',
  behind: 'o banco voltou a um ponto anterior',
  other_history: 'o banco é outro, ou de antes de tudo o que conhecíamos',
  new_timeline: 'outro servidor assumiu o banco, ou uma cópia foi recuperada',
  unwitnessed: 'ninguém aqui conhecia o banco, e ele estava parado',
  total: 'exposição total',
  per_day: 'exposição do dia',
  bids_per_day: 'lances do dia',
  policy: 'uma versão da política',
  operation: 'um pedido de operação',
  kill_switch: 'a volta dos lances',
  qi_filters: 'uma mudança do filtro da QI',
  rate_model: 'uma versão das taxas aprendidas',
  rates_resume: 'a volta às taxas aprendidas',
  CALIBRATION: 'as chances previstas não se confirmam',
  MARGIN_BELOW_CONTROL: 'a margem fica abaixo da do controle',
  DRIFT_AGAIN: 'o mercado mudou três vezes em dez dias',
  AT_CEILING: 'muitas taxas subiram de uma vez até o teto',
  HASH_MISMATCH: 'a versão foi alterada no banco',
  STALE: 'a versão está velha',
  PERSON: 'decisão de uma pessoa',
  unexpected_win: 'ganho que ninguém aqui decidiu',
  uncalibrated: 'o erro de calibração das taxas aprendidas passa de 8 pontos',
  drifted: 'o mercado mudou nos últimos dias',
};

interface Said {
  readonly kind: AlertKind;
  readonly since: Date;
  readonly count: number | null;
  readonly detail: string | null;
}

/** One line: what, which, since when, how much. */
export function alertLine({ kind, since, count, detail }: Said): string {
  const counted = COUNTED[kind];
  const parts = [
    detail === null ? undefined : detailInWords(kind, detail),
    `desde ${inSaoPaulo(since)}`,
    count === null || counted === undefined ? undefined : `${String(count)} ${counted[count === 1 ? 0 : 1]}`,
  ];
  return `${ALERT_WORDS[kind]}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

/** A detail may name which one: `policy:12`. */
function detailInWords(kind: AlertKind, detail: string): string {
  if (kind === 'work_late') return wordOf(PERIODIC_WORK, detail);
  const [, code = detail, number] = /^([a-z_]+):(\d+)$/.exec(detail) ?? [];
  const words = DETAIL_WORDS[code] ?? detail;
  return number === undefined ? words : `${words} (${number})`;
}

function inSaoPaulo(at: Date): string {
  return new Intl.DateTimeFormat('pt-BR', {
    timeZone: SAO_PAULO,
    day: '2-digit',
    month: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(at)
    .replace(', ', ' ');
}
