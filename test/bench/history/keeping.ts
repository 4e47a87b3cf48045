import type { DataSource } from 'typeorm';
import { keepingSums, recountSums, staleDays, sumStaleDay } from '../../../src/history/facts/day-sums';
import { factsOfAuctions, storeFacts } from '../../../src/history/facts/fact-row';
import { bareConnections, DAYS } from './filled';
import { progress, seconds } from './timing';

/** Its sums are never right in here. */
const STALE_DAY = '2026-07-10';

/** The facts as the job derives them; what it works out of each bid is drawn. */
export async function deriveFacts(dataSource: DataSource, auctions: number): Promise<void> {
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const started = performance.now();
  await connection.query(
    storeFacts(factsOfAuctions, 'SELECT issuer_proposal_request_key AS key FROM auction'),
  );
  const each = ((performance.now() - started) * 1_000) / auctions;
  progress(`facts derived in ${seconds(started)} s: ${each.toFixed(0)} us an auction`);
  await connection.query(
    `UPDATE history_fact SET margin_is = 'known', loss_row = 't' || term % 9, interest = offered / 4, discount = -offered / 50,
       rebate = offered / 55, funding = offered / 8, prepayment = offered / 100, expected_loss = offered / 20, cost = 4500,
       margin = offered / 4 - offered / 50 + offered / 55 - offered / 8 - offered / 100 - offered / 20 - 4500,
       margin_rate = 9000, paid_out = 750000, first_paid = hour % 20 > 0, told_loss = CASE WHEN hour = 3 THEN 0 END
     WHERE bid_key IS NOT NULL`,
  );
  // In the order in which they come in life.
  await connection.query('CLUSTER history_fact USING history_fact_day');
  await connection.query('VACUUM (ANALYZE) history_fact');
  const [size] = (await connection.query(
    `SELECT pg_size_pretty(pg_total_relation_size('history_fact')) AS size`,
  )) as { size: string }[];
  await connection.release();
  progress(`facts: ${size?.size ?? ''}`);
}

export async function sumDays(dataSource: DataSource): Promise<void> {
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const summing = performance.now();
  for (const day of await staleDays(dataSource)) await dataSource.transaction((tx) => sumStaleDay(tx, day));
  await connection.query('VACUUM (ANALYZE) history_sum, history_stale_day');
  progress(`${String(DAYS)} days summed in ${seconds(summing)} s`);
  // One day is always read from the facts, as today is.
  await connection.query(`INSERT INTO history_stale_day VALUES ('${STALE_DAY}')`);
  await connection.release();
}

/** What it takes to sum a day, to count it anew, and to let it follow what changes late. */
export async function measureKeeping(dataSource: DataSource): Promise<void> {
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const tell = (what: string, started: number, facts: number): void => {
    const ms = performance.now() - started;
    progress(`${what}: ${ms.toFixed(0)} ms, ${((ms * 1_000) / facts).toFixed(0)} us a fact`);
  };
  const day = '2026-07-09';
  const [{ facts } = { facts: 0 }] = (await connection.query(
    `SELECT count(*)::int AS facts FROM history_fact WHERE day = '${day}'`,
  )) as { facts: number }[];
  await connection.query(`INSERT INTO history_stale_day VALUES ('${day}') ON CONFLICT DO NOTHING`);
  await connection.query(`DELETE FROM history_stale_day WHERE day = '${STALE_DAY}'`);
  let started = performance.now();
  await dataSource.transaction((tx) => sumStaleDay(tx, day));
  tell('a day summed', started, facts);
  started = performance.now();
  const differ = await dataSource.transaction((tx) => recountSums(tx, day));
  tell(`a day counted anew, ${String(differ)} rows differ`, started, facts);
  for (const many of [500, 5]) {
    const keys = `SELECT key FROM history_fact WHERE day = '${day}' AND status = 'won' AND loan = 'disbursed' ORDER BY key LIMIT ${String(many)}`;
    await connection.query(
      `UPDATE operation SET status = 'signed', status_since = now(), ended_at = NULL WHERE auction_key IN (${keys})`,
    );
    started = performance.now();
    await connection.query(storeFacts(factsOfAuctions, keys, { keeping: keepingSums }));
    tell(`${String(many)} loans of a summed day, changed late`, started, many);
  }
  const after = await dataSource.transaction((tx) => recountSums(tx, day));
  progress(`counted anew: ${String(after)} rows differ`);
  await connection.query(`INSERT INTO history_stale_day VALUES ('${STALE_DAY}')`);
  await connection.release();
}
