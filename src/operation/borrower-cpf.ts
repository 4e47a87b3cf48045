import { Cpf } from '../kernel';
import type { FieldCipher, Sealed } from '../platform';
import type { OperationEntity } from './operation.entity';

const COLUMN = 'operation.borrower_ciphertext';

/** The borrower of a linked operation; undefined while nobody knows. */
export function borrowerCpfOf(operation: OperationEntity, cipher: FieldCipher): Cpf | undefined {
  const sealed = sealedBorrowerOf(operation);
  return sealed && Cpf.parse(cipher.decrypt(sealed, COLUMN, operation.key).toString('utf8'));
}

/** For judging alone, where an unknown borrower speaks against: undefined also where it cannot be opened any more. */
export function knownBorrowerCpf(operation: OperationEntity, cipher: FieldCipher): Cpf | undefined {
  const sealed = sealedBorrowerOf(operation);
  const opened = sealed && cipher.decryptOrTell(sealed, COLUMN, operation.key);
  return opened && Cpf.parse(opened.toString('utf8'));
}

export function sealedBorrowerOf({
  borrowerKeyId: keyId,
  borrowerCiphertext: ciphertext,
}: OperationEntity): Sealed | undefined {
  return keyId === null || ciphertext === null ? undefined : { keyId, ciphertext };
}
