import { Paper, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client';
import { count, reais, taxpayer } from '../../format/format';
import { Facts } from '../../parts/facts';
import { Loaded } from '../../parts/states';

const left = ({ left: rest, cap }: { readonly left: string | null; readonly cap: string | null }): string =>
  cap === null ? 'sem limite' : `${reais(rest)} de ${reais(cap)}`;

/** How much may still be lent: today, in all and to the workers of each employer. */
export function FundingLeft() {
  const query = useQuery({
    queryKey: ['funding-left'],
    queryFn: () => bodyOf(api.GET('/api/v1/history/funding-left')),
    refetchInterval: 30_000,
  });
  return (
    <Paper p="md" component="section" aria-label="Funding que resta">
      <Title order={2}>Funding que resta</Title>
      <Text size="sm" c="dimmed" mb="sm">
        Os limites em reais da política em vigor, agora
      </Text>
      <Loaded query={query} lines={4}>
        {(funding) => (
          <>
            <Facts
              columnWidth="18rem"
              items={[
                ['Hoje', left(funding.today)],
                ['No total', left(funding.total)],
              ]}
            />
            <Table.ScrollContainer minWidth={520} mt="sm">
              <Table aria-label="Funding que resta por empregador">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Empregador ({count(funding.employers_in_use)} em uso)</Table.Th>
                    <Table.Th ta="right">Em uso</Table.Th>
                    <Table.Th ta="right">Limite</Table.Th>
                    <Table.Th ta="right">Resta</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {funding.employers.map((one) => (
                    <Table.Tr key={one.mark}>
                      <Table.Td>
                        {one.document_number === null ? 'sem documento' : taxpayer(one.document_number)}
                      </Table.Td>
                      <Table.Td ta="right">{reais(one.used)}</Table.Td>
                      <Table.Td ta="right">{one.cap === null ? 'sem limite' : reais(one.cap)}</Table.Td>
                      <Table.Td ta="right">{reais(one.left)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </>
        )}
      </Loaded>
    </Paper>
  );
}
