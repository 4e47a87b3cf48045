import { api, type Task } from '../../api/client';
import { ActionButton } from '../../parts/action-button';

interface Props {
  readonly id: Task['id'];
  /** Who has it as the page shows it: whoever has claimed it since keeps it. */
  readonly owner: string;
}

/** For a task of somebody who is away: it is nobody's afterwards. */
export function TakeBack({ id, owner }: Props) {
  return (
    <ActionButton
      act={() => api.POST('/api/v1/tasks/{id}/take_back', { params: { path: { id } }, body: { owner } })}
      stale={[['tasks'], ['operation']]}
    >
      Devolver à fila
    </ActionButton>
  );
}
