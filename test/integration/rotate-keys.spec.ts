import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { runRotateKeys } from '../../src/access';
import { rotateColumn } from '../../src/access/rotate-keys';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { systemClock } from '../../src/kernel';
import {
  AuditSeals,
  AuditTrail,
  BlindIndex,
  createDataSource,
  encryptedColumns,
  FieldCipher,
  readBindingStage,
  SettingsError,
  type BindingStage,
} from '../../src/platform';
import { assertSameIndexKey } from '../../src/platform/encryption/index-key';
import { migrate } from '../../src/platform/database/migrate';
import { asOlderReleaseLeftIt } from '../support/older-release';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';
import { createAccessWorld } from './access-world';

const [oldKey, newKey, strangeKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const [before, both, after] = [
  new FieldCipher([oldKey]),
  new FieldCipher([newKey, oldKey]),
  new FieldCipher([newKey]),
];
const unbound = new FieldCipher([oldKey], 'unbound');
const ROWS = 3_000; // some 100 pages: more than one transaction
const COLUMN = 'webhook_event.raw_ciphertext';

let database: TestDatabase;
let dataSource: DataSource;
const lines: string[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url).initialize();
  lines.length = 0;
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

const column = encryptedColumns.find((each) => each.column === COLUMN) ?? encryptedColumns[0];
if (column === undefined) throw new Error('no column');
const names = (n: number): string => n.toString(16).padStart(64, '0');

const insert = (cipher: FieldCipher, texts: readonly string[], from = 0) => {
  const rows = texts.map((_, i) => names(from + i));
  const sealed = texts.map((text, i) => cipher.encrypt(text.padEnd(200), COLUMN, names(from + i)));
  return dataSource.query(
    `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
     SELECT decode(name, 'hex'), now(), $1, data, 'done' FROM unnest($2::text[], $3::bytea[]) AS t (name, data)`,
    [cipher.keyIdIn(COLUMN), rows, sealed.map(({ ciphertext }) => ciphertext)],
  );
};
const textsUnder = async (cipher: FieldCipher): Promise<string[]> => {
  const rows = await dataSource.query<{ name: string; key_id: string; data: Buffer }[]>(
    `SELECT encode(content_hash, 'hex') AS name, raw_key_id AS key_id, raw_ciphertext AS data FROM webhook_event
     WHERE raw_ciphertext <> ''`,
  );
  return rows.map(({ name, key_id: keyId, data }) =>
    cipher.decrypt({ keyId, ciphertext: data }, COLUMN, name).toString('utf8').trim(),
  );
};
const numbered = Array.from({ length: ROWS }, (_, i) => `text ${i}`);
const keys = [newKey, oldKey].map((key) => key.toString('base64')).join(',');
const run = (given = keys, on = dataSource, ownerUrl?: string) =>
  runRotateKeys(on, { keys: given, actor: 'test', ownerUrl }, (line) => void lines.push(line));

/** Dies in the middle of its work. */
class Stopped extends FieldCipher {
  calls = 0;
  override encrypt(...of: Parameters<FieldCipher['encrypt']>) {
    this.calls += 1;
    if (this.calls > 2_500) throw new Error('power cut');
    return super.encrypt(...of);
  }
}

describe('rotating the encryption key', () => {
  it('knows every encrypted column', async () => {
    const found = await dataSource.query<{ name: string }[]>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name LIKE '%ciphertext%'`,
    );
    expect(encryptedColumns.map((each) => each.column as string).toSorted()).toEqual(
      found.map(({ name }) => name).toSorted(),
    );
  });

  it('makes everything readable with the new key alone, and changes no text', async () => {
    await insert(before, numbered);
    expect(await run()).toBe(0);
    expect(lines).toContain(`${COLUMN}: ${ROWS} encrypted anew`);
    expect((await textsUnder(after)).toSorted()).toEqual(numbered.toSorted());
    expect(await run()).toBe(0);
    expect(lines).toContain(`${COLUMN}: 0 encrypted anew`);
  });

  it('goes on where it was stopped', async () => {
    await insert(before, numbered);
    await expect(rotateColumn(dataSource, new Stopped([newKey, oldKey]), column)).rejects.toThrow(
      'power cut',
    );
    expect((await textsUnder(both)).toSorted()).toEqual(numbered.toSorted());
    const { rotated, remaining } = await rotateColumn(dataSource, both, column);
    expect(remaining).toBe(0);
    expect(rotated).toBeGreaterThan(0);
    expect(rotated).toBeLessThan(ROWS);
    expect(await textsUnder(after)).toHaveLength(ROWS);
  });

  it('overwrites nothing that is written meanwhile, and says when a process still uses the old key', async () => {
    await insert(before, numbered);
    const fresh = [...Array(ROWS / 10).keys()].map((i) => after.encrypt('meanwhile', COLUMN, names(i * 10)));
    const [status] = await Promise.all([
      run(),
      dataSource.query(
        `UPDATE webhook_event SET raw_key_id = $1, raw_ciphertext = data
         FROM unnest($2::text[], $3::bytea[]) AS t (name, data) WHERE content_hash = decode(name, 'hex')`,
        [
          after.keyIdIn(COLUMN),
          fresh.map((_, i) => names(i * 10)),
          fresh.map(({ ciphertext }) => ciphertext),
        ],
      ),
    ]);
    expect(status).toBe(0);
    expect((await textsUnder(after)).filter((text) => text === 'meanwhile')).toHaveLength(ROWS / 10);
    await insert(before, ['late'], ROWS);
    expect(await rotateColumn(dataSource, both, column)).toMatchObject({ rotated: 1, remaining: 0 });
  });

  it('leaves empty what was erased', async () => {
    await insert(before, ['x']);
    await dataSource.query(`UPDATE webhook_event SET raw_ciphertext = ''`);
    expect(await run()).toBe(0);
    expect(
      await dataSource.query(`SELECT raw_key_id, octet_length(raw_ciphertext) AS n FROM webhook_event`),
    ).toEqual([{ raw_key_id: after.keyIdIn(COLUMN), n: 0 }]);
  });

  it('stops at a row whose key is missing, and at one that belongs elsewhere', async () => {
    const strange = new FieldCipher([strangeKey]);
    await insert(strange, ['x']);
    await expect(run()).rejects.toThrow(strange.currentKeyId);
    await expect(run('not a key')).rejects.toThrow('ARREMATE_ENCRYPTION_KEY');
    await dataSource.query(`DELETE FROM webhook_event`);
    await insert(before, ['x']);
    await dataSource.query(`UPDATE webhook_event SET content_hash = sha256('another row')`);
    await expect(run()).rejects.toThrow('unable to authenticate');
  });

  it('keeps the key of the blind indexes: another one is refused at the start', async () => {
    await assertSameIndexKey(dataSource, new BlindIndex(oldKey));
    await assertSameIndexKey(dataSource, new BlindIndex(oldKey));
    await expect(assertSameIndexKey(dataSource, new BlindIndex(newKey))).rejects.toThrow(SettingsError);
  });

  it('is in the audit trail, which goes on under the new key', async () => {
    const former = new AuditTrail(systemClock, new AuditSeals([oldKey]));
    await dataSource.transaction((tx) =>
      former.record(tx, { actor: 'ana', action: 'session.started', subject: 'x' }),
    );
    await run();
    const [row] = await dataSource.query<{ subject: string }[]>(
      `SELECT subject FROM audit_event WHERE action = 'encryption.rotated'`,
    );
    expect(row?.subject).toBe(`key ${after.currentKeyId}`);
    for (const given of [[newKey, oldKey], [newKey]])
      expect(await verifyAuditTrail(dataSource, new AuditSeals(given))).toMatchObject({ kind: 'intact' });
    expect(await verifyAuditTrail(dataSource, new AuditSeals([oldKey]))).toMatchObject({
      why: 'unknown_key',
    });
  });
});

describe('binding the ciphertexts of an older release', () => {
  beforeEach(() => asOlderReleaseLeftIt(dataSource));

  const lives = (stage: BindingStage | null) =>
    dataSource.query(
      `INSERT INTO instance (id, host, role, version, alive_until, binding_stage)
       VALUES ($1, 'host:1', 'all', '0.0.9', now() + interval '1 hour', $2)`,
      [randomUUID(), stage],
    );
  const stage = () => readBindingStage(dataSource);

  it.each([
    ['of a database that was ever used', true, 'unbound'],
    ['of a new one', false, 'bound'],
  ] as const)('is where the migration leaves it: %s', async (_, used, expected) => {
    await dataSource.query(`
      DROP TRIGGER audit_event_stays_sealed ON audit_event; DROP FUNCTION refuse_unsealed;
      ALTER TABLE audit_event DROP COLUMN key_id, DROP COLUMN seal;
      ALTER TABLE audit_head DROP COLUMN sealed; ALTER TABLE instance DROP COLUMN binding_stage;
      DELETE FROM migration WHERE name LIKE 'BoundAndSealed%'`);
    if (used) {
      await assertSameIndexKey(dataSource, new BlindIndex(oldKey));
      await insert(unbound, ['x']);
    }
    expect(await migrate(database.url, { info: () => undefined, warn: () => undefined })).toHaveLength(1);
    expect(await stage()).toBe(expected);
    expect(await dataSource.query(`SELECT sealed FROM audit_head`)).toEqual([{ sealed: !used }]);
  });

  it('reads them where they are, binds them, and from then on takes and reads no others', async () => {
    await insert(unbound, numbered);
    expect(await stage()).toBe('unbound');
    expect(await run()).toBe(0);
    expect(lines.filter((line) => line.startsWith(`${COLUMN}: `)).length).toBeGreaterThan(1); // with its progress
    expect(await stage()).toBe('bound');
    expect((await textsUnder(after)).toSorted()).toEqual(numbered.toSorted());
    await expect(insert(unbound, ['planted'], ROWS)).rejects.toThrow('webhook_event_raw_key_id_bound');
    expect(await run()).toBe(0);
  });

  it('reads none of the time before even where somebody has dropped what keeps them out', async () => {
    await insert(unbound, ['x']);
    await run();
    for (const { table, constraint } of encryptedColumns)
      await dataSource.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`);
    await insert(unbound, ['planted'], 1);
    expect(await stage()).toBe('bound');
    await expect(run()).rejects.toThrow('not bound to its place');
  });

  it('stopped at any moment it goes on, and the service reads everything meanwhile', async () => {
    await insert(unbound, numbered);
    const stopped = new Stopped([newKey, oldKey], 'binding');
    await expect(rotateColumn(dataSource, stopped, column)).rejects.toThrow('power cut');
    const reader = new FieldCipher([newKey, oldKey], 'unbound');
    expect((await textsUnder(reader)).toSorted()).toEqual(numbered.toSorted());
    expect(await run()).toBe(0);
    expect(await textsUnder(after)).toHaveLength(ROWS);
  });

  it('does not begin while a process of the older release lives', async () => {
    await insert(unbound, ['x']);
    await lives(null);
    expect(await run()).toBe(1);
    expect(lines.at(-1)).toContain('host:1 (version 0.0.9)');
    expect(await stage()).toBe('unbound');
    expect(await textsUnder(unbound)).toEqual(['x']);
  });

  it('waits until every process writes as it does', async () => {
    await insert(unbound, ['x']);
    await lives('unbound');
    const running = run();
    await waitFor('the beginning', async () => ((await stage()) === 'binding' ? true : undefined));
    expect(await textsUnder(new FieldCipher([oldKey], 'binding'))).toEqual(['x']);
    await dataSource.query(`UPDATE instance SET binding_stage = 'binding'`);
    expect(await running).toBe(0);
    expect(await textsUnder(after)).toEqual(['x']);
  });

  it('goes through under a service that runs, which reads and writes all the while', async () => {
    const world = await createAccessWorld({
      DATABASE_URL: database.serviceUrl,
      ARREMATE_ENCRYPTION_KEY: keys,
      ARREMATE_NOTIFY_LOOPBACK: '1',
    });
    try {
      const endpoint = { url: 'http://127.0.0.1:9/x', description: 'x', event_types: ['auction.decided'] };
      const create = async (): Promise<string> => {
        const { status, body } = await world.master('POST', '/api/v1/notification-endpoints', endpoint);
        expect(status).toBe(201);
        return String(body['id']);
      };
      const rotate = async (id: string, body?: { keeps: 'in_force' }): Promise<void> => {
        const path = `/api/v1/notification-endpoints/${id}/secret`;
        expect((await world.master('POST', path, body)).status).toBe(201);
      };
      const ids = [await create()];
      const running = run();
      await waitFor('the beginning', async () => ((await stage()) === 'unbound' ? undefined : true));
      ids.push(await create());
      expect(await running).toBe(0);
      ids.push(await create());
      for (const id of ids) await rotate(id); // which reads the secret there is
      const cipher = world.app.get(FieldCipher);
      await waitFor('the service to read nothing else', () => (cipher.stage === 'bound' ? true : undefined));
      for (const id of ids) await rotate(id, { keeps: 'in_force' });
      const kinds = await dataSource.query<{ key: string }[]>(
        `SELECT DISTINCT secret_key_id AS key FROM notification_endpoint`,
      );
      expect(kinds).toEqual([{ key: after.keyIdIn(COLUMN) }]);
    } finally {
      await world.close();
    }
  });

  it('seals the audit trail from its beginning on', async () => {
    const trail = new AuditTrail(systemClock, new AuditSeals([newKey]));
    const record = () =>
      dataSource.transaction((tx) =>
        trail.record(tx, { actor: 'ana', action: 'session.ended', subject: 'x' }),
      );
    await record();
    expect(await verifyAuditTrail(dataSource, new AuditSeals([newKey]))).toMatchObject({ kind: 'unproven' });
    await run();
    await record();
    const rows = await dataSource.query<{ action: string; sealed: boolean }[]>(
      `SELECT action, seal IS NOT NULL AS sealed FROM audit_event ORDER BY id`,
    );
    expect(rows.map(({ action, sealed }) => [action, sealed])).toEqual([
      ['session.ended', false],
      ['encryption.binding_begun', true],
      ['encryption.rotated', true],
      ['encryption.bound', true],
      ['session.ended', true],
    ]);
    expect(await verifyAuditTrail(dataSource, new AuditSeals([newKey]))).toMatchObject({ kind: 'intact' });
  });

  it('leaves the last step to the owner of the tables, and says so', async () => {
    await insert(unbound, ['x']);
    const service = await createDataSource(database.serviceUrl).initialize();
    try {
      expect(await run(keys, service)).toBe(1);
      expect(lines.at(-1)).toContain('DATABASE_OWNER_URL');
      expect(await stage()).toBe('binding');
      expect(await run(keys, service, database.url)).toBe(0);
      expect(await stage()).toBe('bound');
    } finally {
      await service.destroy();
    }
  });
});
