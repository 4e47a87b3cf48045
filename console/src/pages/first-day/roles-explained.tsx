import { Box, Text } from '@mantine/core';
import { ROLE_EXPLAINED } from '../../words/first-day-words';
import { ROLE, wordOf } from '../../words/words';

/** Which role is there for what. */
export function RolesExplained() {
  return (
    <details>
      <Text component="summary" size="sm">
        O que cada papel pode
      </Text>
      <Box component="dl" mt="xs" mb={0}>
        {Object.entries(ROLE_EXPLAINED).map(([role, explained]) => (
          <Box key={role} mb={6}>
            <Text component="dt" size="sm" fw={600}>
              {wordOf(ROLE, role)}
            </Text>
            <Text component="dd" m={0} size="sm" c="dimmed">
              {explained}
            </Text>
          </Box>
        ))}
      </Box>
    </details>
  );
}
