import { FOLLOWS_FROM_PAYOFF } from './contradictions';
import type { MarginStep } from './margin-state';
import { fateOf, type LiveCommand } from './operation-action';
import type { OperationFact, Step } from './operation-state';
import { tasksEndedBy, type TaskKind } from './task';
import {
  comesBack,
  endsWhatWasAsked,
  isClosed,
  isPaidAllTheSame,
  isPaidUnsecured,
  outlivesCancellation,
  stepBoth,
  type Endings,
} from './two-endings';

/** What must be known of an operation to say what a fact does to it. */
export interface Standing extends Endings {
  /** The one command that is not settled. */
  readonly command: LiveCommand | undefined;
  /** The last that people have asked of QI about it, and have not taken back, is to cancel it for good. */
  readonly isCancellationWanted?: boolean;
  /** QI has said that nothing is owed any more. */
  readonly isPaidOff?: boolean;
}

export interface Consequences {
  readonly step: Step;
  /** The fact and what was told before cannot both be right, whatever people wanted. */
  readonly contradicts: boolean;
  /** undefined for a loan without a margin of its own. */
  readonly margin: MarginStep | undefined;
  /** Contract and margin have both come to their end. */
  readonly isClosed: boolean;
  /** What it puts at risk, and what of the borrower's it takes, was free for others meanwhile. */
  readonly comesBack: boolean;
  /** Tasks that have become pointless. */
  readonly endedTasks: readonly TaskKind[];
  readonly fateOfCommand: 'stays' | 'withdrawn' | 'accepted';
  /** Requests that wait for a second person are withdrawn. */
  readonly endsApprovals: boolean;
  /** People wanted its end, and it goes on: they are asked anew. */
  readonly outlivesCancellation: boolean;
  /** The same, and the money is out. */
  readonly isPaidAllTheSame: boolean;
  /** The money is out and the margin is gone, which nothing else tells. */
  readonly isPaidUnsecured: boolean;
}

/** What QI tells of the guarantee while it cancels the loan for us, before it has said so. */
const FOLLOWS_FROM_CANCELLATION: readonly OperationFact[] = ['reservation_canceled', 'margin_released'];

function isExpected({ command, isPaidOff = false }: Standing, fact: OperationFact): boolean {
  if (isPaidOff && FOLLOWS_FROM_PAYOFF.includes(fact)) return true;
  const isCanceling = command?.action === 'cancel_permanently' && command.status !== 'intended';
  return isCanceling && FOLLOWS_FROM_CANCELLATION.includes(fact);
}

const expected = (told: Step): Step => ({
  ...told,
  effect: told.effect === 'impossible' ? 'noted' : told.effect,
  contradiction: false,
});

/** Everything that one fact does to one operation. The service writes it down, and decides nothing. */
export function follow(standing: Standing, fact: OperationFact): Consequences {
  const { contract: told, margin } = stepBoth(standing, fact);
  const after: Endings = { status: told.to, margin: margin?.to ?? null };
  const { command, isCancellationWanted = false, isPaidOff = false } = standing;
  const isPaid = isPaidAllTheSame(standing, after, isCancellationWanted);
  const isUnsecured = isPaidUnsecured(standing, after) && !isPaidOff;
  const contract = isExpected(standing, fact)
    ? expected(told)
    : { ...told, contradiction: told.contradiction || isPaid || isUnsecured };
  const fateOfCommand = command ? fateOf(command, fact, after.status) : 'stays';
  const settled: readonly TaskKind[] = fateOfCommand === 'stays' ? [] : ['command_unknown'];
  return {
    step: contract,
    contradicts: contract.contradiction && told.contradiction,
    margin,
    isClosed: isClosed(after),
    comesBack: comesBack(standing, after),
    endedTasks: [...new Set([...tasksEndedBy(standing, after), ...settled])],
    fateOfCommand,
    endsApprovals: endsWhatWasAsked(standing, after),
    outlivesCancellation: outlivesCancellation(
      standing,
      after,
      isCancellationWanted && command === undefined,
    ),
    isPaidAllTheSame: isPaid,
    isPaidUnsecured: isUnsecured,
  };
}
