import { SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../format/format';
import { Empty } from '../../parts/states';
import { FIELD, wordOf } from '../../words/words';
import type { PolicyList } from './document';
import type { PanelProps } from './policy-page';

/** The named lists that stand in the document itself, one entry a line. */
export function ListsPanel({ document, isEditable, onChange }: PanelProps) {
  if (document.lists.length === 0) return <Empty title="Nenhuma lista" />;
  return (
    <SimpleGrid cols={{ base: 1, md: 2, lg: 3 }}>
      {document.lists.map((list) => (
        <Stack key={list.name} gap={4}>
          <Title order={2}>{list.label}</Title>
          <Text size="sm" c="dimmed">
            {wordOf(FIELD, list.of)} ·{' '}
            {list.entries === undefined
              ? 'importada, fora do documento'
              : `${count(list.entries.length)} itens`}
          </Text>
          {list.entries !== undefined && (
            <Entries
              list={list}
              isEditable={isEditable}
              onChange={(entries) => {
                onChange({
                  ...document,
                  lists: document.lists.map((other) =>
                    other.name === list.name ? { ...other, entries } : other,
                  ),
                });
              }}
            />
          )}
        </Stack>
      ))}
    </SimpleGrid>
  );
}

function Entries({
  list,
  isEditable,
  onChange,
}: {
  readonly list: PolicyList;
  readonly isEditable: boolean;
  readonly onChange: (entries: readonly string[]) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const shown = (list.entries ?? []).join('\n');
  return (
    <Textarea
      aria-label={list.label}
      readOnly={!isEditable}
      placeholder="vazia"
      autosize
      minRows={4}
      maxRows={16}
      className="mono"
      value={typed ?? shown}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={() => {
        if (typed === undefined || typed === shown) return;
        setTyped(undefined);
        onChange(typed.split(/[\s,;]+/).filter((entry) => entry !== ''));
      }}
    />
  );
}
