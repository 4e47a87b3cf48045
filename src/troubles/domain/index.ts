export type {
  CertificateFigures,
  CommandFigures,
  DatabaseFigures,
  DiskFigures,
  Measured,
  ProcessFigures,
  QiFigures,
  WebhookFigures,
} from './measured';
export {
  COUNTS,
  RUNBOOKS,
  TROUBLE_KINDS,
  TROUBLE_SEVERITIES,
  type QiFailure,
  type Trouble,
  type TroubleKind,
  type TroubleSeverity,
} from './trouble';
export { troublesOf } from './troubles-of';
