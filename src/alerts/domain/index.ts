export { ALERT_RUNBOOKS, type AlertsSeen, type FoundAlert, type OpenAlert } from './alert';
export { changesOf } from './changes';
