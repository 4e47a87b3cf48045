import type { Trouble } from '../api/client';
import { count, date, dateTime, time } from '../format/format';
import type { Words } from '../../../src/words';

/** What is wrong, as a line begins. */
export const TROUBLE: Words = {
  qi_down: 'QI fora',
  qi_failing: 'QI com falhas',
  commands_waiting: 'QI não recebe pedidos de operações e propostas',
  webhooks_silent: 'QI em silêncio',
  wins_silent: 'Nenhum leilão ganho',
  signatures_silent: 'Nenhuma CCB assinada',
  webhooks_unhandled: 'Notificações da QI na fila sem tratamento',
  database_down: 'O banco de dados não responde',
  nobody_works: 'Nenhum processo trabalha nos leilões',
  unwatched: 'Lances parados: ninguém vigia o sistema',
  clock_off: 'Relógio errado',
  certificate_ending: 'Certificado a vencer',
  disk_full: 'Disco quase cheio',
};

/** How QI failed last. */
export const QI_FAILURE: Words = {
  server_error: 'a QI responde com erro interno',
  no_answer: 'a QI recebe e não responde',
  unreachable: 'não há conexão com a QI',
  too_many_requests: 'a QI pede menos chamadas',
  access_refused: 'a QI não aceita o nosso acesso',
};

/** One line: what, since when, what it costs, and how. */
export function troubleLine({ kind, since, count: many, detail }: Trouble): string {
  const began = `${TROUBLE[kind] ?? kind} desde ${sinceWord(since)}`;
  switch (kind) {
    case 'qi_down':
      return sentence(began, many === null || many === 0 ? '' : notSent(many), QI_FAILURE[detail ?? '']);
    case 'qi_failing':
      return sentence(
        began,
        `${count(many ?? 0)} chamadas falharam no último minuto`,
        QI_FAILURE[detail ?? ''],
      );
    case 'webhooks_silent':
      return sentence(began, `no ritmo de costume teriam vindo ${count(many ?? 0)} notificações`);
    case 'wins_silent':
      return sentence(began, `como nas semanas passadas teriam sido ganhos ${count(many ?? 0)}`);
    case 'signatures_silent':
      return sentence(began, `como nas semanas passadas teriam sido assinadas ${count(many ?? 0)}`);
    case 'commands_waiting':
      return sentence(began, many === 1 ? '1 pedido espera' : `${count(many ?? 0)} pedidos esperam`);
    case 'webhooks_unhandled':
      return sentence(began, many === 1 ? '1 espera' : `${count(many ?? 0)} esperam`);
    case 'clock_off':
      return sentence(
        began,
        many === 1 ? '1 processo não decide' : `${count(many ?? 0)} processos não decidem`,
      );
    case 'certificate_ending':
      return `${TROUBLE[kind] ?? kind}: ${detail ?? ''} ${daysLeft(many ?? 0)}`;
    case 'disk_full':
      return `${TROUBLE[kind] ?? kind}: ${count(many ?? 0)}% livres em ${detail ?? ''}`;
    default:
      return began;
  }
}

const sentence = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(', ');

/** An answer that was lost may have been a yes. */
const notSent = (many: number): string =>
  many === 1 ? '1 lance não enviado ou sem resposta' : `${count(many)} lances não enviados ou sem resposta`;

function daysLeft(days: number): string {
  if (days < 0) return 'venceu';
  if (days === 0) return 'vence hoje';
  return days === 1 ? 'vence amanhã' : `vence em ${count(days)} dias`;
}

/** The time of day where it is today's. */
function sinceWord(since: string): string {
  const isToday = date(since) === date(new Date().toISOString());
  return isToday ? time(since).slice(0, 5) : dateTime(since);
}
