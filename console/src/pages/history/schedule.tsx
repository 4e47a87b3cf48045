import { Alert, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type AuctionDetail } from '../../api/client';
import { date, reais } from '../../format/format';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/states';

type Bid = NonNullable<AuctionDetail['bid']>;

interface Quote {
  readonly issue_amount: string;
  readonly iof_amount: string;
  readonly annual_cet: string;
  readonly disbursed_issue_amount: string;
  readonly installments: readonly {
    readonly installment_number: string | number;
    readonly due_date: string;
    readonly pre_fixed_amount: string;
    readonly principal_amortization_amount: string;
    readonly total_amount: string;
    readonly due_principal: string;
  }[];
}

/** The bid priced again, instalment by instalment, by the same arithmetic that made it. */
export function Schedule({ bid }: { readonly bid: Bid }) {
  const query = useQuery({
    queryKey: ['quote', bid.request_control_key],
    staleTime: Infinity,
    queryFn: async () => {
      const body = {
        disbursement_date: bid.disbursement_date,
        monthly_interest_rate: bid.monthly_interest_rate,
        interest_base: 'calendar_days',
        contract_fees: [],
        rebates: bid.rebates.map(({ fee_type, amount_type, amount }) => ({ fee_type, amount_type, amount })),
        installment_face_value: bid.installment_face_value,
        number_of_installments: bid.number_of_installments,
        first_due_date: bid.first_due_date,
      };
      const { data } = await api.POST('/api/v1/quotes', { body: body as never });
      return data as unknown as Quote;
    },
  });
  return (
    <Loaded query={query}>
      {(quote) => (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            Calculado de novo com a data de desembolso prevista, {date(bid.disbursement_date)}.
          </Text>
          {quote.issue_amount !== bid.issue_amount && (
            <Alert color="yellow" mb="sm">
              O cálculo de hoje dá {reais(quote.issue_amount)} de emissão; no lance foi{' '}
              {reais(bid.issue_amount)}.
            </Alert>
          )}
          <Facts
            items={[
              ['Emissão', reais(quote.issue_amount)],
              ['IOF', reais(quote.iof_amount)],
              ['Ao trabalhador', reais(quote.disbursed_issue_amount)],
            ]}
          />
          <Table.ScrollContainer minWidth={560} mt="md">
            <Table aria-label="Parcelas">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Nº</Table.Th>
                  <Table.Th>Vencimento</Table.Th>
                  <Table.Th ta="right">Parcela</Table.Th>
                  <Table.Th ta="right">Juros</Table.Th>
                  <Table.Th ta="right">Amortização</Table.Th>
                  <Table.Th ta="right">Saldo antes</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {quote.installments.map((line) => (
                  <Table.Tr key={line.installment_number}>
                    <Table.Td>{line.installment_number}</Table.Td>
                    <Table.Td>{date(line.due_date)}</Table.Td>
                    <Table.Td ta="right">{reais(line.total_amount)}</Table.Td>
                    <Table.Td ta="right">{reais(line.pre_fixed_amount)}</Table.Td>
                    <Table.Td ta="right">{reais(line.principal_amortization_amount)}</Table.Td>
                    <Table.Td ta="right">{reais(line.due_principal)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
    </Loaded>
  );
}
