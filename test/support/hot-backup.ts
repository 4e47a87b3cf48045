import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, statSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

/**
 * PostgreSQL's low-level backup of a cluster that goes on working: its files, then the log that was written meanwhile.
 * @param home of the embedded server
 */
export async function takeBackup(home: string, url: string): Promise<string> {
  const [cluster, copy] = [join(home, 'cluster'), join(home, 'backup')];
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SELECT pg_backup_start('chaos', true)`);
    copyFiles(cluster, copy);
    const { rows } = await client.query<{ labelfile: string }>(
      `SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)`,
    );
    rmSync(join(copy, 'pg_wal'), { recursive: true, force: true });
    copyFiles(join(cluster, 'pg_wal'), join(copy, 'pg_wal'));
    rmSync(join(copy, 'postmaster.pid'), { force: true });
    const label = join(copy, 'backup_label');
    writeFileSync(label, rows[0]?.labelfile ?? '');
    const { uid, gid } = statSync(cluster);
    chownSync(label, uid, gid);
    chmodSync(label, 0o600);
    return copy;
  } finally {
    await client.end();
  }
}

/** Puts a copy in the place of a cluster that has stopped. */
export function restoreBackup(home: string, copy: string): void {
  const cluster = join(home, 'cluster');
  rmSync(cluster, { recursive: true, force: true });
  copyFiles(copy, cluster);
}

/** A file that goes away meanwhile is no fault: the log has it. */
function copyFiles(from: string, to: string): void {
  try {
    execFileSync('cp', ['-a', from, to], { stdio: 'ignore' });
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
