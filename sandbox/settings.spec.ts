import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError } from './settings';

describe('readSettings', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-settings-'));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };

  const problemsOf = (environment: Record<string, string>): readonly string[] => {
    try {
      readSettings(environment);
    } catch (error) {
      if (error instanceof SettingsError) return error.problems;
      throw error;
    }
    return [];
  };

  it('needs nothing', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({ port: 3100, host: '127.0.0.1', seed: 1, identity: { scheme: 'none' } });
    expect(settings.behaviour.pace).toMatchObject({
      auctions_per_minute: 30,
      window_seconds: 30,
      step_seconds: 2,
    });
  });

  it('puts the environment before the file', () => {
    const config = file(
      'config.json',
      '{"pace":{"window_seconds":5,"step_seconds":1},"webhooks":{"drop_rate":0.1}}',
    );
    const { behaviour } = readSettings({
      SANDBOX_CONFIG: config,
      SANDBOX_WINDOW_SECONDS: '1.5',
      SANDBOX_WEBHOOK_URL: 'http://127.0.0.1:3000/webhooks/qi',
    });
    expect(behaviour.pace).toMatchObject({ window_seconds: 1.5, step_seconds: 1 });
    expect(behaviour.webhooks).toMatchObject({ drop_rate: 0.1, url: 'http://127.0.0.1:3000/webhooks/qi' });
  });

  it('names every problem at once', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const environment = {
      SANDBOX_PORT: '99999',
      SANDBOX_WEBHOOK_URL: 'ftp://somewhere',
      SANDBOX_AUCTIONS_PER_MINUTE: '-1',
      SANDBOX_SIGNING: 'jwt-v2',
      SANDBOX_PRIVATE_KEY_FILE: file(
        'rsa.pem',
        rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ),
      SANDBOX_PARTNER_PUBLIC_KEY_FILE: join(directory, 'absent.pem'),
      SANDBOX_CONFIG: file('wrong.json', '{"api":{"error_rate":7}}'),
    };
    expect(problemsOf(environment).map((problem) => problem.split(':')[0])).toEqual([
      'SANDBOX_PORT',
      'SANDBOX_WEBHOOK_URL',
      'SANDBOX_AUCTIONS_PER_MINUTE',
      'SANDBOX_PRIVATE_KEY_FILE',
      'SANDBOX_PARTNER_PUBLIC_KEY_FILE',
      'SANDBOX_CONFIG',
    ]);
  });

  it('wants both keys to sign', () => {
    expect(problemsOf({ SANDBOX_SIGNING: 'encoded-body-v1' })).toEqual([
      expect.stringContaining('SANDBOX_PRIVATE_KEY_FILE: is required'),
      expect.stringContaining('SANDBOX_PARTNER_PUBLIC_KEY_FILE: is required'),
    ]);
  });
});
