import { Alert, Badge, Button, Group, Paper, PasswordInput, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { ApiProblem, sentenceOf } from '../../api/problem';
import { dateTime } from '../../format/format';
import { Facts } from '../../parts/facts';
import { tellDone, tellFailure } from '../../parts/notices';
import { Page } from '../../parts/page';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { ROLE, SIGN_IN_METHOD, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

const MIN_PASSWORD = 12;

/** One's own account: where one is signed in, and the password. A token has none. */
export function AccountPage() {
  const { session } = useSession();
  return (
    <Page title="Minha conta">
      <Paper p="md">
        <Facts
          columnWidth="16rem"
          items={[
            ['Usuário', session.username ?? session.actor],
            ['Papéis', session.roles.map((role) => wordOf(ROLE, role)).join(', ')],
            ['Sessão até', dateTime(session.expires_at)],
          ]}
        />
      </Paper>
      {session.username === null ? (
        <Alert color="gray">Um token não tem senha nem sessões.</Alert>
      ) : (
        <>
          <Sessions />
          <Password />
        </>
      )}
    </Page>
  );
}

function Sessions() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['my-sessions'],
    queryFn: () => bodyOf(api.GET('/api/v1/account/sessions')),
  });
  const end = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id } } }),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ['my-sessions'] }),
  });
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Onde estou conectado
      </Title>
      <Loaded query={query} lines={3}>
        {({ items }) => (
          <Table.ScrollContainer minWidth={560}>
            <Table aria-label="Sessões">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Desde</Table.Th>
                  <Table.Th>Último uso</Table.Th>
                  <Table.Th>Até</Table.Th>
                  <Table.Th>Como</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td>{dateTime(one.created_at)}</Table.Td>
                    <Table.Td>{dateTime(one.seen_at)}</Table.Td>
                    <Table.Td>{dateTime(one.expires_at)}</Table.Td>
                    <Table.Td>{wordOf(SIGN_IN_METHOD, one.method)}</Table.Td>
                    <Table.Td ta="right">
                      {one.is_this_one ? (
                        <Badge variant="light" tt="none">
                          esta
                        </Badge>
                      ) : (
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() => {
                            end.mutate(one.id);
                          }}
                        >
                          Encerrar
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Paper>
  );
}

function Password() {
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/account/password', { body: { current_password: current, new_password: next } }),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      setAgain('');
      tellDone('Senha mudada; as outras sessões foram encerradas.');
      await queries.invalidateQueries({ queryKey: ['my-sessions'] });
    },
  });
  const { error } = change;
  const fields = error instanceof ApiProblem ? error.fields : {};
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Mudar a senha
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack maw={360}>
          {error !== null && Object.keys(fields).length === 0 && (
            <Alert color="red" role="alert">
              {sentenceOf(error)}
            </Alert>
          )}
          <PasswordInput
            label="Senha atual"
            description={HELP.people.currentPassword}
            autoComplete="current-password"
            required
            value={current}
            error={fields['current_password']}
            onChange={(event) => {
              setCurrent(event.currentTarget.value);
            }}
          />
          <PasswordInput
            label="Senha nova"
            description={HELP.people.newPassword}
            autoComplete="new-password"
            required
            value={next}
            error={fields['new_password']}
            onChange={(event) => {
              setNext(event.currentTarget.value);
            }}
          />
          <PasswordInput
            label="Senha nova, outra vez"
            description={HELP.people.repeatedPassword}
            autoComplete="new-password"
            required
            value={again}
            error={again !== '' && again !== next ? 'não é a mesma' : undefined}
            onChange={(event) => {
              setAgain(event.currentTarget.value);
            }}
          />
          <Group>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={current === '' || next.length < MIN_PASSWORD || next !== again}
            >
              Mudar a senha
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            Mudar a senha encerra as outras sessões.
          </Text>
        </Stack>
      </form>
    </Paper>
  );
}
