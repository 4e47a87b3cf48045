import { Checkbox, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type NotificationEndpoint, type NotificationType } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { NOTIFICATION_TYPE } from '../../words/words';

const FIELDS = ['url', 'description', 'event_types'];

interface Written {
  readonly url: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly isEnabled: boolean;
}

const NOTHING: Written = { url: '', description: '', types: [], isEnabled: true };

/** One more system to be told of what happens here. Its secret is known only now. */
export function NewEndpoint({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  readonly onCreated: (url: string, secret: string) => void;
}) {
  const [written, setWritten] = useState(NOTHING);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/notification-endpoints', { body: bodyFrom(written) })),
    onSuccess: ({ url, secret }) => {
      onCreated(url, secret);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['notification-endpoints'] }),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Novo endereço"
      consequence="O que acontecer daqui em diante é enviado a ele, assinado."
      verb="Criar e gerar o segredo"
      isReady={isComplete(written)}
      acting={create}
      fields={FIELDS}
    >
      <Fields written={written} error={create.error} onChange={setWritten} />
    </ConfirmDialog>
  );
}

/** Where it is, what it hears, and whether it is sent anything now. */
export function ChangeEndpoint({
  endpoint,
  onClose,
}: {
  readonly endpoint: NotificationEndpoint;
  readonly onClose: () => void;
}) {
  const { id, url, description, event_types: types, enabled } = endpoint;
  const [written, setWritten] = useState<Written>({ url, description, types, isEnabled: enabled });
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PATCH('/api/v1/notification-endpoints/{id}', {
          params: { path: { id } },
          body: { ...bodyFrom(written), enabled: written.isEnabled },
        }),
      ),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: 'Endereço mudado.' });
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['notification-endpoints'] }),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Mudar o endereço"
      verb="Mudar"
      isReady={isComplete(written)}
      acting={change}
      fields={FIELDS}
    >
      <Fields written={written} error={change.error} onChange={setWritten} />
      <Switch
        label="Ligado"
        description="Desligado, nada é enviado: o que acontece fica guardado e segue quando voltar"
        checked={written.isEnabled}
        onChange={(event) => {
          setWritten({ ...written, isEnabled: event.currentTarget.checked });
        }}
      />
    </ConfirmDialog>
  );
}

function Fields({
  written,
  error,
  onChange,
}: {
  readonly written: Written;
  readonly error: unknown;
  readonly onChange: (written: Written) => void;
}) {
  const problems = error instanceof ApiProblem ? error.fields : {};
  return (
    <>
      <TextInput
        label="Endereço"
        description="https, num endereço público"
        placeholder="https://exemplo.com.br/notificacoes"
        data-autofocus
        required
        inputMode="url"
        autoComplete="off"
        value={written.url}
        error={problems['url']}
        onChange={(event) => {
          onChange({ ...written, url: event.currentTarget.value });
        }}
      />
      <TextInput
        label="Descrição"
        description="Que sistema é, e de quem"
        autoComplete="off"
        value={written.description}
        error={problems['description']}
        onChange={(event) => {
          onChange({ ...written, description: event.currentTarget.value });
        }}
      />
      <Checkbox.Group
        label="Avisar de"
        required
        value={[...written.types]}
        error={problems['event_types']}
        onChange={(types) => {
          onChange({ ...written, types });
        }}
      >
        <Stack gap="xs" mt={6}>
          {Object.entries(NOTIFICATION_TYPE).map(([type, label]) => (
            <Checkbox key={type} value={type} label={label} />
          ))}
        </Stack>
      </Checkbox.Group>
    </>
  );
}

const isComplete = ({ url, types }: Written): boolean => url.trim() !== '' && types.length > 0;

function bodyFrom({ url, description, types }: Written) {
  return { url: url.trim(), description, event_types: [...types] as NotificationType[] };
}
