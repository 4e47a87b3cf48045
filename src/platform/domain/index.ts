export { CHAIN_START, chainHash, type AuditRecord } from './audit-chain';
export { PERMISSIONS, type Permission } from './permission';
