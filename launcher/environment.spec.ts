import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataDirectory,
  demoSandboxEnvironment,
  demoHistoryEnvironment,
  demoServiceEnvironment,
  embeddedEnvironment,
  usesSandbox,
} from './environment';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'arremate-environment-'));
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const read = (file: string | undefined): string => readFileSync(file ?? 'no file', 'utf8');

test('service and sandbox can check what the other signs: EC keys on P-521', () => {
  const service = demoServiceEnvironment({}, dataDir, 3100);
  const sandbox = demoSandboxEnvironment({}, dataDir, 3100);
  for (const [privateFile, publicFile] of [
    [service['QI_PRIVATE_KEY_FILE'], sandbox['SANDBOX_PARTNER_PUBLIC_KEY_FILE']],
    [sandbox['SANDBOX_PRIVATE_KEY_FILE'], service['QI_PUBLIC_KEY_FILE']],
  ]) {
    const key = createPrivateKey(read(privateFile));
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'secp521r1' });
    expect(createPublicKey(key).export({ type: 'spki', format: 'pem' })).toBe(read(publicFile));
    expect(statSync(privateFile ?? '').mode & 0o077).toBe(0);
  }
});

test('what is generated stays the same from one start to the next', () => {
  const settings = (): object => ({
    ...embeddedEnvironment({}, dataDir, 'postgresql://x'),
    ...demoServiceEnvironment({}, dataDir, 3100),
  });
  expect(settings()).toEqual(settings());
});

test('the service works under a role of its own, and another owns the tables', () => {
  const owner = 'postgresql://arremate:secret@127.0.0.1:5432/arremate';
  const { DATABASE_URL, DATABASE_OWNER_URL } = embeddedEnvironment({}, dataDir, owner);
  expect(DATABASE_OWNER_URL).toBe(owner);
  expect(DATABASE_URL).toMatch(/^postgresql:\/\/arremate_service:[0-9a-f]{48}@127\.0\.0\.1:5432\/arremate$/);
});

test('the encryption key has 32 bytes and the token at least 32 characters', () => {
  const key = embeddedEnvironment({}, dataDir, 'postgresql://x')['ARREMATE_ENCRYPTION_KEY'] ?? '';
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(demoServiceEnvironment({}, dataDir, 1)['ARREMATE_API_TOKEN']?.length).toBeGreaterThanOrEqual(32);
});

test('what the user has set wins, and an empty setting counts as not set', () => {
  const user = { QI_SIGNING: 'none', ARREMATE_API_TOKEN: '', PURCHASER_DOCUMENT_NUMBER: '00000000000191' };
  const service = demoServiceEnvironment(user, dataDir, 3100);
  expect(service).toMatchObject({ QI_SIGNING: 'none', PURCHASER_DOCUMENT_NUMBER: '00000000000191' });
  expect(service['ARREMATE_API_TOKEN']).not.toBe('');
});

test('a history is laid down unless it is not wanted', () => {
  const days = (wanted?: string): string | undefined =>
    demoHistoryEnvironment({ ARREMATE_DEMO_HISTORY: wanted }, dataDir, 3100)?.['ARREMATE_DEMO_HISTORY'];
  expect([days(), days('7'), days('0')]).toEqual(['42', '7', undefined]);
});

test('the sandbox is used unless a partner is named', () => {
  expect(usesSandbox({})).toBe(true);
  expect(usesSandbox({ QI_BASE_URL: '' })).toBe(true);
  expect(usesSandbox({ QI_BASE_URL: 'https://api.example' })).toBe(false);
});

test('the data directory is .data below the project unless another is named', () => {
  expect(dataDirectory({}, '/project')).toBe('/project/.data');
  expect(dataDirectory({ ARREMATE_DATA_DIR: 'here' }, '/project')).toBe('/project/here');
  expect(dataDirectory({ ARREMATE_DATA_DIR: '/there' }, '/project')).toBe('/there');
});
