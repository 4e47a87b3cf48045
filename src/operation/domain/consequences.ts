import { fateOf, type LiveCommand } from './operation-action';
import { isFinal, step, type OperationFact, type OperationStatus, type Step } from './operation-state';
import { tasksEndedBy, type TaskKind } from './task';

/** What must be known of an operation to say what a fact does to it. */
export interface Standing {
  readonly status: OperationStatus;
  /** The one command that is not settled. */
  readonly command: LiveCommand | undefined;
}

export interface Consequences {
  readonly step: Step;
  /** Tasks that have become pointless. */
  readonly endedTasks: readonly TaskKind[];
  readonly fateOfCommand: 'stays' | 'withdrawn' | 'accepted';
  /** Requests that wait for a second person are withdrawn. */
  readonly endsApprovals: boolean;
}

/** Everything that one fact does to one operation. The service writes it down, and decides nothing. */
export function follow(standing: Standing, fact: OperationFact): Consequences {
  const taken = step(standing.status, fact);
  const fateOfCommand = standing.command ? fateOf(standing.command, fact, taken.to) : 'stays';
  const ended = tasksEndedBy(taken.from, taken.to, isFinal(taken.to));
  const settled: readonly TaskKind[] = fateOfCommand === 'stays' ? [] : ['command_unknown'];
  return {
    step: taken,
    endedTasks: [...new Set([...ended, ...settled])],
    fateOfCommand,
    endsApprovals: taken.from !== taken.to && isFinal(taken.to),
  };
}
