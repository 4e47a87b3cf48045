import { Badge, Button, Checkbox, Group, Kbd, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { api, type Task } from '../../api/client';
import { HOUR_MS, MINUTE_MS } from '../../format/durations';
import { count, dateTime, duration, reais, shortKey } from '../../format/format';
import { tellFailure } from '../../parts/notices';
import { useSession } from '../../session/session-provider';
import { useServiceNow } from '../../shell/use-service-now';
import { TASK_KIND, wordOf, actorWord } from '../../words/words';
import { useShortcuts } from './shortcuts';
import { TakeBack } from './take-back';
import { TaskDialog, type TaskVerb } from './task-dialogs';
import { placeOf, subjectOf } from './task-subject';

const URGENT_MS = HOUR_MS;
const TICK_MS = MINUTE_MS;

/** What hands do with the queue: which task is marked, which are chosen, and what is asked about them. */
function useHands(tasks: readonly Task[]) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const mayWork = useSession().may('tasks.work');
  // By its id: the queue moves under one's hands. Once it is gone nothing is marked: the mark falls on no other by itself.
  const [here, setHere] = useState(tasks[0]?.id);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [dialog, setDialog] = useState<{ readonly verb: TaskVerb; readonly tasks: readonly Task[] }>();
  const at = tasks.findIndex(({ id }) => id === here);
  const current = tasks[at];
  const picked = tasks.filter(({ id }) => chosen.includes(id));
  const act = useMutation({
    mutationFn: ({ id, verb }: { readonly id: string; readonly verb: 'claim' | 'release' }) =>
      api.POST(`/api/v1/tasks/{id}/${verb}`, { params: { path: { id } } }),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks'] }),
  });
  const step = (by: number) => () => {
    setHere(tasks[Math.max(0, Math.min(tasks.length - 1, at + by))]?.id);
  };
  const toggle = (id: string): void => {
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  };
  /** With the chosen ones or, without any, with the one that is marked. One is claimed and given back at once. */
  const on = (verb: TaskVerb) => () => {
    if (!mayWork) return;
    if (picked.length > 0) setDialog({ verb, tasks: picked });
    else if (chosen.length > 0) setChosen([]); // all gone: it was not meant for the marked one
    else if (current === undefined) return;
    else if (verb === 'claim' || verb === 'release') act.mutate({ id: current.id, verb });
    else setDialog({ verb, tasks: [current] });
  };
  useShortcuts(
    {
      j: step(1),
      k: step(-1),
      c: on('claim'),
      r: on('release'),
      s: on('snooze'),
      e: on('resolve'),
      x: () => {
        if (mayWork && current !== undefined) toggle(current.id);
      },
      Enter: () => {
        if (current !== undefined) void navigate(placeOf(current));
      },
    },
    dialog === undefined,
  );
  return {
    mayWork,
    at,
    current,
    chosen,
    picked,
    dialog,
    setHere,
    setChosen,
    setDialog,
    act: act.mutate,
    toggle,
    on,
  };
}

type Hands = ReturnType<typeof useHands>;

