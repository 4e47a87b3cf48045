import { Alert, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { api, bodyOf, type OperationDetail } from '../../api/client';
import { dateTime, monthlyRate, reais, shortKey } from '../../format/format';
import { OperationBadge } from '../../parts/badges';
import { Copyable } from '../../parts/copyable';
import { DecideButtons } from '../../parts/decide-buttons';
import { EventTimeline } from '../../parts/event-timeline';
import { Facts } from '../../parts/facts';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import {
  ACTION,
  COMMAND_STATUS,
  MARGIN_STATUS,
  OPERATION_FACT,
  OPERATION_STATUS,
  PRODUCT,
  resolutionWord,
  TASK_KIND,
  qiCodeWord,
  wordOf,
  actorWord,
} from '../../words/words';
import { Evidence, plainFacts } from './evidence';
import { EvidenceExport } from './evidence-export';
import { GuaranteeAlert } from './guarantee-alert';
import { MarginPanel, NextStep } from './margin-panel';
import { NextActions } from './next-actions';
import { TaskAlert } from './task-alert';
import { UndoWindow } from './undo-window';
import { Withdrawal } from './withdrawal';

/** One loan: where it stands, what may be done, and how it came here. */
export function OperationPage() {
  const { key } = useParams({ from: '/operacoes/$key' });
  const query = useQuery({
    queryKey: ['operation', key],
    queryFn: () => bodyOf(api.GET('/api/v1/operations/{key}', { params: { path: { key } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.ended_at == null || data.withdrawal !== null ? 3_000 : false,
  });
  return (
    <Page title="Operação" subtitle={<Copyable text={key} />}>
      <Loaded query={query} lines={10}>
        {(operation) => <Sections operation={operation} />}
      </Loaded>
    </Page>
  );
}

function Sections({ operation }: { readonly operation: OperationDetail }) {
  const { may } = useSession();
  const { pending_approval: pending } = operation;
  const open = operation.tasks.filter(({ status }) => status !== 'resolved');
  return (
    <Stack>
      <Paper p="md">
        <Group justify="space-between" align="flex-start">
          <Stack gap={6}>
            {operation.margin !== null && (
              <Text size="xs" c="dimmed">
                CCB
              </Text>
            )}
            <Group gap="sm">
              <OperationBadge status={operation.status} size="lg" />
              <Text size="sm" c="dimmed">
                desde {dateTime(operation.status_since)}
              </Text>
            </Group>
            <LastRefusal operation={operation} />
          </Stack>
          {operation.margin !== null && <MarginPanel margin={operation.margin} />}
          {may('personal_data.reveal') && <EvidenceExport operationKey={operation.credit_operation_key} />}
        </Group>
        {operation.margin !== null && <NextStep margin={operation.margin} />}
        {pending !== null && (
          <Alert color="yellow" mt="md" title="Espera uma segunda pessoa" role="status">
            <Group justify="space-between">
              <Text size="sm">
                {actorWord(pending.requested_by)} pediu: {wordOf(ACTION, pending.action)} — “{pending.reason}”
              </Text>
              <DecideButtons key={pending.approval_id} approval={pending} />
            </Group>
          </Alert>
        )}
        {operation.undo !== null && <UndoWindow key={operation.undo.approval_id} undo={operation.undo} />}
        <GuaranteeAlert guarantee={operation.guarantee} />
        <Withdrawal operation={operation} />
        {open.map((task) => (
          <TaskAlert key={task.id} task={task} />
        ))}
        <NextActions operation={operation} />
      </Paper>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack>
          <Paper p="md">
            <Title order={2} mb="sm">
              Condições
            </Title>
            <Facts
              items={[
                ['Produto', wordOf(PRODUCT, operation.product)],
                ['Valor ao trabalhador', reais(operation.disbursed_issue_amount)],
                ['Pago pela QI', reais(operation.paid_amount)],
                ['Parcela', installmentsOf(operation)],
                ['Taxa', monthlyRate(operation.monthly_interest_rate)],
                ['Aberta', dateTime(operation.opened_at)],
                ['Encerrada', dateTime(operation.ended_at)],
                ['Origem', <Origin key="origin" operation={operation} />],
              ]}
            />
          </Paper>
          <Evidence operation={operation} />
          <Commands operation={operation} />
          <Closed tasks={operation.tasks.filter(({ status }) => status === 'resolved')} />
        </Stack>
        <EventTimeline
          events={operation.events}
          words={[OPERATION_FACT, OPERATION_STATUS]}
          markOf={({ contradiction }) => (contradiction ? CONTRADICTS : undefined)}
          factsOf={(event) => [...marginMove(event), ...plainFacts(event.summary)]}
        />
      </SimpleGrid>
    </Stack>
  );
}

/** Withdrawals of the FGTS are not alike: there is no amount to show for all of them. */
function installmentsOf({
  number_of_installments: number,
  installment_face_value: value,
}: OperationDetail): string {
  if (number === null) return '–';
  return value === null ? `${String(number)}x` : `${String(number)} × ${reais(value)}`;
}

/** The auction that it was won in, or the proposal that it was issued of. */
function Origin({ operation }: { readonly operation: OperationDetail }) {
  const { issuer_proposal_request_key: auction, credit_operation_key: key, origin } = operation;
  const { data } = useQuery({
    queryKey: ['proposals', 'of', key],
    queryFn: () => bodyOf(api.GET('/api/v1/proposals', { params: { query: { credit_operation_key: key } } })),
    enabled: origin === 'active',
    staleTime: Infinity,
  });
  const proposal = data?.items[0];
  if (auction !== null)
    return (
      <Link className="link mono" to="/historico/$key" params={{ key: auction }}>
        leilão {shortKey(auction)}
      </Link>
    );
  if (proposal !== undefined)
    return (
      <Link className="link mono" to="/propostas/$id" params={{ id: proposal.id }}>
        proposta {shortKey(proposal.id)}
      </Link>
    );
  return 'ainda não ligada';
}

function Closed({ tasks }: { readonly tasks: OperationDetail['tasks'] }) {
  if (tasks.length === 0) return null;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Tarefas encerradas
      </Title>
      <Stack gap={6}>
        {tasks.map((task) => (
          <div key={task.id}>
            <Text size="sm">
              {wordOf(TASK_KIND, task.kind)}: {task.message}
            </Text>
            <Text size="xs" c="dimmed">
              {dateTime(task.resolved_at)} ·{' '}
              {task.resolved_by === null ? 'por si' : actorWord(task.resolved_by)}
              {task.resolution !== null && ` · ${resolutionWord(task.resolution)}`}
            </Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}

function Commands({ operation: { commands } }: { readonly operation: OperationDetail }) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Pedidos à QI
      </Title>
      {commands.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nada foi pedido ainda.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={480}>
          <Table aria-label="Pedidos à QI">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Quando</Table.Th>
                <Table.Th>Ação</Table.Th>
                <Table.Th>Quem</Table.Th>
                <Table.Th>Resposta</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {commands.map((command) => (
                <Table.Tr key={command.command_id}>
                  <Table.Td>{dateTime(command.sent_at ?? command.created_at)}</Table.Td>
                  <Table.Td>{wordOf(ACTION, command.action)}</Table.Td>
                  <Table.Td>{actorWord(command.actor)}</Table.Td>
                  <Table.Td>
                    {stateOf(command)}
                    {command.http_status !== null && ` (${String(command.http_status)})`}
                    {command.answer !== null && (
                      <Text size="xs" c="dimmed">
                        {command.answer}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Paper>
  );
}

/** After a restore QI is asked first whether it has had it already. */
function stateOf({ status, sent_at: sentAt }: OperationDetail['commands'][number]): string {
  return status === 'unknown' && sentAt === null ? 'a conferir na QI' : wordOf(COMMAND_STATUS, status);
}

const CONTRADICTS = { word: 'contradiz o que se sabia', color: 'red' } as const;

/** Where the margin went, beside the contract. */
function marginMove({ from_margin: from, to_margin: to }: OperationDetail['events'][number]): string[] {
  return from === to ? [] : [`Margem: ${wordOf(MARGIN_STATUS, from)} → ${wordOf(MARGIN_STATUS, to)}`];
}

/** Why QI refused it last, where the trouble with its guarantee does not say it already. */
function LastRefusal({
  operation: { failure_code: code, guarantee },
}: {
  readonly operation: OperationDetail;
}) {
  if (code === null || guarantee?.reasons.some((reason) => reason.code === code) === true) return null;
  return (
    <Text size="sm">
      Última recusa da QI: <span translate="no">{qiCodeWord(code)}</span>
    </Text>
  );
}
