import type { DataSource } from 'typeorm';
import { systemClock } from '../kernel';
import { AuditTrail, FieldCipher, encryptionKeysIn } from '../platform';
import { encryptedColumns, rotateColumn } from './rotate-keys';

/**
 * `npm run rotate-keys`: encrypts everything with the first key of ARREMATE_ENCRYPTION_KEY. Can be stopped and run
 * again at any time.
 * @returns the exit code: 0 all done, 1 rows of an older key came meanwhile
 */
export async function runRotateKeys(
  dataSource: DataSource,
  options: { readonly keys: string | undefined; readonly actor: string },
  out: (line: string) => void,
): Promise<number> {
  const cipher = new FieldCipher(encryptionKeysIn(options.keys));
  let remaining = 0;
  const counts: Record<string, string> = {};
  for (const column of await encryptedColumns(dataSource)) {
    const name = `${column.table}.${column.data_column}`;
    const rotation = await rotateColumn(dataSource, cipher, column);
    remaining += rotation.remaining;
    counts[name] = String(rotation.rotated);
    out(
      `${name}: ${rotation.rotated} encrypted anew${rotation.remaining > 0 ? `, ${rotation.remaining} left` : ''}`,
    );
  }
  await dataSource.transaction((tx) =>
    new AuditTrail(systemClock).record(tx, {
      actor: options.actor,
      action: 'encryption.rotated',
      subject: `key ${cipher.currentKeyId}`,
      details: counts,
    }),
  );
  out(
    remaining === 0
      ? `Everything is encrypted with key ${cipher.currentKeyId}.`
      : `${remaining} rows were written with an older key meanwhile: restart every process with the new key, then run this again.`,
  );
  return remaining === 0 ? 0 : 1;
}
