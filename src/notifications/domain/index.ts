export {
  ALERT_KINDS,
  ALERT_PREFIX,
  ALERT_SEVERITIES,
  type AlertKind,
  type AlertNews,
  type AlertSeverity,
} from './alert-kinds';
export { alertLine } from './alert-words';
export { CLOUD_EVENT_TYPE, writeCloudEvent, type NotificationEvent } from './cloud-event';
export { EVENT_TYPES, PEOPLE_TYPES, TRIAL_TYPE } from './event-types';
export { mailText, messageFor, slackBody, teamsBody } from './people-message';
export { quietLeftMs } from './quiet-hours';
export { waitAfter } from './retry-schedule';
export { signWebhook, writeSecret } from './standard-webhook';
