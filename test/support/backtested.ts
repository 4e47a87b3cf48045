import { randomUUID } from 'node:crypto';

interface Sql {
  query(text: string, parameters: unknown[]): Promise<unknown>;
}

/** A finished backtest of everything there is, as the database shows one. */
export async function backtested(sql: Sql, hash: string, now: Date): Promise<void> {
  await sql.query(
    `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
       requested_by, requested_at, figures, finished_at)
     VALUES ($1, $2, $2, $3::timestamptz - interval '30 days', $3, 'done', 'test', $3,
       jsonb_build_object('requests', (SELECT count(*) FROM auction)), $3)`,
    [randomUUID(), hash, now],
  );
}
