import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A secret that is shown once: 256 random bits, so that its plain hash may be stored and nobody can search for it. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored of a secret, and by which it is found. */
export function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
