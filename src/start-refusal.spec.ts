import { createLogger, DatabaseRefusal } from './platform';
import { QiKeyError } from './qi';
import { inPlainWords } from './start-refusal';

const refusedToListen = (code: string) =>
  Object.assign(new Error(`listen ${code}: 10.9.9.9:80`), { code, syscall: 'listen', address: '10.9.9.9' });

const ENVIRONMENT = { HOST: '10.9.9.9', ARREMATE_MANAGEMENT_HOST: 'nowhere' };

describe('a start that cannot go on', () => {
  it.each([
    [new DatabaseRefusal('x at y does not open'), 'x at y does not open'],
    [
      new QiKeyError('QI_PRIVATE_KEY_FILE does not hold an EC P-521 private key'),
      'settings are wrong:\n  - QI_PRIVATE_KEY_FILE does not hold an EC P-521 private key',
    ],
    [
      refusedToListen('EADDRINUSE'),
      'PORT or ARREMATE_MANAGEMENT_PORT is taken by another program: set it to a free one.',
    ],
    [
      refusedToListen('EADDRNOTAVAIL'),
      'HOST must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all it has (EADDRNOTAVAIL).',
    ],
    [
      refusedToListen('EACCES'),
      'PORT or ARREMATE_MANAGEMENT_PORT needs rights that this process has not: set it to 1024 or above.',
    ],
  ])('%# is said by the setting, without a stack', (error, words) => {
    expect(inPlainWords(error, ENVIRONMENT)).toBe(words);
  });

  it('says of a host that nobody knows which setting it is', () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname: 'nowhere',
    });
    expect(inPlainWords(unknown, ENVIRONMENT)).toMatch(/^ARREMATE_MANAGEMENT_HOST must be an address/);
    expect(inPlainWords(unknown, {})).toMatch(/^Error: getaddrinfo ENOTFOUND nowhere\n/);
  });

  it('shows where anything else was thrown', () => {
    expect(inPlainWords(new Error('odd'), ENVIRONMENT)).toMatch(/^Error: odd\n +at /);
    expect(inPlainWords('odd', ENVIRONMENT)).toBe('the start failed');
  });

  it('names the log file that cannot be opened', () => {
    expect(() => createLogger({ level: 'info', file: 'package.json/x.log' })).toThrow(
      /^settings are wrong:\n {2}- ARREMATE_LOG_FILE \(package\.json\/x\.log\) cannot be opened: /,
    );
  });
});
