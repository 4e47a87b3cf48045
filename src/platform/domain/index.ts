export { AUDIT_ACTIONS, type AuditAction, type DeedTo } from './audit-actions';
export { CHAIN_START, chainHash, type AuditRecord } from './audit-chain';
export { clockOffset, clockStep, isClockOff, type Reading } from './clock-offset';
export { replicaStanding, type Advance, type ReplicaStanding } from './replica-standing';
export { PERMISSIONS, type Permission } from './permission';
export type { Trace, TraceAttributes, TraceSender } from './trace';
