import { api, type Task } from '../../api/client';
import { ActionButton } from '../../parts/action-button';

/** For a task of somebody who is away: it is nobody's afterwards. */
export function TakeBack({ task: { id } }: { readonly task: Task }) {
  return (
    <ActionButton
      act={() => api.POST('/api/v1/tasks/{id}/take_back', { params: { path: { id } } })}
      stale={[['tasks'], ['operation']]}
    >
      Devolver à fila
    </ActionButton>
  );
}
