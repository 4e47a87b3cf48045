import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify } from 'jose';

/** The one algorithm, on both sides: a token that names another is refused whatever its signature. */
const ALGORITHM = 'ES512';
const CURVE = 'secp521r1';
const PUBLIC_KEY_BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/** A key that cannot be used: the start must not go on. Names the setting, never the key. */
export class QiKeyError extends Error {
  override readonly name = 'QiKeyError';
}

/** Our signing key. @throws QiKeyError when the PEM is not an EC P-521 private key. */
export function readPrivateKey(pem: string): KeyObject {
  const key = attempt(() => createPrivateKey(pem));
  if (key?.asymmetricKeyDetails?.namedCurve === CURVE) return key;
  throw new QiKeyError('QI_PRIVATE_KEY_FILE does not hold an EC P-521 private key');
}

/** QI's keys: every PUBLIC KEY block of every text. @throws QiKeyError when there is none or one is not EC P-521. */
export function readPublicKeys(pems: readonly string[]): KeyObject[] {
  const blocks = pems.flatMap((pem) => pem.match(PUBLIC_KEY_BLOCK) ?? []);
  const keys = blocks.map((block) => attempt(() => createPublicKey(block)));
  const usable = keys.filter((key) => key?.asymmetricKeyDetails?.namedCurve === CURVE);
  if (usable.length > 0 && usable.length === keys.length) return usable.filter((key) => key !== undefined);
  throw new QiKeyError('QI_PUBLIC_KEY_FILE does not hold EC P-521 public keys only');
}

/** A compact token whose payload is exactly these bytes. */
export function signToken(payload: string, key: KeyObject): Promise<string> {
  return new CompactSign(Buffer.from(payload)).setProtectedHeader({ typ: 'JWT', alg: ALGORITHM }).sign(key);
}

/** The payload of a token that one of the keys signed; undefined for every other text. */
export async function verifyToken(token: string, keys: readonly KeyObject[]): Promise<Buffer | undefined> {
  for (const key of keys) {
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [ALGORITHM] });
      return Buffer.from(payload);
    } catch {
      // Not this key's, or no token at all: the next key decides.
    }
  }
  return undefined;
}

function attempt(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
