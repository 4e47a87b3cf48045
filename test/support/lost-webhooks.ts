import type { Pool } from 'pg';
import { waitFor } from './wait-for';

const NOT_APPLIED = `SELECT key FROM unnest($1::text[]) AS key
  WHERE NOT EXISTS (SELECT FROM webhook_event WHERE event_key = key AND status = 'done')`;
const HOW_THEY_STAND = `SELECT format('%s (%s, %s, %s attempts)', key, coalesce(status, 'not there'), reason, attempts) AS key
  FROM unnest($1::text[]) AS key LEFT JOIN webhook_event ON event_key = key`;
const UNDECIDED = `SELECT key FROM unnest($1::text[]) AS key
  WHERE NOT EXISTS (SELECT FROM auction WHERE issuer_proposal_request_key = key AND status NOT IN ('open', 'bidding'))`;

/** What was acknowledged and is not applied after so long, and which requests have come to nothing. */
export async function lostWebhooks(
  sql: Pool,
  { requests, ends }: { readonly requests: readonly string[]; readonly ends: readonly string[] },
  timeoutMs = 20_000,
): Promise<{ readonly lost: readonly string[]; readonly undecided: readonly string[] }> {
  const left = async (query: string, keys: readonly string[]): Promise<readonly string[]> => {
    const { rows } = await sql.query<{ key: string }>(query, [keys]);
    return rows.map(({ key }) => key);
  };
  const isDone = async (): Promise<true | undefined> =>
    (await left(NOT_APPLIED, [...requests, ...ends])).length + (await left(UNDECIDED, requests)).length === 0
      ? true
      : undefined;
  await waitFor('everything to be applied', isDone, { timeoutMs, everyMs: 200 }).catch(() => undefined);
  return {
    lost: await left(HOW_THEY_STAND, await left(NOT_APPLIED, [...requests, ...ends])),
    undecided: await left(UNDECIDED, requests),
  };
}
