import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { date, taxpayer } from '../../format/format';
import { Facts } from '../../parts/facts';
import { ReasonInput } from '../../parts/reason-input';

const FIELDS = ['name', 'document_number', 'birth_date', 'registration'] as const;

/** Shows the borrower unmasked to whoever says why. What is shown is nowhere kept and goes with the dialog. */
export function Reveal({ auctionKey }: { readonly auctionKey: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const reveal = useMutation({
    gcTime: 0,
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/auctions/{issuer_proposal_request_key}/reveal', {
          params: { path: { issuer_proposal_request_key: auctionKey } },
          body: { fields: [...FIELDS], reason: reason.trim() },
        }),
      ),
  });
  const end = (): void => {
    close();
    reveal.reset();
    setReason('');
  };
  const values = reveal.data?.values;
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        Ver dados pessoais
      </Button>
      <Modal opened={isOpen} onClose={end} title="Ver dados pessoais">
        {values === undefined ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              reveal.mutate();
            }}
          >
            <Stack>
              <Text size="sm">Quem viu, o quê e por quê fica na trilha de auditoria.</Text>
              {reveal.error && (
                <Alert color="red" role="alert">
                  {sentenceOf(reveal.error)}
                </Alert>
              )}
              <ReasonInput value={reason} onChange={setReason} />
              <Group justify="flex-end">
                <Button variant="default" onClick={end}>
                  Voltar
                </Button>
                <Button type="submit" loading={reveal.isPending} disabled={reason.trim() === ''}>
                  Ver
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          <Facts
            items={[
              ['Nome', values.name ?? '–'],
              ['CPF', taxpayer(values.document_number)],
              ['Nascimento', date(values.birth_date)],
              ['Matrícula', values.registration ?? '–'],
            ]}
          />
        )}
      </Modal>
    </>
  );
}
