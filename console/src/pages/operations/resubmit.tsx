import { Button, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { api, type OperationDetail } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { maskedCpf } from '../../format/typed';
import { ConfirmDialog } from '../../parts/confirm-dialog';
import { useAction } from '../../parts/use-action';
import { WhatFollows } from '../../parts/what-follows';
import { ACTION, wordOf } from '../../words/words';
import { LoanCase } from './loan-case';
import { HELP } from '../../words/help-words';

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
type Account = Readonly<Record<AccountField, string>>;
const NO_ACCOUNT: Account = {
  name: '',
  document_number: '',
  bank_code: '',
  branch_number: '',
  account_number: '',
  account_digit: '',
};

/** Where the money goes: another account, unless a person says that the same one is right after all. */
type Where = 'another' | 'same';

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
  const [account, setAccount] = useState(NO_ACCOUNT);
  const acting = useAction(
    (key) =>
      api.POST('/api/v1/operations/{key}/resubmit_disbursement', {
        params: { path: { key: operation.credit_operation_key } },
        headers: { 'Idempotency-Key': key },
        body: {
          disbursement_date: day ?? '',
          ...(where === 'another' && { disbursement_bank_accounts: [accountFrom(account)] }),
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
        fields={['disbursement_date', ...ACCOUNT_FIELDS.map(([field]) => field)]}
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
            <Radio value="another" label="Em outra conta do trabalhador" />
            <Radio
              value="same"
              label="Na mesma conta"
              disabled={refused?.is_of_another_holder === true}
              description={sameAccountWords(refused)}
            />
          </Stack>
        </Radio.Group>
        {where === 'another' && (
          <AccountInputs account={account} problemOf={problemOf} onChange={setAccount} />
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
  account,
  problemOf,
  onChange,
}: {
  readonly account: Account;
  readonly problemOf: (field: string) => string | undefined;
  readonly onChange: (account: Account) => void;
}) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {ACCOUNT_FIELDS.map(([field, label]) => (
        <TextInput
          key={field}
          label={label}
          description={HELP.payment[field]}
          required
          autoComplete="off"
          inputMode={field === 'name' ? 'text' : 'numeric'}
          value={account[field]}
          error={problemOf(field)}
          onChange={(event) => {
            const text = event.currentTarget.value;
            onChange({ ...account, [field]: field === 'document_number' ? maskedCpf(text) : text });
          }}
        />
      ))}
    </SimpleGrid>
  );
}

function accountFrom(account: Account) {
  return {
    ...account,
    document_number: account.document_number.replace(/\D/g, ''),
    // What is no number is left out, and the service says that it is missing.
    bank_code: BANK_CODE.test(account.bank_code) ? Number(account.bank_code) : undefined,
    percentage_receivable: 100,
  };
}

function todayInSaoPaulo(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' }).format(new Date());
}

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T12:00:00Z`).getUTCDay());
