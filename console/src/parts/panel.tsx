import type { ReactNode } from 'react';
import { Paper, Stack, Text, Title } from '@mantine/core';
import { Scroll } from './scroll';

interface PanelProps {
  readonly title: string;
  /** What the figures are of, and with which limits. */
  readonly note?: string;
  readonly children: ReactNode;
}

/** One figure or table of a page under its heading. */
export function Panel({ title, note, children }: PanelProps) {
  return (
    <Paper p="md" component="section" aria-label={title}>
      <Stack gap={2} mb="sm">
        <Title order={2}>{title}</Title>
        {note !== undefined && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
      </Stack>
      <Scroll label={title}>{children}</Scroll>
    </Paper>
  );
}
