import { chmodSync, chownSync, cpSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres, type RunningPostgres } from '../../launcher/embedded-postgres';
import { takeBackup } from './hot-backup';

/**
 * A standby that follows an embedded server by streaming, with its files in `home`: a base backup with the server's
 * own functions, for the package brings no pg_basebackup.
 * @param primary where the embedded server keeps its files, and its URL
 */
export async function startStreamingReplica(
  primary: { readonly home: string; readonly url: string },
  home: string,
): Promise<RunningPostgres> {
  const copy = await takeBackup(primary.home, primary.url);
  mkdirSync(home, { mode: 0o700 });
  const { uid, gid } = statSync(primary.home);
  const cluster = join(home, 'cluster');
  renameSync(copy, cluster);
  cpSync(join(primary.home, 'password'), join(home, 'password'));
  const { hostname, port, username, password } = new URL(primary.url);
  const follow = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`;
  for (const [name, text] of [
    ['standby.signal', ''],
    ['postgresql.auto.conf', `primary_conninfo = '${follow}'\n`],
  ] as const) {
    writeFileSync(join(cluster, name), text);
    chmodSync(join(cluster, name), 0o600);
  }
  for (const name of ['', 'password', 'cluster/standby.signal', 'cluster/postgresql.auto.conf'])
    chownSync(join(home, name), uid, gid);
  return startEmbeddedPostgres(home);
}
