export {
  bestCoverage,
  coverageOf,
  isEnough,
  type BacktestCoverage,
  type BacktestReach,
} from './backtest-coverage';
export type { EconomicInputs, EconomicsFound } from './economics';
export { checkPolicy } from './check-policy';
export type { PolicyFinding } from './policy-finding';
export {
  compilePolicy,
  evaluateRules,
  limitsFor,
  priceRows,
  productPolicy,
  type CompiledPolicy,
  type ExternalList,
  type ExternalLists,
  type PolicyVersion,
} from './compile-policy';
export { structuralChanges } from './change-level';
export { quotedCell, writeCsv } from './csv';
export { diffPolicies, diffPoliciesInSteps, type PolicyChange } from './diff-policies';
export { takenBackInSteps } from './taken-back';
export { verdictsOn, type CompiledFeeTable, type CompiledProduct } from './compile-book';
export { inlineLists, type PolicyDocument } from './document';
export {
  FIELD_NAMES,
  NOTHING_OFFERED,
  fieldDefinition,
  haveSameValues,
  fieldNamesOf,
  isFieldName,
  nothingKnownOf,
  termField,
  type Facts,
  type FieldName,
  type OfferFacts,
  type ProductFacts,
  type RequestFacts,
  type Stage,
} from './fields';
export type { CompiledLearning, LearningCell } from './learning';
export type { CellBand, Mandate } from './learning-grid';
export type { Limits } from './limits';
export { asksForSecondWord, listCounts, tableCounts, type ImportCounts } from './import-counts';
export { csvEntry } from './list-entry';
export { importListSheet, sheetOfList } from './list-sheet';
export type { TableResult } from './match-table';
export {
  canonicalPolicy,
  parsePolicy,
  parsePolicyInSteps,
  parseStored,
  policyHash,
  type Policy,
  type PolicyProblem,
} from './policy';
export { bandFor, type PriceBand, type PriceRebate } from './price-table';
export {
  DIRECT_PRODUCTS,
  isDirectProduct,
  PRODUCT_LABELS,
  PRODUCTS,
  type DirectProduct,
  type Product,
} from './product';
export { pricedLoans, type PricedLoans } from './priced-loans';
export { pricesAlike } from './prices-alike';
export {
  LATE_BIDDING_OFF,
  MARGIN_BELOW_MINIMUM,
  missingReason,
  SNAPSHOT_TOO_OLD,
  reasonsOf,
  type Reason,
  type RuleVerdict,
} from './rule';
export {
  capsOn,
  isWithinCap,
  isWithinCaps,
  readReferenceData,
  type CapsInForce,
  type LegalCaps,
  type RateCap,
  type ReferenceData,
} from './reference-data';
export { findTable, type TableAddress } from './sections';
export { SharedRules } from './shared-rules';
export { cellName, columnName, columnNamed, placeIn, SheetError, type Sheet } from './sheet';
export { importSheet, sheetOf, type CellProblem, type SheetImport } from './table-sheet';
export { OPERATORS } from './operators';
export { factsAsCase, isPerson, peopleInCases, runPolicyTests, type PolicyTestResult } from './test-cases';
export { saysAll } from './says-all';
