import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { runAuditCommand } from '../../src/access';
import { appendAnchor, readAnchors } from '../../src/access/anchor-file';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { Decimal, systemClock } from '../../src/kernel';
import { AuditSeals, AuditTrail, createDataSource, type AuditEntry } from '../../src/platform';
import { auditSeals, auditTrail, AUDIT_KEY } from '../support/audit-trail';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { createAccessWorld, MASTER, type AccessWorld } from './access-world';

describe('the audit trail', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  const trail = auditTrail(systemClock);
  const ROWS = 6;
  const START_AGAIN = `UPDATE audit_head SET last_id = 0, last_hash = decode(repeat('00', 32), 'hex')`;
  const lines: string[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url).initialize();
    for (let i = 1; i <= ROWS; i += 1) await record(`thing ${i}`);
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const deed = (subject: string): AuditEntry => ({
    actor: 'somebody',
    action: 'session.started',
    subject,
    reason: 'because "çã"',
    details: { amount: new Decimal('100.00'), nested: { list: [true, null, 'x'] } },
  });
  const record = (subject: string): Promise<void> =>
    dataSource.transaction((tx) => trail.record(tx, deed(subject)));
  const verify = (options: { anchor?: string; anchorFile?: string } = {}): Promise<number> =>
    runAuditCommand(
      dataSource,
      { keys: AUDIT_KEY.toString('base64'), anchorFile: '/nowhere/anchors.jsonl', ...options },
      (line) => void lines.push(line),
    );
  /** As an owner of the database could do it: past the trigger. */
  const tamper = async (...statements: string[]): Promise<void> => {
    await dataSource.query(`ALTER TABLE audit_event DISABLE TRIGGER ALL`);
    await dataSource.query(`ALTER TABLE audit_head DISABLE TRIGGER ALL`);
    for (const statement of statements) await dataSource.query(statement);
  };

  it('is intact as it was written, also by many at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => record(`at once ${i}`)));
    expect(await verifyAuditTrail(dataSource, auditSeals)).toMatchObject({ kind: 'intact', rows: ROWS + 20 });
  });

  it('leaves no gap where a transaction was rolled back', async () => {
    const broken = dataSource.transaction(async (tx) => {
      await trail.record(tx, { actor: 'a', action: 'session.ended', subject: 's' });
      throw new Error('no commit');
    });
    await expect(broken).rejects.toThrow('no commit');
    await record('after');
    expect(await verifyAuditTrail(dataSource, auditSeals)).toMatchObject({ kind: 'intact', rows: ROWS + 1 });
  });

  it.each([
    `UPDATE audit_event SET reason = 'nicer' WHERE id = 3`,
    `UPDATE audit_event SET reason = 'nicer' WHERE id = 99`,
    `DELETE FROM audit_event`,
    `TRUNCATE audit_event`,
    `DELETE FROM audit_head`,
    `TRUNCATE audit_head`,
  ])('refuses %s', async (statement) => {
    await expect(dataSource.query(statement)).rejects.toThrow('append-only');
    expect(await verifyAuditTrail(dataSource, auditSeals)).toMatchObject({ kind: 'intact' });
  });

  const swap = `UPDATE audit_event a SET subject = b.subject, at = b.at, hash = b.hash
    FROM audit_event b WHERE (a.id, b.id) IN ((3, 4), (4, 3))`;
  it.each([
    ['an actor is changed', `UPDATE audit_event SET actor = 'x' WHERE id = 3`, { at: '3', why: 'changed' }],
    ['an action is changed', `UPDATE audit_event SET action = 'x' WHERE id = 3`, { at: '3', why: 'changed' }],
    [
      'a subject is changed',
      `UPDATE audit_event SET subject = 'x' WHERE id = 1`,
      { at: '1', why: 'changed' },
    ],
    ['a reason is changed', `UPDATE audit_event SET reason = NULL WHERE id = 6`, { at: '6', why: 'changed' }],
    [
      'a time is changed',
      `UPDATE audit_event SET at = at - interval '1 ms' WHERE id = 2`,
      { at: '2', why: 'changed' },
    ],
    [
      'a detail is changed',
      `UPDATE audit_event SET details = details || '{"amount": 100.01}' WHERE id = 2`,
      { at: '2', why: 'changed' },
    ],
    [
      'a detail is added',
      `UPDATE audit_event SET details = details || '{"b": 1}' WHERE id = 2`,
      { at: '2', why: 'changed' },
    ],
    [
      'a hash is changed',
      `UPDATE audit_event SET hash = sha256('x') WHERE id = 5`,
      { at: '5', why: 'changed' },
    ],
    ['two rows change places', swap, { at: '3', why: 'changed' }],
    ['a row is removed', `DELETE FROM audit_event WHERE id = 3`, { at: '3', why: 'missing' }],
    ['the first is removed', `DELETE FROM audit_event WHERE id = 1`, { at: '1', why: 'missing' }],
    ['the last is removed', `DELETE FROM audit_event WHERE id = 6`, { at: '6', why: 'end_missing' }],
    ['all are removed', `DELETE FROM audit_event`, { at: '1', why: 'end_missing' }],
    ['the head is removed', `DELETE FROM audit_head`, { at: '7', why: 'end_missing' }],
    ['the head is moved', `UPDATE audit_head SET last_hash = sha256('x')`, { at: '6', why: 'unexpected' }],
    [
      'one is removed and the others close ranks',
      `DELETE FROM audit_event WHERE id = 3; UPDATE audit_event SET id = id - 1 WHERE id > 3;
       UPDATE audit_head SET last_id = 5`,
      { at: '3', why: 'changed' },
    ],
    [
      'one is put at the end by hand',
      `INSERT INTO audit_event SELECT 7, at, actor, action, subject, reason, details, hash FROM audit_event WHERE id = 6`,
      { at: '7', why: 'changed' },
    ],
    [
      'a seal is changed',
      `UPDATE audit_event SET seal = sha256('x') WHERE id = 4`,
      { at: '4', why: 'forged' },
    ],
    [
      'a seal is of another row',
      `UPDATE audit_event a SET seal = b.seal FROM audit_event b WHERE a.id = 4 AND b.id = 5`,
      { at: '4', why: 'forged' },
    ],
    [
      'a seal is taken away',
      `UPDATE audit_event SET seal = NULL, key_id = NULL WHERE id = 6`,
      { at: '6', why: 'unsealed' },
    ],
    [
      'a seal claims a key that nobody has',
      `UPDATE audit_event SET key_id = 'deadbeef' WHERE id = 5`,
      { at: '5', why: 'unknown_key' },
    ],
  ])('shows it when %s', async (_, statement, verdict) => {
    await tamper(...statement.split(';'));
    expect(await verifyAuditTrail(dataSource, auditSeals)).toEqual({ kind: 'broken', ...verdict });
  });

  it('shows a chain of one who has no key: written on, or written anew as before there were seals', async () => {
    await tamper(`UPDATE audit_head SET sealed = false`);
    await record('forged');
    expect(await verifyAuditTrail(dataSource, auditSeals)).toEqual({
      kind: 'broken',
      at: String(ROWS + 1),
      why: 'unsealed',
    });
    await tamper(`DELETE FROM audit_event`, START_AGAIN);
    for (let i = 1; i <= ROWS; i += 1) await record(`another thing ${i}`);
    expect(await verifyAuditTrail(dataSource, auditSeals)).toMatchObject({ kind: 'unproven', rows: ROWS });
    await tamper(`UPDATE audit_head SET sealed = true`);
    await dataSource.transaction((tx) =>
      new AuditTrail(systemClock, new AuditSeals([Buffer.alloc(32, 9)])).record(tx, deed('forged')),
    );
    expect(await verifyAuditTrail(dataSource, auditSeals)).toMatchObject({ kind: 'unproven' });
    expect(await verify()).toBe(1);
    expect(lines.at(-1)).toContain('UNPROVEN');
  });

  it('takes no record without a seal after one that has it', async () => {
    await dataSource.query(`UPDATE audit_head SET sealed = false`);
    await expect(record('of an older release')).rejects.toThrow('the audit trail is sealed');
  });

  it('needs no key that was taken out: later seals cover its records', async () => {
    const [newer, newest] = [Buffer.alloc(32, 8), Buffer.alloc(32, 9)];
    for (const keys of [
      [newer, AUDIT_KEY],
      [newest, newer, AUDIT_KEY],
    ])
      await dataSource.transaction((tx) =>
        new AuditTrail(systemClock, new AuditSeals(keys)).record(tx, deed('x')),
      );
    for (const keys of [[newest, newer, AUDIT_KEY], [newest, AUDIT_KEY], [newest]])
      expect((await verifyAuditTrail(dataSource, new AuditSeals(keys))).kind).toBe(
        keys.length === 2 ? 'broken' : 'intact',
      );
    await tamper(`UPDATE audit_event SET actor = 'x' WHERE id = 2`);
    expect(await verifyAuditTrail(dataSource, new AuditSeals([newest]))).toMatchObject({ at: '2' });
  });

  describe('held against what was noted outside the database', () => {
    let directory: string;
    let anchorFile: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), 'arremate-anchors-'));
      anchorFile = join(directory, 'anchors.jsonl');
    });
    afterEach(() => {
      rmSync(directory, { recursive: true });
    });
    const anchor = async (): Promise<void> => {
      const verdict = await verifyAuditTrail(dataSource, auditSeals);
      if (verdict.kind !== 'intact') throw new Error('broken before the test');
      await appendAnchor(anchorFile, { id: BigInt(verdict.rows), hash: verdict.hash }, new Date());
    };

    it('is intact while it goes on from there, whatever a power cut left of a line', async () => {
      await anchor();
      appendFileSync(anchorFile, '{"at":"2026');
      await record('one more');
      await anchor();
      expect((await readAnchors(anchorFile))?.anchors.map(({ id }) => id)).toEqual([6n, 7n]);
      expect(await verify({ anchorFile })).toBe(0);
      expect(lines).toContain('1 lines of it are no anchors.');
    });

    it('shows an end that was cut, with the head moved back as it should be', async () => {
      await anchor();
      await tamper(
        `DELETE FROM audit_event WHERE id > 4`,
        `UPDATE audit_head SET last_id = 4, last_hash = (SELECT hash FROM audit_event WHERE id = 4)`,
      );
      expect(await verify()).toBe(0); // from within it cannot be seen
      expect(await verify({ anchorFile })).toBe(1);
      expect(lines.at(-1)).toContain('row 5 and all after it are missing, though a later one is anchored');
    });

    it('shows a chain written anew by one who has the key, also given an anchor by hand', async () => {
      await anchor();
      expect(await verify()).toBe(0);
      const byHand = /Anchor: (\S+)$/.exec(lines.at(-1) ?? '')?.[1] ?? '';
      await tamper(`DELETE FROM audit_event`, START_AGAIN);
      for (let i = 1; i <= ROWS + 1; i += 1) await record(`another thing ${i}`);
      expect(await verify()).toBe(0);
      expect(await verify({ anchorFile })).toBe(1);
      expect(lines.at(-1)).toContain('written anew');
      expect(await verify({ anchor: byHand })).toBe(1);
      expect(lines.at(-1)).toContain('written anew');
      expect(await verify({ anchor: 'yesterday' })).toBe(2);
    });
  });
});

