import { Alert, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, bodyOf, type Estimate } from '../../api/client';
import { sentenceOf } from '../../api/problem';
import { date, monthlyRate, reais, typedDecimal } from '../../format/format';
import { LockedWindowAlert } from './locked-window';
import { HELP } from '../../words/help-words';

const PAUSE_MS = 400;

/**
 * What the client might get, before Caixa is asked: from the balance that they tell and their birthday. Nothing of it is
 * kept, and the locked window is warned of as soon as the birthday is known.
 * @param birthDate undefined until a whole date was typed
 */
export function EstimatePanel({ birthDate }: { readonly birthDate: string | undefined }) {
  const [balance, setBalance] = useState('');
  const given = typedDecimal(balance);
  const [asked] = useDebouncedValue(given, PAUSE_MS);
  const query = useQuery({
    queryKey: ['estimate', birthDate, asked],
    enabled: birthDate !== undefined,
    retry: false,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      bodyOf(
        api.POST('/api/v1/proposals/estimate', {
          body: {
            product: 'fgts',
            birth_date: birthDate ?? '',
            ...(asked !== undefined && { balance: asked }),
          },
        }),
      ),
  });
  const estimate = birthDate === undefined ? undefined : query.data;
  const isOfThese = asked === given && !query.isPlaceholderData;
  return (
    <Stack gap="xs">
      <LockedWindowAlert window={estimate?.locked_window} />
      <TextInput
        label="Saldo do FGTS, para uma estimativa"
        description={HELP.client.balance}
        placeholder="R$"
        inputMode="decimal"
        autoComplete="off"
        maw={340}
        value={balance}
        error={balance !== '' && given === undefined ? 'informe um valor, como 5.000,00' : undefined}
        onChange={({ currentTarget: { value } }) => {
          setBalance(value);
        }}
      />
      {given !== undefined && birthDate === undefined && (
        <Text size="sm" c="dimmed">
          Falta a data de nascimento para estimar.
        </Text>
      )}
      {query.error !== null && birthDate !== undefined && (
        <Text size="sm" c="red" role="alert">
          {sentenceOf(query.error)}
        </Text>
      )}
      {given !== undefined && estimate !== undefined && isOfThese && <Estimated estimate={estimate} />}
    </Stack>
  );
}

function Estimated({ estimate }: { readonly estimate: Estimate }) {
  const { offers, withdrawals, problem, warning, contract_from: from } = estimate;
  return (
    <Alert color="gray" variant="outline" title="Estimativa" data-estimate>
      <Text size="sm" mb="xs">
        {warning}
      </Text>
      {problem !== null && <Text size="sm">{problem.message}</Text>}
      {offers.length > 0 && (
        <Table aria-label="Estimativa" mb="xs">
          <Table.Tbody>
            {offers.map(
              ({ fee_table: table, label, monthly_interest_rate: rate, figures, problem: none }) => (
                <Table.Tr key={table}>
                  <Table.Th scope="row" fw={500}>
                    {label}
                    <Text size="xs">{monthlyRate(rate)}</Text>
                  </Table.Th>
                  <Table.Td ta="right">
                    {figures === null
                      ? (none?.message ?? '–')
                      : `cerca de ${reais(figures.disbursed_issue_amount)}`}
                  </Table.Td>
                </Table.Tr>
              ),
            )}
          </Table.Tbody>
        </Table>
      )}
      {withdrawals.length > 0 && (
        <Text size="xs">
          Saques estimados pela tabela da lei, contrato a partir de {date(from)}:{' '}
          {withdrawals.map(({ month, cedable }) => `${monthOf(month)} ${reais(cedable)}`).join(', ')}.
        </Text>
      )}
    </Alert>
  );
}

/** "2027-03" is "03/2027". */
const monthOf = (month: string): string => month.split('-').reverse().join('/');
