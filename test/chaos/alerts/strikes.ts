import { waitFor } from '../../support/wait-for';
import type { Watched } from './watched';

/** A webhook as it stands on disk; its bytes are of no use. */
export async function store(sql: Watched['sql'], key: string, rest: string): Promise<void> {
  await sql.query(
    `INSERT INTO webhook_event (content_hash, webhook_type, event_key, raw_key_id, raw_ciphertext, correlation_key,
       status, received_at, not_before)
     VALUES (sha256($1::text::bytea), 'debt', $1::text, '', '', 'nobody', ${rest})`,
    [key],
  );
}

/** People are told of it, too. */
export async function openAlert(sql: Watched['sql'], kind: string): Promise<void> {
  await waitFor(`the alert ${kind}`, async () => {
    const { rowCount } = await sql.query(`SELECT FROM alert WHERE kind = $1 AND resolved_at IS NULL`, [kind]);
    return rowCount === 1 ? true : undefined;
  });
}

/** A person says of all that is parked that nothing is left to do with it. */
export async function settleParked({ sql }: Pick<Watched, 'sql'>): Promise<void> {
  await openAlert(sql, 'webhooks_parked');
  await sql.query(`UPDATE webhook_event SET settled_at = now(), settled_by = 'x' WHERE status = 'parked'`);
}

/** Changes the end of the audit trail past its triggers; twice is as if never. */
export async function turnLastSeal(sql: Watched['sql']): Promise<void> {
  await sql.query(`ALTER TABLE audit_event DISABLE TRIGGER USER`);
  await sql.query(
    `UPDATE audit_event SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE id = (SELECT last_id FROM audit_head)`,
  );
  await sql.query(`ALTER TABLE audit_event ENABLE TRIGGER USER`);
}

/** A past of four weeks in which much was heard every hour, and processes that have listened since yesterday. */
export async function usual({ sql }: Watched): Promise<void> {
  await sql.query(
    `INSERT INTO heard_hour (what, hour, count)
     SELECT what, hour, 400 FROM unnest(ARRAY['webhooks', 'wins', 'signatures']) AS what,
       generate_series(date_trunc('hour', now()) - interval '28 days', date_trunc('hour', now()) - interval '1 hour',
         interval '1 hour') AS hour
     ON CONFLICT (what, hour) DO UPDATE SET count = excluded.count`,
  );
  await sql.query(`UPDATE instance SET started_at = now() - interval '1 day'`);
  await sql.query(`UPDATE kill_switch SET changed_at = now() - interval '1 day'`);
}
