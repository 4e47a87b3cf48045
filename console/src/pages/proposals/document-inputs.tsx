import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { FileChooser } from '../../parts/file-chooser';
import { documentTypeOf, sentFile } from '../../parts/sent-file';
import { shownBy } from '../../parts/shown-by';

const SIDES = { front: 'frente', back: 'verso' } as const;
type Side = keyof typeof SIDES;

/** Images of the client's document: they go to QI, and are kept nowhere here. */
export function DocumentInputs({ proposalId }: { readonly proposalId: string }) {
  return (
    <div>
      <Text size="sm" fw={600} mt="sm">
        Documento do cliente
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        JPEG, PNG ou PDF. Vai direto para a QI; aqui fica só a chave. O verso só se o documento tiver.
      </Text>
      <Group gap="sm">
        <DocumentButton proposalId={proposalId} side="front" />
        <DocumentButton proposalId={proposalId} side="back" />
      </Group>
    </div>
  );
}

function DocumentButton({ proposalId, side }: { readonly proposalId: string; readonly side: Side }) {
  const queries = useQueryClient();
  const sending = useMutation({
    mutationFn: (file: File) =>
      api.PUT('/api/v1/proposals/{id}/documents/{side}', {
        params: { path: { id: proposalId, side } },
        ...sentFile(file, documentTypeOf(file)),
      }),
    onSettled: (_done, error) => shownBy(queries.invalidateQueries(), error),
  });
  return (
    <div>
      <FileChooser
        accept="image/jpeg,image/png,application/pdf"
        inputProps={{ 'aria-label': `Imagem do documento, ${SIDES[side]}` }}
        onFile={sending.mutate}
      >
        {(props) => (
          <Button size="xs" variant="default" loading={sending.isPending} {...props}>
            Enviar {SIDES[side]}
          </Button>
        )}
      </FileChooser>
      {sending.isSuccess && (
        <Text size="xs" role="status" mt={4}>
          Imagem enviada à QI.
        </Text>
      )}
      {sending.error !== null && (
        <Text size="xs" c="red" role="alert" mt={4}>
          {sentenceOf(sending.error)}
        </Text>
      )}
    </div>
  );
}
