import type { ProposalDetail } from '../../api/client';

const SOON_MS = 30_000;

/**
 * What is about to leave has its answer in seconds, and is not to be given up meanwhile. What waits its turn for minutes, or what
 * QI did not take, and what is lost, may be given up: it may never have an answer.
 */
export function isSoonAnswered(
  command: Pick<ProposalDetail['commands'][number], 'status' | 'attempts' | 'not_before'>,
  now: number,
): boolean {
  if (command.status !== 'intended') return command.status !== 'unknown';
  return command.attempts === 0 && Math.abs(Date.parse(command.not_before) - now) < SOON_MS;
}
