import { createHmac, timingSafeEqual } from 'node:crypto';
import { keyringOf, type Keyring } from '../encryption/master-keys';

/** What only a holder of the key can put beside a hash of the audit trail. */
export interface Seal {
  readonly keyId: string;
  readonly seal: Buffer;
}

/**
 * HMAC-SHA-256 over a record's hash, and so over everything before it: who can write to the database, but has no key,
 * can compute hashes and no seals. A later seal covers the rows of a key that was taken out since.
 */
export class AuditSeals {
  readonly #ring: Keyring;

  /** @param masterKeys 32 bytes each, newest first: the first seals, all can check. */
  constructor(masterKeys: readonly Buffer[]) {
    this.#ring = keyringOf(masterKeys, 'audit trail');
  }

  seal(hash: Buffer): Seal {
    return { keyId: this.#ring.currentId, seal: sealWith(this.#ring.current, hash) };
  }

  check(hash: Buffer, { keyId, seal }: Seal): 'right' | 'wrong' | 'unknown_key' {
    const key = this.#ring.keys.get(keyId);
    if (key === undefined) return 'unknown_key';
    const expected = sealWith(key, hash);
    return seal.length === expected.length && timingSafeEqual(seal, expected) ? 'right' : 'wrong';
  }
}

function sealWith(key: Buffer, hash: Buffer): Buffer {
  return createHmac('sha256', key).update(hash).digest();
}