/** Tasks as rows, worked by keyboard or by hand, one or many at a time. */
export function TaskTable({
  tasks,
  hasMore,
}: {
  readonly tasks: readonly Task[];
  readonly hasMore: boolean;
}) {
  const hands = useHands(tasks);
  const { mayWork, at, current, picked, dialog, setChosen, setDialog, on } = hands;
  const hereRow = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    // What it answers (a promise, in newer browsers) is not a way to clean up.
    hereRow.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <>
      {mayWork && <BulkBar count={picked.length} isMarked={current !== undefined} on={on} />}
      <Table.ScrollContainer minWidth={920}>
        <Table aria-label="Fila de trabalho">
          <Head tasks={tasks} hands={hands} />
          <Table.Tbody>
            {tasks.map((task) => (
              <Row key={task.id} task={task} hands={hands} hereRow={task === current ? hereRow : undefined} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" mt="xs" role="status">
        {count(tasks.length)} {tasks.length === 1 ? 'tarefa' : 'tarefas'}
        {hasMore && ', e mais abaixo'}
      </Text>
      {dialog !== undefined && (
        <TaskDialog
          {...dialog}
          onClose={() => {
            setDialog(undefined);
            setChosen([]);
          }}
        />
      )}
    </>
  );
}

function Head({ tasks, hands }: { readonly tasks: readonly Task[]; readonly hands: Hands }) {
  const { mayWork, picked, setChosen } = hands;
  const areAllChosen = picked.length === tasks.length;
  return (
    <Table.Thead>
      <Table.Tr>
        {mayWork && (
          <Table.Th w={40}>
            <Checkbox
              aria-label="Escolher todas"
              checked={areAllChosen}
              indeterminate={picked.length > 0 && !areAllChosen}
              onChange={() => {
                setChosen(areAllChosen ? [] : tasks.map(({ id }) => id));
              }}
            />
          </Table.Th>
        )}
        <Table.Th>Prazo</Table.Th>
        <Table.Th>O que fazer</Table.Th>
        <Table.Th>Onde</Table.Th>
        <Table.Th ta="right">Valor</Table.Th>
        <Table.Th>Com quem</Table.Th>
        <Table.Th />
      </Table.Tr>
    </Table.Thead>
  );
}

interface RowProps {
  readonly task: Task;
  readonly hands: Hands;
  /** Of the marked one: to keep it in sight. */
  readonly hereRow: RefObject<HTMLTableRowElement | null> | undefined;
}

function Row({ task, hands, hereRow }: RowProps) {
  const isHere = hereRow !== undefined;
  const { mayWork, chosen, setHere, toggle } = hands;
  const { session, may } = useSession();
  const isMine = task.owner === session.actor;
  return (
    <Table.Tr
      ref={hereRow ?? null}
      bg={isHere ? 'var(--picked)' : undefined}
      aria-current={isHere ? 'true' : undefined}
      data-task={task.kind}
      onClick={() => {
        setHere(task.id);
      }}
    >
      {mayWork && (
        <Table.Td>
          <Checkbox
            aria-label={`Escolher ${wordOf(TASK_KIND, task.kind)}`}
            checked={chosen.includes(task.id)}
            onChange={() => {
              toggle(task.id);
            }}
          />
        </Table.Td>
      )}
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Due at={task.due_at} />
      </Table.Td>
      <Table.Td>
        <WhatToDo task={task} />
      </Table.Td>
      <Table.Td>
        <Link className="link mono" {...placeOf(task)}>
          {shortKey(subjectOf(task))}
        </Link>
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        {reais(task.amount_at_stake)}
      </Table.Td>
      <Table.Td>
        <Owner owner={task.owner} isMine={isMine} />
      </Table.Td>
      <Table.Td ta="right" w={110}>
        {mayWork && (task.owner === null || isMine) && <ClaimButton task={task} act={hands.act} />}
        {may('tasks.take_back') && task.owner !== null && !isMine && (
          <TakeBack id={task.id} owner={task.owner} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function WhatToDo({ task }: { readonly task: Task }) {
  return (
    <>
      <Text size="sm" fw={600}>
        {wordOf(TASK_KIND, task.kind)}
      </Text>
      <Text size="sm" c="dimmed">
        {task.message}
      </Text>
      {task.snoozed_until !== null && <Snoozed until={task.snoozed_until} />}
    </>
  );
}

function Snoozed({ until }: { readonly until: string }) {
  if (Date.parse(until) <= useServiceNow(TICK_MS)) return null;
  return (
    <Text size="xs" c="dimmed">
      adiada até {dateTime(until)}
    </Text>
  );
}

function ClaimButton({ task: { id, owner }, act }: { readonly task: Task; readonly act: Hands['act'] }) {
  return (
    <Button
      size="xs"
      variant={owner === null ? 'light' : 'default'}
      onClick={() => {
        act({ id, verb: owner === null ? 'claim' : 'release' });
      }}
    >
      {owner === null ? 'Assumir' : 'Devolver'}
    </Button>
  );
}

/** Always there, so that the rows do not jump when the first is chosen. */
function BulkBar({
  count: many,
  isMarked,
  on,
}: {
  readonly count: number;
  readonly isMarked: boolean;
  readonly on: (verb: TaskVerb) => () => void;
}) {
  const verbs: readonly (readonly [TaskVerb, string, string])[] = [
    ['claim', 'Assumir', 'C'],
    ['release', 'Devolver', 'R'],
    ['snooze', 'Adiar', 'S'],
    ['resolve', 'Resolver', 'E'],
  ];
  return (
    <Group gap="xs" mb="xs" role="toolbar" aria-label="Com as escolhidas">
      <Text size="sm" c="dimmed" w={110} className="numbers" role="status">
        {many > 0 ? `Com ${count(many)}:` : isMarked ? 'Com a marcada:' : 'Nenhuma marcada'}
      </Text>
      {verbs.map(([verb, label, key]) => (
        <Button
          key={verb}
          size="xs"
          variant="default"
          disabled={many === 0 && !isMarked}
          rightSection={<Kbd size="xs">{key}</Kbd>}
          onClick={on(verb)}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}

function Owner({ owner, isMine }: { readonly owner: string | null; readonly isMine: boolean }) {
  if (owner === null)
    return (
      <Text size="sm" c="dimmed">
        ninguém
      </Text>
    );
  if (!isMine) return <Text size="sm">{actorWord(owner)}</Text>;
  return (
    <Badge variant="light" color="felt" tt="none">
      comigo
    </Badge>
  );
}

function Due({ at }: { readonly at: string }) {
  const left = Date.parse(at) - useServiceNow(TICK_MS);
  return (
    <Text size="sm" fw={left < URGENT_MS ? 600 : 400} c={left < 0 ? 'red' : undefined} title={dateTime(at)}>
      {left < 0 ? `venceu há ${duration(-left)}` : `em ${duration(left)}`}
    </Text>
  );
}
