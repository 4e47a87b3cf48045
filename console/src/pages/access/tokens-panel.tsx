import { Badge, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type ApiToken, type Role } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { Empty, Loaded } from '../../parts/states';
import { ROLE, wordOf, actorWord } from '../../words/words';
import { RolesInput } from './roles-input';
import { SecretOnce } from '../../parts/secret-once';

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
          Cada token age com nome próprio: dois tokens podem ser as duas pessoas de uma aprovação. Entregue-os
          com cuidado.
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
            <Empty title="Nenhum token" />
          ) : (
            <Table.ScrollContainer minWidth={720}>
              <Table aria-label="Tokens da API">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Nome</Table.Th>
                    <Table.Th>Papéis</Table.Th>
                    <Table.Th>Age como</Table.Th>
                    <Table.Th>Criado</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((token) => (
                    <Table.Tr key={token.id} data-token={token.name}>
                      <Table.Td>{token.name}</Table.Td>
                      <Table.Td>{token.roles.map((role) => wordOf(ROLE, role)).join(', ')}</Table.Td>
                      <Table.Td className="mono">{token.actor}</Table.Td>
                      <Table.Td>
                        {dateTime(token.created_at)}
                        <Text size="xs" c="dimmed">
                          {actorWord(token.created_by)}
                        </Text>
                      </Table.Td>
                      <Table.Td ta="right">
                        <Revoke token={token} />
                      </Table.Td>
                    </Table.Tr>
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

function Revoke({ token }: { readonly token: ApiToken }) {
  const [isOpen, { open, close }] = useDisclosure();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: token.id } } }),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (token.revoked_at !== null)
    return (
      <Badge variant="light" color="gray" tt="none">
        revogado {dateTime(token.revoked_at)}
      </Badge>
    );
  return (
    <>
      <Button size="xs" variant="light" color="red" onClick={open}>
        Revogar
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={`Revogar ${token.name}`}
        consequence="Desde o próximo pedido, o token não abre mais nada. Não há volta."
        verb="Revogar"
        color="red"
        acting={revoke}
      />
    </>
  );
}

function NewToken({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  readonly onCreated: (secret: { readonly name: string; readonly token: string }) => void;
}) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly string[]>([]);
  const create = useMutation({
    mutationFn: () =>
      bodyOf(api.POST('/api/v1/tokens', { body: { name: name.trim(), roles: [...roles] as Role[] } })),
    onSuccess: ({ name: made, token }) => {
      onCreated({ name: made, token });
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const fields = create.error instanceof ApiProblem ? create.error.fields : {};
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Novo token"
      verb="Criar"
      isReady={name.trim() !== '' && roles.length > 0}
      acting={create}
      fields={['name', 'roles']}
    >
      <TextInput
        label="Nome"
        description="Para que serve"
        data-autofocus
        required
        autoComplete="off"
        value={name}
        error={fields['name']}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <RolesInput roles={roles} error={fields['roles']} onChange={setRoles} />
    </ConfirmDialog>
  );
}
