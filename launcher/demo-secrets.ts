import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Paths of PEM files. */
export interface KeyPair {
  readonly privateKeyFile: string;
  readonly publicKeyFile: string;
}

/** The EC P-521 keys with which the service and the sandbox sign to each other, made once. */
export function demoKeys(dataDir: string): { readonly arremate: KeyPair; readonly qi: KeyPair } {
  const directory = join(dataDir, 'keys');
  return { arremate: keyPair(directory, 'arremate'), qi: keyPair(directory, 'sandbox-qi') };
}

function keyPair(directory: string, name: string): KeyPair {
  const privateKeyFile = join(directory, `${name}.private.pem`);
  const publicKeyFile = join(directory, `${name}.public.pem`);
  if (!existsSync(privateKeyFile) || !existsSync(publicKeyFile)) {
    const pair = generateKeyPairSync('ec', {
      namedCurve: 'secp521r1',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(publicKeyFile, pair.publicKey);
    writeFileSync(privateKeyFile, pair.privateKey, { mode: 0o600 });
  }
  return { privateKeyFile, publicKeyFile };
}

/** Random bytes as text, made at the first call and read back from their file ever after. */
export function generatedSecret(file: string, bytes: number, encoding: 'hex' | 'base64'): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(bytes).toString(encoding), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
