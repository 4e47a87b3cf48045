import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';
import { MINUTE_MS } from '../../kernel';
import type { BindingStage } from './binding-stage';
import { isReadByOlderReleases, type Place } from './encrypted-columns';
import { deriveKey, keyIdOf, keyringOf, type Keyring } from './master-keys';

/** An encrypted column: the id of the key stands beside the ciphertext so that keys can rotate. */
export interface Sealed {
  /** Ends with `.bound` when the ciphertext is bound to its place. */
  readonly keyId: string;
  readonly ciphertext: Buffer;
}

/** What the id of the key ends with beside a ciphertext that can be read in its own row and column alone. */
export const BOUND = '.bound';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Asking the system for randomness costs more than encrypting: it is asked for many nonces at once. */
const NONCES_AT_ONCE = 256;

/** Rows that are remembered to have been told of. */
const MOST_TOLD = 1_000;

/** After the first ciphertext of a key that we have not: by then it has been given to us, or it is lost. */
const KEY_COMES_WITHIN_MINUTES = 60;

/** The key of a ciphertext is not among ours. Nothing is proved against the row: another process may have that key. */
export class UnknownKeyError extends Error {
  override readonly name = 'UnknownKeyError';

  /** @param mayCome it was first missed so shortly ago that it may still be given to us */
  constructor(
    keyId: string,
    readonly mayCome: boolean,
  ) {
    super(
      `no encryption key with id ${keyId}: was it removed from ARREMATE_ENCRYPTION_KEY, or not yet given?`,
    );
  }
}

/** True where whoever can wait should: the same may be read the next time, or by another process. */
export function isAwaitedKey(error: unknown): boolean {
  return error instanceof UnknownKeyError && error.mayCome;
}

/**
 * AES-256-GCM for raw webhooks and personal data, with the place of the ciphertext as additional data: copied to another
 * row or column it cannot be read. The first key encrypts; every key given can decrypt. Ciphertext layout: nonce, tag,
 * data.
 */
export class FieldCipher {
  readonly #ring: Keyring;
  readonly #nonces = Buffer.alloc(NONCE_BYTES * NONCES_AT_ONCE);
  #usedNonceBytes = this.#nonces.length;
  #stage: BindingStage;

  readonly #told = new Set<string>();
  /** Keys that are not among ours, and when each was first needed: monotonic. */
  readonly #missed = new Map<string, number>();

  /**
   * @param masterKeys 32 bytes each, newest first.
   * @param tell hears once of each row of many that cannot be opened
   */
  constructor(
    masterKeys: readonly Buffer[],
    stage: BindingStage = 'bound',
    private readonly tell: (place: Place, row: string, error: unknown) => void = () => undefined,
  ) {
    this.#ring = keyringOf(masterKeys, 'field encryption');
    this.#stage = stage;
  }

  get stage(): BindingStage {
    return this.#stage;
  }

