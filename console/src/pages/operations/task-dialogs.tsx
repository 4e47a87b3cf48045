import { Alert, List, ScrollArea, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type BulkResult, type Task } from '../../api/client';
import { MINUTE_MS } from '../../format/durations';
import { count, instantOf, reais, shortKey } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { LaterMoment } from '../../parts/later-moment';
import { tellDone } from '../../parts/notices';
import { ReasonInput } from '../../parts/reason-input';
import { shownBy } from '../../parts/shown-by';
import { useServiceClock } from '../../shell/use-service-now';
import { TASK_KIND, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';
import { subjectOf } from './task-subject';

export type TaskVerb = 'claim' | 'release' | 'snooze' | 'resolve';

const TITLE: Readonly<Record<TaskVerb, string>> = {
  claim: 'Assumir',
  release: 'Devolver',
  snooze: 'Adiar',
  resolve: 'Resolver',
};
const CONSEQUENCE: Readonly<Record<TaskVerb, string>> = {
  claim: 'A tarefa é sua: ninguém mais age sobre a operação.',
  release: 'A tarefa volta para a fila.',
  snooze:
    'A tarefa some da fila e volta na hora marcada, ou antes, se algo novo acontecer; o prazo continua o mesmo.',
  resolve: 'A tarefa é encerrada. O que só uma ação encerra (autorizar, reenviar, liberar) continua aberto.',
};
const WAITS: readonly { readonly value: string; readonly label: string }[] = [
  { value: '30', label: '30 minutos' },
  { value: '120', label: '2 horas' },
  { value: '480', label: '8 horas' },
  { value: 'other', label: 'Até…' },
];

/** Pixels: some five tasks, the rest by scrolling. */
const LIST_HEIGHT = 240;

interface Props {
  readonly verb: TaskVerb;
  /** As they were when it was opened: what is said about them is about that. */
  readonly tasks: readonly Task[];
  readonly onClose: () => void;
}

/** One thing done to one task or to many. Of many, what would happen is said first, and what happened after. */
export function TaskDialog({ verb, tasks, onClose }: Props) {
  const queries = useQueryClient();
  const serviceNow = useServiceClock();
  const [wait, setWait] = useState('120');
  const [until, setUntil] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [outcome, setOutcome] = useState<string>();
  const isUnknown = tasks.some(({ kind }) => kind === 'command_unknown');
  const isMany = tasks.length > 1;
  const body = (preview: boolean) => ({
    action: verb,
    task_ids: tasks.map(({ id }) => id),
    preview,
    ...(verb === 'snooze' && { until: untilOf(wait, until, serviceNow()) }),
    ...(verb === 'resolve' && {
      versions: Object.fromEntries(tasks.map(({ id, version }) => [id, version])),
      ...(note.trim() !== '' && { note: note.trim() }),
      ...(outcome !== undefined && isUnknown && { outcome: outcome as 'took_effect' }),
    }),
  });
  const isReady =
    (verb !== 'snooze' || wait !== 'other' || until !== null) &&
    (!isUnknown || verb !== 'resolve' || outcome !== undefined);
  const preview = useQuery({
    queryKey: [
      ...['tasks-preview', verb, wait, until, outcome, note.trim() !== ''],
      tasks.map(({ id, version }) => [id, version]),
    ],
    enabled: isReady,
    queryFn: () => bodyOf(api.POST('/api/v1/tasks/bulk', { body: body(true) })),
  });
  const acting = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/tasks/bulk', { body: body(false) })),
    onSuccess: (result) => {
      if (result.refused > 0) return;
      tellDone(`${TITLE[verb]}: ${String(result.done)} feitas.`);
      onClose();
    },
    onSettled: (_done, error) =>
      shownBy(
        Promise.all([
          queries.invalidateQueries({ queryKey: ['tasks'] }),
          queries.invalidateQueries({ queryKey: ['operation'] }),
        ]),
        error,
      ),
  });
  const report = acting.data ?? preview.data;
  const isDone = acting.data !== undefined;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={isMany ? `${TITLE[verb]} ${count(tasks.length)} tarefas` : TITLE[verb]}
      consequence={CONSEQUENCE[verb]}
      verb={TITLE[verb]}
      isReady={isReady && !isDone && report?.done !== 0}
      acting={acting}
    >
      <TaskList tasks={tasks} />
      {verb === 'snooze' && (
        <Stack gap="xs">
          <Select
            label="Por quanto tempo"
            description={HELP.tasks.snooze}
            allowDeselect={false}
            data={[...WAITS]}
            value={wait}
            onChange={(chosen) => {
              setWait(chosen ?? '120');
            }}
          />
          {wait === 'other' && (
            <LaterMoment label="Até" description={HELP.tasks.until} value={until} onChange={setUntil} />
          )}
        </Stack>
      )}
      {verb === 'resolve' && isUnknown && (
        <div>
          <Text size="sm" fw={500} mb={4}>
            O pedido que ficou sem resposta chegou a valer na QI?
          </Text>
          <SegmentedControl
            aria-label="O pedido valeu"
            data={[
              { value: 'took_effect', label: 'Valeu' },
              { value: 'not_taken', label: 'Não valeu' },
            ]}
            value={outcome ?? ''}
            onChange={setOutcome}
          />
        </div>
      )}
      {verb === 'resolve' && (
        <ReasonInput label="Observação" isRequired={false} value={note} onChange={setNote} />
      )}
      {report !== undefined && <BulkReport result={report} tasks={tasks} isDone={isDone} />}
    </ConfirmDialog>
  );
}

/** What it is done to: the queue behind the dialog moves on, and two tasks of one kind differ in their loan alone. */
function TaskList({ tasks }: { readonly tasks: readonly Task[] }) {
  return (
    <ScrollArea.Autosize mah={LIST_HEIGHT}>
      <List size="sm" aria-label="Tarefas">
        {tasks.map((task) => (
          <List.Item key={task.id}>
            <b>{nameOf(task)}</b>, {reais(task.amount_at_stake)}
            <br />
            {task.message}
          </List.Item>
        ))}
      </List>
    </ScrollArea.Autosize>
  );
}

const nameOf = (task: Task): string => `${wordOf(TASK_KIND, task.kind)}, ${shortKey(subjectOf(task))}`;

/** How many, and of each that was not done, why. */
function BulkReport({
  result: { done, refused, results },
  tasks,
  isDone,
}: {
  readonly result: BulkResult;
  readonly tasks: readonly Task[];
  readonly isDone: boolean;
}) {
  if (refused === 0 && tasks.length === 1) return null;
  const nameOfId = (id: string): string => {
    const task = tasks.find((one) => one.id === id);
    return task === undefined ? id : nameOf(task);
  };
  return (
    <Alert color={refused === 0 ? 'gray' : 'orange'} role="status" data-report={isDone ? 'done' : 'preview'}>
      <Text size="sm" fw={500}>
        {isDone ? 'Feitas' : 'Serão feitas'}: {count(done)}
        {refused > 0 && ` · ${isDone ? 'não feitas' : 'não serão'}: ${count(refused)}`}
      </Text>
      <List size="sm">
        {results
          .filter(({ outcome }) => outcome === 'refused')
          .map(({ task_id: id, message }) => (
            <List.Item key={id}>
              {nameOfId(id)} — {message}
            </List.Item>
          ))}
      </List>
    </Alert>
  );
}

function untilOf(wait: string, until: string | null, now: number): string {
  return wait === 'other' ? instantOf(until ?? '') : new Date(now + Number(wait) * MINUTE_MS).toISOString();
}
