import { freeRows } from '../platform';

/** What waits for a key that we may be given is left to processes that have it: of the webhook, or of what it is about. */
const MAY_BE_READ = `raw_key_id <> ALL ($4::text[]) AND id <> ALL ($5::bigint[])`;

/**
 * Each half has an index of its own. What the door has just stored may be claimed before it is handed over: whoever comes
 * second finds it in hand, or recorded.
 */
export const CLAIM = `
  WITH free AS (
    ${freeRows({
      table: 'webhook_event',
      where: `status = 'new' AND (not_before IS NULL OR not_before <= clock_timestamp()) AND ${MAY_BE_READ}`,
      orderBy: 'id',
      limit: '$3',
      me: '$1::uuid',
      inHands: '$2::bigint[]',
    })}),
  due AS (
    SELECT id FROM webhook_event
    WHERE status = 'waiting' AND not_before <= clock_timestamp() AND ${MAY_BE_READ}
    ORDER BY not_before LIMIT $3 FOR UPDATE SKIP LOCKED)
  UPDATE webhook_event SET lease_owner = $1, status = 'new', correlation_key = NULL
  WHERE id IN (SELECT id FROM free UNION ALL SELECT id FROM due)
  RETURNING id, webhook_type AS type, received_at, encode(content_hash, 'hex') AS content_hash, raw_key_id, raw_ciphertext`;

export const GIVE_BACK = `UPDATE webhook_event SET lease_owner = NULL
  WHERE status = 'new' AND lease_owner = $1 AND id <> ALL ($2::bigint[])`;
