import { ActionIcon, Badge, Button, Drawer, Group, Menu, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type NotificationEndpoint } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellFailure } from '../../parts/notices';
import { SecretOnce } from '../../parts/secret-once';
import { Empty, Loaded } from '../../parts/states';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { Icon } from '../../shell/icons';
import { CHANNEL } from '../../words/alert-words';
import { NOTIFICATION_TYPE, wordOf } from '../../words/words';
import { Deliveries } from './deliveries';
import { ChangeEndpoint, NewEndpoint } from './endpoint-form';
import { MailServerButton } from './mail-server';
import { RotateSecret } from './rotate-secret';

const POLL_MS = 10_000;

interface Secret {
  readonly url: string;
  readonly secret: string;
  /** Until when the one before it signs too. */
  readonly formerUntil?: string;
}

/** Who is told of what happens here, and whether it reaches them. */
export function NotificationEndpoints() {
  const { may } = useSession();
  const [isOpen, { open, close }] = useDisclosure();
  const [shown, setShown] = useState<NotificationEndpoint>();
  const [secret, setSecret] = useState<Secret>();
  const query = useQuery({
    queryKey: ['notification-endpoints'],
    queryFn: () => bodyOf(api.GET('/api/v1/notification-endpoints')),
    refetchInterval: POLL_MS,
  });
  const mayManage = may('notifications.manage');
  return (
    <Stack gap="sm">
      {mayManage && (
        <Group justify="flex-end">
          <Button size="xs" onClick={open}>
            Novo endereço
          </Button>
          <MailServerButton />
        </Group>
      )}
      {secret !== undefined && (
        <SecretOnce
          title={`Segredo de ${secret.url}`}
          note={`Mostrado só agora: com ele o outro sistema confere que somos nós.${secret.formerUntil === undefined ? '' : ` O anterior vale também até ${dateTime(secret.formerUntil)}.`}`}
          secret={secret.secret}
        />
      )}
      <Loaded query={query} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Ninguém é avisado">
              {mayManage
                ? 'Crie um endereço, e outro sistema sabe do que acontece aqui na hora em que acontece.'
                : 'Um administrador cadastra aqui os sistemas que devem saber do que acontece.'}
            </Empty>
          ) : (
            <Table.ScrollContainer minWidth={720}>
              <Table aria-label="Endereços de notificação">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Endereço</Table.Th>
                    <Table.Th>Avisado de</Table.Th>
                    <Table.Th>Estado</Table.Th>
                    <Table.Th ta="right">À espera</Table.Th>
                    <Table.Th ta="right">Desistidas</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((endpoint) => (
                    <Row
                      key={endpoint.id}
                      endpoint={endpoint}
                      onDeliveries={() => {
                        setShown(endpoint);
                      }}
                      onSecret={setSecret}
                    />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
      {isOpen && (
        <NewEndpoint
          onClose={close}
          onCreated={(url, made) => {
            if (made !== null) setSecret({ url, secret: made });
          }}
        />
      )}
      <Drawer
        opened={shown !== undefined}
        onClose={() => {
          setShown(undefined);
        }}
        position="right"
        size="xl"
        title={shown?.url}
        closeButtonProps={{ 'aria-label': 'Fechar' }}
      >
        {shown !== undefined && <Deliveries endpoint={shown} />}
      </Drawer>
    </Stack>
  );
}

interface RowProps {
  readonly endpoint: NotificationEndpoint;
  readonly onDeliveries: () => void;
  readonly onSecret: (secret: Secret) => void;
}

function Row({ endpoint, onDeliveries, onSecret }: RowProps) {
  const { may } = useSession();
  const {
    channel,
    url,
    description,
    failing_with: failing,
    event_types: types,
    enabled,
    disabled_reason: reason,
  } = endpoint;
  const hearsAll = types.length === Object.keys(NOTIFICATION_TYPE).length;
  return (
    <Table.Tr data-endpoint={url}>
      <Table.Td className="breaks">
        {channel === 'webhook'
          ? url
          : `${wordOf(CHANNEL, channel)}: ${url.replace('mailto:', '').replaceAll(',', ', ')}`}
        {description !== '' && (
          <Text size="xs" c="dimmed">
            {description}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {hearsAll ? 'Tudo' : types.map((type) => wordOf(NOTIFICATION_TYPE, type)).join(' · ')}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={enabled ? 'teal' : 'gray'} tt="none">
          {enabled ? 'ligado' : 'desligado'}
        </Badge>
        {failing !== null && reason !== 'gone' && (
          <Text size="xs" c="red" data-failing>
            não recebe: {failing}
          </Text>
        )}
        {endpoint.quiet_from !== null && (
          <Text size="xs" c="dimmed">
            silêncio das {endpoint.quiet_from} às {endpoint.quiet_until}
          </Text>
        )}
        {reason === 'gone' && (
          <Text size="xs" c="dimmed">
            respondeu que não existe mais (HTTP 410)
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{count(endpoint.waiting)}</Table.Td>
      <Table.Td ta="right">{count(endpoint.given_up)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Button size="xs" variant="default" onClick={onDeliveries}>
            Entregas
          </Button>
          {may('notifications.manage') && (
            <ManageMenu endpoint={endpoint} onDeliveries={onDeliveries} onSecret={onSecret} />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function ManageMenu({ endpoint, onDeliveries, onSecret }: RowProps) {
  const { id, url } = endpoint;
  const params = { path: { id } };
  const queries = useQueryClient();
  const [open, setOpen] = useState<'change' | 'rotate' | 'remove'>();
  const close = (): void => {
    setOpen(undefined);
  };
  const refresh = (_done: unknown, error: unknown) =>
    shownBy(queries.invalidateQueries({ queryKey: ['notification-endpoints'] }), error);
  const tryOut = useMutation({
    mutationFn: () => bodyOf(api.POST('/api/v1/notification-endpoints/{id}/trial', { params })),
    onSuccess: onDeliveries,
    onError: tellFailure,
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/notification-endpoints/{id}', { params }),
    onSuccess: close,
    onSettled: refresh,
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Mais sobre ${url}`}>
            <Icon name="more" size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              setOpen('change');
            }}
          >
            Mudar
          </Menu.Item>
          <Menu.Item
            disabled={!endpoint.enabled}
            onClick={() => {
              tryOut.mutate();
            }}
          >
            Enviar um teste
          </Menu.Item>
          <Menu.Item
            disabled={endpoint.channel !== 'webhook'}
            onClick={() => {
              setOpen('rotate');
            }}
          >
            Trocar o segredo
          </Menu.Item>
          <Menu.Item
            color="red"
            onClick={() => {
              setOpen('remove');
            }}
          >
            Remover
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'change' && <ChangeEndpoint endpoint={endpoint} onClose={close} />}
      {open === 'rotate' && (
        <RotateSecret
          endpoint={endpoint}
          onClose={close}
          onSecret={(secret, formerUntil) => {
            onSecret({ url, secret, formerUntil });
          }}
        />
      )}
      <ConfirmDialog
        isOpen={open === 'remove'}
        onClose={close}
        title={`Remover ${url}`}
        consequence="Nada mais é enviado a ele, nem o que estava à espera. Não há volta."
        verb="Remover"
        color="red"
        acting={remove}
      />
    </>
  );
}
