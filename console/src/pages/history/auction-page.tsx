import { Group, Paper, SimpleGrid, Stack, Tabs, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, bodyOf, type AuctionDetail } from '../../api/client';
import {
  date,
  dateTime,
  duration,
  exactDateTime,
  monthlyRate,
  percent,
  reais,
  taxpayer,
  timeWithMs,
} from '../../format/format';
import { AuctionBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { Literal } from '../../parts/literal';
import { LinkButton } from '../../parts/link-button';
import { Facts } from '../../parts/facts';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { ATTEMPT_OUTCOME, BID_STATUS, NO_DECISION, STATUS_REASON, wordOf } from '../../words/words';
import { BidMargin } from '../results/bid-margin';
import { Explanation } from './explanation';
import { Loss } from './loss';
import { OtherVersion } from './other-version';
import { Reveal } from './reveal';
import { RuleTrace } from './rule-trace';
import { Schedule } from './schedule';
import { TimelineList } from './timeline-list';

/** Everything about one auction: what was asked, why we answered as we did, what it cost, what came of it. */
export function AuctionPage() {
  const { key } = useParams({ from: '/historico/$key' });
  const query = useQuery({
    queryKey: ['auction', key],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/auctions/{issuer_proposal_request_key}', {
          params: { path: { issuer_proposal_request_key: key } },
        }),
      ),
    refetchInterval: ({ state }) => (isOpen(state.data) ? 2_000 : false),
  });
  return (
    <Page title="Leilão" subtitle={<Copyable text={key} />}>
      <Loaded query={query} lines={12}>
        {(auction) => <Sections auction={auction} />}
      </Loaded>
    </Page>
  );
}

function isOpen(auction: AuctionDetail | undefined): boolean {
  return auction !== undefined && ['open', 'bidding', 'bid', 'unknown'].includes(auction.status);
}

function Sections({ auction }: { readonly auction: AuctionDetail }) {
  const { may } = useSession();
  const { decision, bid } = auction;
  return (
    <Stack>
      <Verdict auction={auction} />
      {auction.status === 'lost' && <Loss auctionKey={auction.issuer_proposal_request_key} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <RequestFacts auction={auction} />
        <BidFacts auction={auction} />
      </SimpleGrid>
      <Paper p="md">
        <Tabs defaultValue="rules" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="rules">Regras</Tabs.Tab>
            <Tabs.Tab value="timeline">Linha do tempo</Tabs.Tab>
            {bid !== null && <Tabs.Tab value="margin">Margem</Tabs.Tab>}
            {bid !== null && may('quotes.create') && <Tabs.Tab value="schedule">Parcelas</Tabs.Tab>}
            {decision !== null && may('auctions.explain') && <Tabs.Tab value="other">Outra versão</Tabs.Tab>}
            {decision !== null && may('auctions.explain') && (
              <Tabs.Tab value="explanation">Explicação</Tabs.Tab>
            )}
          </Tabs.List>
          <Tabs.Panel value="rules">
            <RuleTrace auction={auction} />
          </Tabs.Panel>
          <Tabs.Panel value="timeline">
            <TimelineList auctionKey={auction.issuer_proposal_request_key} status={auction.status} />
          </Tabs.Panel>
          <Tabs.Panel value="margin">
            <BidMargin auctionKey={auction.issuer_proposal_request_key} />
          </Tabs.Panel>
          <Tabs.Panel value="schedule">{bid !== null && <Schedule bid={bid} />}</Tabs.Panel>
          <Tabs.Panel value="other">
            <OtherVersion
              auctionKey={auction.issuer_proposal_request_key}
              ownHash={decision?.policy_hash ?? ''}
            />
          </Tabs.Panel>
          <Tabs.Panel value="explanation">
            <Explanation auctionKey={auction.issuer_proposal_request_key} />
          </Tabs.Panel>
        </Tabs>
      </Paper>
    </Stack>
  );
}

/** The answer first: what happened, and why, in a sentence or two. */
function Verdict({ auction }: { readonly auction: AuctionDetail }) {
  const { decision, bid, status, status_reason: reason } = auction;
  return (
    <Paper p="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={6} flex={1}>
          <Group gap="sm">
            <AuctionBadge status={status} size="lg" />
            {reason !== null && <Text size="sm">{wordOf(STATUS_REASON, reason)}</Text>}
          </Group>
          {decision?.outcome === 'no_bid' &&
            decision.reasons.map(({ code, message }) => (
              <Text key={code} data-reason={code}>
                {message}
              </Text>
            ))}
          {bid !== null && (
            <Text>
              Lance de <b>{monthlyRate(bid.monthly_interest_rate)}</b> (CET {percent(bid.monthly_cet)} a.m.)
              por <b>{reais(bid.disbursed_issue_amount)}</b> em {bid.number_of_installments} parcelas de{' '}
              <b>{reais(bid.installment_face_value)}</b>
              {bid.submitted_at !== null && (
                <>
                  , {duration(new Date(bid.submitted_at).getTime() - new Date(auction.received_at).getTime())}{' '}
                  depois da notificação
                </>
              )}
              {bid.rank_position !== null && <>, {bid.rank_position}º lugar</>}.
            </Text>
          )}
          {decision?.outcome === 'bid' &&
            decision.reasons.map(({ code, message }) => (
              <Text key={code} size="sm" c="dimmed">
                {message}
              </Text>
            ))}
        </Stack>
        {auction.credit_operation_key !== null && (
          <LinkButton to="/operacoes/$key" params={{ key: auction.credit_operation_key }} variant="light">
            Ver a operação
          </LinkButton>
        )}
      </Group>
    </Paper>
  );
}

function RequestFacts({ auction }: { readonly auction: AuctionDetail }) {
  const { request } = auction;
  const { may } = useSession();
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm">
        <Title order={2}>Pedido</Title>
        {may('personal_data.reveal') && <Reveal auctionKey={auction.issuer_proposal_request_key} />}
      </Group>
      <Facts
        items={[
          ['Trabalhador', request.name ?? '–'],
          ['CPF', request.document_number ?? '–'],
          ['Empregador', taxpayer(request.employer_document_number)],
          ['Valor pedido', reais(request.disbursed_issue_amount)],
          [
            'Prazo pedido',
            request.number_of_installments === null
              ? '–'
              : `${String(request.number_of_installments)} parcelas`,
          ],
          ['Margem consignável', reais(request.consigned_credit_balance)],
          ['Admissão', date(request.admission_date)],
          [
            'Elegível segundo a QI',
            request.eligible === null ? 'não informado' : request.eligible ? 'sim' : 'não',
          ],
          ['Recebido', exactDateTime(auction.received_at)],
          ['Encerra em', exactDateTime(auction.inclusion_limit_datetime)],
          [
            'Encerramento como a QI escreveu',
            <Literal key="limit">{auction.inclusion_limit_text ?? '–'}</Literal>,
          ],
          ['Validade', dateTime(auction.expiration_datetime)],
        ]}
      />
      {request.unreadable_fields.length > 0 && (
        <Text size="sm" c="orange" mt="sm">
          Campos que não puderam ser lidos:{' '}
          <Literal>{request.unreadable_fields.map(({ path }) => path).join(', ')}</Literal>
        </Text>
      )}
    </Paper>
  );
}

