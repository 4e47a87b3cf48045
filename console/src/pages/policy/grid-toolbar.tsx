import { Button, Group, Kbd, Text } from '@mantine/core';
import type { Writing } from './grid-writing';

interface Props {
  readonly writing: Writing;
  /** How many rows are chosen. */
  readonly chosen: number;
  /** A table keeps one row at least. */
  readonly mayRemove: boolean;
}

export function GridToolbar({ writing, chosen, mayRemove }: Props) {
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={writing.insert}>
        Inserir linha
      </Button>
      <Button size="xs" variant="default" onClick={writing.copyBelow}>
        Copiar linha
      </Button>
      <Button size="xs" variant="default" disabled={!mayRemove} onClick={writing.remove}>
        {chosen === 1 ? 'Apagar linha' : `Apagar ${String(chosen)} linhas`}
      </Button>
      <Text size="xs" c="dimmed" visibleFrom="md">
        <Kbd size="xs">Enter</Kbd> edita · <Kbd size="xs">Ctrl</Kbd>+<Kbd size="xs">V</Kbd> cola do Excel ·{' '}
        <Kbd size="xs">Ctrl</Kbd>+<Kbd size="xs">D</Kbd> repete para baixo · <Kbd size="xs">Ctrl</Kbd>+
        <Kbd size="xs">Z</Kbd> desfaz
      </Text>
    </Group>
  );
}
