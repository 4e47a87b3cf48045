import { Checkbox, Group, Select, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type NotificationEndpoint, type NotificationType } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellDone } from '../../parts/notices';
import { shownBy } from '../../parts/shown-by';
import { CHANNEL, PEOPLE_TYPE } from '../../words/alert-words';
import { NOTIFICATION_TYPE, optionsOf } from '../../words/words';
import { HELP } from '../../words/help-words';

const FIELDS = ['url', 'recipients', 'description', 'event_types', 'quiet_until'];

type Channel = NotificationEndpoint['channel'];

interface Written {
  readonly channel: Channel;
  readonly url: string;
  readonly recipients: readonly string[];
  readonly quietFrom: string;
  readonly quietUntil: string;
  readonly description: string;
  readonly types: readonly string[];
  readonly isEnabled: boolean;
}

const NOTHING: Written = {
  channel: 'webhook',
  url: '',
  recipients: [],
  quietFrom: '',
  quietUntil: '',
  description: '',
  types: [],
  isEnabled: true,
};

/** One more system to be told of what happens here. Its secret is known only now. */
export function NewEndpoint({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void;
  readonly onCreated: (url: string, secret: string | null) => void;
}) {
  const [written, setWritten] = useState(NOTHING);
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/notification-endpoints', {
          body: {
            ...bodyFrom(written),
            channel: written.channel,
            recipients: [...written.recipients],
            url: written.url.trim(),
          },
        }),
      ),
    onSuccess: ({ url, secret }) => {
      onCreated(url, secret);
      onClose();
    },
    onSettled: (_done, error) =>
      shownBy(queries.invalidateQueries({ queryKey: ['notification-endpoints'] }), error),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Novo endereço"
      consequence="O que acontecer daqui em diante é enviado a ele."
      verb={written.channel === 'webhook' ? 'Criar e gerar o segredo' : 'Criar'}
      isReady={isComplete(written, true)}
      acting={create}
      fields={FIELDS}
    >
      <Select
        label="Quem é avisado"
        description={HELP.endpoint.channel}
        allowDeselect={false}
        data={optionsOf(CHANNEL)}
        value={written.channel}
        onChange={(channel) => {
          setWritten({
            ...written,
            channel: (channel ?? 'webhook') as Channel,
            url: '',
            recipients: [],
            quietFrom: '',
            quietUntil: '',
            types: [],
          });
        }}
      />
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
  const { id } = endpoint;
  const [seen] = useState(() => writtenOf(endpoint));
  const [written, setWritten] = useState(seen);
  const body = changesOf(seen, written);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      bodyOf(
        api.PATCH('/api/v1/notification-endpoints/{id}', {
          params: { path: { id } },
          body,
        }),
      ),
    onSuccess: () => {
      tellDone('Endereço mudado.');
      onClose();
    },
    onSettled: (_done, error) =>
      shownBy(queries.invalidateQueries({ queryKey: ['notification-endpoints'] }), error),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Mudar o endereço"
      verb="Mudar"
      isReady={isComplete(written, false) && Object.keys(body).length > 0}
      acting={change}
      fields={FIELDS}
    >
      <Fields written={written} error={change.error} onChange={setWritten} />
      <Switch
        label="Ligado"
        description={HELP.endpoint.enabled}
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
      {written.channel === 'email' ? (
        <TagsInput
          label="Destinatários"
          description={HELP.endpoint.recipients}
          required
          maxTags={20}
          value={[...written.recipients]}
          error={problems['recipients']}
          onChange={(recipients) => {
            onChange({ ...written, recipients });
          }}
        />
      ) : (
        <TextInput
          label="Endereço"
          description={written.channel === 'webhook' ? HELP.endpoint.webhookUrl : HELP.endpoint.chatUrl}
          placeholder="https://exemplo.com.br/notificacoes"
          data-autofocus
          inputMode="url"
          autoComplete="off"
          value={written.url}
          error={problems['url']}
          onChange={(event) => {
            onChange({ ...written, url: event.currentTarget.value });
          }}
        />
      )}
      <TextInput
        label="Descrição"
        description={HELP.endpoint.description}
        autoComplete="off"
        value={written.description}
        error={problems['description']}
        onChange={(event) => {
          onChange({ ...written, description: event.currentTarget.value });
        }}
      />
      <Checkbox.Group
        label="Avisar de"
        description={HELP.endpoint.types}
        required
        value={[...written.types]}
        error={problems['event_types']}
        onChange={(types) => {
          onChange({ ...written, types });
        }}
      >
        <Stack gap="xs" mt={6}>
          {Object.entries(written.channel === 'webhook' ? NOTIFICATION_TYPE : PEOPLE_TYPE).map(
            ([type, label]) => (
              <Checkbox key={type} value={type} label={label} />
            ),
          )}
        </Stack>
      </Checkbox.Group>
      {written.channel !== 'webhook' && (
        <Group grow align="flex-start">
          <TextInput
            type="time"
            label="Silêncio das"
            description={HELP.endpoint.quietFrom}
            value={written.quietFrom}
            onChange={(event) => {
              onChange({ ...written, quietFrom: event.currentTarget.value });
            }}
          />
          <TextInput
            type="time"
            label="até"
            description={HELP.endpoint.quietUntil}
            value={written.quietUntil}
            error={problems['quiet_until']}
            onChange={(event) => {
              onChange({ ...written, quietUntil: event.currentTarget.value });
            }}
          />
        </Group>
      )}
    </>
  );
}

