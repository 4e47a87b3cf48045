import { Alert, Code, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../parts/states';
import type { PolicyDocument } from './document';
import { isSheet } from './grid';
import type { PanelProps } from './policy-page';
import { TableGrid } from './table-grid';

export function TablesPanel({
  document,
  original,
  isEditable,
  onChange,
}: PanelProps & { readonly original: PolicyDocument }) {
  const [chosen, setChosen] = useState(document.tables[0]?.id);
  const table = document.tables.find(({ id }) => id === chosen);
  if (table === undefined) return <Empty title="Nenhuma tabela" />;
  return (
    <Stack gap="sm">
      {document.tables.length > 1 && (
        <SegmentedControl
          w="fit-content"
          data={document.tables.map(({ id, label }) => ({ value: id, label }))}
          value={table.id}
          onChange={setChosen}
        />
      )}
      <Text size="sm" c="dimmed">
        {table.label}. {table.rows.length} linhas
        {isEditable ? '; cole um bloco do Excel a partir de qualquer célula.' : '.'}
      </Text>
      {isSheet(table) ? (
        <TableGrid
          table={table}
          original={original.tables.find(({ id }) => id === table.id)}
          isEditable={isEditable}
          onChange={(rows) => {
            onChange({
              ...document,
              tables: document.tables.map((other) => (other.id === table.id ? { ...other, rows } : other)),
            });
          }}
        />
      ) : (
        <>
          <Alert color="yellow">Esta tabela tem células que a planilha não mostra; veja o documento.</Alert>
          <Code block>{JSON.stringify(table.rows, null, 2)}</Code>
        </>
      )}
    </Stack>
  );
}
