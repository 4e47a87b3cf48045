import type { Clock } from '../../src/kernel';
import { AuditSeals, AuditTrail } from '../../src/platform';

export const AUDIT_KEY = Buffer.alloc(32, 7);
export const auditSeals = new AuditSeals([AUDIT_KEY]);

/** A trail as the service writes it, sealed with the key that tests use. */
export function auditTrail(clock: Clock): AuditTrail {
  return new AuditTrail(clock, auditSeals);
}
