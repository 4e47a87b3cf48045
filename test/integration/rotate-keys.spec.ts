import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { runRotateKeys } from '../../src/access';
import { encryptedColumns, rotateColumn } from '../../src/access/rotate-keys';
import { BlindIndex, createDataSource, FieldCipher, SettingsError } from '../../src/platform';
import { assertSameIndexKey } from '../../src/platform/index-key';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const [oldKey, newKey, strangeKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const [before, both, after] = [
  new FieldCipher([oldKey]),
  new FieldCipher([newKey, oldKey]),
  new FieldCipher([newKey]),
];
const ROWS = 3_000; // some 100 pages: more than one transaction

describe('rotating the encryption key', () => {
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

  const insert = (cipher: FieldCipher, texts: readonly string[]) => {
    const sealed = texts.map((text) => cipher.encrypt(text.padEnd(200)));
    return dataSource.query(
      `INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
       SELECT sha256(data), now(), $1, data, 'done' FROM unnest($2::bytea[]) AS data`,
      [cipher.currentKeyId, sealed.map(({ ciphertext }) => ciphertext)],
    );
  };
  const textsUnder = async (cipher: FieldCipher): Promise<string[]> => {
    const rows = await dataSource.query<{ key_id: string; data: Buffer }[]>(
      `SELECT raw_key_id AS key_id, raw_ciphertext AS data FROM webhook_event`,
    );
    return rows.map(({ key_id: keyId, data }) =>
      cipher.decrypt({ keyId, ciphertext: data }).toString('utf8').trim(),
    );
  };
  const numbered = Array.from({ length: ROWS }, (_, i) => `text ${i}`);
  const keys = [newKey, oldKey].map((key) => key.toString('base64')).join(',');
  const run = (given = keys) =>
    runRotateKeys(dataSource, { keys: given, actor: 'test' }, (line) => void lines.push(line));

  it('finds every encrypted column by its name', async () => {
    const found = (await encryptedColumns(dataSource)).map(
      ({ table, data_column }) => `${table}.${data_column}`,
    );
    expect(found).toEqual(
      expect.arrayContaining([
        'app_user.totp_ciphertext',
        'auction.personal_ciphertext',
        'operation.borrower_ciphertext',
        'operation_command.answer_ciphertext',
        'operation_command.body_ciphertext',
        'webhook_event.raw_ciphertext',
      ]),
    );
    const [ciphertexts] = await dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name LIKE '%ciphertext%'`,
    );
    expect(found).toHaveLength(ciphertexts?.n ?? -1);
  });

  it('makes everything readable with the new key alone, and changes no text', async () => {
    await insert(before, numbered);
    expect(await run()).toBe(0);
    expect(lines).toContain(`webhook_event.raw_ciphertext: ${ROWS} encrypted anew`);
    expect((await textsUnder(after)).toSorted()).toEqual(numbered.toSorted());
    expect(await run()).toBe(0);
    expect(lines).toContain('webhook_event.raw_ciphertext: 0 encrypted anew');
  });

  it('goes on where it was stopped', async () => {
    await insert(before, numbered);
    const column = { table: 'webhook_event', key_column: 'raw_key_id', data_column: 'raw_ciphertext' };
    let calls = 0;
    class Stopped extends FieldCipher {
      override encrypt(plain: string | Buffer) {
        calls += 1;
        if (calls > 2_500) throw new Error('power cut');
        return super.encrypt(plain);
      }
    }
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
    const fresh = after.encrypt('changed meanwhile');
    const [status] = await Promise.all([
      run(),
      dataSource.query(`UPDATE webhook_event SET raw_key_id = $1, raw_ciphertext = $2 WHERE id % 10 = 0`, [
        fresh.keyId,
        fresh.ciphertext,
      ]),
    ]);
    expect(status).toBe(0);
    expect((await textsUnder(after)).filter((text) => text === 'changed meanwhile')).toHaveLength(ROWS / 10);
    await insert(before, ['late']);
    const column = { table: 'webhook_event', key_column: 'raw_key_id', data_column: 'raw_ciphertext' };
    expect(await rotateColumn(dataSource, both, column)).toMatchObject({ rotated: 1, remaining: 0 });
  });

  it('stops at a row whose key is missing, and says which', async () => {
    const strange = new FieldCipher([strangeKey]);
    await insert(strange, ['x']);
    await expect(run()).rejects.toThrow(strange.currentKeyId);
    await expect(run('not a key')).rejects.toThrow('ARREMATE_ENCRYPTION_KEY');
  });

  it('keeps the key of the blind indexes: another one is refused at the start', async () => {
    await assertSameIndexKey(dataSource, new BlindIndex(oldKey));
    await assertSameIndexKey(dataSource, new BlindIndex(oldKey));
    await expect(assertSameIndexKey(dataSource, new BlindIndex(newKey))).rejects.toThrow(SettingsError);
  });

  it('is in the audit trail', async () => {
    await run();
    const [row] = await dataSource.query<{ subject: string }[]>(
      `SELECT subject FROM audit_event WHERE action = 'encryption.rotated'`,
    );
    expect(row?.subject).toBe(`key ${after.currentKeyId}`);
  });
});
