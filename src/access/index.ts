export { AccessModule } from './access.module';
export { runAuditCommand } from './audit.command';
