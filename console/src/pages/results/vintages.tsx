import { Table } from '@mantine/core';
import type { Results } from '../../api/client';
import { count, reais } from '../../format/format';
import { Empty } from '../../parts/states';
import { keyInWords } from '../../words/result-words';
import { FigureCell } from './figure';

/** Loans by the month they were paid out in, and what was told of them since. */
export function Vintages({ results: { vintages } }: { readonly results: Results }) {
  if (vintages.length === 0)
    return (
      <Empty title="Nenhum desembolso no período">Aumente o período, ou espere o primeiro desembolso.</Empty>
    );
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Safras">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Desembolso</Table.Th>
            <Table.Th ta="right">Contratos</Table.Th>
            <Table.Th ta="right">Volume</Table.Th>
            <Table.Th ta="right">Primeira parcela paga</Table.Th>
            <Table.Th ta="right">Terminados</Table.Th>
            <Table.Th ta="right">Perda esperada deles</Table.Th>
            <Table.Th ta="right">Perda informada</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {vintages.map((one) => (
            <Table.Tr key={one.month}>
              <Table.Td>{keyInWords('paid_month', one.month)}</Table.Td>
              <Table.Td ta="right">{count(one.paid)}</Table.Td>
              <Table.Td ta="right">{reais(one.paid_amount)}</Table.Td>
              <Table.Td ta="right">
                <FigureCell measure="first_paid" figure={one.first_paid} />
              </Table.Td>
              <Table.Td ta="right">{count(one.ended)}</Table.Td>
              <Table.Td ta="right">{reais(one.expected_loss)}</Table.Td>
              <Table.Td ta="right">{reais(one.told_loss)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
