import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Task } from '../../api/client';
import { tellFailure } from '../../parts/notices';

/** For a task of somebody who is away: it is nobody's afterwards. */
export function TakeBack({ task: { id } }: { readonly task: Task }) {
  const queries = useQueryClient();
  const taking = useMutation({
    mutationFn: () => api.POST('/api/v1/tasks/{id}/take_back', { params: { path: { id } } }),
    onError: tellFailure,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['tasks'] });
      await queries.invalidateQueries({ queryKey: ['operation'] });
    },
  });
  return (
    <Button
      size="xs"
      variant="default"
      loading={taking.isPending}
      onClick={() => {
        taking.mutate();
      }}
    >
      Devolver à fila
    </Button>
  );
}
