import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { newMigrations } from './released-schema';

/** An earlier state of this project, built in a directory of its own as anybody would who has only it. */
export interface PreviousRelease {
  readonly name: string;
  /** Where its service can be started: `ServiceProcess.start({ home, ... })`. */
  readonly home: string;
  remove(): void;
}

/**
 * @param wanted a tag or commit; else the newest tag `v*` before the present commit, else the commit before the first
 *   migration came that the last release does not know
 * @throws Error where git or the history it needs is not there, or it does not build
 */
export function buildPreviousRelease(wanted: string | undefined): PreviousRelease {
  const name = wanted ?? newestTag() ?? beforeTheFirstNewMigration();
  const commit = git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  if (commit === '')
    throw new Error(
      `${name} is not in this clone of the repository (git fetch --tags --unshallow may bring it).`,
    );
  const home = mkdtempSync(join(tmpdir(), 'arremate-release-'));
  const remove = (): void => {
    rmSync(home, { recursive: true, force: true });
  };
  try {
    run(home, 'git', 'clone', '--quiet', '--shared', '--no-checkout', resolve('.'), '.');
    run(home, 'git', 'checkout', '--quiet', '--detach', commit);
    if (lockfileIn(home) === lockfileIn('.'))
      symlinkSync(resolve('node_modules'), join(home, 'node_modules'));
    run(home, process.execPath, 'scripts/prepare.mjs');
  } catch (error) {
    remove();
    throw error;
  }
  const short = commit.slice(0, 10);
  return { name: /^[0-9a-f]{40}/.test(name) ? short : `${name} (${short})`, home, remove };
}

function newestTag(): string | undefined {
  return git('describe', '--tags', '--match', 'v*', '--abbrev=0', 'HEAD^') || undefined;
}

function beforeTheFirstNewMigration(): string {
  const [first = ''] = newMigrations;
  const came = git('log', '-1', '--diff-filter=A', '--format=%H', '--', first);
  return first === '' || came === '' ? 'HEAD' : `${came}^`;
}

/** @returns what it prints, nothing where it fails */
function git(...args: readonly string[]): string {
  const { error, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  if (error !== undefined) throw new Error('The release before is taken from git, which is not here.');
  return stdout.trim();
}

function run(home: string, command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
}

function lockfileIn(home: string): string {
  return readFileSync(join(home, 'package-lock.json'), 'utf8');
}
