import { ActionIcon, Badge, Button, Group, Menu, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Role, type User } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { date, dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { MoreButton } from '../../parts/more-button';
import { tellDone, tellFailure } from '../../parts/notices';
import { Loaded } from '../../parts/states';
import { Icon } from '../../shell/icons';
import { ROLE, wordOf, actorWord } from '../../words/words';
import { RolesInput } from './roles-input';
import { SecretOnce } from '../../parts/secret-once';
import { shownBy } from '../../parts/shown-by';
import { HELP } from '../../words/help-words';

interface Invitation {
  readonly username: string;
  readonly link: string;
  readonly expiresAt: string;
}

/** Colleagues change roles too. */
const POLL_MS = 10_000;

/** Everybody with an account, and their links. */
export function PeoplePanel() {
  const [isOpen, { open, close }] = useDisclosure();
  const [invitation, setInvitation] = useState<Invitation>();
  const query = useInfiniteQuery({
    queryKey: ['users'],
    queryFn: ({ pageParam }) =>
      bodyOf(
        api.GET('/api/v1/users', {
          params: { query: { limit: 100, ...(pageParam !== '' && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    refetchInterval: POLL_MS,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Uma mudança de papel vale desde o próximo pedido. O último administrador que pode entrar não pode
          sair.
        </Text>
        <Button size="xs" onClick={open}>
          Nova pessoa
        </Button>
      </Group>
      {invitation !== undefined && (
        <SecretOnce
          title={`Link para ${invitation.username}`}
          note={`Entregue-o só a esta pessoa. Vale uma vez, até ${dateTime(invitation.expiresAt)}; com ele se escolhe a senha e se liga o autenticador.`}
          secret={invitation.link}
        />
      )}
      <Loaded query={query}>
        {({ pages }) => (
          <Table.ScrollContainer minWidth={720}>
            <Table aria-label="Pessoas">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Usuário</Table.Th>
                  <Table.Th>Papéis</Table.Th>
                  <Table.Th>Entra por</Table.Th>
                  <Table.Th>Criado</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {pages
                  .flatMap(({ items }) => items)
                  .map((user) => (
                    <UserRow key={user.id} user={user} onInvited={setInvitation} />
                  ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      <MoreButton query={query} />
      {isOpen && <NewPerson onClose={close} onInvited={setInvitation} />}
    </Stack>
  );
}

function waysIn({ has_password: password, has_oidc: oidc }: User): string {
  const ways = [password && 'senha', oidc && 'provedor de identidade'].filter((way) => way !== false);
  return ways.length === 0 ? 'convite à espera' : ways.join(' e ');
}

function UserRow({
  user,
  onInvited,
}: {
  readonly user: User;
  readonly onInvited: (invitation: Invitation) => void;
}) {
  const queries = useQueryClient();
  const [isEditing, editing] = useDisclosure();
  const [isClosing, closing] = useDisclosure();
  const isDisabled = user.disabled_at !== null;
  const path = { id: user.id };
  const invite = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/users/{id}/invitation', { params: { path } })),
    onSuccess: ({ invitation_link: link, invitation_expires_at: expiresAt }) => {
      onInvited({ username: user.username, link, expiresAt });
    },
    onError: tellFailure,
  });
  const endSessions = useMutation({
    mutationFn: () => api.DELETE('/api/v1/users/{id}/sessions', { params: { path } }),
    onSuccess: () => {
      tellDone('Todas as sessões foram encerradas.');
    },
    onError: tellFailure,
  });
  const toggle = useMutation({
    mutationFn: () =>
      bodyOf(api.PATCH('/api/v1/users/{id}', { params: { path }, body: { disabled: !isDisabled } })),
    onSuccess: closing.close,
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['users'] }), error),
  });
  return (
    <Table.Tr data-user={user.username}>
      <Table.Td>
        {user.username}{' '}
        {isDisabled && (
          <Badge size="sm" variant="light" color="gray" tt="none">
            desativado
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {user.roles.map((role) => (
            <Badge key={role} size="sm" variant="light" color={role === 'admin' ? 'red' : 'felt'} tt="none">
              {wordOf(ROLE, role)}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>{waysIn(user)}</Table.Td>
      <Table.Td>
        {date(user.created_at)}
        <Text size="xs" c="dimmed">
          {actorWord(user.created_by)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Button size="xs" variant="default" onClick={editing.open}>
            Papéis
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" aria-label={`Mais sobre ${user.username}`}>
                <Icon name="more" size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                disabled={isDisabled}
                onClick={() => {
                  invite.mutate();
                }}
              >
                Novo link
              </Menu.Item>
              <Menu.Item
                onClick={() => {
                  endSessions.mutate();
                }}
              >
                Encerrar as sessões
              </Menu.Item>
              <Menu.Item color={isDisabled ? undefined : 'red'} onClick={closing.open}>
                {isDisabled ? 'Reativar' : 'Desativar'}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
        {isEditing && <RolesDialog user={user} onClose={editing.close} />}
        <ConfirmDialog
          isOpen={isClosing}
          onClose={closing.close}
          title={`${isDisabled ? 'Reativar' : 'Desativar'} ${user.username}`}
          consequence={
            isDisabled
              ? 'A pessoa volta a poder entrar, com os mesmos papéis.'
              : 'A pessoa sai de todas as sessões e não entra mais. O que ela fez continua na trilha.'
          }
          verb={isDisabled ? 'Reativar' : 'Desativar'}
          color={isDisabled ? 'felt' : 'red'}
          acting={toggle}
        />
      </Table.Td>
    </Table.Tr>
  );
}

function RolesDialog({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [seen] = useState(user.roles);
  const [roles, setRoles] = useState<readonly string[]>(seen);
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PATCH('/api/v1/users/{id}', {
          params: { path: { id: user.id } },
          body: { roles: [...roles] as Role[], roles_seen: seen },
        }),
      ),
    onSuccess: () => {
      tellDone('Papéis mudados.');
      onClose();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['users'] }), error),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Papéis de ${user.username}`}
      verb="Mudar"
      isReady={roles.length > 0}
      acting={change}
    >
      <RolesInput roles={roles} onChange={setRoles} />
    </ConfirmDialog>
  );
}

function NewPerson({
  onClose,
  onInvited,
}: {
  readonly onClose: () => void;
  readonly onInvited: (invitation: Invitation) => void;
}) {
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [roles, setRoles] = useState<readonly string[]>([]);
  const create = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/users', { body: { username, roles: [...roles] as Role[] } })),
    onSuccess: ({ username: name, invitation_link: link, invitation_expires_at: expiresAt }) => {
      onInvited({ username: name, link, expiresAt });
      onClose();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['users'] }), error),
  });
  const fields = create.error instanceof ApiProblem ? create.error.fields : {};
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Nova pessoa"
      verb="Criar e gerar o link"
      isReady={username.trim() !== '' && roles.length > 0}
      acting={create}
      fields={['username', 'roles']}
    >
      <TextInput
        label="Usuário"
        description={HELP.people.username}
        data-autofocus
        required
        autoComplete="off"
        value={username}
        error={fields['username']}
        onChange={(event) => {
          setUsername(event.currentTarget.value);
        }}
      />
      <RolesInput roles={roles} error={fields['roles']} onChange={setRoles} />
    </ConfirmDialog>
  );
}
