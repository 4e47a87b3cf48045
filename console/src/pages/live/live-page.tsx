import { Box, Group, Paper, Progress, SimpleGrid, Table, Text, Title } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { AuctionRow, Overview } from '../../api/client';
import { noConnection } from '../../api/problem';
import {
  count,
  duration,
  monthlyRate,
  reais,
  share,
  shortKey,
  shortReais,
  taxpayer,
  time,
} from '../../format/format';
import { AuctionBadge } from '../../parts/badges';
import { NoAuctions } from '../../parts/no-auctions';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useLive } from '../../shell/live-provider';
import { useServiceNow } from '../../shell/use-service-now';
import { FirstDayNotice } from '../first-day/first-day-notice';
import { LIMIT, reasonWord, STATUS_REASON, wordOf } from '../../words/words';

const SHOWN = 60;
const TICK_MS = 500;
/** From here on a limit may stop bids any moment. */
const NEARLY_FULL = 0.8;

export function LivePage() {
  const { overview, auctions, hasBegun, isLost } = useLive();
  return (
    <Page
      title="Ao vivo"
      subtitle={
        overview && (
          <>
            Política ativa{' '}
            <Link className="link" to="/politica/$number" params={{ number: overview.policy.version }}>
              versão {overview.policy.version}
            </Link>
            : {overview.policy.name}
          </>
        )
      }
    >
      <FirstDayNotice />
      <Loaded
        query={{ data: overview, error: overview === undefined && isLost ? noConnection() : null }}
        lines={4}
      >
        {(data) => (
          <>
            <Tiles overview={data} />
            <Limits overview={data} />
            <Funnel overview={data} />
          </>
        )}
      </Loaded>
      <Paper p={0}>
        <Title order={2} p="md" pb="xs">
          Leilões
        </Title>
        {auctions.length === 0 && hasBegun ? <NoAuctions /> : <Stream auctions={auctions.slice(0, SHOWN)} />}
      </Paper>
    </Page>
  );
}

function Tiles({ overview }: { readonly overview: Overview }) {
  const { statuses, unanswered, bids, won, disbursed, receive_to_bid_ms: latency, qi } = overview;
  // A bid that QI did not answer says nothing of our price.
  const answeredWon = Math.max(0, statuses.won - unanswered.won);
  const decided = answeredWon + Math.max(0, statuses.lost - unanswered.lost);
  const failing = qi.calls === 0 ? 0 : qi.failed / qi.calls;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      <Tile
        label="Recebidos hoje"
        value={count(overview.received)}
        note={`${count(overview.webhooks_last_minute)} notificações/min`}
      />
      <Tile label="Lances aceitos" value={count(bids.count)} note={shortReais(bids.amount)} />
      <Tile
        label="Taxa de vitória"
        value={decided === 0 ? '–' : share(answeredWon / decided)}
        note={`${count(answeredWon)} de ${count(decided)} com desfecho`}
      />
      <Tile
        label="Volume arrematado hoje"
        value={shortReais(won.amount)}
        note={`${count(won.count)} operações · ${count(disbursed.count)} desembolsadas`}
      />
      <Tile
        label="Da notificação ao lance"
        value={duration(latency.p50)}
        note={`p99 ${duration(latency.p99)}`}
      />
      <Tile
        label="QI"
        value={qi.calls === 0 ? 'Sem chamadas' : failing > 0.05 ? 'Com falhas' : 'Responde'}
        note={qi.calls === 0 ? 'nos últimos 15 min' : `p50 ${duration(qi.p50_ms)} · ${share(failing)} falhas`}
        tone={failing > 0.05 ? 'red' : undefined}
      />
    </SimpleGrid>
  );
}

/** How much of what all bids share is used up: reais at risk, and the pace. */
function Limits({ overview: { limits } }: { readonly overview: Overview }) {
  if (limits.length === 0) return null;
  return (
    <Paper p="md">
      <SimpleGrid cols={{ base: 1, sm: Math.min(limits.length, 3) }} spacing="lg">
        {limits.map(({ name, used, cap }) => {
          const part = Number(cap) === 0 ? 1 : Number(used) / Number(cap);
          const format = name.startsWith('bids') ? (text: string) => count(Number(text)) : shortReais;
          return (
            <div key={name} data-limit={name}>
              <Group justify="space-between" gap="xs" mb={4}>
                <Text size="xs" c="dimmed" fw={500}>
                  {wordOf(LIMIT, name)}
                </Text>
                <Text size="xs" className="numbers">
                  {format(used)} de {format(cap)} ({share(part)})
                </Text>
              </Group>
              <Progress
                value={Math.min(part, 1) * 100}
                color={part >= NEARLY_FULL ? 'orange' : 'felt'}
                aria-label={wordOf(LIMIT, name)}
              />
            </div>
          );
        })}
      </SimpleGrid>
    </Paper>
  );
}

function Tile({
  label,
  value,
  note,
  tone,
}: {
  readonly label: string;
  readonly value: string;
  readonly note: string;
  readonly tone?: string | undefined;
}) {
  return (
    <Paper p="md">
      <Text size="xs" c="dimmed" fw={500}>
        {label}
      </Text>
      <Text fz={24} fw={700} lh={1.3} className="numbers" c={tone}>
        {value}
      </Text>
      <Text size="xs" c="dimmed" className="numbers">
        {note}
      </Text>
    </Paper>
  );
}

