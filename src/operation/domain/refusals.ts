import type { TaskReason } from './task';

/** Of a task that tells of two refusals; no reason has one of its own. */
const BETWEEN = '\n';

const isOfCancellation = ({ code }: TaskReason): boolean => code.startsWith('cancel_permanently_');

const inOneLine = (message: string): string => message.replaceAll(/\s+/g, ' ').trim();

const asSentence = (message: string): string => message.replace(/\.?$/, '.');

/**
 * What QI refused last is told in place of what it had refused before, but for a cancellation: two people have wanted that, and
 * nothing else that is asked of QI makes it pointless. It is told first, and names the task.
 */
export function refusedBeside(standing: TaskReason | undefined, added: TaskReason): TaskReason {
  const reason = { ...added, message: inOneLine(added.message) };
  if (standing === undefined) return reason;
  const [first = '', ...others] = standing.message.split(BETWEEN);
  if (!isOfCancellation(standing)) return isOfCancellation(reason) ? both(reason, standing.message) : reason;
  if (isOfCancellation(reason)) return others.length === 0 ? reason : both(reason, others.join(BETWEEN));
  return both({ code: standing.code, message: first }, reason.message);
}

function both({ code, message }: TaskReason, other: string): TaskReason {
  return { code, message: `${asSentence(message)}${BETWEEN}${other}` };
}

/** What is left of it once QI has taken something else. */
export function refusedCancellationIn(standing: TaskReason): TaskReason | undefined {
  const [message = ''] = standing.message.split(BETWEEN);
  return isOfCancellation(standing) ? { ...standing, message } : undefined;
}
