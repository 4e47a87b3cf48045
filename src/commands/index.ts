export type { AttemptResult, CommandAnswer } from './command-answer';
export { CommandBook, type CommandJob, type IntendedCommand } from './command-book';
export type { CommandLimits } from './command-outcome';
export type { Asked, CommandOwner, Finding, Rejected } from './command-owner';
export { CommandSender } from './command-sender';
export { CommandEntity } from './command.entity';
export { CommandsModule } from './commands.module';
export { SenderGround } from './sender-ground';
