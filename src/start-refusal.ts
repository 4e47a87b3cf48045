import { codeOf } from './kernel';
import { DatabaseRefusal, SchemaError, SettingsError } from './platform';
import { PolicyFileError } from './policy';
import { QiKeyError } from './qi';

type Environment = Readonly<Record<string, string | undefined>>;

/** What whoever starts the service is told when it cannot go on: the setting, where it is one, else where it was thrown. */
export function inPlainWords(error: unknown, environment: Environment): string {
  if (!(error instanceof Error)) return 'the start failed';
  // Keys are read where the schemes are known; they are settings like any other.
  if (error instanceof QiKeyError) return new SettingsError([error.message]).message;
  const isPlain = [SettingsError, DatabaseRefusal, SchemaError, PolicyFileError].some(
    (kind) => error instanceof kind,
  );
  return isPlain ? error.message : (whyNotListening(error, environment) ?? error.stack ?? error.message);
}

const HOSTS = ['HOST', 'ARREMATE_MANAGEMENT_HOST'];

function whyNotListening(error: Error, environment: Environment): string | undefined {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') {
    return 'PORT or ARREMATE_MANAGEMENT_PORT is taken by another program: set it to a free one.';
  }
  const { syscall, address, hostname } = error as {
    readonly syscall?: unknown;
    readonly address?: unknown;
    readonly hostname?: unknown;
  };
  if (syscall === 'listen' && code === 'EACCES') {
    return 'PORT or ARREMATE_MANAGEMENT_PORT needs rights that this process has not: set it to 1024 or above.';
  }
  // The database has names, too, and addresses that are not ours.
  const names = HOSTS.filter((name) => environment[name] === (address ?? hostname));
  if (names.length === 0 || !['listen', 'getaddrinfo'].includes(String(syscall))) return undefined;
  return `${names.join(' and ')} must be an address of this machine: 127.0.0.1, or 0.0.0.0 for all it has (${String(code)}).`;
}
