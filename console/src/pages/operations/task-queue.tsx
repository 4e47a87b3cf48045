import { Badge, Button, Checkbox, Group, Kbd, Table, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api, bodyOf, type Task } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { count, dateTime, duration, reais, shortKey } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { TASK_KIND, wordOf } from '../../words/words';

/** The work queue by deadline, for hands on the keyboard. */
export function TaskQueue() {
  const [onlyMine, setOnlyMine] = useState(false);
  const { session } = useSession();
  const query = useQuery({
    queryKey: ['tasks', onlyMine],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/tasks', {
          params: { query: { limit: 200, snoozed: 'exclude', ...(onlyMine && { owner: session.actor }) } },
        }),
      ),
    refetchInterval: 5_000,
  });
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Checkbox
          label="Só as minhas"
          checked={onlyMine}
          onChange={(event) => {
            setOnlyMine(event.currentTarget.checked);
          }}
        />
        <Text size="sm" c="dimmed">
          <Kbd>J</Kbd> <Kbd>K</Kbd> andar · <Kbd>C</Kbd> assumir · <Kbd>R</Kbd> devolver · <Kbd>Enter</Kbd>{' '}
          abrir
        </Text>
      </Group>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nada à espera">
              As tarefas aparecem aqui quando uma operação precisa de alguém.
            </Empty>
          ) : (
            <Queue tasks={items} />
          )
        }
      </Loaded>
    </>
  );
}

function Queue({ tasks }: { readonly tasks: readonly Task[] }) {
  const { session, may } = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [at, setAt] = useState(0);
  const here = useRef<HTMLTableRowElement>(null);
  const current = tasks[Math.min(at, tasks.length - 1)];
  const mayWork = may('tasks.work');
  const act = useMutation({
    mutationFn: ({ id, verb }: { readonly id: string; readonly verb: 'claim' | 'release' }) =>
      api.POST(`/api/v1/tasks/{id}/${verb}`, { params: { path: { id } } }),
    onError: (error) => notifications.show({ color: 'red', message: sentenceOf(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks'] }),
  });
  const step = (by: number) => () => {
    setAt((before) => Math.max(0, Math.min(tasks.length - 1, before + by)));
  };
  const on = (verb: 'claim' | 'release') => () => {
    if (current !== undefined && mayWork) act.mutate({ id: current.id, verb });
  };
  useHotkeys([
    ['j', step(1)],
    ['k', step(-1)],
    ['c', on('claim')],
    ['r', on('release')],
    ['Enter', () => current !== undefined && void navigate(placeOf(current))],
  ]);
  useEffect(() => {
    // Newer browsers answer with a promise, which React would take for what ends the effect.
    here.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  return (
    <>
      <Table.ScrollContainer minWidth={860}>
        <Table aria-label="Fila de trabalho">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Prazo</Table.Th>
              <Table.Th>O que fazer</Table.Th>
              <Table.Th>Onde</Table.Th>
              <Table.Th ta="right">Em jogo</Table.Th>
              <Table.Th>Com quem</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tasks.map((task, i) => (
              <Table.Tr
                key={task.id}
                ref={task === current ? here : null}
                bg={task === current ? 'var(--picked)' : undefined}
                aria-current={task === current ? 'true' : undefined}
                data-task={task.kind}
                onClick={() => {
                  setAt(i);
                }}
              >
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <Due at={task.due_at} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm" fw={600}>
                    {wordOf(TASK_KIND, task.kind)}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {task.message}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Link className="link mono" {...placeOf(task)}>
                    {shortKey(task.credit_operation_key ?? task.issuer_proposal_request_key ?? '–')}
                  </Link>
                </Table.Td>
                <Table.Td ta="right">{reais(task.amount_at_stake)}</Table.Td>
                <Table.Td>
                  {task.owner === null ? (
                    <Text size="sm" c="dimmed">
                      ninguém
                    </Text>
                  ) : (
                    <Badge variant="light" color={task.owner === session.actor ? 'felt' : 'gray'} tt="none">
                      {task.owner === session.actor ? 'comigo' : task.owner}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td ta="right">
                  {mayWork && task.owner === null && (
                    <Button
                      size="xs"
                      variant="light"
                      onClick={() => {
                        act.mutate({ id: task.id, verb: 'claim' });
                      }}
                    >
                      Assumir
                    </Button>
                  )}
                  {mayWork && task.owner === session.actor && (
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => {
                        act.mutate({ id: task.id, verb: 'release' });
                      }}
                    >
                      Devolver
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" mt="xs" role="status">
        {count(tasks.length)} {tasks.length === 1 ? 'tarefa' : 'tarefas'}
      </Text>
    </>
  );
}

function placeOf({ credit_operation_key: operation, issuer_proposal_request_key: auction }: Task) {
  return operation === null
    ? ({ to: '/historico/$key', params: { key: auction ?? '' } } as const)
    : ({ to: '/operacoes/$key', params: { key: operation } } as const);
}

function Due({ at }: { readonly at: string }) {
  const left = new Date(at).getTime() - Date.now();
  return (
    <Text size="sm" fw={left < 3_600_000 ? 600 : 400} c={left < 0 ? 'red' : undefined} title={dateTime(at)}>
      {left < 0 ? `venceu há ${duration(-left)}` : `em ${duration(left)}`}
    </Text>
  );
}
