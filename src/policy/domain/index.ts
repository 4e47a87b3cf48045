export {
  bestCoverage,
  coverageOf,
  isEnough,
  type BacktestCoverage,
  type BacktestReach,
} from './backtest-coverage';
export { checkPolicy, type PolicyFinding } from './check-policy';
export {
  compilePolicy,
  evaluateRules,
  limitsFor,
  priceRows,
  type CompiledPolicy,
  type ExternalList,
  type ExternalLists,
} from './compile-policy';
export { structuralChanges } from './change-level';
export { quotedCell, writeCsv } from './csv';
export { diffPolicies, type PolicyChange } from './diff-policies';
export {
  inlineLists,
  type BiddingWindow,
  type FactJson,
  type PolicyDocument,
  type PolicyTestCase,
} from './document';
export {
  FIELD_NAMES,
  NOTHING_KNOWN,
  NOTHING_OFFERED,
  fieldDefinition,
  isFieldName,
  type FactValue,
  type Facts,
  type FieldDefinition,
  type FieldName,
  type FieldType,
  type RequestFacts,
  type Stage,
} from './fields';
export type { Limits } from './limits';
export { asksForSecondWord, listCounts, tableCounts, type ImportCounts } from './import-counts';
export { importListSheet, sheetOfList } from './list-sheet';
export type { TableResult } from './match-table';
export {
  canonicalPolicy,
  parsePolicy,
  policyHash,
  type ParsedPolicy,
  type Policy,
  type PolicyProblem,
} from './policy';
export type { PriceBand, PriceRebate } from './price-table';
export { pricesAlike } from './prices-alike';
export {
  LATE_BIDDING_OFF,
  MARGIN_BELOW_MINIMUM,
  missingReason,
  reasonsOf,
  type Reason,
  type RuleResult,
  type RuleVerdict,
} from './rule';
export { readReferenceData, type ReferenceData } from './reference-data';
export { SharedRules } from './shared-rules';
export { columnName, columnNamed, placeIn, SheetError, type Sheet } from './sheet';
export { importSheet, sheetOf, type CellProblem, type SheetImport } from './table-sheet';
export { OPERATORS, type Operator, type OperandShape } from './operators';
export { factsAsCase, runPolicyTests, type Assessment, type PolicyTestResult } from './test-cases';
