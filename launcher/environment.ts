import { isAbsolute, join, resolve } from 'node:path';
import { demoKeys, generatedSecret } from './demo-secrets';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A valid CNPJ that belongs to nobody in the sandbox's world: the buyer of the debt there. */
const DEMO_PURCHASER = '11222333000181';
const SERVICE_ROLE = 'arremate_service';
const DEMO_API_CLIENT_KEY = 'sandbox';

/** Settings that count as given: an empty one is as good as none. */
export function given(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** Where this installation keeps its data: an absolute path. */
export function dataDirectory(environment: Environment, root: string): string {
  const directory = given(environment)['ARREMATE_DATA_DIR'] ?? '.data';
  return isAbsolute(directory) ? directory : resolve(root, directory);
}

/** Whether a partner of flesh and blood is configured; otherwise the sandbox plays it. */
export function usesSandbox(environment: Environment): boolean {
  return given(environment)['QI_BASE_URL'] === undefined;
}

/**
 * What the embedded database needs to be one's own: the key is generated, since nobody else holds it, and so is the
 * password of the role that the service works under and makes at its start.
 * @param ownerUrl as whom the schema is changed
 */
export function embeddedEnvironment(
  environment: Environment,
  dataDir: string,
  ownerUrl: string,
): Environment {
  const service = new URL(ownerUrl);
  service.username = SERVICE_ROLE;
  service.password = generatedSecret(servicePasswordFile(dataDir), 24, 'hex');
  return {
    DATABASE_URL: service.href,
    DATABASE_OWNER_URL: ownerUrl,
    ARREMATE_ENCRYPTION_KEY: generatedSecret(join(dataDir, 'encryption-key'), 32, 'base64'),
    ...given(environment),
  };
}

/** Where the password of the service's role in the embedded database is kept. */
export function servicePasswordFile(dataDir: string): string {
  return join(dataDir, 'database-password');
}

/** How many days of history the demo begins with. */
const DEMO_DAYS = '42';

/** What lays the demo's history down is asked to; undefined where nobody wants one. A database of the user's never gets one. */
export function demoHistoryEnvironment(
  environment: Environment,
  dataDir: string,
  sandboxPort: number,
): Environment | undefined {
  const { ARREMATE_DEMO_HISTORY: days = DEMO_DAYS } = given(environment);
  if (days === '0') return undefined;
  return {
    ...demoServiceEnvironment(environment, dataDir, sandboxPort),
    ARREMATE_DEMO_HISTORY: days,
    SANDBOX_LEDGER_FILE: ledgerFileIn(dataDir),
  };
}

function ledgerFileIn(dataDir: string): string {
  return join(dataDir, 'sandbox-ledger.json');
}

/** The service's settings against the sandbox; what the user has set wins. */
export function demoServiceEnvironment(
  environment: Environment,
  dataDir: string,
  sandboxPort: number,
): Environment {
  const keys = demoKeys(dataDir);
  return {
    ARREMATE_API_TOKEN: generatedSecret(join(dataDir, 'api-token'), 32, 'hex'),
    PURCHASER_DOCUMENT_NUMBER: DEMO_PURCHASER,
    QI_API_CLIENT_KEY: DEMO_API_CLIENT_KEY,
    QI_SIGNING: 'jwt-v2',
    QI_WEBHOOK_AUTH: 'jwt-v2',
    QI_PRIVATE_KEY_FILE: keys.arremate.privateKeyFile,
    QI_PUBLIC_KEY_FILE: keys.qi.publicKeyFile,
    ...given(environment),
    QI_BASE_URL: `http://127.0.0.1:${sandboxPort}`,
  };
}

/** The sandbox's settings as the counterpart of the service's. */
export function demoSandboxEnvironment(
  environment: Environment,
  dataDir: string,
  sandboxPort: number,
): Environment {
  const keys = demoKeys(dataDir);
  const set = given(environment);
  return {
    SANDBOX_HOST: '127.0.0.1',
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${set['PORT'] ?? '3000'}/webhooks/qi`,
    SANDBOX_API_CLIENT_KEY: set['QI_API_CLIENT_KEY'] ?? DEMO_API_CLIENT_KEY,
    SANDBOX_SIGNING: set['QI_SIGNING'] ?? 'jwt-v2',
    SANDBOX_PRIVATE_KEY_FILE: keys.qi.privateKeyFile,
    SANDBOX_PARTNER_PUBLIC_KEY_FILE: keys.arremate.publicKeyFile,
    SANDBOX_LEDGER_FILE: ledgerFileIn(dataDir),
    SANDBOX_UNSIGNED_ENDS: 'canceled_permanently', // as in its history: left running, nobody would cancel them
    ...set,
    SANDBOX_PORT: String(sandboxPort),
  };
}
