import type { Task } from '../../api/client';

/** The key of what a task is about: its loan, the proposal or the auction that leads to one. */
export const subjectOf = (task: Task): string =>
  task.credit_operation_key ?? task.proposal_id ?? task.issuer_proposal_request_key ?? '–';

/** The page of it. */
export function placeOf(task: Task) {
  const key = subjectOf(task);
  if (task.credit_operation_key !== null) return { to: '/operacoes/$key', params: { key } } as const;
  return task.proposal_id === null
    ? ({ to: '/historico/$key', params: { key } } as const)
    : ({ to: '/propostas/$id', params: { id: key } } as const);
}
