import type { DataSource } from 'typeorm';
import { systemClock } from '../kernel';
import { AuditSeals, AuditTrail, encryptionKeysIn } from '../platform';
import { erase, previewErasure, type Erasure } from './erase';
import { readRetentionPeriods } from './retention-periods';

/**
 * `npm run retention`: what has been kept for longer than config/retention.json says; erased with --apply.
 * @returns the exit code: 1 when another run is under way
 */
export async function runRetentionCommand(
  dataSource: DataSource,
  {
    apply,
    actor,
    keys,
  }: { readonly apply: boolean; readonly actor: string; readonly keys: string | undefined },
  out: (line: string) => void,
): Promise<number> {
  const periods = readRetentionPeriods(systemClock);
  const options = { clock: systemClock, periods, actor };
  const erasures = apply
    ? await erase(dataSource, new AuditTrail(systemClock, new AuditSeals(encryptionKeysIn(keys))), options)
    : await previewErasure(dataSource, options);
  if (erasures === undefined) {
    out('Another run is under way.');
    return 1;
  }
  for (const each of erasures) out(lineOf(each));
  out(apply ? 'Erased.' : 'Nothing was changed: --apply erases it.');
  return 0;
}

function lineOf({ class: name, table, before, rows, bytes }: Erasure): string {
  return `${name.padEnd(22)} ${table.padEnd(18)} before ${before.toISOString().slice(0, 10)}  ${String(rows).padStart(9)} rows ${String(bytes).padStart(12)} bytes`;
}
