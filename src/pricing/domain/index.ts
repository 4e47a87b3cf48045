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
export { parseQuoteRequest, type RequestProblem } from './parse-request';
export { quoteToJson, type QuoteJson } from './quote-json';
export { PricingContext } from './context';
export type { IofRates, PricingData } from './dated-tables';
export type { Fee } from './fees';
export {
  fitOffer,
  type FitAsk,
  type FitReason,
  type FitReasonCode,
  type FitStrategy,
  type FittedOffer,
  type PriceBand,
} from './fit';
export { quote, Quote } from './quote';
export { INTEREST_BASES, type InterestBase } from './rates';
export type { LoanTerms, QuoteRequest, QuoteShape } from './request';
