import { Table } from '@mantine/core';
import type { SystemReport } from '../../api/client';
import { count, duration, share } from '../../format/format';

/** How QI answers now, beside how it has answered for a while. */
export function QiWindows({ report: { qi } }: { readonly report: SystemReport }) {
  return (
    <Table aria-label="Respostas da QI">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Janela</Table.Th>
          <Table.Th ta="right">Chamadas</Table.Th>
          <Table.Th ta="right">Falhas</Table.Th>
          <Table.Th ta="right">Mediana</Table.Th>
          <Table.Th ta="right">p99</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {qi.map(({ minutes, calls, failed, p50_ms: p50, p99_ms: p99 }) => (
          <Table.Tr key={minutes}>
            <Table.Td>{minutes === 1 ? 'Último minuto' : `Últimos ${String(minutes)} min`}</Table.Td>
            <Table.Td ta="right">{count(calls)}</Table.Td>
            <Table.Td ta="right" c={failed > 0 ? 'red' : undefined}>
              {calls === 0 ? '–' : `${count(failed)} (${share(failed / calls)})`}
            </Table.Td>
            <Table.Td ta="right">{duration(p50)}</Table.Td>
            <Table.Td ta="right">{duration(p99)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
