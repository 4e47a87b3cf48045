import { Button, Checkbox, Group, Kbd, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Task } from '../../api/client';
import { MoreButton } from '../../parts/more-button';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { optionsOf, TASK_KIND } from '../../words/words';
import { TaskTable } from './task-table';
import { ShortcutList, useShortcuts } from './shortcuts';
import { HELP } from '../../words/help-words';

const PAGE = 100;
const POLL_MS = 5_000;

/** The work queue by deadline, for hands on the keyboard. */
export function TaskQueue() {
  const { session } = useSession();
  const [onlyMine, setOnlyMine] = useState(false);
  const [withSnoozed, setWithSnoozed] = useState(false);
  const [kind, setKind] = useState<string | null>(null);
  const [isHelpOpen, help] = useDisclosure();
  useShortcuts({
    'shift+?': help.toggle,
    m: () => {
      setOnlyMine((before) => !before);
    },
  });
  const query = useInfiniteQuery({
    queryKey: ['tasks', 'queue', onlyMine, withSnoozed, kind],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/tasks', {
          params: {
            query: {
              limit: PAGE,
              snoozed: withSnoozed ? 'include' : 'exclude',
              ...(onlyMine && { owner: session.actor }),
              ...(kind !== null && { kind: kind as Task['kind'] }),
              ...(pageParam !== '' && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
  return (
    <>
      <Group justify="space-between" mb="sm" align="flex-end">
        <Group align="flex-start" className="filters">
          <Select
            label="Tipo"
            description={HELP.tasks.kind}
            placeholder="Todos"
            clearable
            w={230}
            data={optionsOf(TASK_KIND)}
            value={kind}
            onChange={setKind}
          />
          <Checkbox
            label="Só as minhas"
            description={HELP.tasks.mine}
            checked={onlyMine}
            onChange={(event) => {
              setOnlyMine(event.currentTarget.checked);
            }}
          />
          <Checkbox
            label="Com as adiadas"
            description={HELP.tasks.snoozed}
            checked={withSnoozed}
            onChange={(event) => {
              setWithSnoozed(event.currentTarget.checked);
            }}
          />
        </Group>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          rightSection={<Kbd size="xs">?</Kbd>}
          onClick={help.open}
        >
          Atalhos
        </Button>
      </Group>
      <ShortcutList isOpen={isHelpOpen} onClose={help.close} />
      <Loaded query={query}>
        {({ pages }) => {
          const tasks = pages.flatMap(({ items }) => items);
          return tasks.length === 0 ? (
            <Empty title="Nada à espera">
              As tarefas aparecem aqui quando uma operação ou uma proposta precisa de alguém.
            </Empty>
          ) : (
            <TaskTable tasks={tasks} hasMore={query.hasNextPage} />
          );
        }}
      </Loaded>
      <MoreButton query={query} mt="sm" />
    </>
  );
}
