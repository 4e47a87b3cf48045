import type { DataSource } from 'typeorm';
import { encryptedColumns } from '../../src/platform';
import { isReadByOlderReleases } from '../../src/platform/encryption/encrypted-columns';

/** A database as one has it whose release knew neither bound ciphertexts nor sealed audit records. */
export async function asOlderReleaseLeftIt(owner: DataSource): Promise<void> {
  for (const { column, table, constraint } of encryptedColumns)
    if (isReadByOlderReleases(column))
      await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);
  await owner.query(`UPDATE audit_head SET sealed = false`);
}
