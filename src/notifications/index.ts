export { AlertOutbox } from './alert-outbox.service';
export { NotificationsModule } from './notifications.module';
