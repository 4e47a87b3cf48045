export { instalmentsOwed, printedInstalments } from './instalments-owed';
export {
  OPERATION_LIMITS,
  operationLimitsFrom,
  payrollHoursFrom,
  type OperationLimits,
} from './operation-limits';
export { OperationModule } from './operation.module';
export { isPaidOff } from './paid-off';
export { PAYROLL_CALENDAR, readPayrollCalendar } from './payroll-calendar';
export { OperationService, type IssuedLoan, type WonAuction } from './operation.service';
export * from './ports';
export { ofProposal, SYSTEM_ACTOR, TaskDesk } from './task-desk.service';
export { IdempotentRequests, type Accepted } from './idempotent-requests.service';
export {
  answerOr,
  Asks,
  checkedKey,
  IDEMPOTENCY_KEY,
  readBody,
  type Ask,
  type PersonsRequest,
} from './persons-request';
