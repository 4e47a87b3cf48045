import { isEmptied } from '../../platform';
import { SAO_PAULO } from '../../kernel';
import { COLUMN_CLASSES } from '../column-classes';
import { UNSUCCESSFUL } from '../retention-classes';

/** A table of which an auction's rows go into the archive. */
export interface ArchivedTable {
  readonly table: string;
  /** Its rows, of the auctions whose keys are `$1`. */
  readonly of: string;
  readonly order: string;
  /** Whether they leave the database once they are in the archive. */
  readonly leaves: boolean;
}

const ofBids = 'request_control_key IN (SELECT request_control_key FROM bid WHERE auction_key = ANY ($1))';

/**
 * In the order in which they may be deleted: whoever names another row comes before it. The auction stays, and so does its
 * webhook: by their keys a copy that QI sends years later is still known for one.
 */
export const ARCHIVED_TABLES: readonly ArchivedTable[] = [
  { table: 'bid_attempt', of: ofBids, order: 'request_control_key, ordinal', leaves: true },
  { table: 'exposure', of: ofBids, order: 'request_control_key', leaves: true },
  { table: 'bid', of: 'auction_key = ANY ($1)', order: 'auction_key, ordinal', leaves: true },
  { table: 'decision', of: 'auction_key = ANY ($1)', order: 'auction_key, ordinal', leaves: true },
  {
    table: 'auction',
    of: 'issuer_proposal_request_key = ANY ($1)',
    order: 'issuer_proposal_request_key',
    leaves: false,
  },
  { table: 'history_fact', of: 'key = ANY ($1)', order: 'key', leaves: false },
];

/** What may stand in a file in the clear although it is kept for a reason: no person can be told from it. */
const HARMLESS: readonly (string | undefined)[] = [undefined, 'masked', 'qi_words'];

/** The columns of a table that may leave: none that retention ever erases, none that names people of the house. */
export function openColumns(table: string): {
  readonly open: readonly string[];
  readonly leftOut: readonly string[];
} {
  const open: string[] = [];
  const leftOut: string[] = [];
  for (const { columns, erasedBy, keptBecause } of COLUMN_CLASSES[table] ?? [])
    (erasedBy.length === 0 && HARMLESS.includes(keptBecause) ? open : leftOut).push(
      ...columns.trim().split(/\s+/),
    );
  return { open, leftOut };
}

/** It is here still, without success, nobody is in it, its facts are counted, and nobody has it in hand. */
const SETTLED = `${UNSUCCESSFUL}
  AND ${isEmptied('personal_ciphertext')}
  AND EXISTS (SELECT FROM decision WHERE decision.auction_key = issuer_proposal_request_key)
  AND EXISTS (SELECT FROM history_fact f WHERE f.key = issuer_proposal_request_key AND f.status = auction.status
    AND (f.bid_key IS NULL OR f.margin_is IS NOT NULL)
    -- A release before did not ask the bid whether QI had answered it, and afterwards nobody can.
    AND (f.status <> 'lost' OR f.shape >= 4))
  AND NOT EXISTS (SELECT FROM bid JOIN exposure USING (request_control_key)
    WHERE bid.auction_key = issuer_proposal_request_key AND exposure.status <> 'released')
  AND NOT EXISTS (SELECT FROM task
    WHERE task.auction_key = issuer_proposal_request_key AND task.status <> 'resolved')`;

/** At most `$3` auctions received from `$1` and before `$2` that may go and have not gone, the oldest first. */
export const ARCHIVABLE = `
  SELECT issuer_proposal_request_key AS key, received_at::text,
    to_char(received_at AT TIME ZONE '${SAO_PAULO}', 'YYYY-MM') AS month
  FROM auction
  WHERE received_at >= $1 AND received_at < $2 AND ${SETTLED}
  ORDER BY auction.received_at, issuer_proposal_request_key LIMIT $3`;

/** Of the auctions whose keys are `$1`, those that may still go. */
export const STILL_ARCHIVABLE = `
  SELECT issuer_proposal_request_key AS key FROM auction
  WHERE issuer_proposal_request_key = ANY ($1) AND ${SETTLED}`;
