import { cpus } from 'node:os';
import type { DataSource, QueryRunner } from 'typeorm';
import type { FieldCipher, Sealed } from '../../../src/platform';
import { count, progress, seconds } from './timing';

const ROWS_AT_ONCE = 250_000;
/** The history is this long, however many auctions it has. */
export const DAYS = 180;
const BORROWERS = 3_000_000;
const EMPLOYERS = 50_000;
export const POLICIES = 40;

/** A number from 0 to below `below` that depends on the row and the salt alone: the same history in every run. */
const drawn = (salt: number, below: number | string): string =>
  `(abs(hashint8extended(i, ${String(salt)}) % 1000000007) % ${String(below)})`;
/** Few borrowers and employers have many auctions, many have few. */
const skewed = (salt: number, count: number): string =>
  `floor(${String(count)} * power(${drawn(salt, 1_000_000)} / 1000000.0, 3))::bigint`;
const mark = (kind: string, number: string): string => `sha256(convert_to('${kind}' || ${number}, 'UTF8'))`;

/** 60 of 100 are declined, 30 lost, 8 won, the others end otherwise. */
const STATUS = `CASE WHEN fate < 60 THEN 'declined' WHEN fate < 90 THEN 'lost' WHEN fate < 98 THEN 'won'
  WHEN fate < 99 THEN 'rejected' ELSE 'expired' END`;
const REASON = `CASE WHEN rare = 0 THEN 'RARE' WHEN rare < 20000 THEN 'MARGIN_TOO_LOW' WHEN rare < 50000 THEN 'TENURE_BELOW_MINIMUM'
  ELSE 'NOT_ELIGIBLE' END`;

export async function store(dataSource: DataSource, cipher: FieldCipher, auctions: number): Promise<void> {
  const started = performance.now();
  const sealed = cipher.encrypt(
    JSON.stringify({
      name: 'MARIA DAS DORES',
      cpf: '52998224725',
      birth_date: '1985-03-01',
      registration: '1',
      employer_document_number: '29113956000181',
    }),
    'auction.personal_ciphertext',
    '',
  );
  // All auctions share one ciphertext, as only those of an older release can.
  await dataSource.query(`ALTER TABLE auction DROP CONSTRAINT auction_personal_key_id_bound`);
  const [connection] = await bareConnections(dataSource, 1);
  if (connection === undefined) throw new Error('there is no connection');
  const indexes = (await connection.query(
    `SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname
     WHERE tablename IN ('auction', 'decision', 'bid', 'operation')
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)`,
  )) as { indexname: string; indexdef: string }[];
  for (const { indexname } of indexes) await connection.query(`DROP INDEX ${indexname}`);

  await connection.query(
    `INSERT INTO policy_version (number, hash, document, state, authors, created_at, changed_at)
     OVERRIDING SYSTEM VALUE
     SELECT i, encode(sha256(convert_to('policy' || i, 'UTF8')), 'hex'), '{}', 'retired', ARRAY['seed'], now(), now()
     FROM generate_series(1, ${String(POLICIES)}) AS i`,
  );

  const batches = Array.from(
    { length: Math.ceil(auctions / ROWS_AT_ONCE) },
    (_, at) => at * ROWS_AT_ONCE,
  ).values();
  let stored = 0;
  const lanes = (await bareConnections(dataSource, Math.min(cpus().length, 4))).map(async (lane) => {
    await lane.query(
      `CREATE TEMP TABLE auction_drawn (i bigint, key text, received_at timestamptz, fate bigint, rare bigint, policy bigint)`,
    );
    for (const first of batches) {
      const last = Math.min(first + ROWS_AT_ONCE, auctions);
      await storeBatch(lane, { first, last, auctions }, sealed);
      stored += last - first;
      progress(`${count(stored)} auctions stored after ${seconds(started)} s`);
    }
    await lane.release();
  });
  await Promise.all(lanes);
  for (const { indexname, indexdef } of indexes) {
    await connection.query(indexdef);
    progress(`${indexname} made after ${seconds(started)} s`);
  }
  await connection.query('VACUUM (ANALYZE) auction, auction_facet, decision, bid, operation');
  const [size] = (await connection.query(
    `SELECT pg_size_pretty(pg_database_size(current_database())) AS size`,
  )) as {
    size: string;
  }[];
  await connection.release();
  progress(`stored in ${seconds(started)} s, ${size?.size ?? ''}`);
}

