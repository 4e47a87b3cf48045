import { ActionIcon, Button, Group, Menu, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../api/client';
import { tellFailure } from './notices';
import { Icon } from '../shell/icons';

interface Props {
  readonly page: 'history' | 'explore';
  /** What is kept of the page as it is now. */
  readonly query: string;
  readonly onOpen: (query: string) => void;
}

/** Searches that one comes back to. */
export function SavedViews({ page, query, onOpen }: Props) {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const views = useQuery({ queryKey: ['views'], queryFn: () => bodyOf(api.GET('/api/v1/views')) });
  const settled = {
    onSettled: () => queries.invalidateQueries({ queryKey: ['views'] }),
    onError: tellFailure,
  };
  const save = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/views', { body: { name: name.trim(), page, query } })),
    onSuccess: () => {
      setName('');
    },
    ...settled,
  });
  const remove = useMutation({
    mutationFn: (id: string) => bodyOf(api.DELETE('/api/v1/views/{id}', { params: { path: { id } } })),
    ...settled,
  });
  const mine = views.data?.items.filter((view) => view.page === page) ?? [];
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="bookmark" size={16} />}>
          Visões
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {mine.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            Guarde o que se vê agora com um nome.
          </Text>
        )}
        {mine.map(({ id, name: shown, query: kept }) => (
          <Group key={id} gap={4} wrap="nowrap">
            <Menu.Item
              flex={1}
              onClick={() => {
                onOpen(kept);
              }}
            >
              {shown}
            </Menu.Item>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Apagar a visão ${shown}`}
              onClick={() => {
                remove.mutate(id);
              }}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </Group>
        ))}
        <Menu.Divider />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Group p="xs" gap="xs" wrap="nowrap">
            <TextInput
              aria-label="Nome da visão"
              placeholder="Nome da visão"
              flex={1}
              maxLength={80}
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
            <Button type="submit" size="sm" loading={save.isPending} disabled={name.trim() === ''}>
              {mine.some((view) => view.name === name.trim()) ? 'Substituir' : 'Guardar'}
            </Button>
          </Group>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