/** Where today's auctions stand, as parts of one bar. */
function Funnel({ overview: { statuses, received } }: { readonly overview: Overview }) {
  const parts = [
    { label: 'Em aberto', value: statuses.open + statuses.bidding, color: 'var(--mantine-color-blue-4)' },
    { label: 'Lance aceito', value: statuses.bid, color: 'var(--mantine-color-blue-6)' },
    { label: 'Ganhos', value: statuses.won, color: 'var(--mantine-color-teal-6)' },
    { label: 'Perdidos', value: statuses.lost, color: 'var(--mantine-color-gray-6)' },
    { label: 'Recusados', value: statuses.declined, color: 'var(--mantine-color-gray-4)' },
    {
      label: 'Sem resposta ou não enviados',
      value: statuses.missed + statuses.unknown + statuses.rejected + statuses.expired + statuses.parked,
      color: 'var(--mantine-color-orange-6)',
    },
  ];
  return (
    <Paper p="md">
      <Group gap={2} wrap="nowrap" h={14} style={{ borderRadius: 7, overflow: 'hidden' }} aria-hidden="true">
        {parts.map(({ label, value, color }) =>
          value === 0 ? null : (
            <Box
              key={label}
              h="100%"
              style={{ flexGrow: value, flexBasis: 0, minWidth: 3, background: color }}
            />
          ),
        )}
        {received === 0 && <Box h="100%" flex={1} bg="var(--mantine-color-default-border)" />}
      </Group>
      <Group gap="lg" mt="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {parts.map(({ label, value, color }) => (
          <Group key={label} component="li" gap={6} wrap="nowrap">
            <Box w={10} h={10} style={{ borderRadius: 3, background: color }} aria-hidden="true" />
            <Text size="sm">
              {label}{' '}
              <Text span fw={650} className="numbers">
                {count(value)}
              </Text>
            </Text>
          </Group>
        ))}
      </Group>
    </Paper>
  );
}

function Stream({ auctions }: { readonly auctions: readonly AuctionRow[] }) {
  const now = useServiceNow(TICK_MS);
  return (
    <Table.ScrollContainer minWidth={880}>
      <Table className="sticky lines" aria-label="Leilões, do mais novo ao mais antigo">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Recebido</Table.Th>
            <Table.Th>Leilão</Table.Th>
            <Table.Th>Empregador</Table.Th>
            <Table.Th ta="right">Pedido</Table.Th>
            <Table.Th>Situação</Table.Th>
            <Table.Th ta="right">Lance</Table.Th>
            <Table.Th>Encerra em</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {auctions.map((auction) => (
            <StreamRow key={auction.issuer_proposal_request_key} auction={auction} now={now} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function StreamRow({ auction, now }: { readonly auction: AuctionRow; readonly now: number }) {
  const navigate = useNavigate();
  const key = auction.issuer_proposal_request_key;
  // A changed row is a new row to the browser, so that its highlight begins anew.
  return (
    <Table.Tr
      key={auction.status}
      className="fresh row-link"
      data-auction={key}
      data-status={auction.status}
      onClick={() => void navigate({ to: '/historico/$key', params: { key } })}
    >
      <Table.Td>{time(auction.received_at)}</Table.Td>
      <Table.Td>
        <Link
          className="link mono"
          to="/historico/$key"
          params={{ key }}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          {shortKey(key)}
        </Link>
      </Table.Td>
      <Table.Td>{taxpayer(auction.employer_document_number)}</Table.Td>
      <Table.Td ta="right">
        {reais(auction.requested_amount)}
        <Text span size="xs" c="dimmed">
          {auction.requested_installments === null ? '' : ` em ${String(auction.requested_installments)}x`}
        </Text>
      </Table.Td>
      {/* What the others leave: the reason is cut, never the limit. */}
      <Table.Td w="100%" maw={0}>
        <Group gap="xs" wrap="nowrap">
          <AuctionBadge status={auction.status} />
          <Text size="xs" c="dimmed" truncate>
            {whyOf(auction)}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td ta="right">
        {auction.submitted_at === null ? '–' : monthlyRate(auction.monthly_interest_rate)}
      </Table.Td>
      <Table.Td>
        <Countdown limit={auction.inclusion_limit_datetime} now={now} />
      </Table.Td>
    </Table.Tr>
  );
}

function whyOf({
  status,
  reason_codes: codes,
  status_reason: reason,
  submitted_at,
  received_at,
}: AuctionRow): string {
  if (status === 'declined') return codes.map(reasonWord).join(', ');
  if (reason !== null) return wordOf(STATUS_REASON, reason);
  if (submitted_at === null) return '';
  return `lance em ${duration(new Date(submitted_at).getTime() - new Date(received_at).getTime())}`;
}

function Countdown({ limit, now }: { readonly limit: string | null; readonly now: number }) {
  if (limit === null) return '–';
  const left = new Date(limit).getTime() - now;
  if (left <= 0)
    return (
      <Text size="sm" c="dimmed">
        {time(limit)}
      </Text>
    );
  return (
    <Text size="sm" fw={600} c={left < 10_000 ? 'orange' : undefined}>
      {duration(Math.floor(left / 1_000) * 1_000 || 1)}
    </Text>
  );
}