function BidFacts({ auction: { bids, decision, no_decision } }: { readonly auction: AuctionDetail }) {
  const bid = bids.at(-1);
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Lance
      </Title>
      {bid === undefined ? (
        <Text size="sm" c="dimmed">
          {no_decision === null ? 'Nenhum lance foi feito.' : `${wordOf(NO_DECISION, no_decision)}.`}
        </Text>
      ) : (
        <Stack>
          <Facts
            items={[
              ['Situação', wordOf(BID_STATUS, bid.status)],
              ['Taxa', monthlyRate(bid.monthly_interest_rate)],
              ['CET', monthlyRate(bid.monthly_cet)],
              ['Valor ao trabalhador', reais(bid.disbursed_issue_amount)],
              ['Parcela', `${String(bid.number_of_installments)} × ${reais(bid.installment_face_value)}`],
              ['Primeiro vencimento', date(bid.first_due_date)],
              ['Valor de emissão', reais(bid.issue_amount)],
              ['IOF', reais(bid.iof_amount)],
              ['Valor da cessão', reais(bid.assignment_amount)],
              ['Validade da oferta', `${String(bid.days_to_expiration)} dias`],
              [
                'Política',
                decision === null ? '–' : <PolicyLink key="policy" version={decision.policy_version} />,
              ],
              [
                'Proposta na QI',
                bid.auction_proposal_key === null ? (
                  '–'
                ) : (
                  <Copyable text={bid.auction_proposal_key} shown={bid.auction_proposal_key.slice(0, 8)} />
                ),
              ],
            ]}
          />
          {bids.flatMap((each) => each.attempts).length > 0 && (
            <Stack gap={4}>
              <Text size="xs" c="dimmed">
                Envios
              </Text>
              {bids.flatMap((each) =>
                each.attempts.map((attempt) => (
                  <Text
                    key={`${each.request_control_key} ${String(attempt.ordinal)}`}
                    size="sm"
                    className="numbers"
                  >
                    {timeWithMs(attempt.sent_at)} · {wordOf(ATTEMPT_OUTCOME, attempt.outcome)}
                    {attempt.http_status !== null && ` (${String(attempt.http_status)})`} em{' '}
                    {duration(new Date(attempt.answered_at).getTime() - new Date(attempt.sent_at).getTime())}
                    {attempt.detail !== null && ` — ${attempt.detail}`}
                  </Text>
                )),
              )}
            </Stack>
          )}
        </Stack>
      )}
    </Paper>
  );
}

function PolicyLink({ version }: { readonly version: string }) {
  return (
    <Link className="link" to="/politica/$number" params={{ number: version }}>
      versão {version}
    </Link>
  );
}
