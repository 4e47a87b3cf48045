export { actorOf, CurrentActor, May, type Actor, type RequestWithActor } from './actor';
export { applyMigrations } from './database/apply-migrations';
export { AuditSeals } from './audit/audit-seals';
export { AuditTrail, type AuditEntry } from './audit/audit-trail.service';
export {
  BINDING_BEGUN,
  BINDING_DONE,
  BINDING_SUBJECT,
  readBindingStage,
  type BindingStage,
} from './encryption/binding-stage';
export { changedMeanwhile, checkAsSeen, checkValuesAsSeen } from './http/as-it-was-seen';
export { ClientAddress } from './http/client-address';
export { pageLimit, wholeNumber } from './http/whole-number';
export { decimal, instant, pageOfItems, pageQuery, plainText, sha256, share } from './http/api-values';
export { serveConsole } from './http/console-pages';
export { cursorInstant, cursorNumber, decodeCursor, pageOf, type Page } from './database/cursor';
export { pageByInstant } from './database/page-by-instant';
export { createDataSource } from './database/data-source';
export { databaseAt } from './database/database-address';
export { isDatabaseAway, isPassing } from './database/database-away';
export { DatabaseRefusal, opened } from './database/database-refusal';
export { eachApart } from './process/each-apart';
export {
  CHAIN_START,
  PERMISSIONS,
  chainHash,
  type AuditAction,
  type DeedTo,
  type Permission,
  type Trace,
} from './domain';
export { isSamePerson } from './same-person';
export { readPrivilege } from './database/database-roles';
export { Draining } from './process/draining';
export { readDryRun } from './process/dry-run';
export { isEmptied, isSealed } from './encryption/emptied-columns';
export { encryptedColumns, type ColumnNames, type EncryptedColumn } from './encryption/encrypted-columns';
export {
  BOUND,
  BlindIndex,
  FieldCipher,
  UnknownKeyError,
  isAwaitedKey,
  type Sealed,
} from './encryption/field-cipher';
export { GroupCommit, isRowError } from './database/group-commit';
export { Pace } from './process/pace';
export { HOT_POOL } from './database/hot-pool';
export { createHttpAdapter } from './http/http-adapter';
export { endProcess } from './process/end-process';
export { inTime } from './process/in-time';
export { inTurns } from './process/in-turns';
export { InstanceRegistry } from './process/instance-registry.service';
export { DOCUMENTS, SHEETS, useExactJson } from './http/json-body';
export { switchBidding, UNWATCHED } from './kill-switch';
export { freeForUs, freeRows, leaseLeftMs, markUnderLease, type LeaseGuard } from './process/lease';
export { LOGGER, createLogger, type Logger } from './telemetry/logger';
export { ManagementDoor } from './http/management-door.service';
export { closedCounter, METRICS } from './telemetry/metrics';
export { migrate } from './database/migrate';
export { NameResolver } from './name-resolver';
export { NEEDS, Needs, notPermitted } from './needs';
export { CLOCK } from './process/clock';
export { ClockWatch } from './process/clock-watch.service';
export { ParquetPages, type ParquetType, type ParquetValue } from './parquet-pages';
export { Periodic } from './process/periodic';
export { PlatformModule } from './platform.module';
export { createPool, givesUpAfterMs, KEEP_ALIVE } from './database/pool';
export { problemIn, ProblemException, type Said } from './http/problem';
export { ProblemFilter } from './http/problem.filter';
export { IS_PUBLIC, Public } from './public';
export { ReadDatabase } from './database/read-database';
export { ReplicaReads } from './database/replica.service';
export { ReadyDetails } from './http/ready-details';
export { guardAnswers } from './http/response-headers';
export { assertSchemaFits, SchemaError } from './database/schema-range';
export type { SendingPermit } from './process/sending-permit';
export { Sightings } from './telemetry/sightings';
export {
  SETTINGS,
  SettingsError,
  anchorFileOf,
  databaseRolesIn,
  encryptionKeysIn,
  given,
  readSettings,
  type EngineSettings,
  type Settings,
} from './settings';
export { Terminal } from './telemetry/terminal.service';
export { Traces } from './telemetry/traces.service';
export { untilDone } from './process/until-done';
export { partsAround, SHEET_HEAD, SHEET_PART, SHEET_TAIL, xmlText } from './xlsx-parts';
