import type { DataSource } from 'typeorm';
import { MINUTE_MS, hasCode, systemClock } from '../kernel';
import {
  AuditSeals,
  AuditTrail,
  createDataSource,
  opened,
  encryptedColumns,
  encryptionKeysIn,
  FieldCipher,
  readBindingStage,
} from '../platform';
import { beginBinding, enforceBinding, waitUntilKnown } from './bind-columns';
import { rotateColumn } from './rotate-keys';

/** Processes look every 2 s. */
const KNOWN_WITHIN_MS = MINUTE_MS;
const FORBIDDEN = '42501';
const STEPS_SHOWN = 10;

export interface RotationOptions {
  /** ARREMATE_ENCRYPTION_KEY */
  readonly keys: string | undefined;
  readonly actor: string;
  /** DATABASE_OWNER_URL; undefined: the given connection is the owner's. */
  readonly ownerUrl?: string | undefined;
}

/**
 * `npm run rotate-keys`: encrypts everything with the first key of ARREMATE_ENCRYPTION_KEY, bound to its place. Can be
 * stopped and run again at any time.
 * @returns the exit code: 0 all done, 1 something is left to be done
 */
export async function runRotateKeys(
  dataSource: DataSource,
  options: RotationOptions,
  out: (line: string) => void,
): Promise<number> {
  const keys = encryptionKeysIn(options.keys);
  const cipher = new FieldCipher(keys, await readBindingStage(dataSource));
  const audit = new AuditTrail(systemClock, new AuditSeals(keys));
  const { actor } = options;
  if (cipher.stage === 'unbound') {
    const older = await beginBinding(dataSource, audit, actor);
    if (older.length > 0) {
      out(`A process of an older release could not read what is bound. End it first: ${older.join(', ')}`);
      return 1;
    }
    cipher.follow('binding');
  }
  const behind = cipher.stage === 'bound' ? [] : await waitUntilKnown(dataSource, KNOWN_WITHIN_MS);
  if (behind.length > 0) {
    out(
      `Still written as before by ${behind.join(', ')}: see why it does not hear of it, then run this again.`,
    );
    return 1;
  }
  const counts: Record<string, string> = {};
  const remaining = await rotateAll(dataSource, cipher, counts, out);
  await dataSource.transaction((tx) =>
    audit.record(tx, {
      actor,
      action: 'encryption.rotated',
      subject: `key ${cipher.currentKeyId}`,
      details: counts,
    }),
  );
  if (remaining > 0) {
    out(
      `${remaining} rows were written with an older key meanwhile: restart every process with the new key, then run this again.`,
    );
    return 1;
  }
  if (!(await enforceAsOwner(dataSource, audit, options))) {
    out(
      'Everything is encrypted anew. That the database lets in nothing else is for the owner of its tables to say: run this again with DATABASE_OWNER_URL.',
    );
    return 1;
  }
  out(`Everything is encrypted with key ${cipher.currentKeyId} and bound to its place.`);
  return 0;
}

async function rotateAll(
  dataSource: DataSource,
  cipher: FieldCipher,
  counts: Record<string, string>,
  out: (line: string) => void,
): Promise<number> {
  let remaining = 0;
  for (const column of encryptedColumns) {
    let shown = 0;
    const rotation = await rotateColumn(dataSource, cipher, column, (share) => {
      if (share * STEPS_SHOWN < shown + 1 || share === 1) return;
      shown = Math.floor(share * STEPS_SHOWN);
      out(`${column.column}: ${shown * STEPS_SHOWN} %`);
    });
    remaining += rotation.remaining;
    counts[column.column] = String(rotation.rotated);
    out(
      `${column.column}: ${rotation.rotated} encrypted anew${rotation.remaining > 0 ? `, ${rotation.remaining} left` : ''}`,
    );
  }
  return remaining;
}

/** @returns false where the role may not */
async function enforceAsOwner(
  dataSource: DataSource,
  audit: AuditTrail,
  { ownerUrl, actor }: RotationOptions,
): Promise<boolean> {
  const owner =
    ownerUrl === undefined
      ? dataSource
      : await opened(createDataSource(ownerUrl, { poolSize: 1, applicationName: 'arremate-owner' }));
  try {
    await enforceBinding(owner, audit, actor);
    return true;
  } catch (error) {
    if (hasCode(error, FORBIDDEN)) return false;
    throw error;
  } finally {
    if (owner !== dataSource) await owner.destroy();
  }
}
