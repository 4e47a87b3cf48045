import { Button, type ButtonProps } from '@mantine/core';
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { tellDone, tellFailure } from './notices';

interface Props extends Pick<ButtonProps, 'size' | 'variant' | 'children'> {
  readonly act: () => Promise<unknown>;
  /** What is told once it is done, where the page itself does not show it. */
  readonly done?: string;
  /** What was read before and may be another now, whether it was done or not. */
  readonly stale?: readonly QueryKey[] | 'everything';
}

/** Does at one press what needs no question before it. */
export function ActionButton({ act, done, stale = [], size = 'xs', variant = 'default', children }: Props) {
  const queries = useQueryClient();
  const acting = useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done !== undefined) tellDone(done);
    },
    onError: tellFailure,
    onSettled: () =>
      stale === 'everything'
        ? queries.invalidateQueries()
        : Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  return (
    <Button
      size={size}
      variant={variant}
      loading={acting.isPending}
      onClick={() => {
        acting.mutate();
      }}
    >
      {children}
    </Button>
  );
}
