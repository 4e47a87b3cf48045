import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomFillSync,
} from 'node:crypto';

/** An encrypted column: the id of the key stands beside the ciphertext so that keys can rotate. */
export interface Sealed {
  readonly keyId: string;
  readonly ciphertext: Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Asking the system for randomness costs more than encrypting: it is asked for many nonces at once. */
const NONCES_AT_ONCE = 256;

/**
 * AES-256-GCM for raw webhooks and personal data.
 * The first key encrypts; every key given can decrypt. Ciphertext layout: nonce, tag, data.
 */
export class FieldCipher {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly currentKeyId: string;
  readonly #nonces = Buffer.alloc(NONCE_BYTES * NONCES_AT_ONCE);
  #usedNonceBytes = this.#nonces.length;

  /** @param masterKeys 32 bytes each, newest first. */
  constructor(masterKeys: readonly Buffer[]) {
    const [current] = masterKeys;
    if (current === undefined) throw new RangeError('at least one encryption key is needed');
    this.#keys = new Map(masterKeys.map((key) => [keyIdOf(key), derive(key, 'field encryption')]));
    this.currentKeyId = keyIdOf(current);
  }

  encrypt(plain: string | Buffer): Sealed {
    const nonce = this.#nonce();
    const cipher = createCipheriv('aes-256-gcm', this.#keyFor(this.currentKeyId), nonce);
    const data = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { keyId: this.currentKeyId, ciphertext: Buffer.concat([nonce, cipher.getAuthTag(), data]) };
  }

  /** Nothing is read as nothing: it was erased (docs/privacy.md). @throws Error when the key is not known or the ciphertext was altered. */
  decrypt({ keyId, ciphertext }: Sealed): Buffer {
    if (ciphertext.length === 0) return ciphertext;
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.#keyFor(keyId),
      ciphertext.subarray(0, NONCE_BYTES),
    );
    decipher.setAuthTag(ciphertext.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const plain = decipher.update(ciphertext.subarray(NONCE_BYTES + TAG_BYTES));
    decipher.final(); // checks the tag; of a stream cipher nothing is left to come
    return plain;
  }

  /** Random bytes that no other encryption has had. */
  #nonce(): Buffer {
    if (this.#usedNonceBytes === this.#nonces.length) {
      randomFillSync(this.#nonces);
      this.#usedNonceBytes = 0;
    }
    const from = this.#usedNonceBytes;
    this.#usedNonceBytes += NONCE_BYTES;
    return this.#nonces.subarray(from, this.#usedNonceBytes);
  }

  #keyFor(keyId: string): Buffer {
    const key = this.#keys.get(keyId);
    if (key === undefined)
      throw new Error(`no encryption key with id ${keyId}: was it removed from ARREMATE_ENCRYPTION_KEY?`);
    return key;
  }
}

/** Finds a CPF or an employer without storing it: the same value always gives the same 32 bytes. */
export class BlindIndex {
  readonly #key: Buffer;
  readonly keyId: string;

  constructor(masterKey: Buffer) {
    this.keyId = keyIdOf(masterKey);
    this.#key = derive(masterKey, 'blind index');
  }

  /** @param value normalised (digits of a CPF, 14 characters of a CNPJ). */
  of(kind: 'cpf' | 'employer', value: string): Buffer {
    return createHmac('sha256', this.#key).update(`${kind}:${value}`).digest();
  }
}

function derive(masterKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `arremate ${purpose}`, 32));
}

function keyIdOf(masterKey: Buffer): string {
  return createHash('sha256').update('arremate key id').update(masterKey).digest('hex').slice(0, 8);
}
