import { Button, Checkbox, Radio, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type OperationDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { maskedCpf } from '../../format/typed';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { LoanCase } from '../../parts/loan-case';
import { PixKeyInput } from '../../parts/pix-key-input';
import { useAction } from '../../parts/use-action';
import { WhatFollows } from '../../parts/what-follows';
import { ACTION, wordOf } from '../../words/words';
import { ACCOUNT_TYPES } from '../proposals/borrower-draft';
import { HELP } from '../../words/help-words';

const LABELS = {
  name: 'Nome do titular',
  document_number: 'CPF do titular',
  pix_key: 'Chave PIX',
  bank_code: 'Código do banco',
  branch_number: 'Agência',
  account_number: 'Conta',
  account_digit: 'Dígito',
  account_type: 'Tipo de conta',
} as const;
type AccountField = keyof typeof LABELS;
type Account = Readonly<Partial<Record<AccountField, string>>>;
const HOLDER: readonly AccountField[] = ['name', 'document_number'];
const IN_A_BANK: readonly AccountField[] = [
  ...HOLDER,
  'bank_code',
  'branch_number',
  'account_number',
  'account_digit',
];
const BY_KEY: readonly AccountField[] = [...HOLDER, 'pix_key'];

/** Where the money goes: a key or another account, unless a person says that the same one is right after all. */
type Where = 'key' | 'another' | 'same';

/** What is asked of where it goes; of the servants' accounts QI prints the type too. */
function fieldsOf(where: Where, product: string): readonly AccountField[] {
  if (where === 'same') return [];
  if (where === 'key') return BY_KEY;
  return product === 'federal_payroll' ? [...IN_A_BANK, 'account_type'] : IN_A_BANK;
}

/** The payment again. The account that refused it is never taken by default, and not at all where it is somebody else's. */
export function Resubmit({
  next,
  operation,
}: {
  readonly next: OperationDetail['next_actions'][number];
  readonly operation: OperationDetail;
}) {
  const refused = operation.refused_payment;
  const [isOpen, { open, close }] = useDisclosure();
  const [day, setDay] = useState<string | null>(null);
  const [where, setWhere] = useState<Where>(refused === null ? 'same' : 'another');
  const [account, setAccount] = useState<Account>({});
  const [isAnother, setIsAnother] = useState(false);
  const fields = fieldsOf(where, operation.product);
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/operations/{key}/resubmit_disbursement', {
        params: { path: { key: operation.credit_operation_key } },
        headers: { 'Idempotency-Key': key },
        body: {
          disbursement_date: day ?? '',
          ...(fields.length > 0 && { disbursement_bank_accounts: [accountFrom(account, fields)] }),
          ...(where === 'another' && isAnother && { is_another_account: true }),
        },
      }),
    'Novo desembolso a caminho da QI.',
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
        verb="Reenviar"
        isReady={day !== null}
        acting={acting}
        fields={['disbursement_date', 'is_another_account', ...fields]}
      >
        <LoanCase operation={operation} />
        <DatePickerInput
          label="Dia do desembolso"
          description={HELP.payment.day}
          valueFormat="DD/MM/YYYY"
          minDate={todayInSaoPaulo()}
          excludeDate={isWeekend}
          required
          value={day}
          onChange={setDay}
          error={problemOf('disbursement_date')}
        />
        <Radio.Group
          label="Onde pagar"
          description={HELP.payment.where}
          value={where}
          onChange={(chosen) => {
            setWhere(chosen);
          }}
        >
          <Stack gap="xs" mt={6}>
            {operation.product !== 'private_payroll' && (
              <Radio value="key" label="Por chave PIX do trabalhador" />
            )}
            <Radio value="another" label="Em outra conta do trabalhador" />
            <Radio
              value="same"
              label="Na mesma conta"
              disabled={refused?.is_of_another_holder === true}
              description={sameAccountWords(refused)}
            />
          </Stack>
        </Radio.Group>
        <AccountInputs
          fields={fields}
          account={account}
          problemOf={problemOf}
          onChange={(typed) => {
            setAccount(typed);
            setIsAnother(false); // it was said of the account that stood there
          }}
        />
        {where === 'another' && (isAnother || problemOf('is_another_account') !== undefined) && (
          <Checkbox
            label="Conferi o número: é outra conta"
            description={HELP.payment.isAnother}
            checked={isAnother}
            error={isAnother ? undefined : problemOf('is_another_account')}
            onChange={(event) => {
              setIsAnother(event.currentTarget.checked);
            }}
          />
        )}
        <WhatFollows {...next} />
      </ConfirmDialog>
    </>
  );
}

function sameAccountWords(refused: OperationDetail['refused_payment']): string | undefined {
  if (refused === null) return undefined;
  return refused.is_of_another_holder
    ? 'Não é possível: o banco informou que a conta é de outro titular'
    : 'Só se o banco confirmou que agora aceita: esta conta recusou o pagamento';
}

function AccountInputs({
  fields,
  account,
  problemOf,
  onChange,
}: {
  readonly fields: readonly AccountField[];
  readonly account: Account;
  readonly problemOf: (field: string) => string | undefined;
  readonly onChange: (account: Account) => void;
}) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {fields.map((field) =>
        field === 'account_type' ? (
          <Select
            key={field}
            label={LABELS[field]}
            description={HELP.borrower.accountType}
            required
            data={ACCOUNT_TYPES}
            value={account[field] ?? null}
            error={problemOf(field)}
            onChange={(type) => {
              onChange({ ...account, account_type: type ?? undefined });
            }}
          />
        ) : field === 'pix_key' ? (
          <PixKeyInput
            key={field}
            label={LABELS[field]}
            description={HELP.payment[field]}
            required
            value={account[field] ?? ''}
            cpf={account.document_number ?? ''}
            error={problemOf(field)}
            onChange={(text) => {
              onChange({ ...account, [field]: text });
            }}
          />
        ) : (
          <TextInput
            key={field}
            label={LABELS[field]}
            description={HELP.payment[field]}
            required
            autoComplete="off"
            inputMode={field === 'name' ? 'text' : 'numeric'}
            value={account[field] ?? ''}
            error={problemOf(field)}
            onChange={(event) => {
              const text = event.currentTarget.value;
              onChange({ ...account, [field]: field === 'document_number' ? maskedCpf(text) : text });
            }}
          />
        ),
      )}
    </SimpleGrid>
  );
}

/** What was typed of the fields that are shown; the service says what is wrong with it. */
function accountFrom(account: Account, fields: readonly AccountField[]) {
  const typed: Account = Object.fromEntries(fields.map((field) => [field, account[field] ?? '']));
  return {
    ...typed,
    name: typed.name ?? '',
    document_number: (typed.document_number ?? '').replace(/\D/g, ''),
    percentage_receivable: 100,
  };
}

function todayInSaoPaulo(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' }).format(new Date());
}

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());
