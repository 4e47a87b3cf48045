export { AccessModule } from './access.module';
export { Callers } from './callers.service';
export { runAuditCommand } from './audit.command';
export { runRotateKeys } from './rotate-keys.command';
