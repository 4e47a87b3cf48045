export {
  acceptanceSchema,
  keptAcceptanceSchema,
  missingInAcceptance,
  outOfTime,
  type Acceptance,
  type KeptAcceptance,
} from './acceptance';
export {
  borrowerDataGiven,
  borrowerDataSchema,
  JUDGED_BY,
  readyToIssue,
  type IssueNeeds,
  type Account,
  type BorrowerData,
  type Person,
  type ReadyBorrower,
} from './borrower-data';
export { whoseWord } from './own-word';
export { borrowerRevision, toldSince } from './told-since';
export { dateGiven, reaisGiven } from './given';
export {
  mayOvertake,
  nextActionsOf,
  PERSONS_ACTIONS,
  personsActionsIn,
  PROPOSAL_ACTION_RULES,
  PROPOSAL_ACTIONS,
  type PersonsAction,
  type ProposalAction,
} from './proposal-action';
export {
  balanceFailure,
  codesWithADate,
  knownFailure,
  nextQueryAt,
  type BalanceFailure,
  type BalanceFailures,
} from './balance-failure';
export {
  disbursementDay,
  isOpen,
  problemOf,
  reasonsAgainst,
  type FeeTable,
  type Offer,
  type OfferTerms,
  type Verdict,
} from './offers';
export type { Problem } from './problem';
export { issueFindingSchema, type IssueFinding } from './issue-finding';
export type { ProposalEventKind } from './proposal-event';
export {
  isProposalFinal,
  hasMovedSince,
  isVoidable,
  PROPOSAL_STATUSES,
  proposalStep,
  type ProposalFact,
  type ProposalStatus,
  type ProposalStep,
} from './proposal-state';
export { readProposalSheet, type SheetLine, type SheetProblem } from './proposal-sheet';
