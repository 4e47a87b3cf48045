import { Client } from 'pg';

/** SQL for columns that a copy does not share with its sample; the others are copied, instants moved into the past. */
type Overrides = Readonly<Record<string, string>>;

const DAYS = 180;
const SAMPLES = 1_000;

const key = `md5('stored' || i)::uuid::text`;
const controlKey = `md5('stored bid' || i)::uuid`;
const borrower = `sha256(convert_to('stored borrower' || i, 'UTF8'))`;
/** 60 of 100 are declined, 32 lost, 8 won; the declined have no bid. */
const hasBid = 'i % 100 >= 60';
const isWon = 'i % 100 >= 92';

/** In the order of their references. */
const TABLES: Readonly<
  Record<string, { readonly from: string; readonly where?: string; readonly set: Overrides }>
> = {
  webhook_event: {
    from: 'webhook_event s ON s.id = sample.event_id',
    set: {
      id: 'first_id + i',
      content_hash: `sha256(convert_to('stored' || i, 'UTF8'))`,
      event_key: key,
    },
  },
  auction: {
    from: 'auction s ON s.issuer_proposal_request_key = sample.key',
    set: {
      issuer_proposal_request_key: key,
      webhook_event_id: 'first_id + i',
      borrower_index: borrower,
      status: `CASE WHEN ${isWon} THEN 'won' WHEN ${hasBid} THEN 'lost' ELSE 'declined' END`,
      auction_proposal_key: `CASE WHEN ${hasBid} THEN md5('stored proposal' || i)::uuid::text END`,
      credit_operation_key: `CASE WHEN ${isWon} THEN md5('stored loan' || i)::uuid::text END`,
      rank_position: `CASE WHEN ${hasBid} THEN 1 END`,
    },
  },
  decision: {
    from: 'decision s ON s.auction_key = sample.key',
    set: {
      auction_key: key,
      outcome: `CASE WHEN ${hasBid} THEN 'bid' ELSE 'no_bid' END`,
      reasons: `CASE WHEN ${hasBid} THEN '[]' ELSE '[{"code":"NOT_ELIGIBLE","severity":"block"}]'::jsonb END`,
    },
  },
  bid: {
    from: 'bid s ON s.auction_key = sample.key',
    where: hasBid,
    set: {
      request_control_key: controlKey,
      auction_key: key,
      auction_proposal_key: `md5('stored proposal' || i)::uuid::text`,
    },
  },
  bid_attempt: {
    from: 'bid_attempt s ON s.request_control_key = sample.control_key',
    where: hasBid,
    set: { request_control_key: controlKey },
  },
  exposure: {
    from: 'exposure s ON s.auction_key = sample.key',
    where: hasBid,
    set: {
      request_control_key: controlKey,
      auction_key: key,
      borrower_index: borrower,
      status: `CASE WHEN ${isWon} THEN 'committed' ELSE 'released' END`,
      status_reason: `CASE WHEN ${isWon} THEN NULL ELSE 'lost' END`,
    },
  },
  auction_facet: {
    from: 'auction_facet s ON s.issuer_proposal_request_key = sample.key',
    set: { issuer_proposal_request_key: key },
  },
};

/**
 * Fills a database in which auctions have been bid on with so many of the last half year, made from a thousand of those:
 * whatever columns the tables have, the rows look like real ones. Reasons of the declined are not in the facets.
 */
export async function store(
  databaseUrl: string,
  auctions: number,
  progress: (line: string) => void,
): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    // Rows go in without keys to other tables and without the indexes that are no constraints, as a restore does it.
    await client.query(`SET session_replication_role = replica`);
    await client.query(`SET maintenance_work_mem = '512MB'`);
    await client.query(
      `CREATE TEMP TABLE sample AS
       SELECT row_number() OVER () - 1 AS n, auction_key AS key, request_control_key AS control_key,
         webhook_event_id AS event_id
       FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
       WHERE bid.status = 'accepted' AND auction.status = 'bid' AND ordinal = 1 LIMIT ${SAMPLES}`,
    );
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes JOIN pg_class ON relname = indexname
       WHERE schemaname = 'public' AND tablename = ANY ($1)
         AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)`,
      [Object.keys(TABLES)],
    );
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    const { rows: ids } = await client.query<{ first: string }>(`SELECT max(id) AS first FROM webhook_event`);
    const firstId = ids[0]?.first ?? '0';
    for (const table of Object.keys(TABLES)) {
      await client.query(await copying(client, table, auctions, firstId));
      progress(`${table} filled`);
    }
    await client.query(
      `INSERT INTO limit_use (name, key, used, revision)
       SELECT 'per_borrower', encode(borrower_index, 'hex'), CASE status WHEN 'committed' THEN amount ELSE 0 END, 2
       FROM exposure ON CONFLICT DO NOTHING`,
    );
    await client.query(
      `SELECT setval(pg_get_serial_sequence('webhook_event', 'id'), (SELECT max(id) FROM webhook_event))`,
    );
    for (const { definition } of indexes) await client.query(definition);
    await client.query('VACUUM (ANALYZE)');
    const { rows: sizes } = await client.query<{ size: string }>(
      `SELECT pg_size_pretty(pg_database_size(current_database())) AS size`,
    );
    progress(`${auctions} auctions stored, ${sizes[0]?.size ?? ''}`);
  } finally {
    await client.end();
  }
}

async function copying(client: Client, table: string, auctions: number, firstId: string): Promise<string> {
  const definition = TABLES[table];
  if (definition === undefined) throw new Error(`no ${table}`);
  const { rows: columns } = await client.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'`,
    [table],
  );
  const value = ({ name, type }: { name: string; type: string }): string => {
    const given = definition.set[name];
    if (given !== undefined) return given;
    return type === 'timestamp with time zone' ? `s.${name} - ago` : `s.${name}`;
  };
  return `
    INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${columns.map(value).join(', ')}
    FROM generate_series(1, ${auctions}) AS i
    CROSS JOIN LATERAL (SELECT ${firstId}::bigint AS first_id, i * interval '${DAYS} days' / ${auctions} AS ago) AS moved
    JOIN sample ON n = i % (SELECT count(*) FROM sample)
    JOIN ${definition.from}
    WHERE ${definition.where ?? 'true'}`;
}
