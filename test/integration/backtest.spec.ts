import type { DataSource } from 'typeorm';
import { runBacktest, type BacktestReportFigures } from '../../src/trial/backtest';
import { parseJson } from '../../src/kernel';
import { createDataSource, FieldCipher } from '../../src/platform';
import { compilePolicy, parsePolicy, type CompiledPolicy, type ExternalLists } from '../../src/policy';
import { PackedEntries, PackedList } from '../../src/policy/packed-list';
import { storeRequests } from '../support/stored-requests';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { policyNamed } from './policy-world';

/** Threads that give way to everybody else need time on a busy machine. */
jest.setTimeout(120_000);

const KEY = Buffer.alloc(32, 7);
const REQUESTS = 1_234; // three pages
const ALL_YEAR = { from: new Date('2025-12-31'), before: new Date('2027-01-01') };
/** Twelve requests a second. */
const TEN_SECONDS = { from: ALL_YEAR.from, before: new Date('2026-01-01T00:00:10Z') };

type Document = Readonly<Record<string, unknown>>;

const SEED = policyNamed('Em vigor');

function compiled(document: Document, lists?: ExternalLists): CompiledPolicy {
  const parsed = parsePolicy(parseJson(JSON.stringify(document)));
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return compilePolicy(parsed.policy, lists);
}

describe('a backtest on threads of its own', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let cpfs: readonly string[];
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 2 }).initialize();
    const cipher = new FieldCipher([KEY]);
    await storeRequests(dataSource, cipher, REQUESTS);
    const rows = await dataSource.query<{ hash: string; raw_key_id: string; raw_ciphertext: Buffer }[]>(
      `SELECT encode(content_hash, 'hex') AS hash, raw_key_id, raw_ciphertext FROM webhook_event ORDER BY received_at`,
    );
    cpfs = rows.map(({ hash, raw_key_id: keyId, raw_ciphertext: ciphertext }) => {
      const raw = cipher.decrypt({ keyId, ciphertext }, 'webhook_event.raw_ciphertext', hash).toString();
      return /"document_number":"(\d{11})"/.exec(raw)?.[1] ?? '';
    });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const run = (
    candidate: CompiledPolicy,
    { period = TEN_SECONDS, onPage = (_done: number) => true, encryptionKeys = [KEY] },
  ) =>
    runBacktest(
      { database: dataSource, encryptionKeys },
      {
        baseline: { version: '1', compiled: compiled(SEED) },
        candidate: { version: '2', compiled: candidate },
      },
      period,
      (done) => Promise.resolve(onPage(done)),
    );
  const figuresOf = async (candidate: CompiledPolicy): Promise<BacktestReportFigures> => {
    const result = await run(candidate, {});
    if (result.kind === 'stopped') throw new Error('nobody stopped it');
    return result.figures;
  };

  it('decides every request once and tells how far it is', async () => {
    const told: number[] = [];
    const onPage = (done: number) => told.push(done) > 0;
    const result = await run(compiled(SEED), { period: ALL_YEAR, onPage });
    expect(result).toMatchObject({
      kind: 'done',
      figures: { requests: REQUESTS, unreadable: 0, failed: 0, assumed_standing: 0, changed: { lost: 0 } },
    });
    expect(told).toEqual([500, 1_000, REQUESTS]);
  });

  it('prices once for two versions that price alike, and comes to what pricing each comes to', async () => {
    const rules = (SEED['rules'] as { id: string }[]).map((rule) =>
      rule.id === 'tempo-de-casa' ? { ...rule, severity: 'flag' } : rule,
    );
    const stricter = { ...SEED, rules, test_cases: [] };
    const [table, ...others] = SEED['tables'] as { label: string }[];
    const named = { ...stricter, tables: [{ ...table, label: 'Os mesmos preços' }, ...others] };
    const [shared, apart] = [await figuresOf(compiled(stricter)), await figuresOf(compiled(named))];
    expect(shared).toEqual(apart);
    expect(shared.candidate.bids).toBeGreaterThan(shared.baseline.bids);
  });

  it('takes the lists along that are kept outside the document', async () => {
    const blocked = cpfs[70] ?? '';
    const entries = new PackedEntries();
    entries.add(blocked);
    const lists = (SEED['lists'] as { name: string }[]).map((list) =>
      list.name === 'cpfs_bloqueados' ? { ...list, entries: undefined } : list,
    );
    const candidate = compiled({ ...SEED, lists }, new Map([['cpfs_bloqueados', PackedList.of(entries)]]));
    const figures = await figuresOf(candidate);
    const times = cpfs.slice(0, figures.requests).filter((cpf) => cpf === blocked).length;
    expect(figures.candidate.reasons['CPF_BLOCKED']).toBe(times);
    expect(figures.baseline.reasons['CPF_BLOCKED']).toBeUndefined();
  });

  it('knows the end of no bid that QI did not answer, won or lost: of these the wins alone would be told', async () => {
    const keys = await dataSource.query<{ key: string }[]>(
      `SELECT issuer_proposal_request_key AS key FROM auction ORDER BY received_at, 1 LIMIT 4`,
    );
    const ends = [
      ['won', 'accepted', null],
      ['lost', 'accepted', null],
      ['won', 'accepted', 'known_by_outcome'],
      ['lost', 'unproven', 'lost_without_answer'],
    ] as const;
    for (const [at, [auctionStatus, bidStatus, reason]] of ends.entries()) {
      await dataSource.query(
        `WITH ended AS (UPDATE auction SET status = $2 WHERE issuer_proposal_request_key = $1)
         INSERT INTO bid (request_control_key, auction_key, ordinal, status, status_reason, monthly_interest_rate,
           number_of_installments, disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount,
           monthly_cet, disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at)
         VALUES (gen_random_uuid(), $1, 1, $3, $4, 0.02, 12, 1000, 100, 1030, 1050, 30, 0.025, '2026-01-16', '2026-03-01', 7, '[]',
           'row', '2026-01-01', '2026-01-01')`,
        [keys[at]?.key, auctionStatus, bidStatus, reason],
      );
    }
    expect((await figuresOf(compiled(SEED))).wins.known).toEqual({ won: 1, lost: 1 });
  });

  it('stops when nobody wants it any more', async () => {
    const told: number[] = [];
    const onPage = (done: number) => told.push(done) === 0;
    const stopped = await run(compiled(SEED), { period: ALL_YEAR, onPage });
    expect([stopped, told]).toEqual([{ kind: 'stopped' }, [500]]);
  });

  it('sets aside what cannot be opened, and goes on', async () => {
    await dataSource.query(
      `UPDATE webhook_event SET raw_key_id = 'gone.bound' WHERE id IN (SELECT id FROM webhook_event ORDER BY received_at LIMIT 3)`,
    );
    expect(await figuresOf(compiled(SEED))).toMatchObject({ unreadable: 3, failed: 0 });
  });

  it('begins after the newest that was erased, and says so', async () => {
    await dataSource.query(
      `UPDATE webhook_event SET raw_ciphertext = '' WHERE id = (
         SELECT webhook_event_id FROM auction ORDER BY received_at, issuer_proposal_request_key OFFSET 4 LIMIT 1)`,
    );
    const { requests, erased, unreadable, kept_after: keptAfter } = await figuresOf(compiled(SEED));
    expect([requests + erased + unreadable, erased]).toEqual([120, 5]);
    expect(keptAfter).toMatch(/^2026-01-01T00:00:00/);
  });

  it('fails with the reason when a thread cannot go on', async () => {
    await expect(run(compiled(SEED), { encryptionKeys: [] })).rejects.toThrow('at least one encryption key');
  });
});