/** Rows go in without indexes, keys to other tables and triggers; the indexes are made afterwards, as a restore does it. */
export function bareConnections(dataSource: DataSource, number: number): Promise<QueryRunner[]> {
  return Promise.all(
    Array.from({ length: number }, async () => {
      const connection = dataSource.createQueryRunner();
      await connection.connect();
      await connection.query(`SET session_replication_role = replica`);
      await connection.query(`SET statement_timeout = 0`);
      return connection;
    }),
  );
}

async function storeBatch(
  lane: QueryRunner,
  { first, last, auctions }: { readonly first: number; readonly last: number; readonly auctions: number },
  { keyId, ciphertext }: Sealed,
): Promise<void> {
  await lane.query(`TRUNCATE auction_drawn`);
  await lane.query(
    `INSERT INTO auction_drawn
     SELECT i, md5('auction' || i)::uuid::text, timestamptz '2026-05-01' + i * interval '${String(DAYS)} days' / ${String(auctions)},
       ${drawn(1, 100)}, ${drawn(2, 100_000)}, 1 + i * ${String(POLICIES)} / ${String(auctions)}
     FROM generate_series(${String(first)}::bigint, ${String(last - 1)}) AS i`,
  );
  await lane.query(
    `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
       expiration_at, requested_amount, requested_installments, consigned_credit_balance, admission_date, eligible,
       borrower_index, employer_index, employer_document_type, personal_key_id, personal_ciphertext,
       credit_operation_key, ended_at)
     SELECT key, i, ${STATUS}, received_at, received_at + interval '100 seconds', received_at + interval '1 day',
       (50000 + ${drawn(3, 2_500_000)}) / 100.0, 6 + ${drawn(4, 43)}, (5000 + ${drawn(5, 250_000)}) / 100.0,
       date '2010-01-01' + ${drawn(6, 5_800)}::int, true,
       ${mark('borrower', skewed(7, BORROWERS))}, ${mark('employer', skewed(8, EMPLOYERS))}, 'cnpj', $1, $2,
       CASE WHEN fate >= 90 AND fate < 98 THEN md5('operation' || i)::uuid::text END, received_at + interval '2 minutes'
     FROM auction_drawn`,
    [keyId, ciphertext],
  );
  await lane.query(
    `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
     SELECT key, received_at + interval '20 milliseconds', CASE WHEN fate < 60 THEN 'no_bid' ELSE 'bid' END,
       policy::text, encode(sha256(convert_to('policy' || policy, 'UTF8')), 'hex'),
       CASE WHEN fate < 60 THEN jsonb_build_array(jsonb_build_object('code', ${REASON})) ELSE '[]' END,
       jsonb_build_object('padding', repeat(md5(i::text), 8))
     FROM auction_drawn`,
  );
  await lane.query(
    `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate,
       number_of_installments, disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount,
       iof_amount, monthly_cet, disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by,
       rank_position, created_at, submitted_at, answered_at)
     SELECT md5('bid' || i)::uuid, key, 1, CASE WHEN fate = 98 THEN 'rejected' ELSE 'accepted' END,
       0.0150 + ${drawn(9, 250)} / 10000.0, 6 + ${drawn(4, 43)}, 2000, 150, 2100, 2150, 50, 0.03,
       '2026-05-04', '2026-07-20', 1, '[]', 'row', received_at + interval '90 seconds',
       1 + ${drawn(10, 4)}, received_at, received_at + interval '30 milliseconds', received_at + interval '200 milliseconds'
     FROM auction_drawn WHERE fate >= 60`,
  );
  await lane.query(
    `INSERT INTO operation (credit_operation_key, origin, status, status_since, auction_key, request_control_key,
       disbursed_issue_amount, installment_face_value, number_of_installments, monthly_interest_rate, opened_at, ended_at)
     SELECT md5('operation' || i)::uuid::text, 'auction', 'disbursed', received_at + interval '1 day', key,
       md5('bid' || i)::uuid, 2000, 150, 24, 0.02, received_at + interval '2 minutes', received_at + interval '1 day'
     FROM auction_drawn WHERE fate >= 90 AND fate < 98`,
  );
  await lane.query(
    `INSERT INTO auction_facet SELECT facet, received_at, key
     FROM auction_drawn JOIN decision ON auction_key = key, facets_of(reason_codes, policy_version) AS facet`,
  );
}