  /** Follows the database to its stage; never back from `bound`, whatever the database says by then. */
  follow(stage: BindingStage): void {
    if (this.#stage !== 'bound') this.#stage = stage;
  }

  get currentKeyId(): string {
    return this.#ring.currentId;
  }

  /** What stands beside ciphertexts whose keys others have and we may still be given. */
  get awaitedKeyIds(): readonly string[] {
    const ids = [...this.#missed.keys()].filter((id) => this.#mayCome(id));
    return ids.flatMap((id) => [id, `${id}${BOUND}`]);
  }

  /**
   * While keys are changed, others may write with one that is not given to us yet. For whoever would otherwise go on as if
   * the row could never be read, and can come again.
   * @throws UnknownKeyError while that key may come
   */
  awaitKey({ keyId, ciphertext }: Sealed): void {
    if (ciphertext.length === 0) return;
    try {
      this.#keyFor(masterIdOf(keyId));
    } catch (error) {
      if (isAwaitedKey(error)) throw error;
    }
  }

  /** What stands beside everything that is encrypted there now. */
  keyIdIn(place: Place): string {
    return this.#binds(place) ? `${this.#ring.currentId}${BOUND}` : this.#ring.currentId;
  }

  /** @param row what names the row in its table (encrypted-columns.ts), as text */
  encrypt(plain: string | Buffer, place: Place, row: string): Sealed {
    const nonce = this.#nonce();
    const cipher = createCipheriv('aes-256-gcm', this.#ring.current, nonce);
    if (this.#binds(place)) cipher.setAAD(placeBytes(place, row));
    const data = Buffer.concat([cipher.update(plain), cipher.final()]);
    return { keyId: this.keyIdIn(place), ciphertext: Buffer.concat([nonce, cipher.getAuthTag(), data]) };
  }

  /**
   * Nothing is read as nothing: it was erased (docs/privacy.md).
   * @throws UnknownKeyError when the key is not among ours
   * @throws Error when the ciphertext was altered, belongs elsewhere, or is not bound to its place although all are by now
   */
  decrypt({ keyId, ciphertext }: Sealed, place: Place, row: string): Buffer {
    if (ciphertext.length === 0) return ciphertext;
    const isBound = keyId.endsWith(BOUND);
    if (!isBound && this.#stage === 'bound')
      throw new Error(
        `${place} holds a ciphertext that is not bound to its place: refused, for all of ours are`,
      );
    const key = this.#keyFor(masterIdOf(keyId));
    const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, NONCE_BYTES));
    if (isBound) decipher.setAAD(placeBytes(place, row));
    decipher.setAuthTag(ciphertext.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const plain = decipher.update(ciphertext.subarray(NONCE_BYTES + TAG_BYTES));
    decipher.final(); // checks the tag; of a stream cipher nothing is left to come
    return plain;
  }

  /**
   * For lists, pages and backtests, which one row that cannot be opened must not end: its key was taken out too early, or
   * somebody has altered it. Whoever decides, or reveals, decrypts and hears why that fails.
   * @returns undefined where `decrypt` fails
   */
  decryptOrTell(sealed: Sealed, place: Place, row: string): Buffer | undefined {
    try {
      return this.decrypt(sealed, place, row);
    } catch (error) {
      const what = `${place} ${row}`;
      if (!this.#told.has(what)) this.tell(place, row, error);
      if (this.#told.size < MOST_TOLD) this.#told.add(what);
      return undefined;
    }
  }

  #binds(place: Place): boolean {
    return this.#stage !== 'unbound' || !isReadByOlderReleases(place);
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
    const key = this.#ring.keys.get(keyId);
    if (key !== undefined) return key;
    if (!this.#missed.has(keyId)) this.#missed.set(keyId, performance.now());
    throw new UnknownKeyError(keyId, this.#mayCome(keyId));
  }

  #mayCome(keyId: string): boolean {
    const missedAt = this.#missed.get(keyId);
    return missedAt !== undefined && performance.now() - missedAt < KEY_COMES_WITHIN_MINUTES * MINUTE_MS;
  }
}

function masterIdOf(keyId: string): string {
  return keyId.endsWith(BOUND) ? keyId.slice(0, -BOUND.length) : keyId;
}

/** No place holds a NUL, so no two are written alike. */
function placeBytes(place: Place, row: string): Buffer {
  return Buffer.from(`${place}\0${row}`);
}

/** Finds a CPF, an employer or an account without storing it: the same value always gives the same 32 bytes. */
export class BlindIndex {
  readonly #key: Buffer;
  readonly keyId: string;

  constructor(masterKey: Buffer) {
    this.keyId = keyIdOf(masterKey);
    this.#key = deriveKey(masterKey, 'blind index');
  }

  /** @param value normalised (digits of a CPF, 14 characters of a CNPJ, what a file or a request says, number and digit of an account). */
  of(kind: 'cpf' | 'employer' | 'file' | 'list' | 'request' | 'account', value: string): Buffer {
    return createHmac('sha256', this.#key).update(`${kind}:${value}`).digest();
  }
}
