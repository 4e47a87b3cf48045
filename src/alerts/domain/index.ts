export { ALERT_RUNBOOKS, type FoundAlert, type OpenAlert } from './alert';
export { changesOf } from './changes';
