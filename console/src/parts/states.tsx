import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api/problem';

interface Query<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly refetch?: () => unknown;
  readonly isFetching?: boolean;
}

/** Shows what a query brought, or that it is on its way, or why it did not come. */
export function Loaded<Data>({
  query,
  children,
  lines = 6,
}: {
  readonly query: Query<Data>;
  readonly children: (data: Data) => ReactNode;
  readonly lines?: number;
}) {
  if (query.data !== undefined) {
    return (
      <>
        {Boolean(query.error) && (
          <Failure error={query.error} again={query.refetch} isBusy={query.isFetching} />
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.error !== null && query.error !== undefined)
    return <Failure error={query.error} again={query.refetch} isBusy={query.isFetching} />;
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Carregando">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={22} width={`${String(96 - ((line * 13) % 40))}%`} />
      ))}
    </Stack>
  );
}

export function Failure({
  error,
  again,
  isBusy = false,
}: {
  readonly error: unknown;
  readonly again?: (() => unknown) | undefined;
  readonly isBusy?: boolean | undefined;
}) {
  return (
    <Alert color="red" title="Não foi possível carregar" role="alert">
      <Group justify="space-between">
        <Text size="sm">{sentenceOf(error)}</Text>
        {again && (
          <Button size="xs" variant="default" loading={isBusy} onClick={() => void again()}>
            Tentar de novo
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/** That there is nothing, and what would bring something. */
export function Empty({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack align="center" gap={4} py="xl">
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" ta="center" component="div">
        {children}
      </Text>
    </Stack>
  );
}
