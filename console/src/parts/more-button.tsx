import { Button, Center } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';

interface Props {
  readonly query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
  readonly mt?: 'sm';
}

/** Under a list that is read page by page, while there is more. */
export function MoreButton({ query, mt }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <Center {...(mt && { mt })}>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Mostrar mais
      </Button>
    </Center>
  );
}
