import { Button, SegmentedControl, Table, Text, TextInput } from '@mantine/core';
import { WebhookName } from './webhook-name';
import { DatePickerInput } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { count } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellDone } from '../../parts/notices';
import { ReasonInput } from '../../parts/reason-input';
import { WEBHOOK_RESULT, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';

/** The service wants a reason; that of a preview is kept nowhere. */
const JUST_COUNTED = 'contagem';

/** Archived webhooks handled again, those of one key or of one day. What would be handled is counted first. */
export function ReplayArchived() {
  const [isOpen, { open, close }] = useDisclosure();
  const queries = useQueryClient();
  const [by, setBy] = useState('key');
  const [key, setKey] = useState('');
  const [day, setDay] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const selection = by === 'key' ? { key: key.trim() } : { day: day ?? '' };
  const isSelected = Object.values(selection).every((value) => value !== '');
  const preview = useQuery({
    queryKey: ['replay-preview', selection],
    enabled: isOpen && isSelected,
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/reconciliation/replays', {
          body: { ...selection, apply: false, reason: JUST_COUNTED },
        }),
      ),
  });
  const acting = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/reconciliation/replays', {
          body: { ...selection, apply: true, reason: reason.trim() },
        }),
      ),
    onSuccess: async ({ types }) => {
      tellDone(backInQueue(total(types)));
      close();
      await queries.invalidateQueries({ queryKey: ['parked'] });
    },
  });
  const found = preview.data?.types ?? [];
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Tratar arquivados
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Tratar de novo as notificações arquivadas"
        consequence="Cada notificação passa outra vez pelo que já passou; o que já valeu não vale duas vezes."
        verb="Tratar de novo"
        isReady={total(found) > 0 && reason.trim() !== ''}
        acting={acting}
      >
        <SegmentedControl
          aria-label="Quais notificações"
          data={[
            { value: 'key', label: 'De uma chave' },
            { value: 'day', label: 'De um dia' },
          ]}
          value={by}
          onChange={setBy}
        />
        {by === 'key' ? (
          <TextInput
            label="Chave do leilão, da proposta ou da operação"
            description={HELP.filter.replayKey}
            data-autofocus
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
        ) : (
          <DatePickerInput
            label="Dia (de São Paulo)"
            description={HELP.filter.replayDay}
            valueFormat="DD/MM/YYYY"
            maxDate={new Date()}
            value={day}
            onChange={setDay}
          />
        )}
        <ReasonInput value={reason} onChange={setReason} />
        {preview.data !== undefined && <Found types={found} />}
      </ConfirmDialog>
    </>
  );
}

interface CountedType {
  readonly webhook_type: string | null;
  readonly status: string;
  readonly events: number;
}

const backInQueue = (events: number): string =>
  events === 1 ? 'Uma notificação volta para a fila.' : `${count(events)} notificações voltam para a fila.`;

const total = (types: readonly CountedType[]): number => types.reduce((sum, { events }) => sum + events, 0);

function Found({ types }: { readonly types: readonly CountedType[] }) {
  if (types.length === 0) return <Text size="sm">Nenhuma notificação arquivada.</Text>;
  return (
    <Table aria-label="Notificações encontradas">
      <Table.Tbody>
        {types.map(({ webhook_type: type, status, events }) => (
          <Table.Tr key={`${String(type)} ${status}`}>
            <Table.Td>
              <WebhookName type={type} />
            </Table.Td>
            <Table.Td>{wordOf(WEBHOOK_RESULT, status)}</Table.Td>
            <Table.Td ta="right">{count(events)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
