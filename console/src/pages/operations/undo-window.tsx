import { Alert, Button, Group, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, idempotencyKey, type OperationDetail } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { duration } from '../../format/format';
import { useSession } from '../../session/session-provider';

const TICK_MS = 500;

/** An approved cancellation waits before it is sent: until then either of the two may take it back. */
export function UndoWindow({ undo }: { readonly undo: NonNullable<OperationDetail['undo']> }) {
  const { may } = useSession();
  const queries = useQueryClient();
  const key = useRef(idempotencyKey());
  const [now, setNow] = useState(() => Date.now());
  useInterval(
    () => {
      setNow(Date.now());
    },
    TICK_MS,
    { autoInvoke: true },
  );
  const left = new Date(undo.until).getTime() - now;
  const taking = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/approvals/{id}/undo', {
        params: { path: { id: undo.approval_id } },
        headers: { 'Idempotency-Key': key.current },
      }),
    onSuccess: () =>
      notifications.show({ color: 'teal', message: 'O cancelamento foi desfeito: nada foi enviado.' }),
    onError: (error) => notifications.show({ color: 'red', message: sentenceOf(error) }),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Alert color="orange" mt="md" title="Cancelamento aprovado, ainda não enviado" role="status">
      <Group justify="space-between">
        <Text size="sm" className="numbers">
          {left > 0 ? `Segue para a QI em ${duration(left)}.` : 'Segue para a QI agora.'}
        </Text>
        {may('approvals.undo') && left > 0 && (
          <Button
            size="xs"
            variant="default"
            loading={taking.isPending}
            onClick={() => {
              taking.mutate();
            }}
          >
            Desfazer
          </Button>
        )}
      </Group>
    </Alert>
  );
}
