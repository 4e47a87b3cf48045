import { Badge, Text } from '@mantine/core';
import type { Examination } from '../../api/client';

/** What a policy says of a request. */
export const OUTCOME: Readonly<Record<string, string>> = {
  accept: 'aceita',
  review: 'pede pessoa',
  decline: 'recusa',
};

export function ResultBadge({ result }: { readonly result: Examination['tests'][number] | undefined }) {
  if (result === undefined)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    );
  return (
    <Badge variant="light" color={result.passed ? 'teal' : 'red'} tt="none">
      {result.passed ? 'passa' : 'falha'}
    </Badge>
  );
}
