import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and values in columns that break as the screen allows. */
export function Facts({
  items,
  columnWidth = '8.5rem',
}: {
  readonly items: readonly (readonly [string, ReactNode])[];
  /** At least; names and addresses need more than amounts and dates. */
  readonly columnWidth?: string;
}) {
  return (
    <Box
      component="dl"
      m={0}
      style={{
        display: 'grid',
        gap: '0.75rem 1.5rem',
        gridTemplateColumns: `repeat(auto-fill, minmax(min(${columnWidth}, 100%), 1fr))`,
      }}
    >
      {items.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text
            component="dd"
            m={0}
            size="sm"
            fw={500}
            className="numbers"
            style={{ overflowWrap: 'anywhere' }}
          >
            {value}
          </Text>
        </div>
      ))}
    </Box>
  );
}
