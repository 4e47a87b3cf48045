import { Table } from '@mantine/core';
import { count, reais } from '../../format/format';
import { DIMENSION, figureInWords, keyInWords } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { FigureCell } from './figure';
import { Before, type DatedLooks, type Line } from './looks';
import { placeIn } from './period';

/** One line a group; what the other period has at the same place stands beneath each figure. */
export function ResultLines({ results: { by, lines, total }, before, period, other }: DatedLooks) {
  const then = new Map(
    other === undefined ? [] : before?.lines.map((line) => [placeIn(by, line.key, other.from), line]),
  );
  const row = (line: Line, name: string, was: Line | undefined) => (
    <Table.Tr key={name} fw={name === 'Total' ? 600 : undefined}>
      <Table.Td>{name}</Table.Td>
      <Table.Td ta="right">
        {count(line.won)}
        {was && <Before text={count(was.won)} />}
      </Table.Td>
      <Table.Td ta="right">
        {reais(line.won_amount)}
        {was && <Before text={reais(was.won_amount)} />}
      </Table.Td>
      <Table.Td ta="right">
        {count(line.paid)}
        {was && <Before text={count(was.paid)} />}
      </Table.Td>
      <Table.Td ta="right">
        {reais(line.paid_amount)}
        {was && <Before text={reais(was.paid_amount)} />}
      </Table.Td>
      <Table.Td ta="right">
        <FigureCell measure="expected_margin" figure={line.expected_margin} />
        {was && <Before text={figureInWords('expected_margin', was.expected_margin.value)} />}
      </Table.Td>
      <Table.Td ta="right">
        <FigureCell measure="realised_margin" figure={line.realised_margin} />
        {was && <Before text={figureInWords('realised_margin', was.realised_margin.value)} />}
      </Table.Td>
      <Table.Td ta="right">
        <FigureCell measure="margin_rate" figure={line.margin_rate} />
        {was && <Before text={figureInWords('margin_rate', was.margin_rate.value)} />}
      </Table.Td>
    </Table.Tr>
  );
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table aria-label="Resultado por grupo">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{wordOf(DIMENSION, by)}</Table.Th>
            <Table.Th ta="right">Leilões ganhos</Table.Th>
            <Table.Th ta="right">Volume arrematado</Table.Th>
            <Table.Th ta="right">Desembolsos</Table.Th>
            <Table.Th ta="right">Volume desembolsado</Table.Th>
            <Table.Th ta="right">Margem esperada</Table.Th>
            <Table.Th ta="right">Margem realizada</Table.Th>
            <Table.Th ta="right">Sobre o funding</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) =>
            row(line, keyInWords(by, line.key), then.get(placeIn(by, line.key, period.from))),
          )}
          {row(total, 'Total', other && before?.total)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
