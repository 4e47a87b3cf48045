import type { TaskReason } from './task';

/** Those that may be over by themselves weigh less: the others name the task, whichever came first. */
const PASSING: readonly string[] = ['paid_otherwise', 'pays_less'];

function weightOf({ code }: TaskReason): number {
  const passing = PASSING.indexOf(code);
  return passing === -1 ? PASSING.length : passing;
}

/** @returns a task's words without these; nothing is left of one that said no more */
export function withoutWords(message: string, taken: readonly TaskReason[]): string {
  const left = taken.reduce((words, reason) => words.replaceAll(reason.message, ''), message);
  return left.replaceAll(/ {2,}/g, ' ').trim();
}

/**
 * All contradictions of a loan are told in one task, and none takes the place of another: nobody would read of the first any more.
 * @param instead what this one takes the place of
 */
export function saidBeside(
  standing: TaskReason | undefined,
  added: TaskReason,
  instead: readonly TaskReason[],
): TaskReason {
  if (standing === undefined) return added;
  if (standing.message.includes(added.message)) return standing;
  const left = withoutWords(standing.message, instead);
  if (left === '') return added;
  const code = weightOf(added) < weightOf(standing) ? standing.code : added.code;
  return { code, message: `${left} ${added.message}` };
}
