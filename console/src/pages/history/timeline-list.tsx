import { Code, Text, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type TimelineItem } from '../../api/client';
import { date, duration, timeWithMs } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { AUDIT_ACTION } from '../../words/audit-words';
import {
  ACTION,
  ATTEMPT_OUTCOME,
  BID_STATUS,
  COMMAND_STATUS,
  DECISION,
  OPERATION_FACT,
  OPERATION_STATUS,
  reasonWord,
  resolutionWord,
  STATUS_REASON,
  TASK_KIND,
  WEBHOOK_RESULT,
  webhookWord,
  wordOf,
  actorWord,
} from '../../words/words';

/** As long as it is looked at: a loan, a late webhook and a repeated one add to it long after the auction has ended. */
const POLL_MS = 5_000;

/** What happened around an auction, whoever did it, in the order in which it happened. */
export function TimelineList({
  auctionKey,
  status,
}: {
  readonly auctionKey: string;
  readonly status: string;
}) {
  const query = useQuery({
    queryKey: ['timeline', auctionKey, status],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/history/auctions/{issuer_proposal_request_key}/timeline', {
          params: { path: { issuer_proposal_request_key: auctionKey } },
        }),
      ),
    refetchInterval: POLL_MS,
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nada registrado">O que acontecer aparece aqui na hora.</Empty>
        ) : (
          <Timeline active={items.length} bulletSize={14} lineWidth={2} color="gray">
            {items.map((item, i) => (
              <Timeline.Item key={i} title={titleOf(item)} color={colorOf(item)}>
                <Text size="sm" c="dimmed" className="numbers">
                  {isNewDay(items, i) && `${date(item.at)} `}
                  {timeWithMs(item.at)}
                  {item.actor !== null && ` · ${actorWord(item.actor)}`}
                  {item.duration_ms !== null && ` · ${duration(item.duration_ms)}`}
                </Text>
                {detailOf(item) !== undefined && <Text size="sm">{detailOf(item)}</Text>}
                <Exchange item={item} />
              </Timeline.Item>
            ))}
          </Timeline>
        )
      }
    </Loaded>
  );
}

/** What we asked and what we were told, to the letter. */
function Exchange({ item: { request, response } }: { readonly item: TimelineItem }) {
  if (request === null && response === null) return null;
  return (
    <details>
      <Text component="summary" size="sm" c="dimmed">
        Pedido e resposta
      </Text>
      {[
        ['Enviado', request],
        ['Respondido', response],
      ].map(([label, text]) => (
        <div key={label}>
          <Text size="xs" c="dimmed" mt={4}>
            {label}
          </Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {text ?? '–'}
          </Code>
        </div>
      ))}
    </details>
  );
}

function isNewDay(items: readonly TimelineItem[], i: number): boolean {
  const before = items[i - 1];
  const here = items[i];
  return here !== undefined && (before === undefined || date(before.at) !== date(here.at));
}

function titleOf({ kind, what, result }: TimelineItem): string {
  switch (kind) {
    case 'webhook':
      return webhookWord(what);
    case 'decision':
      return wordOf(DECISION, what);
    case 'bid':
      return 'Lance registrado';
    case 'call':
      return 'Proposta enviada à QI';
    case 'operation':
      return wordOf(OPERATION_FACT, what);
    case 'command':
      return wordOf(ACTION, what);
    case 'task':
      return `Tarefa: ${wordOf(TASK_KIND, what)}${result === null ? '' : ` (${wordOf(TASK_VERB, result)})`}`;
    case 'person':
      return wordOf(AUDIT_ACTION, what);
  }
}

const TASK_VERB: Readonly<Record<string, string>> = {
  opened: 'aberta',
  renewed: 'renovada',
  claimed: 'assumida',
  released: 'devolvida',
  snoozed: 'adiada',
  resolved: 'resolvida',
};

function detailOf({ kind, result, detail }: TimelineItem): string | undefined {
  switch (kind) {
    case 'webhook': {
      const [state = '', reason] = (result ?? '').split(': ');
      const handled =
        reason === undefined ? wordOf(WEBHOOK_RESULT, state) : `parada: ${wordOf(STATUS_REASON, reason)}`;
      return state === 'done' ? undefined : handled;
    }
    case 'decision':
      return result?.split(', ').map(reasonWord).join(', ') ?? `política versão ${detail ?? ''}`;
    case 'bid':
      return result === null ? undefined : wordOf(BID_STATUS, result);
    case 'call': {
      const [outcome = '', status] = (result ?? '').split(' ');
      const words = wordOf(ATTEMPT_OUTCOME, outcome);
      return [status === undefined ? words : `${words} (${status})`, detail].filter(Boolean).join(' — ');
    }
    case 'operation':
      return result === null ? undefined : wordOf(OPERATION_STATUS, result);
    case 'command':
      return [wordOf(COMMAND_STATUS, result), detail].filter((part) => part !== null).join(' — ');
    case 'task':
      return detail === null ? undefined : resolutionWord(detail);
    default:
      return detail ?? undefined;
  }
}

function colorOf({ kind, what, result }: TimelineItem): string {
  if (kind === 'webhook') return result?.startsWith('parked') === true ? 'red' : 'gray';
  if (kind === 'decision') return what === 'bid' ? 'teal' : 'orange';
  if (kind === 'call') return result?.startsWith('accepted') === true ? 'teal' : 'red';
  return kind === 'operation' ? 'blue' : 'felt';
}
