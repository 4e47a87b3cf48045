/** Whether every package of the lockfile may be used: by its licence, or by name with a reason (licences.json). */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rules = join(dirname(fileURLToPath(import.meta.url)), 'licences.json');

/** @returns what is wrong, one line each */
export function licenceFaults(lockfile, { allowed, exceptions } = JSON.parse(readFileSync(rules, 'utf8'))) {
  const packages = Object.entries(lockfile.packages).filter(([path]) => path !== '');
  const used = new Set();
  const faults = packages.flatMap(([path, { license }]) => {
    const name = path.replace(/^.*node_modules\//, '');
    // The binaries of a package for each platform stand beside it.
    const excepted = Object.keys(exceptions).find((known) => name === known || name.startsWith(`${known}-`));
    if (license !== undefined && isAllowed(license, allowed)) return [];
    if (excepted !== undefined) {
      used.add(excepted);
      return [];
    }
    return [`${name}: ${license ?? 'says no licence'}`];
  });
  const stale = Object.keys(exceptions).filter((name) => !used.has(name));
  return [...new Set(faults), ...stale.map((name) => `${name}: an exception that nothing needs`)];
}

/** An SPDX expression as packages write it: OR leaves the choice, AND does not. */
function isAllowed(expression, allowed) {
  const bare = expression.replaceAll(/[()]/g, '').trim();
  if (bare.includes(' AND ') && bare.includes(' OR ')) return false;
  if (bare.includes(' OR ')) return bare.split(' OR ').some((one) => allowed.includes(one.trim()));
  return bare.split(' AND ').every((one) => allowed.includes(one.trim()));
}
