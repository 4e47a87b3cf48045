export { AccessModule } from './access.module';
export { Callers } from './callers.service';
export { runAuditCommand } from './audit.command';
export { Standings } from './standings.service';
export { runRotateKeys } from './rotate-keys.command';
