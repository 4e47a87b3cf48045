import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { auctionFilter } from '../../src/history/auction-filter';
import { countedFromFacts } from '../../src/history/charts/counted-parts';
import { SHAPE } from '../../src/history/facts/fact-row';
import { createDataSource } from '../../src/platform';
import { archive, previewArchive, type ArchiveOptions } from '../../src/retention/archive/archive';
import { runArchiveQuery, runArchiveVerify } from '../../src/retention/archive/archive.command';
import { openColumns } from '../../src/retention/archive/archived-tables';
import { readParts, type Manifest } from '../../src/retention/archive/manifest';
import { auditTrail } from '../support/audit-trail';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const NOW = new Date('2030-06-01T12:00:00Z');
const clock = { now: () => NOW, monotonicMs: () => 0 };
/** Two of January, by São Paulo's midnight, and one of February. */
const OLD = ['2026-01-15T12:00:00.123456Z', '2026-02-01T02:59:59Z', '2026-02-01T03:00:00Z'];
const LEAVING = ['bid_attempt', 'exposure', 'bid', 'decision'];

describe('the archive', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let directory: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    directory = mkdtempSync(join(tmpdir(), 'arremate-archive-'));
  });
  afterEach(async () => {
    rmSync(directory, { recursive: true, force: true });
    await dataSource.destroy();
    await database.drop();
  });

  const sql = (text: string, parameters: readonly unknown[] = []) =>
    dataSource.query<Record<string, unknown>[]>(text, parameters);

  /** An auction that was bid on, lost, and erased. */
  async function auction(key: string, receivedAt: string, { rate = '0.0189', personal = '' } = {}) {
    await sql(
      `WITH event AS (
         INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
         VALUES (sha256($1::text::bytea), $2::timestamptz, 'k', '', 'done') RETURNING id)
       INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
         personal_ciphertext, borrower_index, requested_amount, created_at)
       SELECT $1::text, id, 'lost', $2::timestamptz, 'k.bound', $3::text::bytea, sha256('hidden'), 2100.50, $2 FROM event`,
      [key, receivedAt, personal],
    );
    await sql(
      `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
       VALUES ($1, $2, 'bid', '7', 'h', '[{"code": "OK"}]', '{"who": "***.456.789-**"}')`,
      [key, receivedAt],
    );
    await sql(
      `WITH made AS (
         INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
           disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
           disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at)
         VALUES (gen_random_uuid(), $1, 1, 'rejected', $3::numeric, 12, 2100.50, 200, 2100.50, 2100.50, -0.01, 0.02,
           '2026-01-16', '2026-03-01', 7, '[]', 'row', $2, $2) RETURNING *),
       reserved AS (
         INSERT INTO exposure (request_control_key, auction_key, amount, monthly_interest_rate, counted_on, live_until, status,
           status_reason, borrower_index)
         SELECT request_control_key, auction_key, 2100.50, 0.0189, '2026-01-15', $2, 'released', 'lost', sha256('hidden') FROM made)
       INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, http_status, detail)
       SELECT request_control_key, 1, $2, $2, 'rejected', 400, NULL FROM made`,
      [key, receivedAt, rate],
    );
    await sql(
      `INSERT INTO history_fact (key, received_at, day, hour, product, status, rate, shape)
       VALUES ($1, $2, '2026-01-15', 9, 'private_payroll', 'lost', $3::numeric * 1000000, $4)`,
      [key, receivedAt, rate, SHAPE],
    );
  }

  const run = (wanted: Partial<ArchiveOptions> = {}): Promise<readonly Manifest[] | undefined> =>
    archive(dataSource, auditTrail(clock), {
      clock,
      directory,
      before: new Date('2028-06-01'),
      actor: 'test',
      partAuctions: 10,
      batchAuctions: 1,
      isStopping: () => false,
      ...wanted,
    });
  const left = async (table: string) => Number((await sql(`SELECT count(*) FROM ${table}`))[0]?.['count']);
  async function ask(question: string): Promise<Record<string, unknown>[]> {
    const lines: string[] = [];
    await runArchiveQuery(directory, question, (line) => lines.push(line));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  const seed = async (): Promise<void> => {
    for (const [place, at] of OLD.entries()) await auction(`old-${place}`, at);
  };

  it('takes what no work needs, by month, and answers with the figures that the database had', async () => {
    await seed();
    await auction('young', '2029-01-01T12:00:00Z');
    await auction('somebody', '2026-01-02T12:00:00Z', {
      personal: 'of somebody, and longer than nothing sealed',
    });
    await auction('at-work', '2026-01-03T12:00:00Z');
    await sql(
      `INSERT INTO task (id, kind, auction_key, reason_code, message, due_at, status, opened_at)
       VALUES (gen_random_uuid(), 'auction_parked', 'at-work', 'x', 'x', now(), 'open', now())`,
    );
    await auction('not-asked', '2026-01-05T12:00:00Z'); // as the release before had counted it
    await sql(`UPDATE history_fact SET shape = 3 WHERE key = 'not-asked'`);
    await auction('at-risk', '2026-01-04T12:00:00Z');
    await sql(`UPDATE exposure SET status = 'committed', status_reason = NULL WHERE auction_key = 'at-risk'`);
    const question = `SELECT auction_key, monthly_interest_rate::text AS rate, iof_amount::text AS iof, status,
      disbursement_date::text AS day FROM bid WHERE auction_key LIKE 'old-%' ORDER BY auction_key`;
    const before = await sql(question);
    const lostAtSomeRate = auctionFilter.parse({ status: 'lost', rate_from: '0.0001' });
    const few = countedFromFacts(lostAtSomeRate, { isFew: true });
    const charts = await sql(few.sql, few.parameters);
    expect(charts).toMatchObject([{ funnel: [{ requests: '8' }] }]);

    expect(await previewArchive(dataSource, new Date('2028-06-01'))).toEqual([
      { month: '2026-01', auctions: 2 },
      { month: '2026-02', auctions: 1 },
    ]);
    expect((await run())?.map(({ month, part, auctions }) => [month, part, auctions])).toEqual([
      ['2026-01', 1, 2],
      ['2026-02', 1, 1],
    ]);
    for (const table of LEAVING) expect(await left(table)).toBe(5);
    // By its key a copy that comes years later is still known for one.
    expect([await left('auction'), await left('webhook_event'), await left('history_fact')]).toEqual([
      8, 8, 8,
    ]);

    expect(await sql(few.sql, few.parameters)).toEqual(charts);
    const found = await ask(question.replaceAll('::text', '::VARCHAR'));
    expect(
      found.map(({ rate, iof, ...rest }) => ({ ...rest, rate: Number(rate), iof: Number(iof) })),
    ).toEqual(before.map(({ rate, iof, ...rest }) => ({ ...rest, rate: Number(rate), iof: Number(iof) })));
    expect(
      await ask(`SELECT auction.month, count(*)::INT AS auctions, sum(requested_amount)::VARCHAR AS asked FROM auction
        JOIN decision ON auction_key = issuer_proposal_request_key AND decision.month = auction.month GROUP BY ALL ORDER BY ALL`),
    ).toMatchObject([{ auctions: 2, asked: '4201.000000000000' }, { auctions: 1 }]);
    expect(await ask(`SELECT min(received_at)::VARCHAR AS first FROM auction`)).toEqual([
      { first: '2026-01-15 12:00:00.123456' },
    ]);
    expect(await run()).toEqual([]);
    expect(
      await sql(`SELECT details FROM audit_event WHERE action = 'retention.archived' ORDER BY id`),
    ).toMatchObject([
      { details: { month: '2026-01', auctions: '2', bid: '2', decision: '2' } },
      { details: { month: '2026-02', auctions: '1' } },
    ]);
  });

  it('holds nobody: no column that is ever erased, no person of the house, no file that can be read by others', async () => {
    await seed();
    await run();
    const hidden = Buffer.from((await sql(`SELECT sha256('hidden') AS index`))[0]?.['index'] as Buffer);
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.'),
    );
    for (const name of files) {
      const bytes = readFileSync(join(directory, name));
      expect(bytes.includes(hidden) || bytes.includes(hidden.toString('hex'))).toBe(false);
    }
    for (const { files: kept } of readParts(directory))
      for (const { table, columns } of kept)
        expect(columns.filter((column) => openColumns(table).leftOut.includes(column))).toEqual([]);
    expect(openColumns('auction').leftOut).toEqual(
      expect.arrayContaining(['personal_ciphertext', 'borrower_index', 'employer_index', 'admission_date']),
    );
  });

  it('goes on where it was cut off, and begins a part anew that was not whole', async () => {
    await seed();
    mkdirSync(join(directory, 'month=2026-01', 'part-0001.unfinished'), { recursive: true });
    writeFileSync(join(directory, 'month=2026-01', 'part-0001.unfinished', 'bid.parquet'), 'half a file');
    let looks = 0;
    // Asked before the part and before each of its two auctions: one is gone when it stops.
    expect(await run({ isStopping: () => (looks += 1) > 2 })).toEqual([]);
    expect(readParts(directory).map(({ removed_at: removed }) => removed)).toEqual([null]);
    expect(await left('decision')).toBe(2);
    // Whoever comes late to a month that is archived gets a part of its own.
    await auction('late', '2026-01-16T12:00:00Z');
    expect((await run())?.map(({ month, part, auctions }) => [month, part, auctions])).toEqual([
      ['2026-01', 1, 2],
      ['2026-01', 2, 1],
      ['2026-02', 1, 1],
    ]);
    for (const table of LEAVING) expect(await left(table)).toBe(0);
    expect(await ask(`SELECT count(*)::INT AS bids FROM bid`)).toEqual([{ bids: 4 }]);
  });

  it('holds an auction once, also when a backup has brought back what was deleted', async () => {
    await seed();
    await dataSource.destroy();
    const backup = await database.copy();
    await dataSource.initialize();
    await run();
    const held = await ask(`SELECT count(*)::INT AS bids FROM bid`);
    await dataSource.destroy();
    await database.goBackTo(backup);
    await dataSource.initialize();
    expect((await run({ partAuctions: 1 }))?.map(({ month, part }) => [month, part])).toEqual([
      ['2026-01', 1],
      ['2026-02', 1],
    ]);
    expect(await ask(`SELECT count(*)::INT AS bids FROM bid`)).toEqual(held);
    for (const table of LEAVING) expect(await left(table)).toBe(0);
    expect(await sql(`SELECT details FROM audit_event WHERE action = 'retention.archived'`)).toHaveLength(2);
    expect(await run()).toEqual([]);
  });

  it('holds an auction once, also when somebody had it in hand while its part was deleted', async () => {
    await auction('late', OLD[0] ?? '');
    let looks = 0;
    await run({ isStopping: () => (looks += 1) > 1 }); // written, and nothing deleted
    await sql(
      `INSERT INTO task (id, kind, auction_key, reason_code, message, due_at, status, opened_at)
       VALUES (gen_random_uuid(), 'auction_parked', 'late', 'x', 'x', now(), 'open', now())`,
    );
    await run();
    expect(await left('decision')).toBe(1);
    await sql(`DELETE FROM task`);
    await run();
    expect([await left('decision'), readParts(directory).length]).toEqual([0, 1]);
  });

  it('deletes nothing that its files do not hold', async () => {
    await auction('too-fine', OLD[0] ?? '', { rate: '0.0189000000001' });
    await expect(run()).rejects.toThrow('bid.monthly_interest_rate has a value with more decimals');
    expect([await left('bid'), readParts(directory)]).toEqual([1, []]);

    await sql(`UPDATE bid SET monthly_interest_rate = 0.0189`);
    let looks = 0;
    await run({ isStopping: () => (looks += 1) > 1 }); // written, and nothing deleted
    const file = join(directory, 'month=2026-01', 'part-0001', 'decision.parquet');
    appendFileSync(file, 'x');
    await expect(run()).rejects.toThrow('is not the file of decision that was archived');
    expect(await left('decision')).toBe(1);
    const said: string[] = [];
    expect(await runArchiveVerify(directory, (line) => said.push(line))).toBe(1);
    expect(said.join()).toContain('decision.parquet');
    rmSync(file);
    await expect(run()).rejects.toThrow('the archive has lost');
    expect(await left('decision')).toBe(1);
  });

  it('is not taken for an empty one when its folder is gone, or holds less than was archived', async () => {
    const said: string[] = [];
    const verify = (place: string) => runArchiveVerify(place, (line) => said.push(line), dataSource);
    await seed();
    await run();
    await auction('next', '2026-03-15T12:00:00Z');
    const nowhere = join(directory, 'nowhere');
    await expect(verify(nowhere)).rejects.toThrow(`${nowhere} is no folder`);
    await expect(runArchiveQuery(nowhere, 'SELECT 1', () => undefined)).rejects.toThrow('is no folder');
    expect(await verify(directory)).toBe(0);

    rmSync(join(directory, 'month=2026-02'), { recursive: true });
    await expect(run()).rejects.toThrow(`${directory} lacks 2026-02 part 1`);
    expect(await verify(directory)).toBe(1);
    expect(said.join('\n')).toContain('2026-02 part 1 was archived and is not here');

    await expect(run({ directory: nowhere })).rejects.toThrow(
      `${nowhere} lacks 2026-01 part 1, 2026-02 part 1`,
    );
    expect([await left('decision'), existsSync(nowhere)]).toEqual([1, false]);
  });

  it('answers questions about its files, and does nothing else', async () => {
    await seed();
    await run();
    for (const [question, refusal] of [
      [`SELECT * FROM read_csv('/etc/passwd')`, 'Permission Error'],
      [`COPY (SELECT 1) TO '${directory}/month=2026-01/part-0001/bid.parquet'`, 'one SELECT'],
      ['SELECT 1; SELECT 2', 'one SELECT'],
      ['SELECT nothing FROM bid', 'nothing'],
    ] as const)
      await expect(ask(question)).rejects.toThrow(refusal);
  });
});
