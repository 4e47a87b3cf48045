export { TroublesModule } from './troubles.module';
export { Troubles } from './troubles.service';
