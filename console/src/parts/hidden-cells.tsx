import { Alert } from '@mantine/core';
import { count } from '../format/format';

/** What a person who opens the file does not see in it, and what was read like everything else. */
export function HiddenCells({
  hidden: { rows, columns },
}: {
  readonly hidden: { readonly rows: number; readonly columns: readonly string[] };
}) {
  const parts = [
    ...(rows === 0 ? [] : [`${count(rows)} ${rows === 1 ? 'linha' : 'linhas'}`]),
    ...(columns.length === 0
      ? []
      : [`${columns.length === 1 ? 'a coluna' : 'as colunas'} ${columns.join(', ')}`]),
  ];
  if (parts.length === 0) return null;
  return <Alert color="yellow">O que está oculto no arquivo também foi lido: {parts.join(' e ')}.</Alert>;
}
