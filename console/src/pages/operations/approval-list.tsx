import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, bodyOf, idempotencyKey, type Approval } from '../../api/client';
import { dateTime, shortKey } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { ReasonInput } from '../../parts/reason-input';
import { Empty, Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';
import { ACTION, wordOf, actorWord } from '../../words/words';

const STATUS: Readonly<Record<string, readonly [string, string]>> = {
  pending: ['à espera', 'yellow'],
  approved: ['aprovada', 'teal'],
  rejected: ['recusada', 'gray'],
  withdrawn: ['retirada', 'gray'],
};

/** What one person asked for and another decides. */
export function ApprovalList() {
  const query = useQuery({
    queryKey: ['approvals'],
    queryFn: () => bodyOf(api.GET('/api/v1/approvals', { params: { query: { limit: 100 } } })),
    refetchInterval: 5_000,
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nenhuma aprovação">O que exige duas pessoas aparece aqui.</Empty>
        ) : (
          <Table.ScrollContainer minWidth={800}>
            <Table aria-label="Aprovações">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Pedida</Table.Th>
                  <Table.Th>Ação</Table.Th>
                  <Table.Th>Motivo</Table.Th>
                  <Table.Th>Situação</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((approval) => (
                  <Table.Tr key={approval.approval_id}>
                    <Table.Td>
                      {dateTime(approval.requested_at)}
                      <Text size="xs" c="dimmed">
                        {actorWord(approval.requested_by)}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {approval.action === 'release_kill_switch'
                        ? 'Voltar a dar lances'
                        : wordOf(ACTION, approval.action)}{' '}
                      {approval.credit_operation_key !== null && (
                        <Link
                          className="link mono"
                          to="/operacoes/$key"
                          params={{ key: approval.credit_operation_key }}
                        >
                          {shortKey(approval.credit_operation_key)}
                        </Link>
                      )}
                    </Table.Td>
                    <Table.Td>{approval.reason}</Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={STATUS[approval.status]?.[1] ?? 'gray'} tt="none">
                        {STATUS[approval.status]?.[0] ?? approval.status}
                      </Badge>
                      {approval.decided_by !== null && (
                        <Text size="xs" c="dimmed">
                          {actorWord(approval.decided_by)}, {dateTime(approval.decided_at)}
                        </Text>
                      )}
                      {approval.note !== null && (
                        <Text size="xs" c="dimmed">
                          “{approval.note}”
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td ta="right">
                      <DecideButtons approval={approval} />
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

/** For the second person: whoever asked cannot decide. */
export function DecideButtons({ approval }: { readonly approval: Approval }) {
  const { may, session } = useSession();
  const [verb, setVerb] = useState<'approve' | 'reject'>('approve');
  const [isOpen, { open, close }] = useDisclosure();
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: () =>
      api.POST(`/api/v1/approvals/{id}/${verb}`, {
        params: { path: { id: approval.approval_id } },
        headers: { 'Idempotency-Key': idempotencyKey() },
        body: note.trim() === '' ? {} : { note: note.trim() },
      }),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: verb === 'approve' ? 'Aprovado.' : 'Recusado.' });
      close();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  if (approval.status !== 'pending') return null;
  if (approval.requested_by === session.actor)
    return (
      <Text size="sm" c="dimmed">
        outra pessoa decide
      </Text>
    );
  if (!may('approvals.decide')) return null;
  const begin = (chosen: 'approve' | 'reject') => () => {
    setVerb(chosen);
    open();
  };
  return (
    <>
      <Group gap="xs" justify="flex-end">
        <Button size="xs" onClick={begin('approve')}>
          Aprovar
        </Button>
        <Button size="xs" variant="default" onClick={begin('reject')}>
          Recusar
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={verb === 'approve' ? 'Aprovar' : 'Recusar o pedido'}
        consequence={verb === 'approve' ? approval.consequence : 'O pedido é recusado e nada é enviado à QI.'}
        verb={verb === 'approve' ? 'Aprovar' : 'Recusar'}
        color={verb === 'approve' ? 'red' : 'gray'}
        acting={decide}
      >
        <Text size="sm">
          Pedido de {actorWord(approval.requested_by)}: “{approval.reason}”
        </Text>
        <ReasonInput label="Observação" isRequired={false} value={note} onChange={setNote} />
      </ConfirmDialog>
    </>
  );
}
