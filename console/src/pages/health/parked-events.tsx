import { Button, Table, Text } from '@mantine/core';
import { WebhookName } from './webhook-name';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type WebhookEvent } from '../../api/client';
import { dateTime, shortKey } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellDone } from '../../parts/notices';
import { ReasonInput } from '../../parts/reason-input';
import { Empty, Loaded } from '../../parts/states';
import { shownBy } from '../../parts/shown-by';
import { useSession } from '../../session/session-provider';
import { STATUS_REASON, wordOf } from '../../words/words';

export function ParkedEvents() {
  const query = useQuery({
    queryKey: ['parked'],
    queryFn: () =>
      bodyOf(api.GET('/api/v1/webhook-events', { params: { query: { status: 'parked', limit: 50 } } })),
    refetchInterval: 5_000,
  });
  const { may } = useSession();
  return (
    <Loaded query={query} lines={3}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nenhuma notificação parada">
            Nada a fazer: tudo o que a QI contou foi entendido.
          </Empty>
        ) : (
          <Table.ScrollContainer minWidth={720}>
            <Table aria-label="Notificações paradas">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Recebido</Table.Th>
                  <Table.Th>Notificação da QI</Table.Th>
                  <Table.Th>Chave</Table.Th>
                  <Table.Th>Por quê</Table.Th>
                  <Table.Th ta="right">Tentativas</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((event) => (
                  <Table.Tr key={event.id} data-event={event.id}>
                    <Table.Td>{dateTime(event.received_at)}</Table.Td>
                    <Table.Td>
                      <WebhookName type={event.webhook_type} />
                    </Table.Td>
                    <Table.Td className="mono">
                      {event.event_key === null ? '–' : shortKey(event.event_key)}
                    </Table.Td>
                    <Table.Td>{wordOf(STATUS_REASON, event.reason)}</Table.Td>
                    <Table.Td ta="right">{event.attempts}</Table.Td>
                    <Table.Td ta="right">{may('events.replay') && <Replay event={event} />}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Loaded>
  );
}

function Replay({ event }: { readonly event: WebhookEvent }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const replay = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/webhook-events/{id}/replay', {
          params: { path: { id: event.id } },
          body: { reason: reason.trim() },
        }),
      ),
    onSuccess: () => {
      tellDone('A notificação volta para a fila.');
      close();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['parked'] }), error),
  });
  return (
    <>
      <Button size="xs" variant="light" onClick={open}>
        Tratar de novo
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Tratar de novo"
        consequence="A notificação volta para a fila como se tivesse acabado de chegar. Se nada mudou, vai parar outra vez."
        verb="Tratar de novo"
        isReady={reason.trim() !== ''}
        acting={replay}
      >
        <Text size="sm" ta="left">
          <WebhookName type={event.webhook_type} />, recebida em {dateTime(event.received_at)}
        </Text>
        <ReasonInput value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}
