import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReferenceData, type ReferenceData } from './domain';

/** The dated codes and limits that ship in `config/`. @throws when a file is missing or not as described in it. */
export function loadReferenceData(configDirectory: string): ReferenceData {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(configDirectory, name), 'utf8'));
  return readReferenceData(
    read('esocial-codes.json'),
    read('regulatory-limits.json'),
    read('fgts.json'),
    read('federal-payroll.json'),
  );
}
