import { Button, Group, Table, Text } from '@mantine/core';
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
                    <Table.Td ta="right">
                      {may('events.replay') && (
                        <Group gap="xs" justify="flex-end" wrap="nowrap">
                          <Deed event={event} deed={REPLAY} />
                          <Deed event={event} deed={SETTLE} />
                        </Group>
                      )}
                    </Table.Td>
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

interface DeedWords {
  readonly path: '/api/v1/webhook-events/{id}/replay' | '/api/v1/webhook-events/{id}/settle';
  readonly verb: string;
  readonly consequence: string;
  readonly done: string;
}

const REPLAY: DeedWords = {
  path: '/api/v1/webhook-events/{id}/replay',
  verb: 'Tratar de novo',
  consequence:
    'A notificação volta para a fila como se tivesse acabado de chegar. Se nada mudou, vai parar outra vez.',
  done: 'A notificação volta para a fila.',
};
const SETTLE: DeedWords = {
  path: '/api/v1/webhook-events/{id}/settle',
  verb: 'Dar por resolvida',
  consequence:
    'A notificação sai desta lista e ninguém mais é avisado dela. Nada do que ela diz é aplicado; o original continua guardado.',
  done: 'A notificação foi dada por resolvida.',
};

function Deed({
  event,
  deed: { path, verb, consequence, done },
}: {
  readonly event: WebhookEvent;
  readonly deed: DeedWords;
}) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const acting = useMutation({
    mutationFn: () =>
      bodyOf(api.POST(path, { params: { path: { id: event.id } }, body: { reason: reason.trim() } })),
    onSuccess: () => {
      tellDone(done);
      close();
    },
    onSettled: (_done, error) => shownBy(queries.invalidateQueries({ queryKey: ['parked'] }), error),
  });
  return (
    <>
      <Button size="xs" variant="light" onClick={open}>
        {verb}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={verb}
        consequence={consequence}
        verb={verb}
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <Text size="sm" ta="left">
          <WebhookName type={event.webhook_type} />, recebida em {dateTime(event.received_at)}
        </Text>
        <ReasonInput value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}
