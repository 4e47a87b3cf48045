import type { KeyObject } from 'node:crypto';
import { QiKeyError, readPrivateKey, readPublicKeys } from './es512';
import type { QiSettings } from './qi-settings';

/** The keys that the chosen schemes need, read once, so that a wrong file stops the start and not the first bid. */
export class QiKeys {
  readonly #privateKey: KeyObject | undefined;
  readonly #publicKeys: readonly KeyObject[];

  /** @throws QiKeyError naming the file that is missing or unusable. */
  constructor(settings: QiSettings) {
    const weSign = settings.signing !== 'none' || settings.webhookAuth === 'encoded-body-v1';
    const weVerify = settings.webhookAuth !== 'none' || settings.signing === 'encoded-body-v1';
    if (weSign && settings.privateKeyPem === undefined)
      throw new QiKeyError('QI_PRIVATE_KEY_FILE is required');
    this.#privateKey =
      settings.privateKeyPem === undefined ? undefined : readPrivateKey(settings.privateKeyPem);
    if (weVerify && settings.publicKeyPems.length === 0)
      throw new QiKeyError('QI_PUBLIC_KEY_FILE is required');
    this.#publicKeys = weVerify ? readPublicKeys(settings.publicKeyPems) : [];
  }

  /** Ours, to sign with. @throws QiKeyError when the schemes did not ask for one. */
  get privateKey(): KeyObject {
    if (this.#privateKey === undefined) throw new QiKeyError('there is no private key to sign with');
    return this.#privateKey;
  }

  /** QI's, to verify with. */
  get publicKeys(): readonly KeyObject[] {
    return this.#publicKeys;
  }
}
