import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Evidence } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { dateTime, taxpayer } from '../../format/format';
import { Facts } from '../../parts/facts';
import { ReasonInput } from '../../parts/reason-input';
import { saveAs } from '../../parts/save-as';
import { ACCEPTANCE_CHANNEL } from '../../words/proposal-words';
import { wordOf } from '../../words/words';

/** What proves that the client wanted this loan, shown and given as a file to whoever says why. */
export function EvidenceExport({ operationKey }: { readonly operationKey: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const reading = useMutation({
    gcTime: 0,
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/operations/{key}/evidence', {
          params: { path: { key: operationKey } },
          body: { reason: reason.trim() },
        }),
      ),
  });
  const end = (): void => {
    close();
    reading.reset();
    setReason('');
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Provas da operação
      </Button>
      <Modal opened={isOpen} onClose={end} title="Provas da operação" size="lg">
        {reading.data === undefined ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              reading.mutate();
            }}
          >
            <Stack>
              <Text size="sm">
                Aceite, anuência e assinatura, com dados pessoais. Quem viu e por quê fica na trilha de
                auditoria.
              </Text>
              {reading.error && (
                <Alert color="red" role="alert">
                  {sentenceOf(reading.error)}
                </Alert>
              )}
              <ReasonInput value={reason} onChange={setReason} />
              <Group justify="flex-end">
                <Button variant="default" onClick={end}>
                  Voltar
                </Button>
                <Button type="submit" loading={reading.isPending} disabled={reason.trim() === ''}>
                  Ver
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          <Shown evidence={reading.data} />
        )}
      </Modal>
    </>
  );
}

function Shown({ evidence }: { readonly evidence: Evidence }) {
  const { acceptance, consent, signatures } = evidence;
  const signed = signatures.at(-1);
  return (
    <Stack>
      <Facts
        items={[
          ['CPF', taxpayer(evidence.borrower_document_number)],
          ['Aceite', acceptance === null ? 'não registrado aqui' : dateTime(acceptance.accepted_at)],
          ['Onde', acceptance === null ? '–' : wordOf(ACCEPTANCE_CHANNEL, acceptance.channel)],
          ['Texto', acceptance?.text_version ?? '–'],
          ['Aparelho', acceptance?.device ?? acceptance?.user_agent ?? '–'],
          ['Endereço IP', acceptance?.ip_address ?? '–'],
          ['Anuência pedida', dateTime(consent?.asked_at)],
          ['Assinado', signed === undefined ? '–' : dateTime(signed.recorded_at)],
        ]}
      />
      <Group justify="flex-end">
        <Button
          onClick={() => {
            download(evidence);
          }}
        >
          Baixar tudo
        </Button>
      </Group>
    </Stack>
  );
}

function download(evidence: Evidence): void {
  const file = new Blob([JSON.stringify(evidence, null, 2)], { type: 'application/json' });
  saveAs(file, undefined, `provas-${evidence.credit_operation_key}.json`);
}
