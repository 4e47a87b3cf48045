import type { DataSource } from 'typeorm';
import { encryptedColumns } from '../../src/platform';

/** A database as one has it whose release knew neither bound ciphertexts nor sealed audit records. */
export async function asOlderReleaseLeftIt(owner: DataSource): Promise<void> {
  // Proposals came later, and bound from the first one on.
  for (const { table, constraint } of encryptedColumns.filter((each) => !each.table.startsWith('proposal')))
    await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);
  await owner.query(`UPDATE audit_head SET sealed = false`);
}
