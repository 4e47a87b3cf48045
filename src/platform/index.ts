export { actorOf, CurrentActor, type Actor, type RequestWithActor } from './actor';
export { applyMigrations } from './apply-migrations';
export { AuditSeals } from './audit-seals';
export { AuditTrail, type AuditEntry } from './audit-trail.service';
export {
  BINDING_BEGUN,
  BINDING_DONE,
  BINDING_SUBJECT,
  readBindingStage,
  type BindingStage,
} from './binding-stage';
export { ClientAddress } from './client-address';
export { serveConsole } from './console-pages';
export { cursorInstant, decodeCursor, encodeCursor, pageOf, type Page } from './cursor';
export { pageByInstant } from './page-by-instant';
export { createDataSource } from './data-source';
export { databaseAt } from './database-address';
export { isDatabaseAway, isPassing } from './database-away';
export { DatabaseRefusal, opened } from './database-refusal';
export { eachApart } from './each-apart';
export {
  CHAIN_START,
  PERMISSIONS,
  chainHash,
  type AuditAction,
  type DeedTo,
  type Permission,
  type Trace,
} from './domain';
export { readPrivilege } from './database-roles';
export { Draining } from './draining';
export { encryptedColumns, type ColumnNames, type EncryptedColumn } from './encrypted-columns';
export { BOUND, BlindIndex, FieldCipher, UnknownKeyError, isAwaitedKey, type Sealed } from './field-cipher';
export { GroupCommit, isRowError } from './group-commit';
export { Pace } from './pace';
export { HOT_POOL } from './hot-pool';
export { createHttpAdapter } from './http-adapter';
export { inTurns } from './in-turns';
export { InstanceRegistry } from './instance-registry.service';
export { DOCUMENTS, SHEETS, useExactJson } from './json-body';
export { switchBidding, UNWATCHED } from './kill-switch';
export { freeForUs, freeRows, leaseLeftMs, markUnderLease, type LeaseGuard } from './lease';
export { LOGGER, createLogger, type Logger } from './logger';
export { ManagementDoor } from './management-door.service';
export { closedCounter, METRICS } from './metrics';
export { migrate } from './migrate';
export { NameResolver } from './name-resolver';
export { NEEDS, Needs } from './needs';
export { CLOCK } from './clock';
export { ClockWatch } from './clock-watch.service';
export { ParquetPages, type ParquetType, type ParquetValue } from './parquet-pages';
export { Periodic } from './periodic';
export { PlatformModule } from './platform.module';
export { createPool, KEEP_ALIVE } from './pool';
export { problemIn, ProblemException, type Said } from './problem';
export { ProblemFilter } from './problem.filter';
export { IS_PUBLIC, Public } from './public';
export { ReadDatabase } from './read-database';
export { ReplicaReads } from './replica.service';
export { ReadyDetails } from './ready-details';
export { guardAnswers } from './response-headers';
export { assertSchemaFits, SchemaError } from './schema-range';
export type { SendingPermit } from './sending-permit';
export { Sightings } from './sightings';
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
export { Terminal } from './terminal.service';
export { Traces } from './traces.service';
export { untilDone } from './until-done';
export { partsAround, SHEET_HEAD, SHEET_PART, SHEET_TAIL, xmlText } from './xlsx-parts';
