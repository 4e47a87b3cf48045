import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { databaseRolesIn, readSettings } from './settings';

const ENVIRONMENT = {
  DATABASE_URL: 'postgres://localhost/x',
  ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
  PURCHASER_DOCUMENT_NUMBER: '11222333000181',
  QI_BASE_URL: 'http://127.0.0.1:9',
  QI_API_CLIENT_KEY: 'x',
  QI_SIGNING: 'none',
  QI_WEBHOOK_AUTH: 'none',
};

describe('the environment', () => {
  it.each([
    [{ ARREMATE_TRUSTED_PROXIES: 'everybody' }, 'ARREMATE_TRUSTED_PROXIES must be how many proxies'],
    [{ ARREMATE_TRUSTED_PROXIES: '0.0.0.0/0' }, 'ARREMATE_TRUSTED_PROXIES must be how many proxies'],
    [{ PORT: '3000', ARREMATE_MANAGEMENT_PORT: '3000' }, 'ARREMATE_MANAGEMENT_PORT must be another port'],
    [{ ARREMATE_MANAGEMENT_PORT: '70000' }, 'ARREMATE_MANAGEMENT_PORT'],
    [{ ARREMATE_MANAGEMENT_TOKEN: 'short' }, 'ARREMATE_MANAGEMENT_TOKEN must have at least 32 characters'],
    [{ DATABASE_URL: 'postgres://me:a/b@host/x' }, 'DATABASE_URL cannot be read'],
    [{ DATABASE_OWNER_URL: 'postgres://me:a%b@host/x' }, 'DATABASE_OWNER_URL cannot be read'],
    [{ DATABASE_REPLICA_URL: 'postgres://host:99999/x' }, 'DATABASE_REPLICA_URL cannot be read'],
  ])('%j stops the start by name', (change, message) => {
    expect(() => readSettings({ ...ENVIRONMENT, ...change })).toThrow(message);
  });

  it('counts an empty value as not set', () => {
    const empty = { ARREMATE_ENGINE_FILE: '', DATABASE_OWNER_URL: '', PORT: '' };
    expect(readSettings({ ...ENVIRONMENT, ...empty })).toEqual(readSettings(ENVIRONMENT));
  });
});

describe('the addresses of the database, for a command', () => {
  it.each([
    [{ DATABASE_URL: 'postgres://a/x', DATABASE_OWNER_URL: '' }, 'postgres://a/x', undefined],
    [{ DATABASE_URL: '', DATABASE_OWNER_URL: 'postgres://b/x' }, 'postgres://b/x', 'postgres://b/x'],
    [
      { DATABASE_URL: 'postgres://me@/x?host=/run/postgresql' },
      'postgres://me@/x?host=/run/postgresql',
      undefined,
    ],
  ])('are those of %j', (environment, url, ownerUrl) => {
    expect(databaseRolesIn(environment)).toEqual({ url, ownerUrl });
  });

  it.each([
    [{ DATABASE_URL: '' }, 'DATABASE_URL is required'],
    [{ DATABASE_URL: 'mysql://a/x' }, 'DATABASE_URL must be a postgres:// address'],
    [{ DATABASE_URL: 'postgres://me:se/cret@a/x' }, 'DATABASE_URL cannot be read'],
  ])('%j is none', (environment, message) => {
    expect(() => databaseRolesIn(environment)).toThrow(message);
  });
});

describe('the engine file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'settings-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });
  const reading = (section: string, key: string, value: unknown) => () => {
    const engine = parse(readFileSync('config/engine.yaml', 'utf8')) as Record<string, object>;
    const file = join(directory, 'engine.yaml');
    writeFileSync(file, stringify({ ...engine, [section]: { ...engine[section], [key]: value } }));
    return readSettings(ENVIRONMENT, file);
  };

  it('is good as it stands', () => {
    expect(readSettings(ENVIRONMENT).engine.operation.undo_window_seconds).toBe(30);
  });

  it.each([
    ['qi', 'cancel_route_auction', 'PATCH proposals/{auction_proposal_key}/cancel'],
    ['qi', 'cancel_route_active', 'POST {issuer_proposal_request_key}'],
    ['operation', 'undo_window_seconds', 0],
    ['monitoring', 'stop_after_seconds', 0],
    ['monitoring', 'stop_after_seconds', 14_400],
  ])('takes %s.%s: %s', (section, key, value) => {
    expect(reading(section, key, value)).not.toThrow();
  });

  it.each([
    ['qi', 'cancel_route_auction', 'POST debt/cancel'], // which loan?
    ['qi', 'cancel_route_auction', 'POST /debt/{credit_operation_key}'],
    ['qi', 'cancel_route_active', 'POST debt/{debt_key}'],
    ['qi', 'cancel_route_active', 'GET debt/{credit_operation_key}'],
    ['qi', 'cancel_route_active', 'POST debt/x{credit_operation_key}'],
    ['operation', 'undo_window_seconds', -1],
    ['operation', 'task_due_hours', { late: 24 }],
    ['operation', 'status_limits', {}],
    ['clock', 'max_offset_ms', 251], // of 250 that are kept back
    ['instance', 'dead_after_ms', 1_499],
    ['inbox', 'acknowledge_within_ms', 10_000],
    ['monitoring', 'stop_after_seconds', 60_000], // meant as milliseconds: no switch at all for a day
  ])('is refused with %s.%s: %j, by name', (section, key, value) => {
    expect(reading(section, key, value)).toThrow(`${section}.${key}`);
  });
});
