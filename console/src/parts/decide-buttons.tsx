import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Approval } from '../api/client';
import { ConfirmDialog } from './confirm-dialog';
import { LoanCase } from './loan-case';
import { ReasonInput } from './reason-input';
import { Loaded } from './states';
import { useAction } from './use-action';
import { WhatFollows } from './what-follows';
import { useSession } from '../session/session-provider';
import { actorWord, APPROVAL_ACTION, inSentence, wordOf } from '../words/words';

/** For the second person: whoever asked cannot decide. */
export function DecideButtons({ approval }: { readonly approval: Approval }) {
  const { may, session } = useSession();
  const [verb, setVerb] = useState<'approve' | 'reject'>('approve');
  const [isOpen, { open, close }] = useDisclosure();
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
      {isOpen && <DecideDialog approval={approval} verb={verb} onClose={close} />}
    </>
  );
}

/** What is asked for, about which loan, and what follows; then the decision. */
function DecideDialog({
  approval,
  verb,
  onClose,
}: {
  readonly approval: Approval;
  readonly verb: 'approve' | 'reject';
  readonly onClose: () => void;
}) {
  const [note, setNote] = useState('');
  const isYes = verb === 'approve';
  const decide = useAction(
    (key) =>
      api.POST(`/api/v1/approvals/{id}/${verb}`, {
        params: { path: { id: approval.approval_id } },
        headers: { 'Idempotency-Key': key },
        body: note.trim() === '' ? {} : { note: note.trim() },
      }),
    isYes ? 'Aprovado.' : 'Recusado.',
    onClose,
  );
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`${isYes ? 'Aprovar' : 'Recusar'}: ${inSentence(askedWord(approval))}`}
      verb={isYes ? 'Aprovar' : 'Recusar'}
      color={isYes && approval.action === 'cancel_permanently' ? 'red' : isYes ? 'felt' : 'gray'}
      acting={decide}
    >
      {approval.credit_operation_key !== null && <CaseOf operationKey={approval.credit_operation_key} />}
      <Text size="sm">
        Pedido de {actorWord(approval.requested_by)}: “{approval.reason}”
      </Text>
      {isYes ? (
        <WhatFollows consequence={approval.consequence} undo={approval.undo} />
      ) : (
        <WhatFollows
          consequence="O pedido é recusado e nada é enviado à QI."
          undo="Outra pessoa pode pedir de novo."
        />
      )}
      <ReasonInput label="Observação" isRequired={false} value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}

/** What somebody asked for. */
export const askedWord = ({ action }: Approval): string => wordOf(APPROVAL_ACTION, action);

function CaseOf({ operationKey: key }: { readonly operationKey: string }) {
  const query = useQuery({
    queryKey: ['operation', key],
    queryFn: () => bodyOf(api.GET('/api/v1/operations/{key}', { params: { path: { key } } })),
  });
  return <Loaded query={query}>{(operation) => <LoanCase operation={operation} />}</Loaded>;
}
