import { commandLineOf, isAlive, parentOf } from './processes';

const CHECK_MS = 200;
/** Programs between npm and us: a shell, and a script that waits for us. */
const FARTHEST = 4;

/**
 * Calls back once the npm that runs us, or what it started us through, is gone. A signal that ends one of them alone does not
 * reach us, and nobody would know then that we still run. Without npm nothing is watched.
 */
export function whenAbandoned(then: () => void): void {
  const above = thoseUpToNpm();
  const parent = process.ppid;
  if (above.length === 0) return;
  const check = setInterval(() => {
    if (process.ppid === parent && above.every(isAlive)) return;
    clearInterval(check);
    then();
  }, CHECK_MS).unref();
}

function thoseUpToNpm(): readonly number[] {
  const above: number[] = [];
  for (let pid: number | undefined = process.ppid; pid !== undefined && pid > 1; pid = parentOf(pid)) {
    above.push(pid);
    if (/\bnpm\b/.test(commandLineOf(pid) ?? '')) return above;
    if (above.length === FARTHEST) break;
  }
  return [];
}
