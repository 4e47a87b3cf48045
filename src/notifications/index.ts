export { AlertOutbox } from './alert-outbox.service';
export { Outbox } from './outbox.service';
export { NotificationsModule } from './notifications.module';
