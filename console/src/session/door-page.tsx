import { Center, Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import mark from '../mark.svg';

/** What strangers see: the name, and one card. */
export function DoorPage({
  children,
  width = 400,
}: {
  readonly children: ReactNode;
  readonly width?: number | undefined;
}) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={width} gap="lg">
        <Group gap="sm" justify="center">
          <img src={mark} width={36} height={36} alt="" />
          <Text fw={700} fz={24}>
            Arremate
          </Text>
        </Group>
        <Paper p="xl" shadow="sm">
          <Stack>{children}</Stack>
        </Paper>
        <Text size="xs" c="dimmed" ta="center">
          Lances automáticos nos leilões do consignado privado
        </Text>
      </Stack>
    </Center>
  );
}
