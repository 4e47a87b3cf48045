import { Button, Checkbox, Group, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, idempotencyKey, type OperationDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { useSession } from '../../session/session-provider';
import { ACTION, wordOf } from '../../words/words';

type NextAction = OperationDetail['next_actions'][number];

/** What may be done now, each with its consequence in words. */
export function NextActions({ operation }: { readonly operation: OperationDetail }) {
  const { may } = useSession();
  if (!may('operations.act')) return null;
  const isUnderWay = operation.commands.some(({ settled_at: settled }) => settled === null);
  if (isUnderWay)
    return (
      <Text size="sm" c="dimmed" role="status">
        Um pedido à QI está em andamento.
      </Text>
    );
  return (
    <Group gap="xs">
      {operation.next_actions.map((next) => {
        switch (next.action) {
          case 'authorize':
            return <Authorize key={next.action} next={next} operationKey={operation.credit_operation_key} />;
          case 'resubmit_disbursement':
            return <Resubmit key={next.action} next={next} operationKey={operation.credit_operation_key} />;
          case 'cancel_permanently':
            return <Cancel key={next.action} next={next} operationKey={operation.credit_operation_key} />;
        }
      })}
    </Group>
  );
}

interface ActionProps {
  readonly next: NextAction;
  readonly operationKey: string;
}

/** One intention has one key, however often its button is pressed; a new one begins after success. */
function useAction(act: (key: string) => Promise<unknown>, done: string, close: () => void) {
  const key = useRef(idempotencyKey());
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => act(key.current),
    onSuccess: () => {
      notifications.show({ color: 'teal', message: done });
      close();
    },
    onSettled: () => {
      key.current = idempotencyKey();
      return queries.invalidateQueries();
    },
  });
}

function Authorize({ next, operationKey }: ActionProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/operations/{key}/authorize', {
        params: { path: { key: operationKey } },
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
        consequence={next.consequence}
        verb="Autorizar"
        acting={acting}
      />
    </>
  );
}

const ACCOUNT_FIELDS = [
  ['name', 'Nome do titular'],
  ['document_number', 'CPF do titular'],
  ['bank_code', 'Código do banco'],
  ['branch_number', 'Agência'],
  ['account_number', 'Conta'],
  ['account_digit', 'Dígito'],
] as const;
type AccountField = (typeof ACCOUNT_FIELDS)[number][0];
const NO_ACCOUNT: Readonly<Record<AccountField, string>> = {
  name: '',
  document_number: '',
  bank_code: '',
  branch_number: '',
  account_number: '',
  account_digit: '',
};

function Resubmit({ next, operationKey }: ActionProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const [day, setDay] = useState<string | null>(null);
  const [hasNewAccount, setHasNewAccount] = useState(false);
  const [account, setAccount] = useState(NO_ACCOUNT);
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/operations/{key}/resubmit_disbursement', {
        params: { path: { key: operationKey } },
        headers: { 'Idempotency-Key': key },
        body: {
          disbursement_date: day ?? '',
          ...(hasNewAccount && {
            disbursement_bank_accounts: [
              {
                ...account,
                document_number: account.document_number.replace(/\D/g, ''),
                bank_code: Number(account.bank_code),
                percentage_receivable: 100,
              },
            ],
          }),
        },
      }),
    'Novo pagamento a caminho da QI.',
    close,
  );
  const problems = acting.error instanceof ApiProblem ? acting.error.fields : {};
  const problemOf = (field: string): string | undefined =>
    Object.entries(problems).find(([path]) => path === field || path.endsWith(`.${field}`))?.[1];
  return (
    <>
      <Button onClick={open}>{wordOf(ACTION, next.action)}</Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(ACTION, next.action)}
        consequence={next.consequence}
        verb="Reenviar"
        isReady={day !== null}
        acting={acting}
      >
        <DatePickerInput
          label="Dia do pagamento"
          description="Um dia útil, de hoje em diante"
          valueFormat="DD/MM/YYYY"
          minDate={new Date()}
          excludeDate={(date) => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay())}
          required
          value={day}
          onChange={setDay}
          error={problemOf('disbursement_date')}
        />
        <Checkbox
          label="Pagar em outra conta do trabalhador"
          checked={hasNewAccount}
          onChange={(event) => {
            setHasNewAccount(event.currentTarget.checked);
          }}
        />
        {hasNewAccount && (
          <SimpleGrid cols={2}>
            {ACCOUNT_FIELDS.map(([field, label]) => (
              <TextInput
                key={field}
                label={label}
                required
                autoComplete="off"
                value={account[field]}
                error={problemOf(field)}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setAccount((before) => ({ ...before, [field]: value }));
                }}
              />
            ))}
          </SimpleGrid>
        )}
      </ConfirmDialog>
    </>
  );
}

function Cancel({ next, operationKey }: ActionProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const [reason, setReason] = useState('');
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/operations/{key}/cancel_permanently', {
        params: { path: { key: operationKey } },
        headers: { 'Idempotency-Key': key },
        body: { reason: reason.trim() },
      }),
    'Pedido registrado: outra pessoa decide.',
    close,
  );
  return (
    <>
      <Button color="red" variant="light" onClick={open}>
        {wordOf(ACTION, next.action)}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={wordOf(ACTION, next.action)}
        consequence={next.consequence}
        verb="Pedir o cancelamento"
        color="red"
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <Textarea
          label="Motivo"
          description="Para a pessoa que decide e para a trilha de auditoria"
          data-autofocus
          required
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
      </ConfirmDialog>
    </>
  );
}
