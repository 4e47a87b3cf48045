export { ALERT_RUNBOOKS, type AlertName, type AlertsSeen, type FoundAlert, type OpenAlert } from './alert';
export { changesOf } from './changes';
