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

  it('fails with the reason when a thread cannot go on', async () => {
    await expect(run(compiled(SEED), { encryptionKeys: [] })).rejects.toThrow('at least one encryption key');
  });
});
