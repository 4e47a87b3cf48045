import { Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type ApiToken, type Role } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { DAY_MS } from '../../format/durations';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { HELP } from '../../words/help-words';
import { KeeperInput } from './keeper-input';
import { RolesInput } from './roles-input';

const LIVES = ['30', '90', '180', '365'].map((days) => ({ value: days, label: `${days} dias` }));

const fieldsOf = (error: unknown): Readonly<Record<string, string>> =>
  error instanceof ApiProblem ? error.fields : {};

export function NewToken({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  readonly onCreated: (secret: { readonly name: string; readonly token: string }) => void;
}) {
  const queries = useQueryClient();
  const { session } = useSession();
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly string[]>([]);
  const [keeper, setKeeper] = useState(session.username);
  const [days, setDays] = useState<string | null>('90');
  const create = useMutation({
    mutationFn: () => {
      const expires = new Date(Date.now() + Number(days) * DAY_MS).toISOString();
      return bodyOf(
        api.POST('/api/v1/tokens', {
          body: {
            name: name.trim(),
            roles: [...roles] as Role[],
            ...(keeper !== null && { keeper }),
            expires_at: expires,
          },
        }),
      );
    },
    onSuccess: ({ name: made, token }) => {
      onCreated({ name: made, token });
      onClose();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['tokens'] }), error),
  });
  const fields = fieldsOf(create.error);
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Novo token"
      verb="Criar"
      isReady={name.trim() !== '' && roles.length > 0 && keeper !== null && days !== null}
      acting={create}
      fields={['name', 'roles', 'keeper', 'expires_at']}
    >
      <TextInput
        label="Nome"
        description={HELP.people.tokenName}
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
      <KeeperInput keeper={keeper} error={fields['keeper']} onChange={setKeeper} />
      <Select
        label="Vale por"
        description={HELP.people.tokenLife}
        required
        data={LIVES}
        value={days}
        error={fields['expires_at']}
        onChange={setDays}
      />
    </ConfirmDialog>
  );
}

export function HandOver({ token, onClose }: { readonly token: ApiToken; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [keeper, setKeeper] = useState<string | null>(null);
  const [seen] = useState(token.keeper);
  const handOver = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/tokens/{id}/hand-over', {
          params: { path: { id: token.id } },
          body: { keeper: keeper ?? '', keeper_seen: seen },
        }),
      ),
    onSuccess: onClose,
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['tokens'] }), error),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Entregar ${token.name}`}
      consequence="Desde já outra pessoa responde por ele. Os papéis e o prazo ficam como estão."
      verb="Entregar"
      isReady={keeper !== null}
      acting={handOver}
      fields={['keeper']}
    >
      <KeeperInput keeper={keeper} error={fieldsOf(handOver.error)['keeper']} onChange={setKeeper} />
    </ConfirmDialog>
  );
}

export function Revoke({ token, onClose }: { readonly token: ApiToken; readonly onClose: () => void }) {
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: token.id } } }),
    onSuccess: onClose,
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['tokens'] }), error),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Revogar ${token.name}`}
      consequence="Desde o próximo pedido, o token não abre mais nada. Não há volta."
      verb="Revogar"
      color="red"
      acting={revoke}
    />
  );
}
