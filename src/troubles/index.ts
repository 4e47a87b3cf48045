export { Runbooks, runbookView } from './runbooks';
export { TroublesModule } from './troubles.module';
export { Troubles } from './troubles.service';
