import { Badge, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type NotificationDelivery, type NotificationEndpoint } from '../../api/client';
import { count, dateTime } from '../../format/format';
import { ActionButton } from '../../parts/action-button';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { NOTIFICATION_TYPE, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

/** Often while one is on its way: whoever looks waits for it. */
const POLL_MS = { busy: 2_000, quiet: 10_000 };

type Status = NotificationDelivery['status'];

const STATUS: Readonly<Record<Status, readonly [string, string]>> = {
  waiting: ['à espera', 'blue'],
  delivered: ['entregue', 'teal'],
  given_up: ['desistiu', 'red'],
  withdrawn: ['retirada', 'gray'],
};

/** What the service sends to any endpoint on demand. */
const TYPE: typeof NOTIFICATION_TYPE = { ...NOTIFICATION_TYPE, 'notification.trial': 'Teste' };

/** What was sent to one endpoint or is to be sent, newest first. */
export function Deliveries({ endpoint: { id } }: { readonly endpoint: NotificationEndpoint }) {
  const [status, setStatus] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ['notification-deliveries', id, status],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/notification-endpoints/{id}/deliveries', {
          params: {
            path: { id },
            query: { limit: 100, ...(status !== null && { status: status as Status }) },
          },
        }),
      ),
    refetchInterval: ({ state }) =>
      state.data?.items.some((delivery) => delivery.status === 'waiting') === true
        ? POLL_MS.busy
        : POLL_MS.quiet,
  });
  return (
    <Stack>
      <Group>
        <Select
          label="Situação"
          description={HELP.endpoint.deliveries}
          placeholder="Todas"
          clearable
          data={Object.entries(STATUS).map(([value, [label]]) => ({ value, label }))}
          value={status}
          onChange={setStatus}
        />
      </Group>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nenhuma entrega">O que for enviado aos endereços acima aparece aqui.</Empty>
          ) : (
            <Table aria-label="Entregas">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Quando</Table.Th>
                  <Table.Th>Evento</Table.Th>
                  <Table.Th>Situação</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((delivery) => (
                  <Row key={delivery.id} endpointId={id} delivery={delivery} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Row({
  endpointId,
  delivery,
}: {
  readonly endpointId: string;
  readonly delivery: NotificationDelivery;
}) {
  const { may } = useSession();
  const resend = () =>
    api.POST('/api/v1/notification-endpoints/{id}/deliveries/{delivery}/resend', {
      params: { path: { id: endpointId, delivery: delivery.id } },
    });
  const [word, color] = STATUS[delivery.status];
  return (
    <Table.Tr data-delivery={delivery.status}>
      <Table.Td>{dateTime(delivery.occurred_at)}</Table.Td>
      <Table.Td>
        {wordOf(TYPE, delivery.event_type)}
        <Text size="xs" c="dimmed" className="mono">
          {delivery.event_type}
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={color} tt="none">
          {word}
        </Badge>
        <Text size="xs" c="dimmed">
          {count(delivery.attempts)} {delivery.attempts === 1 ? 'tentativa' : 'tentativas'}
          {delivery.last_http_status !== null && ` · HTTP ${String(delivery.last_http_status)}`}
          {delivery.last_error !== null && ` · ${delivery.last_error}`}
          {delivery.taken_by.length > 0 && ` · já recebeu: ${delivery.taken_by.join(', ')}`}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {may('notifications.manage') && delivery.status !== 'waiting' && (
          <ActionButton act={resend} done="Segue de novo." stale={[['notification-deliveries']]}>
            Enviar de novo
          </ActionButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
