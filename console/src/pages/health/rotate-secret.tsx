import { Radio, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type NotificationEndpoint } from '../../api/client';
import { MINUTE_MS } from '../../format/durations';
import { dateTime } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { useServiceNow } from '../../shell/use-service-now';
import { HELP } from '../../words/help-words';

type Kept = 'in_force' | 'former';

/** A new secret; of two that sign already, whoever asks says which the other system has: the answer of the last may be lost. */
export function RotateSecret({
  endpoint,
  onClose,
  onSecret,
}: {
  readonly endpoint: NotificationEndpoint;
  readonly onClose: () => void;
  readonly onSecret: (secret: string, formerUntil: string) => void;
}) {
  const { id, former_secret_until: until } = endpoint;
  const queries = useQueryClient();
  const now = useServiceNow(MINUTE_MS);
  const [chosen, setChosen] = useState<{ readonly keeps: Kept; readonly until: string | null }>();
  const twoSign = until !== null && Date.parse(until) > now;
  // What was chosen of two secrets says nothing of two others.
  const keeps = twoSign && chosen?.until === until ? chosen.keeps : undefined;
  const rotate = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/notification-endpoints/{id}/secret', {
          params: { path: { id } },
          body: { former_secret_until_seen: until, ...(keeps !== undefined && { keeps }) },
        }),
      ),
    onSuccess: ({ secret, former_secret_until: formerUntil }) => {
      onSecret(secret, formerUntil);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['notification-endpoints'] }),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title="Trocar o segredo"
      consequence={
        twoSign
          ? `O segredo foi trocado há menos de um dia: o último e o de antes dele assinam, até ${dateTime(until)}. Ao lado do novo, mostrado uma vez, só um deles assina por mais um dia.`
          : 'Um segredo novo passa a assinar já e é mostrado uma vez. O anterior assina ao lado dele por mais um dia, para o outro sistema trocar sem perder nada.'
      }
      verb="Trocar o segredo"
      isReady={!twoSign || keeps !== undefined}
      acting={rotate}
    >
      {twoSign && (
        <Radio.Group
          label="Qual o outro sistema usa agora"
          description={HELP.endpoint.keptSecret}
          required
          value={keeps ?? ''}
          onChange={(value) => {
            setChosen({ keeps: value as Kept, until });
          }}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="former" label="O de antes da última troca" />
            <Radio value="in_force" label="O da última troca" />
          </Stack>
        </Radio.Group>
      )}
    </ConfirmDialog>
  );
}
