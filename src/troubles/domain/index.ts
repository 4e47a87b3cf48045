export type { CertificateFigures, DatabaseFigures, DiskFigures } from './measured';
export { runbookIn, type Runbook } from './runbook';
export { HEARD, hourOf, WEEKS_LEARNT, type Heard, type HourlyCounts } from './silence';
export {
  COUNTS,
  RUNBOOKS,
  TROUBLE_KINDS,
  TROUBLE_SEVERITIES,
  type QiFailure,
  type Sight,
  type Trouble,
} from './trouble';
export { sightOf } from './troubles-of';