describe('the audit trail over HTTP', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  it('shows what was done, newest first, page by page', async () => {
    for (const name of ['a', 'b', 'c'])
      await world.as(MASTER)('POST', '/api/v1/tokens', { name, roles: ['viewer'] });
    const auditor = world.as(await world.tokenFor('auditor'));
    const first = await auditor('GET', '/api/v1/audit?limit=2');
    const ids = (body: Record<string, unknown>) => (body['items'] as { id: string }[]).map(({ id }) => id);
    expect(ids(first.body)).toEqual(['4', '3']);
    expect(first.body['items']).toMatchObject([
      { actor: 'api-token', action: 'token.created', details: { roles: ['auditor'] } },
      { actor: 'api-token', action: 'token.created', details: { roles: ['viewer'] } },
    ]);
    const second = await auditor('GET', `/api/v1/audit?limit=2&cursor=${String(first.body['next_cursor'])}`);
    expect(ids(second.body)).toEqual(['2', '1']);
    expect(second.body['next_cursor']).toBeNull();
    expect(ids((await auditor('GET', '/api/v1/audit?action=token.revoked')).body)).toEqual([]);
    expect(ids((await auditor('GET', '/api/v1/audit?actor=api-token&limit=1')).body)).toEqual(['4']);
    for (const query of ['cursor=x', 'actor=%00', 'subject=%00', 'from=yesterday', 'limit=0', 'limit=201'])
      expect([query, (await auditor('GET', `/api/v1/audit?${query}`)).status]).toEqual([query, 422]);
  });
});
