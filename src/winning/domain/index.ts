export type { AcceptanceRow } from './acceptance-model';
export { boundsOf, monotone } from './bounds';
export type { CellTerms } from './choose-rate';
export { compileTable, expectedSpend, type TableLimits } from './compile-table';
export { NO_EXPLORATION, WHOLE, type Arm, type Propensities } from './exploration';
export { Learner, type LearnerSettings, type LearnerState } from './learner';
export { bandsOfCell, type Segmentation } from './segments';
export { payoutShare, type PayoutRow } from './payout-counts';
export { ACCEPTANCE_PRIOR, PAYOUT_PRIOR, WIN_PRIOR } from './priors';
export { daysBetween, DOUBTS, doubtsOf, MOST_MISCALIBRATION, type Doubt } from './doubts';
export {
  learnedShare,
  lifeOf,
  RETURN_CODES,
  WAIT_CODES,
  type Life,
  type ReturnCode,
  type Stage,
  type StageTime,
} from './life';
export { Night, type NightResult } from './night';
export type { NightFigures } from './night-figures';
export { priceOfMoney, priceStepNow } from './night-tables';
export { NIGHT_REFUSALS, type NightRefusal, type NightTerms } from './night-terms';
export { PRICED_PER, type ObservedDay, type ObservedSum } from './observations';
export { learnedRate, type LearnedRate, type RateTable } from './rate-table';
export { railed } from './rails';
export { paceStep, shadowPrice, spendWithin, type AmountSpend } from './shadow-price';
export type { WinRow } from './win-model';
export { calibration, calibrationError } from './calibration';
export {
  modelVersion,
  readState,
  stateDocument,
  verifyVersion,
  MODEL_FORMAT,
  type ModelDocument,
  type ModelVersion,
  type VerifiedModel,
} from './model-version';
export { whatIf, WHAT_IF_REFUSALS, type PastBid, type WhatIf } from './what-if';
