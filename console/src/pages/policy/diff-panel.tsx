import { Badge, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type PolicyVersion } from '../../api/client';
import { Empty, Loaded } from '../../parts/states';

const KIND: Readonly<Record<string, readonly [string, string]>> = {
  added: ['posto', 'teal'],
  removed: ['tirado', 'red'],
  changed: ['mudado', 'yellow'],
};

/** What changed since the version it was copied from, cell by cell. */
export function DiffPanel({ version }: { readonly version: PolicyVersion }) {
  const query = useQuery({
    queryKey: ['policy-diff', version.hash],
    enabled: version.based_on !== null,
    queryFn: () =>
      bodyOf(api.GET('/api/v1/policies/{number}/diff', { params: { path: { number: version.number } } })),
  });
  if (version.based_on === null) return <Empty title="É a primeira versão" />;
  return (
    <Loaded query={query}>
      {({ changes, before }) =>
        changes.length === 0 ? (
          <Empty title={`Igual à versão ${String(before)}`} />
        ) : (
          <>
            <Text size="sm" c="dimmed" mb="xs">
              {changes.length} {changes.length === 1 ? 'mudança' : 'mudanças'} desde a versão {before}
            </Text>
            <Table.ScrollContainer minWidth={640}>
              <Table aria-label="Mudanças">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Onde</Table.Th>
                    <Table.Th />
                    <Table.Th>Antes</Table.Th>
                    <Table.Th>Depois</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {changes.map(({ path, kind, before: was, after }) => (
                    <Table.Tr key={path}>
                      <Table.Td className="mono">{path}</Table.Td>
                      <Table.Td>
                        <Badge variant="light" color={KIND[kind]?.[1] ?? 'gray'} tt="none">
                          {KIND[kind]?.[0] ?? kind}
                        </Badge>
                      </Table.Td>
                      <Table.Td>{was ?? '–'}</Table.Td>
                      <Table.Td fw={600}>{after ?? '–'}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </>
        )
      }
    </Loaded>
  );
}
