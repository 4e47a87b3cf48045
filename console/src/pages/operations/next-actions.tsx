import { Button, Divider, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type OperationDetail } from '../../api/client';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { LoanCase } from '../../parts/loan-case';
import { ReasonInput } from '../../parts/reason-input';
import { WhatFollows } from '../../parts/what-follows';
import { useAction } from '../../parts/use-action';
import { useSession } from '../../session/session-provider';
import { ACTION, wordOf } from '../../words/words';
import { Resubmit } from './resubmit';
import { UnsentCommand } from './unsent-command';

type NextAction = OperationDetail['next_actions'][number];
/** The proof of a signature is collected by a partner's system, which sends it by the API itself. */
type FormAction = NextAction & { readonly action: Exclude<NextAction['action'], 'submit_signature'> };
const hasForm = (next: NextAction): next is FormAction => next.action !== 'submit_signature';

/** What may be done now, each with its consequence in words. */
export function NextActions({ operation }: { readonly operation: OperationDetail }) {
  const { may } = useSession();
  const underWay = operation.commands.find(({ settled_at: settled }) => settled === null);
  if (underWay?.can_be_taken_back === true && operation.undo === null)
    return (
      <UnsentCommand
        key={underWay.command_id}
        operationKey={operation.credit_operation_key}
        command={underWay}
      />
    );
  if (underWay !== undefined && operation.undo === null)
    return (
      <Text size="sm" c="dimmed" role="status" mt="md">
        Um pedido à QI está em andamento.
      </Text>
    );
  if (operation.next_actions.length === 0 || !may('operations.act')) return null;
  return (
    <section aria-label="Próximas ações">
      <Divider my="md" />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {operation.next_actions.filter(hasForm).map((next) => (
          <Stack key={next.action} gap={6} align="flex-start">
            <ActionButton next={next} operation={operation} />
            <Text size="sm">
              {next.consequence}
              {next.needs_two_people && ' Exige duas pessoas.'}
            </Text>
          </Stack>
        ))}
      </SimpleGrid>
    </section>
  );
}

function ActionButton({
  next,
  operation,
}: {
  readonly next: FormAction;
  readonly operation: OperationDetail;
}) {
  const props = { next, operation };
  switch (next.action) {
    case 'authorize':
      return <Authorize {...props} />;
    case 'resubmit_disbursement':
      return <Resubmit {...props} />;
    case 'cancel_permanently':
      return <AskSecondPerson action={next.action} verb="Pedir o cancelamento" color="red" {...props} />;
    case 'request_reversal':
      return <AskSecondPerson action={next.action} verb="Pedir a cobrança" color="felt" {...props} />;
  }
}

interface ActionProps {
  readonly next: NextAction;
  readonly operation: OperationDetail;
}

function Authorize({ next, operation }: ActionProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/operations/{key}/authorize', {
        params: { path: { key: operation.credit_operation_key } },
        headers: { 'Idempotency-Key': key },
      }),
    'Autorização a caminho da QI.',
    close,
  );
  return (
    <>
      <Button onClick={open}>{wordOf(ACTION, next.action)}</Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(ACTION, next.action)}
        verb="Autorizar"
        acting={acting}
      >
        <LoanCase operation={operation} />
        <WhatFollows {...next} />
      </ConfirmDialog>
    </>
  );
}

/** Only asks: somebody else decides. */
function AskSecondPerson({
  next,
  operation,
  action,
  verb,
  color,
}: ActionProps & {
  readonly action: 'cancel_permanently' | 'request_reversal';
  readonly verb: string;
  readonly color: 'red' | 'felt';
}) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const acting = useAction(
    (key) =>
      api.POST(`/api/v1/operations/{key}/${action}`, {
        params: { path: { key: operation.credit_operation_key } },
        headers: { 'Idempotency-Key': key },
        body: { reason: reason.trim() },
      }),
    'Pedido registrado: outra pessoa decide.',
    close,
  );
  return (
    <>
      <Button color={color} variant="light" onClick={open}>
        {wordOf(ACTION, next.action)}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(ACTION, next.action)}
        verb={verb}
        color={color}
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <LoanCase operation={operation} />
        <WhatFollows {...next} />
        <ReasonInput
          description="Para a pessoa que decide e para a trilha de auditoria"
          value={reason}
          onChange={setReason}
        />
      </ConfirmDialog>
    </>
  );
}
