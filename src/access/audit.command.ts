import type { DataSource } from 'typeorm';
import { AuditSeals, encryptionKeysIn } from '../platform';
import { readAnchors, type Anchor } from './anchor-file';
import { verifyAuditTrail, type Fault } from './verify-audit-trail';

const WHAT_IS_WRONG: Readonly<Record<Fault, string>> = {
  changed: 'is not as it was written (changed, or put in another order)',
  missing: 'is missing',
  end_missing: 'and all after it are missing',
  unexpected: 'was not written by this service',
  rewritten: 'is not the row that was anchored: the chain was written anew',
  anchor_missing:
    'and all after it are missing, though a later one is anchored: the end was cut, or an older copy restored',
  unsealed: 'has no seal, though rows before it have: it was not written by this service',
  forged: 'has a wrong seal: it was not written by this service',
  unknown_key:
    'is sealed with a key that is not given, after rows whose key is: add it to ARREMATE_ENCRYPTION_KEY',
};

export interface AuditOptions {
  /** ID:HASH, besides those of the file. */
  readonly anchor?: string | undefined;
  readonly anchorFile: string;
  /** ARREMATE_ENCRYPTION_KEY */
  readonly keys: string | undefined;
}

/**
 * `npm run audit -- verify [--anchor ID:HASH]`: reads the whole trail, holds it against what is noted outside the
 * database, and prints what it finds.
 * @returns the exit code: 0 intact, 1 broken or proven by nothing, 2 wrong use
 */
export async function runAuditCommand(
  dataSource: DataSource,
  options: AuditOptions,
  out: (line: string) => void,
): Promise<number> {
  const given = options.anchor === undefined ? [] : [readAnchor(options.anchor)];
  if (given.includes('unreadable')) {
    out('--anchor takes ID:HASH as an earlier verify printed it');
    return 2;
  }
  const seals = new AuditSeals(encryptionKeysIn(options.keys));
  const noted = await readAnchors(options.anchorFile);
  const anchors = [...given.filter((anchor) => anchor !== 'unreadable'), ...(noted?.anchors ?? [])];
  const verdict = await verifyAuditTrail(dataSource, seals, anchors);
  out(
    noted === undefined
      ? `There is no ${options.anchorFile}: nothing noted outside the database was compared.`
      : `${noted.anchors.length} anchors of ${options.anchorFile} were compared.`,
  );
  if (noted !== undefined && noted.unreadable > 0) out(`${noted.unreadable} lines of it are no anchors.`);
  if (verdict.kind === 'broken') {
    out(`The audit trail is BROKEN: row ${verdict.at} ${WHAT_IS_WRONG[verdict.why]}`);
    return 1;
  }
  if (verdict.kind === 'unproven') {
    out(
      `The audit trail is UNPROVEN: its ${verdict.rows} rows fit together, but no seal that can be checked covers the last. ` +
        `Records get one after npm run rotate-keys; for a key that was taken out, add it to ARREMATE_ENCRYPTION_KEY.`,
    );
    return 1;
  }
  out(`The audit trail is intact: ${verdict.rows} rows. Anchor: ${verdict.rows}:${verdict.hash}`);
  return 0;
}

function readAnchor(text: string): Anchor | 'unreadable' {
  const [, id, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text) ?? [];
  return id === undefined || hash === undefined ? 'unreadable' : { id: BigInt(id), hash };
}
