import { Button, CopyButton, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf } from '../../api/client';
import { shortKey } from '../../format/format';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { tellDone } from '../../parts/notices';
import { PrintButton } from '../../parts/print-button';
import { ReasonInput } from '../../parts/reason-input';
import { Loaded } from '../../parts/states';
import { useSession } from '../../session/session-provider';

/** The decision for the borrower, in plain words (LGPD, article 20). */
export function Explanation({ auctionKey }: { readonly auctionKey: string }) {
  const { may } = useSession();
  const query = useQuery({
    queryKey: ['explanation', auctionKey],
    queryFn: () =>
      bodyOf(
        api.GET('/api/v1/auctions/{issuer_proposal_request_key}/explanation', {
          params: { path: { issuer_proposal_request_key: auctionKey } },
        }),
      ),
  });
  return (
    <Loaded query={query} lines={4}>
      {({ paragraphs }) => (
        <Stack maw={720} gap="sm" className="sheet">
          <Title order={3} className="only-print">
            Explicação da decisão sobre o pedido {shortKey(auctionKey)}
          </Title>
          {paragraphs.map((paragraph, i) => (
            <Text key={i}>{paragraph}</Text>
          ))}
          <Group gap="xs" className="no-print">
            <CopyButton value={paragraphs.join('\n\n')}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Copiado' : 'Copiar o texto'}
                </Button>
              )}
            </CopyButton>
            <PrintButton>Imprimir ou salvar em PDF</PrintButton>
          </Group>
          {may('reviews.request') && <ReviewRequest auctionKey={auctionKey} />}
        </Stack>
      )}
    </Loaded>
  );
}

/** The borrower wants a person to look at it: it goes to the work queue. */
function ReviewRequest({ auctionKey }: { readonly auctionKey: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const acting = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/auctions/{issuer_proposal_request_key}/review-request', {
        params: { path: { issuer_proposal_request_key: auctionKey } },
        body: { reason: reason.trim() },
      }),
    onSuccess: () => {
      tellDone('O pedido de revisão está na fila das operações.');
      setReason('');
      close();
    },
  });
  return (
    <>
      <Button variant="light" w="fit-content" onClick={open}>
        Registrar pedido de revisão
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title="Pedido de revisão por uma pessoa"
        consequence="Uma tarefa entra na fila das operações: alguém revê a decisão e escreve o que concluiu. Quem pediu e por quê ficam na trilha de auditoria."
        verb="Registrar"
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <ReasonInput
          label="O que o trabalhador contesta"
          description="Sem nome nem CPF: o texto fica à vista na fila e na trilha."
          value={reason}
          onChange={setReason}
        />
      </ConfirmDialog>
    </>
  );
}
