import { useId, type ReactNode } from 'react';
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
  const heading = useId();
  return (
    <Paper p="md" component="section" aria-labelledby={heading}>
      <Stack gap={2} mb="sm">
        <Title order={2} id={heading}>
          {title}
        </Title>
        {note !== undefined && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
      </Stack>
      <Scroll>{children}</Scroll>
    </Paper>
  );
}
