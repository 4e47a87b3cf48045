import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { runBacktestCommand } from '../../src/trial';
import { systemClock } from '../../src/kernel';
import { createDataSource, FieldCipher } from '../../src/platform';
import { PolicyLists } from '../../src/policy';
import { PackedEntries, PackedList } from '../../src/policy/packed-list';
import { auditTrail } from '../support/audit-trail';
import { throwawayDirectory } from '../support/data-directory';
import { storeRequests } from '../support/stored-requests';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const FILE = 'config/policies/default.json';

describe('npm run policy -- backtest', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 1 }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const run = async (...args: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runBacktestCommand(dataSource, args, {
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      clock: systemClock,
      actor: 'command line:test',
      encryptionKeys: Buffer.alloc(32, 7).toString('base64'),
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  };

  it('prints the figures and keeps the report under the hash of the candidate', async () => {
    const { code, out } = await run(FILE, FILE, '2026-08-01', '2026-09-01');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      received_from: '2026-08-01T03:00:00.000Z',
      received_before: '2026-09-01T03:00:00.000Z',
      requests: 0,
      wins: { verdict: 'no_change' },
    });
    const reports = await dataSource.query<unknown[]>(`SELECT state, requested_by FROM backtest_report`);
    expect(reports).toEqual([{ state: 'done', requested_by: 'command line:test' }]);
    const audited = await dataSource.query<unknown[]>(`SELECT action FROM audit_event`);
    expect(audited).toEqual([{ action: 'policy.backtest_run' }]);
  });

  describe('of a file whose lists are kept outside it', () => {
    const file = join(throwawayDirectory('policy-'), 'com-lista.json');
    const seed = JSON.parse(readFileSync(FILE, 'utf8')) as { lists?: object[] };
    writeFileSync(
      file,
      JSON.stringify({
        ...seed,
        lists: [...(seed.lists ?? []), { name: 'bloqueados', of: 'borrower_cpf', label: 'Bloqueados' }],
      }),
    );

    it('says which of them the version in force does not have', async () => {
      const { code, err } = await run(file, FILE, '2026-08-01', '2026-09-01');
      expect([code, err]).toEqual([
        1,
        `${file}: erro: lists[bloqueados]: a versão em vigor não tem uma lista com esse nome`,
      ]);
    });

    it('takes those that it has', async () => {
      const cipher = new FieldCipher([Buffer.alloc(32, 7)]);
      const lists = new PolicyLists(dataSource, cipher, auditTrail(systemClock), systemClock);
      const entries = new PackedEntries();
      entries.add('52998224725');
      const { sha256 } = await lists.store(PackedList.of(entries), {
        field: 'borrower_cpf',
        source: 'lista.csv',
        actor: 'test',
      });
      await dataSource.query(
        `INSERT INTO policy_version (hash, document, lists, state, authors, created_at, changed_at)
         VALUES (repeat('0', 64), '{}', $1, 'active', ARRAY['seed'], now(), now())`,
        [{ bloqueados: sha256 }],
      );
      expect(await run(file, FILE, '2026-08-01', '2026-09-01')).toMatchObject({ code: 0 });
    });
  });

  it('says that a file is not there', async () => {
    const { code, err } = await run('nenhum.json', FILE, '2026-08-01', '2026-09-01');
    expect([code, err]).toEqual([1, 'nenhum.json: o arquivo não existe']);
  });

  it('takes days as São Paulo has them', async () => {
    await storeRequests(dataSource, new FieldCipher([Buffer.alloc(32, 7)]), 2);
    const [before, within] = ['2026-08-01T01:00:00Z', '2026-09-01T01:00:00Z'];
    await dataSource.query(
      `UPDATE auction SET received_at = CASE issuer_proposal_request_key
         WHEN (SELECT min(issuer_proposal_request_key) FROM auction) THEN $1::timestamptz ELSE $2::timestamptz END`,
      [before, within],
    );
    const requestsOf = async (...days: string[]): Promise<unknown> =>
      (JSON.parse((await run(FILE, FILE, ...days)).out) as { requests: number }).requests;
    expect(await requestsOf('2026-07-31', '2026-08-01')).toBe(1);
    expect(await requestsOf('2026-08-01', '2026-09-01')).toBe(1);
    expect(await requestsOf('2026-09-01', '2026-10-01')).toBe(0);
  });

  it.each([
    [[FILE]],
    [[FILE, FILE, '2026-09-01', '2026-08-01']],
    [[FILE, FILE, '2026-08-01', '2026-08-01']],
    [[FILE, FILE, '2026-08-01', '2026-09-01', '2026-10-01']],
    [[FILE, FILE, 'ontem', 'hoje']],
    [[FILE, FILE, '01/08/2026', '01/09/2026']],
    [[FILE, FILE, '2026-02-28', '2026-02-31']],
    [[FILE, FILE, '2026-08-01T00:00:00Z', '2026-09-01T00:00:00Z']],
  ])('explains itself on wrong use: %p', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '' });
  });
});
