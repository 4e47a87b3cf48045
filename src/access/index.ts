export { AccessModule } from './access.module';
export { runAuditCommand } from './audit.command';
export { runRotateKeys } from './rotate-keys.command';
