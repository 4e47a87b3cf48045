import { Decimal } from '../../kernel';
import type { NotificationEvent } from './cloud-event';
import { alertLine } from './alert-words';
import { ALERT_KINDS, ALERT_PREFIX, ALERT_STATUSES, type AlertStatus } from './alert-kinds';
import { TRIAL_TYPE } from './event-types';

/** What one message to people says, whatever carries it. */
export interface PeopleMessage {
  readonly subject: string;
  readonly lines: readonly string[];
  /** Where they see more, and what it is called. */
  readonly link: string;
  readonly linkName: string;
}

const STATUS_WORDS: Readonly<Record<AlertStatus, string>> = {
  raised: '',
  reminded: 'Ainda sem ninguém: ',
  resolved: 'Resolvido: ',
};

/** Where the file is, never what is in it, nor the name that somebody gave to it. */
const FILE_WORDS: Readonly<Record<string, string>> = {
  'export.ready': 'Exportação agendada pronta',
  'export.failed': 'Exportação agendada que falhou',
};

/** Several events in one message, oldest first. */
export function messageFor(events: readonly NotificationEvent[], publicUrl: string): PeopleMessage {
  const lines = [...events].sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime()).map(lineOf);
  const more = lines.length - 1;
  const subject = `${lines[0] ?? ''}${more > 0 ? ` (e mais ${String(more)})` : ''}`;
  const isOfFiles = events.every(({ type }) => FILE_WORDS[type] !== undefined);
  const [page, linkName] = isOfFiles
    ? ['exportacoes', 'Abrir as exportações']
    : ['plantao', 'Abrir o plantão'];
  return { subject, lines, link: `${publicUrl}/${page}`, linkName };
}

function lineOf({ type, data, occurredAt }: NotificationEvent): string {
  if (type === TRIAL_TYPE) return 'Teste: os avisos do Arremate chegam aqui';
  const ofFile = FILE_WORDS[type];
  const { format } = data;
  if (ofFile !== undefined) return typeof format === 'string' ? `${ofFile}: ${format.toUpperCase()}` : ofFile;
  const kind = ALERT_KINDS.find((known) => type === `${ALERT_PREFIX}${known}`);
  if (kind === undefined) return type;
  const status = ALERT_STATUSES.find((known) => known === data['status']) ?? 'raised';
  const { since, count, detail } = data;
  const line = alertLine({
    kind,
    since: typeof since === 'string' ? new Date(since) : occurredAt,
    count: Decimal.isDecimal(count) ? Number(count.toFixed()) : null,
    detail: typeof detail === 'string' ? detail : null,
  });
  return `${STATUS_WORDS[status]}${line}`;
}

/** As Slack's incoming webhooks take it; its three special characters are written as it asks. */
export function slackBody({ lines, link, linkName }: PeopleMessage): string {
  const safe = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return JSON.stringify({ text: [...lines.map(safe), `<${link}|${linkName}>`].join('\n') });
}

/** As the incoming webhooks of Teams take it: an adaptive card. */
export function teamsBody({ lines, link, linkName }: PeopleMessage): string {
  const card = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    body: lines.map((text) => ({ type: 'TextBlock', wrap: true, text })),
    actions: [{ type: 'Action.OpenUrl', title: linkName, url: link }],
  };
  return JSON.stringify({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  });
}

export function mailText({ lines, link, linkName }: PeopleMessage): string {
  return `${lines.join('\n')}\n\n${linkName}: ${link}\n`;
}
