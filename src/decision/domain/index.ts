export {
  assumptionsOf,
  bidMargin,
  NO_MARGIN,
  type BidMargin,
  type BidTerms,
  type NoMargin,
} from './bid-margin';
export { capsOf, capsOfBid, learnedFunds, withoutFunding } from './caps';
export { breakEvenOf, cellTerms, marginLine, type CellWorld } from './cell-terms';
export { checkFloors } from './check-floors';
export {
  decideOn,
  declinedAfterAll,
  priceOffer,
  type Decision,
  type DecisionTerms,
  type DecisionTrace,
  type FittedBid,
  type ProgrammeTerms,
  prevents,
} from './decide';
export type { ExplainedRate } from './explain-rate';
export { NO_DECISION, type NoDecision } from './no-decision';
export { explanationFor, type ExplainedDecision } from './explanation';
export { firstDueDate } from './first-due-date';
export { checkCosts, rowCosts, usualLoans } from './row-costs';
export {
  judgeOffer,
  judgeRequest,
  notEligibleAfterAll,
  refusedAfterAll,
  type JudgeTerms,
  type OfferJudgement,
  type OpenFeeTable,
  type RequestJudgement,
} from './judge';
export { limitReason, limitReasonsUnder, NOT_STOPPED, type StoppedBid } from './limit-reasons';
export {
  RATE_MODEL_FALLBACKS,
  RATE_MODEL_STAGES,
  type RateModel,
  type RateModelFallback,
  type RateModelStage,
} from './rate-model';
export { ENGINE_REASON_CODES, REASON_CODES_TOLD } from './reason-codes';
