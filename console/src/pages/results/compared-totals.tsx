import { Paper, Table, Title } from '@mantine/core';
import type { Comparison } from '../../api/client';
import { Empty, Loaded } from '../../parts/states';
import { MEASURE } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { Difference } from './difference';
import { FigureCell } from './figure';
import { useComparison, type Sides } from './use-comparison';
import { NO_VERSION, versionWithout, type Versions } from './version-without';

interface Props {
  readonly title: string;
  readonly measures: readonly string[];
  readonly query: Sides;
  /** What the two sides are called. */
  readonly heads?: readonly [string, string];
  readonly versions?: Versions | undefined;
}

/** Figures of two periods or versions as a whole, and how far apart they are. */
export function ComparedTotals({ title, measures, query, heads = ['Primeiro', 'Segundo'], versions }: Props) {
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Loaded query={useComparison(measures, query)} lines={measures.length}>
        {(comparison) =>
          versionWithout(comparison, versions) !== undefined ? (
            <Empty title={`Nada da versão ${versionWithout(comparison, versions) ?? ''}`}>{NO_VERSION}</Empty>
          ) : comparison.total.every(({ a, b }) => a.sample + b.sample === 0) ? (
            <Empty title="Nada nos dois períodos">Escolha períodos em que houve leilões.</Empty>
          ) : (
            <Totals comparison={comparison} heads={heads} />
          )
        }
      </Loaded>
    </Paper>
  );
}

function Totals({
  comparison: { measures, total },
  heads,
}: {
  readonly comparison: Comparison;
  readonly heads: readonly [string, string];
}) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Comparação">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Medida</Table.Th>
            <Table.Th ta="right">{heads[0]}</Table.Th>
            <Table.Th ta="right">{heads[1]}</Table.Th>
            <Table.Th ta="right">Diferença</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {measures.map((measure, at) => {
            const compared = total[at];
            return (
              compared && (
                <Table.Tr key={measure}>
                  <Table.Td>{wordOf(MEASURE, measure)}</Table.Td>
                  <Table.Td ta="right">
                    <FigureCell measure={measure} figure={compared.a} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <FigureCell measure={measure} figure={compared.b} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Difference measure={measure} compared={compared} />
                  </Table.Td>
                </Table.Tr>
              )
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
