import type { DataSource } from 'typeorm';
import { verifyAuditTrail, type Anchor } from './verify-audit-trail';

const WHAT_IS_WRONG = {
  changed: 'is not as it was written (changed, or put in another order)',
  missing: 'is missing',
  end_missing: 'and all after it are missing',
  unexpected: 'was not written by this service',
  rewritten: 'is not the row that was anchored: the chain was written anew',
} as const;

/**
 * `npm run audit -- verify [--anchor ID:HASH]`: reads the whole trail and prints one line.
 * @returns the exit code: 0 intact, 1 broken, 2 wrong use
 */
export async function runAuditCommand(
  dataSource: DataSource,
  { anchor: anchorText }: { readonly anchor?: string | undefined },
  out: (line: string) => void,
): Promise<number> {
  const anchor = anchorText === undefined ? undefined : readAnchor(anchorText);
  if (anchor === 'unreadable') {
    out('--anchor takes ID:HASH as an earlier verify printed it');
    return 2;
  }
  const verdict = await verifyAuditTrail(dataSource, anchor);
  if (verdict.kind === 'intact') {
    out(`The audit trail is intact: ${verdict.rows} rows. Anchor: ${verdict.rows}:${verdict.hash}`);
    return 0;
  }
  out(`The audit trail is BROKEN: row ${verdict.at} ${WHAT_IS_WRONG[verdict.why]}`);
  return 1;
}

function readAnchor(text: string): Anchor | 'unreadable' {
  const [, id, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(text) ?? [];
  return id === undefined || hash === undefined ? 'unreadable' : { id: BigInt(id), hash };
}
