import { Alert, Group, Text } from '@mantine/core';
import { useRef } from 'react';
import { api, idempotencyKey, type OperationDetail } from '../../api/client';
import { duration } from '../../format/format';
import { ActionButton } from '../../parts/action-button';
import { useSession } from '../../session/session-provider';
import { useServiceNow } from '../../shell/use-service-now';
import { ACTION, inSentence, wordOf } from '../../words/words';

const TICK_MS = 500;

/**
 * What two people agreed to waits before it is sent: until then either of the two may take it back. The service says
 * whether it still can be, by telling of it at all; the time left is only shown.
 */
export function UndoWindow({ undo }: { readonly undo: NonNullable<OperationDetail['undo']> }) {
  const { may } = useSession();
  const key = useRef(idempotencyKey());
  const left = Date.parse(undo.until) - useServiceNow(TICK_MS);
  const what = inSentence(wordOf(ACTION, undo.action));
  const takeBack = () =>
    api.POST('/api/v1/approvals/{id}/undo', {
      params: { path: { id: undo.approval_id } },
      headers: { 'Idempotency-Key': key.current },
    });
  return (
    <Alert color="orange" mt="md" title={`Aprovado, ainda não enviado: ${what}`} role="status">
      <Group justify="space-between">
        <Text size="sm" className="numbers">
          {left > 0 ? `Segue para a QI em ${duration(left)}.` : 'Segue para a QI agora.'}
        </Text>
        {may('approvals.undo') && (
          <ActionButton act={takeBack} done={`Desfeito, nada foi enviado: ${what}.`} stale="everything">
            Desfazer
          </ActionButton>
        )}
      </Group>
    </Alert>
  );
}
