import { Badge, Button, Drawer, Group, Select, Stack, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type NotificationEndpoint } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { count, dateTime } from '../../format/format';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';

const POLL_MS = 10_000;

const DELIVERY: Readonly<Record<string, readonly [string, string]>> = {
  waiting: ['à espera', 'blue'],
  delivered: ['entregue', 'teal'],
  given_up: ['desistiu', 'red'],
  withdrawn: ['retirada', 'gray'],
};

/** Who is told of what happens here, and whether it reaches them. */
export function NotificationEndpoints() {
  const [shown, setShown] = useState<NotificationEndpoint>();
  const query = useQuery({
    queryKey: ['notification-endpoints'],
    queryFn: () => bodyOf(api.GET('/api/v1/notification-endpoints')),
    refetchInterval: POLL_MS,
  });
  return (
    <>
      <Loaded query={query} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Ninguém é avisado">Um administrador cadastra endereços pela API.</Empty>
          ) : (
            <Table.ScrollContainer minWidth={640}>
              <Table aria-label="Endereços de notificação">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Endereço</Table.Th>
                    <Table.Th>Estado</Table.Th>
                    <Table.Th ta="right">À espera</Table.Th>
                    <Table.Th ta="right">Desistidas</Table.Th>
                    <Table.Th />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((endpoint) => (
                    <Table.Tr key={endpoint.id}>
                      <Table.Td className="breaks">
                        {endpoint.url}
                        <Text size="xs" c="dimmed">
                          {endpoint.description === ''
                            ? `${count(endpoint.event_types.length)} tipos de evento`
                            : endpoint.description}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Badge variant="light" color={endpoint.enabled ? 'teal' : 'gray'} tt="none">
                          {endpoint.enabled ? 'ligado' : 'desligado'}
                        </Badge>
                      </Table.Td>
                      <Table.Td ta="right">{count(endpoint.waiting)}</Table.Td>
                      <Table.Td ta="right">{count(endpoint.given_up)}</Table.Td>
                      <Table.Td ta="right">
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() => {
                            setShown(endpoint);
                          }}
                        >
                          Entregas
                        </Button>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
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
    </>
  );
}

type DeliveryStatus = 'waiting' | 'delivered' | 'given_up' | 'withdrawn';

function Deliveries({ endpoint: { id } }: { readonly endpoint: NotificationEndpoint }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const [status, setStatus] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ['notification-deliveries', id, status],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/notification-endpoints/{id}/deliveries', {
          params: {
            path: { id },
            query: { limit: 100, ...(status !== null && { status: status as DeliveryStatus }) },
          },
        }),
      ),
    refetchInterval: POLL_MS,
  });
  const resend = useMutation({
    mutationFn: (delivery: string) =>
      api.POST('/api/v1/notification-endpoints/{id}/deliveries/{delivery}/resend', {
        params: { path: { id, delivery } },
      }),
    onSuccess: () => notifications.show({ color: 'teal', message: 'Segue de novo.' }),
    onError: (error) => notifications.show({ color: 'red', message: sentenceOf(error) }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['notification-deliveries'] }),
  });
  return (
    <Stack>
      <Group>
        <Select
          label="Situação"
          placeholder="Todas"
          clearable
          data={Object.entries(DELIVERY).map(([value, [label]]) => ({ value, label }))}
          value={status}
          onChange={setStatus}
        />
      </Group>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nenhuma entrega" />
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
                  <Table.Tr key={delivery.id}>
                    <Table.Td>{dateTime(delivery.occurred_at)}</Table.Td>
                    <Table.Td className="mono breaks">{delivery.event_type}</Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={DELIVERY[delivery.status]?.[1] ?? 'gray'} tt="none">
                        {DELIVERY[delivery.status]?.[0] ?? delivery.status}
                      </Badge>
                      <Text size="xs" c="dimmed">
                        {count(delivery.attempts)} tentativas
                        {delivery.last_http_status !== null && ` · HTTP ${String(delivery.last_http_status)}`}
                        {delivery.last_error !== null && ` · ${delivery.last_error}`}
                      </Text>
                    </Table.Td>
                    <Table.Td ta="right">
                      {may('notifications.manage') && delivery.status !== 'waiting' && (
                        <Button
                          size="xs"
                          variant="default"
                          onClick={() => {
                            resend.mutate(delivery.id);
                          }}
                        >
                          Enviar de novo
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </Stack>
  );
}