function isComplete({ channel, url, recipients, types }: Written, isNew: boolean): boolean {
  const hasAddress = channel === 'email' ? recipients.length > 0 : url.trim() !== '';
  return types.length > 0 && (hasAddress || (!isNew && channel !== 'webhook' && channel !== 'email'));
}

const namesOf = (types: readonly string[]): NotificationType[] => [...types] as NotificationType[];

const quietOf = ({ quietFrom, quietUntil }: Written) => ({
  quiet_from: quietFrom === '' ? null : quietFrom,
  quiet_until: quietUntil === '' ? null : quietUntil,
});

function bodyFrom(written: Written) {
  return { description: written.description, event_types: namesOf(written.types), ...quietOf(written) };
}

function writtenOf({ channel, url, ...endpoint }: NotificationEndpoint): Written {
  return {
    channel,
    // Of Slack and Teams the address is a secret that is not shown again.
    url: channel === 'webhook' ? url : '',
    recipients: channel === 'email' ? url.replace('mailto:', '').split(',') : [],
    quietFrom: endpoint.quiet_from ?? '',
    quietUntil: endpoint.quiet_until ?? '',
    description: endpoint.description,
    types: endpoint.event_types,
    isEnabled: endpoint.enabled,
  };
}

/** What was changed, and no more: the rest may have become another since it was read. */
function changesOf(seen: Written, written: Written) {
  const isOther = (name: keyof Written): boolean =>
    JSON.stringify(seen[name]) !== JSON.stringify(written[name]);
  const { description, types, recipients, isEnabled: enabled } = written;
  const url = written.url.trim();
  const [isMoved, isQuietOther] = [
    isOther('url') && url !== '',
    isOther('quietFrom') || isOther('quietUntil'),
  ];
  const values = {
    ...(isOther('description') && { description: seen.description }),
    // Of Slack and Teams nobody saw the address.
    ...(isMoved && seen.url !== '' && { url: seen.url }),
    ...(isQuietOther && quietOf(seen)),
    ...(isOther('isEnabled') && { enabled: seen.isEnabled }),
  };
  return {
    ...(Object.keys(values).length > 0 && { seen: values }),
    ...(isOther('description') && { description }),
    ...(isOther('types') && { event_types: namesOf(types), event_types_seen: [...seen.types] }),
    ...(isOther('recipients') && { recipients: [...recipients], recipients_seen: [...seen.recipients] }),
    ...(isMoved && { url }),
    ...(isQuietOther && quietOf(written)),
    ...(isOther('isEnabled') && { enabled }),
  };
}
