import { Badge, Button, Checkbox, Group, Paper, Table, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { tellFailure } from '../../parts/notices';
import { Page } from '../../parts/page';
import { Empty, Loaded } from '../../parts/states';
import { HELP } from '../../words/help-words';

/** Views of figures side by side: one's own, and those that others share. */
export function DashboardsPage() {
  const query = useQuery({
    queryKey: ['dashboards'],
    queryFn: () => bodyOf(api.GET('/api/v1/dashboards')),
  });
  return (
    <Page title="Painéis" subtitle="Visões de Explorar lado a lado, para abrir, imprimir e compartilhar.">
      <Paper p="md">
        <NewDashboard />
      </Paper>
      <Paper p={0}>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="Nenhum painel ainda">
                Guarde uma visão em{' '}
                <Link to="/explorar" className="link">
                  Explorar
                </Link>{' '}
                e crie um painel com ela.
              </Empty>
            ) : (
              <Table aria-label="Painéis">
                <Table.Tbody>
                  {items.map(({ id, name, is_shared: isShared, is_mine: isMine }) => (
                    <Table.Tr key={id}>
                      <Table.Td>
                        <Link to="/paineis/$id" params={{ id }} className="link">
                          {name}
                        </Link>
                      </Table.Td>
                      <Table.Td ta="right">
                        <Badge variant="light" color={isShared ? 'blue' : 'gray'} tt="none">
                          {isMine ? (isShared ? 'de todos' : 'só meu') : 'de outra pessoa'}
                        </Badge>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Loaded>
      </Paper>
    </Page>
  );
}

function NewDashboard() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [isShared, setIsShared] = useState(false);
  const create = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), is_shared: isShared, view_ids: [] };
      return bodyOf(api.POST('/api/v1/dashboards', { body }));
    },
    onSuccess: ({ id }) => navigate({ to: '/paineis/$id', params: { id } }),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['dashboards'] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Group align="flex-start" className="filters">
        <TextInput
          label="Nome do painel"
          description={HELP.dashboard.name}
          maxLength={80}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Checkbox
          label="Todos podem ver"
          description={HELP.dashboard.shared}
          checked={isShared}
          onChange={(event) => {
            setIsShared(event.currentTarget.checked);
          }}
        />
        <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
          Criar painel
        </Button>
      </Group>
    </form>
  );
}
