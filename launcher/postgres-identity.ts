import { chownSync, mkdirSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './launch-error';
import type { PostgresBinaries } from './postgres-binaries';
import { run, type Outcome } from './processes';

/** How PostgreSQL's programs are started: it refuses to run as root. */
export interface PostgresIdentity {
  run(program: string, args: readonly string[]): Promise<Outcome>;
  /** Lets PostgreSQL read a file that we wrote for it. */
  give(file: string): void;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** What PG* variables of the user's shell say is meant for another server. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))),
  LC_ALL: 'C',
};

/**
 * Chooses whom PostgreSQL runs as, and makes its directory with the right owner.
 *
 * A plain user runs it as himself. For root there are two ways, tried in this order: a user namespace in
 * which root goes by another number (needs nothing, but containers often forbid it), and an unprivileged
 * account of the system that is given the directory (which it must be able to reach).
 *
 * @param home the directory that holds the cluster and what belongs to it; made if missing
 * @param unshare the program that makes the namespace
 * @throws LaunchError where neither works, or where the directory belongs to another user.
 */
export async function chooseIdentity(
  home: string,
  binaries: PostgresBinaries,
  unshare = 'unshare',
): Promise<PostgresIdentity> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (process.getuid === undefined) return asAccount(undefined);
  const uid = process.getuid();
  const owner: Stats = statSync(home);
  if (uid !== 0) {
    if (owner.uid === uid) return asAccount(undefined);
    throw new LaunchError(
      `${home} belongs to another user (uid ${owner.uid}).`,
      'Run as that user, give the directory to this one (chown -R), or choose another ARREMATE_DATA_DIR.',
    );
  }
  if (owner.uid === 0) {
    const namespace = asRootUnderAnotherNumber(anyAccount(), unshare);
    if ((await namespace.run(binaries.postgres, ['--version'])).code === 0) return namespace;
  }
  return asUnprivileged(home, owner.uid === 0 ? anyAccount() : { uid: owner.uid, gid: owner.gid }, binaries);
}

async function asUnprivileged(
  home: string,
  account: Account,
  binaries: PostgresBinaries,
): Promise<PostgresIdentity> {
  const identity = asAccount(account);
  const attempt = await identity.run(binaries.postgres, ['--version']);
  const reached = await identity.run('test', ['-x', join(home, '..')]);
  if (attempt.code !== 0 || reached.code !== 0) {
    throw new LaunchError(
      'PostgreSQL does not run as root, and neither a user namespace nor an unprivileged account ' +
        `(uid ${account.uid}) could be used${attempt.code === 0 ? '' : `: ${attempt.output}`}.`,
      'Run as a plain user, or set DATABASE_URL to a PostgreSQL server (15 or newer).',
    );
  }
  giveTo(home, account);
  return identity;
}

function asAccount(account: Account | undefined): PostgresIdentity {
  return {
    run: (program, args) => run(program, args, { ...account, cwd: '/', env: environment }),
    give: (file) => {
      if (account !== undefined) chownSync(file, account.uid, account.gid);
    },
  };
}

function asRootUnderAnotherNumber({ uid, gid }: Account, unshare: string): PostgresIdentity {
  const options = ['--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'];
  return {
    run: (program, args) => run(unshare, [...options, program, ...args], { cwd: '/', env: environment }),
    give: () => undefined,
  };
}

/** PostgreSQL looks its user up by number, so it must be one that exists: 1000 where there is one. */
function anyAccount(): Account {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map((fields) => ({ uid: Number(fields[2]), gid: Number(fields[3]) }))
    .filter(({ uid }) => uid > 0);
  return accounts.find(({ uid }) => uid === 1000) ?? accounts.at(-1) ?? { uid: 65534, gid: 65534 };
}

function giveTo(directory: string, account: Account): void {
  chownSync(directory, account.uid, account.gid);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) giveTo(path, account);
    else chownSync(path, account.uid, account.gid);
  }
}
