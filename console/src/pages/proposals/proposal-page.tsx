import { Alert, Group, List, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { Literal } from '../../parts/literal';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, bodyOf, type ProposalDetail } from '../../api/client';
import { date, dateTime, reais, shortKey } from '../../format/format';
import { OperationBadge, ProposalBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { EventTimeline } from '../../parts/event-timeline';
import { Facts } from '../../parts/facts';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { PROPOSAL_EVENT, PROPOSAL_STATUS } from '../../words/proposal-words';
import { actorWord, PRODUCT, wordOf } from '../../words/words';
import { GuaranteeAlert } from '../operations/guarantee-alert';
import { TaskAlert } from '../operations/task-alert';
import { Missing } from './borrower-dialog';
import { eventFacts, whyNotOffered } from './event-facts';
import { LockedWindowAlert } from './locked-window';
import { Margin } from './margin';
import { Offers } from './offers';
import { ProposalActions } from './proposal-actions';
import { stepsOf } from './proposal-steps';
import { StepList } from './step-list';

const POLL_MS = 2_000;

/** One loan without an auction: where it stands, what it may be, what is missing, and what may be done. */
export function ProposalPage() {
  const { id } = useParams({ from: '/propostas/$id' });
  const query = useQuery({
    queryKey: ['proposal', id],
    queryFn: () => bodyOf(api.GET('/api/v1/proposals/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.ended_at == null ? POLL_MS : false),
  });
  return (
    <Page title="Proposta" subtitle={<Copyable text={id} />}>
      <Loaded query={query} lines={10}>
        {(proposal) => <Sections proposal={proposal} />}
      </Loaded>
    </Page>
  );
}

function Sections({ proposal }: { readonly proposal: ProposalDetail }) {
  const mayAct = useSession().may('proposals.act');
  return (
    <Stack>
      <Paper p="md">
        <Stack gap="sm">
          <Group gap="sm">
            <ProposalBadge status={proposal.status} size="lg" />
            <Text size="sm" c="dimmed">
              desde {dateTime(proposal.status_since)}
            </Text>
          </Group>
          <StepList steps={stepsOf(proposal)} />
        </Stack>
        <QueueAlert until={proposal.queued_until} />
        {proposal.ended_at === null && <FailureAlert failure={proposal.failure} />}
        {proposal.ended_at === null && <LockedWindowAlert window={proposal.locked_window} />}
        <WhyNotOffered proposal={proposal} />
        <Tasks proposalId={proposal.id} />
        {proposal.credit_operation_key !== null && (
          <IssuedOperation operationKey={proposal.credit_operation_key} />
        )}
        <ProposalActions proposal={proposal} />
      </Paper>
      <Margin proposal={proposal} mayChoose={mayAct && proposal.next_actions.includes('simulate')} />
      <Offers proposal={proposal} mayAccept={mayAct && proposal.next_actions.includes('accept')} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack>
          <Client proposal={proposal} />
          <Missing proposal={proposal} mayAct={mayAct} />
          {proposal.product === 'fgts' && <Balance balance={proposal.balance} />}
        </Stack>
        <EventTimeline
          events={proposal.events}
          words={[PROPOSAL_EVENT, PROPOSAL_STATUS]}
          markOf={({ effect }) => (effect === 'overtaken' ? LATE : undefined)}
          factsOf={({ summary }) => eventFacts(summary)}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** SIAPE is closed: what was asked for waits in our own queue. */
function QueueAlert({ until }: { readonly until: string | null }) {
  if (until === null) return null;
  return (
    <Alert color="blue" mt="md" title={`Na fila até ${dateTime(until)}`}>
      <Text size="sm">
        O SIAPE atende de segunda a sexta, das 7h à meia-noite, exceto feriados. A consulta sai sozinha quando
        abrir.
      </Text>
    </Alert>
  );
}

function FailureAlert({ failure }: { readonly failure: ProposalDetail['failure'] }) {
  if (failure === null) return null;
  return (
    <Alert color="orange" mt="md" title={failure.meaning} data-failure={failure.code}>
      <Text size="sm">{failure.advice}</Text>
      <Text size="sm" mt={4}>
        {failure.retry_at === null
          ? 'Não é tentada de novo sozinha.'
          : `Tentada de novo sozinha em ${dateTime(failure.retry_at)}.`}
      </Text>
      <Text size="xs" mt={4}>
        QI: {failure.description ?? 'sem explicação'} <Literal>{failure.code}</Literal>
      </Text>
    </Alert>
  );
}

const WHY_NOT: Readonly<Partial<Record<ProposalDetail['status'], string>>> = {
  balance_known: 'Falta uma escolha',
  in_review: 'Uma pessoa precisa conferir',
};

function WhyNotOffered({ proposal }: { readonly proposal: ProposalDetail }) {
  const why = whyNotOffered(proposal);
  if (why.length === 0) return null;
  return (
    <Alert color="yellow" mt="md" title={WHY_NOT[proposal.status] ?? 'Por que não há oferta'}>
      <List size="sm">
        {why.map((each) => (
          <List.Item key={each}>{each}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Tasks({ proposalId }: { readonly proposalId: string }) {
  const { data } = useQuery({
    queryKey: ['tasks', 'proposal', proposalId],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/tasks', { params: { query: { proposal_id: proposalId, snoozed: 'include' } } }),
      ),
    refetchInterval: POLL_MS,
  });
  return data?.items.map((task) => <TaskAlert key={task.id} task={task} />);
}

/** The loan that it became, and what keeps it from being paid. */
function IssuedOperation({ operationKey: key }: { readonly operationKey: string }) {
  const { data } = useQuery({
    queryKey: ['operation', key],
    queryFn: () => bodyOf(api.GET('/api/v1/operations/{key}', { params: { path: { key } } })),
    refetchInterval: ({ state }) => (state.data?.ended_at == null ? POLL_MS : false),
  });
  return (
    <>
      <Group gap="sm" mt="md">
        <Text size="sm">Operação</Text>
        <Link className="link mono" to="/operacoes/$key" params={{ key }}>
          {shortKey(key)}
        </Link>
        {data !== undefined && <OperationBadge status={data.status} />}
      </Group>
      {data !== undefined && <GuaranteeAlert guarantee={data.guarantee} />}
    </>
  );
}

function Client({ proposal }: { readonly proposal: ProposalDetail }) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Cliente e pedido
      </Title>
      <Facts
        items={[
          ['CPF', proposal.borrower.document_number],
          ['Nome', proposal.borrower.name ?? 'não informado'],
          ['Produto', wordOf(PRODUCT, proposal.product)],
          ['Pediu', wishWords(proposal.wishes)],
          ...(typeof proposal.wishes['link'] === 'string'
            ? [['Vínculo', proposal.wishes['link']] as const]
            : []),
          ['Canal', proposal.channel],
          ['Aberta', dateTime(proposal.created_at)],
          ['Por', actorWord(proposal.created_by)],
        ]}
      />
    </Paper>
  );
}

function wishWords(wishes: ProposalDetail['wishes']): string {
  if (wishes['kind'] === 'target') return `${reais(String(wishes['amount']))} na conta`;
  if (wishes['kind'] === 'installment') return `${reais(String(wishes['amount']))} por mês`;
  return wishes['kind'] === 'periods' ? 'saques escolhidos' : 'o máximo';
}

function Balance({ balance }: { readonly balance: ProposalDetail['balance'] }) {
  if (balance === null) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Saldo na Caixa
      </Title>
      <Facts
        items={[
          ['Consultado', dateTime(balance.received_at)],
          ['Antecipações em curso', balance.active_contracts ?? 'não informado'],
          [
            'Saldo indisponível',
            balance.has_unavailable_balance === null
              ? 'não informado'
              : balance.has_unavailable_balance
                ? 'sim'
                : 'não',
          ],
        ]}
      />
      <Table aria-label="Saques" mt="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Saque em</Table.Th>
            <Table.Th ta="right">Valor</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {balance.periods.map(({ due_date: due, amount }) => (
            <Table.Tr key={due}>
              <Table.Td>{date(due)}</Table.Td>
              <Table.Td ta="right">{reais(amount)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

const LATE = { word: 'chegou tarde: nada mudou', color: 'gray' } as const;
