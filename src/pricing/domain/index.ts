export {
  compareSimulation,
  SIMULATED_FIELDS,
  type ReturnedSimulation,
  type SimulationDifference,
} from './compare-simulation';
export {
  breakEvenMonthlyRate,
  loanMargin,
  monthlyMargin,
  quoteBid,
  type Bid,
  type EconomicAssumptions,
  type LoanMargin,
} from './economics';
export { parseQuoteRequest, type QuoteRequestReading, type RequestProblem } from './parse-request';
export { quoteToJson, type QuoteJson } from './quote-json';
export { PricingContext } from './context';
export type { IofRates, PricingData, RebateTax, Validity } from './dated-tables';
export type { Fee } from './fees';
export {
  fitOffer,
  type DoesNotFit,
  type FitAsk,
  type FitReason,
  type FitReasonCode,
  type FitStrategy,
  type FittedOffer,
  type PriceBand,
  type Range,
} from './fit';
export {
  quote,
  Quote,
  type ChargedFee,
  type ChargedRebate,
  type QuoteRefusal,
  type QuoteResult,
} from './quote';
export { INTEREST_BASES, type GivenRate, type InterestBase, type Rates } from './rates';
export type { FlowInstallment, LoanTerms, QuoteRequest, QuoteShape } from './request';
export type { ScheduleRow } from './schedule';
export type { EffectiveRate } from './yield';
