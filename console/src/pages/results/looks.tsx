import { Text } from '@mantine/core';
import type { Results } from '../../api/client';
import type { Period } from './period';

export type Line = Results['total'];

/** The results of a period, and of the one that it is held against. */
export interface Looks {
  readonly results: Results;
  readonly before: Results | undefined;
}
/** With where each begins, so that the third day of both is one place. */
export interface DatedLooks extends Looks {
  readonly period: Period;
  readonly other: Period | undefined;
}

/** What a figure was, quietly beneath what it is. */
export function Before({ text }: { readonly text: string }) {
  return (
    <Text size="xs" c="dimmed" fw={400} style={{ whiteSpace: 'nowrap' }}>
      antes {text}
    </Text>
  );
}
