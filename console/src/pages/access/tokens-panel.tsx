import { Badge, Button, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type ApiToken } from '../../api/client';
import { DAY_MS } from '../../format/durations';
import { date, dateTime } from '../../format/format';
import { SecretOnce } from '../../parts/secret-once';
import { Empty, Loaded } from '../../parts/states';
import { ROLE, wordOf, actorWord } from '../../words/words';
import { HandOver, NewToken, Revoke } from './token-dialogs';

const SOON_MS = 14 * DAY_MS;

/** Identities for scripts, each an actor of its own. */
export function TokensPanel() {
  const [isOpen, { open, close }] = useDisclosure();
  const [secret, setSecret] = useState<{ readonly name: string; readonly token: string }>();
  const query = useQuery({
    queryKey: ['tokens'],
    queryFn: () => bodyOf(api.GET('/api/v1/tokens', { params: { query: { limit: 200 } } })),
  });
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Cada token age com nome próprio, e conta como a pessoa que responde por ele: o que pede duas pessoas
          não se aprova com o próprio token.
        </Text>
        <Button size="xs" onClick={open}>
          Novo token
        </Button>
      </Group>
      {secret !== undefined && (
        <SecretOnce
          title={`Token ${secret.name}`}
          note="Mostrado só agora: guarde-o. Aqui fica apenas o seu hash."
          secret={secret.token}
        />
      )}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nenhum token">
              Com um token outro sistema usa a API. Crie o primeiro em “Novo token”.
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={900}>
              <Table aria-label="Tokens da API">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Nome</Table.Th>
                    <Table.Th>Papéis</Table.Th>
                    <Table.Th>Responde</Table.Th>
                    <Table.Th>Último uso</Table.Th>
                    <Table.Th>Vale até</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((token) => (
                    <TokenRow key={token.id} token={token} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
      {isOpen && <NewToken onClose={close} onCreated={setSecret} />}
    </Stack>
  );
}

function TokenRow({ token }: { readonly token: ApiToken }) {
  const [dialog, setDialog] = useState<'hand-over' | 'revoke'>();
  const close = (): void => {
    setDialog(undefined);
  };
  return (
    <Table.Tr data-token={token.name}>
      <Table.Td>
        {token.name}
        <Text size="xs" c="dimmed" className="mono">
          {token.actor}
        </Text>
      </Table.Td>
      <Table.Td>
        <Roles token={token} />
      </Table.Td>
      <Table.Td>
        {token.keeper ?? 'ninguém'}
        <Text size="xs" c="dimmed">
          criado {date(token.created_at)}, {actorWord(token.created_by)}
        </Text>
      </Table.Td>
      <Table.Td>{token.last_used_at === null ? 'nunca' : dateTime(token.last_used_at)}</Table.Td>
      <Table.Td>
        <Ending token={token} />
      </Table.Td>
      <Table.Td>
        {(token.status === 'active' || token.status === 'unkept') && (
          <Group gap={4} wrap="nowrap" justify="flex-end">
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setDialog('hand-over');
              }}
            >
              Entregar
            </Button>
            <Button
              size="xs"
              variant="light"
              color="red"
              onClick={() => {
                setDialog('revoke');
              }}
            >
              Revogar
            </Button>
          </Group>
        )}
        {dialog === 'hand-over' && <HandOver token={token} onClose={close} />}
        {dialog === 'revoke' && <Revoke token={token} onClose={close} />}
      </Table.Td>
    </Table.Tr>
  );
}

/** What it was given; struck out what it may no more, since its keeper may not. */
function Roles({ token }: { readonly token: ApiToken }) {
  const isOver = token.status === 'revoked' || token.status === 'expired';
  return (
    <Group gap={4}>
      {token.roles.map((role) => {
        const isLost = !isOver && !token.roles_now.includes(role);
        return (
          <Text key={role} size="sm" {...(isLost && { td: 'line-through', c: 'dimmed' })}>
            {wordOf(ROLE, role)}
            {isLost && <VisuallyHidden> (não vale mais)</VisuallyHidden>}
          </Text>
        );
      })}
    </Group>
  );
}

function Ending({ token }: { readonly token: ApiToken }) {
  const badge = (color: string, words: string) => (
    <Badge variant="light" color={color} tt="none">
      {words}
    </Badge>
  );
  switch (token.status) {
    case 'revoked':
      return badge('gray', `revogado ${dateTime(token.revoked_at)}`);
    case 'expired':
      return badge('gray', `terminou ${date(token.expires_at)}`);
    case 'unkept':
      return badge('red', 'parado: entregue a alguém');
    case 'active': {
      const isSoon = Date.parse(token.expires_at) - Date.now() < SOON_MS;
      return isSoon ? badge('orange', `até ${date(token.expires_at)}`) : date(token.expires_at);
    }
  }
}
