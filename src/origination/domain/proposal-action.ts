import type { CommandStatus, WhenUnknown } from '../../commands/domain';
import { BEFORE_ISSUE, SIMULATED_FROM, type ProposalFact, type ProposalStatus } from './proposal-state';

/** What is asked of QI about a proposal. Each becomes one durable command. */
export const PROPOSAL_ACTIONS = [
  'query_balance',
  'read_balance',
  'cancel_query',
  'simulate',
  'issue',
] as const;
export type ProposalAction = (typeof PROPOSAL_ACTIONS)[number];

interface ProposalActionRule {
  /** Where the call itself still makes sense. */
  readonly sentIn: readonly ProposalStatus[];
  readonly whenUnknown: WhenUnknown;
  /** What the proposal is told when QI has refused the call for good. */
  readonly refusedAs: ProposalFact;
}

export const PROPOSAL_ACTION_RULES: Readonly<Record<ProposalAction, ProposalActionRule>> = {
  /** A second query costs quota and changes nothing. */
  query_balance: { sentIn: ['querying'], whenUnknown: 'repeat', refusedAs: 'balance_refused' },
  /** What the webhook of a balance leaves out stands in the query's result (T-76). */
  read_balance: { sentIn: ['balance_known'], whenUnknown: 'repeat', refusedAs: 'noted' },
  cancel_query: { sentIn: ['querying'], whenUnknown: 'repeat', refusedAs: 'noted' },
  simulate: { sentIn: SIMULATED_FROM, whenUnknown: 'repeat', refusedAs: 'noted' },
  /** It makes a debt: it is looked up under our own key before it is ever posted again. */
  issue: { sentIn: ['issuing'], whenUnknown: 'inquire', refusedAs: 'issue_refused' },
};

/** What a person may do to a proposal. */
export const PERSONS_ACTIONS = [
  'query_balance',
  'cancel_query',
  'simulate',
  'clear_review',
  'accept',
  'issue',
  'settle_issue',
  'withdraw',
] as const;
export type PersonsAction = (typeof PERSONS_ACTIONS)[number];

const ALLOWED_IN: Readonly<Record<PersonsAction, readonly ProposalStatus[]>> = {
  query_balance: [
    'draft',
    'balance_failed',
    'balance_known',
    'not_eligible',
    'in_review',
    'simulated',
    'offered',
  ],
  cancel_query: ['querying'],
  simulate: ['balance_known', 'not_eligible', 'simulated', 'offered'],
  clear_review: ['in_review'],
  accept: ['offered'],
  issue: ['accepted'],
  /** Only where a look-up has not settled it, and people were asked: QI's answer to this order, or to one before it, is lost. */
  settle_issue: ['issuing'],
  withdraw: BEFORE_ISSUE,
};

/** Failures of an order after which there need not be another of the same offer: the rules may permit it no more. */
const MAY_BE_SIMULATED_ANEW: readonly (string | null)[] = ['issue_withheld', 'issue_not_taken'];

/** The actions that the state allows, whoever asks. */
export function personsActionsIn(
  status: ProposalStatus,
  failureCode: string | null,
): readonly PersonsAction[] {
  const isFreed = status === 'accepted' && MAY_BE_SIMULATED_ANEW.includes(failureCode);
  return PERSONS_ACTIONS.filter(
    (action) => ALLOWED_IN[action].includes(status) || (action === 'simulate' && isFreed),
  );
}

export interface LiveProposalCommand {
  readonly action: ProposalAction;
  readonly status: CommandStatus;
}

/**
 * What may be done although a command is live, which is taken back then: one that is not sent yet, or one that is only sent
 * again and again until it is answered, which may be never, and changes nothing. Anything else waits for its answer. What gives
 * the query up already is not replaced by the same, which QI would refuse for the first.
 */
export function mayOvertake(action: PersonsAction, live: LiveProposalCommand): boolean {
  const isIdle =
    live.status === 'intended' ||
    (live.status === 'unknown' && PROPOSAL_ACTION_RULES[live.action].whenUnknown === 'repeat');
  const isOther = action === 'cancel_query' && live.action !== 'cancel_query';
  return isIdle && (isOther || action === 'withdraw');
}

/** What is there to be done now: while QI is asked, only to take back what may be, or to settle what nobody but people can. */
export function nextActionsOf(
  status: ProposalStatus,
  live: LiveProposalCommand | undefined,
  isLeftToPeople: boolean,
  failureCode: string | null = null,
): readonly PersonsAction[] {
  const allowed = personsActionsIn(status, failureCode);
  if (live === undefined) return allowed.filter((action) => action !== 'settle_issue');
  if (live.action === 'issue' && live.status !== 'sending' && isLeftToPeople) return ['settle_issue'];
  return allowed.filter((action) => mayOvertake(action, live));
}
