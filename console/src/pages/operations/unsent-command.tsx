import { Alert, Group, Text } from '@mantine/core';
import { useRef } from 'react';
import { api, idempotencyKey, type OperationDetail } from '../../api/client';
import { ActionButton } from '../../parts/action-button';
import { useSession } from '../../session/session-provider';
import { ACTION, inSentence, wordOf } from '../../words/words';

/** What QI has not taken, and nothing of which has left: it goes out as soon as QI takes calls again, unless it is taken back. */
export function UnsentCommand({
  operationKey,
  command,
}: {
  readonly operationKey: string;
  readonly command: OperationDetail['commands'][number];
}) {
  const { may } = useSession();
  const key = useRef(idempotencyKey());
  const what = inSentence(wordOf(ACTION, command.action));
  const takeBack = () =>
    api.POST('/api/v1/operations/{key}/commands/{command_id}/take_back', {
      params: { path: { key: operationKey, command_id: command.command_id } },
      headers: { 'Idempotency-Key': key.current },
    });
  return (
    <Alert color="orange" mt="md" title={`Ainda não enviado à QI: ${what}`} role="status">
      <Group justify="space-between">
        <Text size="sm">Segue para a QI assim que ela receber pedidos.</Text>
        {may('operations.act') && (
          <ActionButton act={takeBack} done={`Retirado: ${what}.`} stale="everything">
            Retirar
          </ActionButton>
        )}
      </Group>
    </Alert>
  );
}
