import { Button, Checkbox, Divider, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type OperationDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { maskedCpf } from '../../format/typed';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { ReasonInput } from '../../parts/reason-input';
import { useAction } from '../../parts/use-action';
import { useSession } from '../../session/session-provider';
import { ACTION, wordOf } from '../../words/words';

type NextAction = OperationDetail['next_actions'][number];
/** The proof of a signature is collected by a partner's system, which sends it by the API itself. */
type FormAction = NextAction & { readonly action: Exclude<NextAction['action'], 'submit_signature'> };
const hasForm = (next: NextAction): next is FormAction => next.action !== 'submit_signature';

/** What may be done now, each with its consequence in words. */
export function NextActions({ operation }: { readonly operation: OperationDetail }) {
  const { may } = useSession();
  const isUnderWay = operation.commands.some(({ settled_at: settled }) => settled === null);
  if (isUnderWay && operation.undo === null)
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
  const props = { next, operationKey: operation.credit_operation_key };
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
  readonly operationKey: string;
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

const BANK_CODE = /^\d{1,3}$/;
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
                // What is no number is left out, and the service says that it is missing.
                bank_code: BANK_CODE.test(account.bank_code) ? Number(account.bank_code) : undefined,
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
        fields={['disbursement_date', ...ACCOUNT_FIELDS.map(([field]) => field)]}
      >
        <DatePickerInput
          label="Dia do pagamento"
          description="Um dia útil, de hoje em diante"
          valueFormat="DD/MM/YYYY"
          minDate={todayInSaoPaulo()}
          excludeDate={isWeekend}
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
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {ACCOUNT_FIELDS.map(([field, label]) => (
              <TextInput
                key={field}
                label={label}
                required
                autoComplete="off"
                inputMode={field === 'name' ? 'text' : 'numeric'}
                value={account[field]}
                error={problemOf(field)}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  const value = field === 'document_number' ? maskedCpf(text) : text;
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

function todayInSaoPaulo(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' }).format(new Date());
}

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());

/** Only asks: somebody else decides. */
function AskSecondPerson({
  next,
  operationKey,
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
        params: { path: { key: operationKey } },
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
        consequence={next.consequence}
        verb={verb}
        color={color}
        isReady={reason.trim() !== ''}
        acting={acting}
      >
        <ReasonInput
          description="Para a pessoa que decide e para a trilha de auditoria"
          value={reason}
          onChange={setReason}
        />
      </ConfirmDialog>
    </>
  );
}
