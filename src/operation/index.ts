export { OPERATION_LIMITS, operationLimitsFrom, type OperationLimits } from './operation-limits';
export { OperationModule } from './operation.module';
export { OperationService, type HeardEvent, type WonAuction } from './operation.service';
export * from './ports';
export { TaskDesk } from './task-desk.service';
