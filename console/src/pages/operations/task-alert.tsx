import { Alert, Button, Collapse, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Task } from '../../api/client';
import { dateTime } from '../../format/format';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { resolutionWord, TASK_DEED, TASK_KIND, wordOf, actorWord } from '../../words/words';
import { TakeBack } from './take-back';
import { TaskDialog, type TaskVerb } from './task-dialogs';

/** A task on the page of its operation, with what one may do to it and what was done. */
export function TaskAlert({ task }: { readonly task: Task }) {
  const { session, may } = useSession();
  // The page moves on behind a dialog, which is about the task as it was when it was opened.
  const [dialog, setDialog] = useState<{ readonly verb: TaskVerb; readonly tasks: readonly [Task] }>();
  const [isOpen, { toggle }] = useDisclosure();
  const isMine = task.owner === session.actor;
  const verbs: readonly (readonly [TaskVerb, string])[] = [
    ...(task.owner === null ? ([['claim', 'Assumir']] as const) : []),
    ...(isMine ? ([['release', 'Devolver']] as const) : []),
    ['snooze', 'Adiar'],
    ['resolve', 'Resolver'],
  ];
  return (
    <Alert color="orange" mt="md" title={wordOf(TASK_KIND, task.kind)} data-task={task.kind}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Text size="sm">{task.message}</Text>
          <Text size="sm" c="dimmed">
            prazo {dateTime(task.due_at)}
            {task.owner !== null && ` · ${isMine ? 'comigo' : `com ${actorWord(task.owner)}`}`}
            {task.snoozed_until !== null && ` · adiada até ${dateTime(task.snoozed_until)}`}
          </Text>
        </div>
        <Group gap="xs">
          <Button size="xs" variant="subtle" color="gray" aria-expanded={isOpen} onClick={toggle}>
            Histórico
          </Button>
          {may('tasks.take_back') && task.owner !== null && !isMine && (
            <TakeBack id={task.id} owner={task.owner} />
          )}
          {may('tasks.work') &&
            (task.owner === null || isMine) &&
            verbs.map(([one, label]) => (
              <Button
                key={one}
                size="xs"
                variant="default"
                onClick={() => {
                  setDialog({ verb: one, tasks: [task] });
                }}
              >
                {label}
              </Button>
            ))}
        </Group>
      </Group>
      <Collapse expanded={isOpen}>{isOpen && <History id={task.id} />}</Collapse>
      {dialog !== undefined && (
        <TaskDialog
          {...dialog}
          onClose={() => {
            setDialog(undefined);
          }}
        />
      )}
    </Alert>
  );
}

function History({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: ['tasks', id],
    queryFn: () => bodyOf(api.GET('/api/v1/tasks/{id}', { params: { path: { id } } })),
  });
  return (
    <Loaded query={query} lines={2}>
      {({ history, opened_at: opened }) => (
        <>
          <Text size="xs" mt="xs">
            {dateTime(opened)} aberta
          </Text>
          {history.map(({ action, actor, note, at }, i) => (
            <Text key={i} size="xs">
              {dateTime(at)} {actorWord(actor)} {wordOf(TASK_DEED, action)}
              {note !== null && `: ${resolutionWord(note)}`}
            </Text>
          ))}
        </>
      )}
    </Loaded>
  );
}
