import { Paper, Table, Title } from '@mantine/core';
import type { Comparison } from '../../api/client';
import { count } from '../../format/format';
import { Loaded } from '../../parts/states';
import { DIMENSION, keyInWords, MEASURE } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { Difference } from './difference';
import { FigureCell } from './figure';
import { useComparison, type Sides } from './use-comparison';
import { versionWithout, type Versions } from './version-without';

interface Props {
  readonly by: string;
  readonly measures: readonly string[];
  readonly query: Sides;
  readonly versions?: Versions | undefined;
}

/** The same, group by group. */
export function ComparedGroups({ by, measures, query, versions }: Props) {
  const title = wordOf(DIMENSION, by);
  const comparison = useComparison(measures, query, by);
  // The total says so.
  if (comparison.data && versionWithout(comparison.data, versions) !== undefined) return null;
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Loaded query={comparison} lines={8}>
        {(data) => <Groups by={by} comparison={data} />}
      </Loaded>
    </Paper>
  );
}

function Groups({ by, comparison }: { readonly by: string; readonly comparison: Comparison }) {
  const { measures, rows, employers } = comparison;
  const names = new Map(employers.map(({ mark, document_number: number }) => [mark, number]));
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Comparação por grupo">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              {wordOf(DIMENSION, by)} ({count(rows.length)})
            </Table.Th>
            {measures.map((measure) => (
              <Table.Th key={measure} ta="right">
                {wordOf(MEASURE, measure)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ keys, figures }) => (
            <Table.Tr key={JSON.stringify(keys)}>
              <Table.Td>{keyInWords(by, keys[0] ?? null, names)}</Table.Td>
              {measures.map((measure, at) => {
                const compared = figures[at];
                return (
                  <Table.Td key={measure} ta="right">
                    {compared && (
                      <>
                        <FigureCell measure={measure} figure={compared.a} />
                        <Difference measure={measure} compared={compared} />
                      </>
                    )}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
