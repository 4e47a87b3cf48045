import { Cpf } from '../kernel';
import type { FieldCipher } from '../platform';
import type { OperationEntity } from './operation.entity';

/** The borrower of a linked operation; undefined while nobody knows. */
export function borrowerCpfOf(operation: OperationEntity, cipher: FieldCipher): Cpf | undefined {
  const { borrowerKeyId: keyId, borrowerCiphertext: ciphertext } = operation;
  if (keyId === null || ciphertext === null) return undefined;
  return Cpf.parse(
    cipher.decrypt({ keyId, ciphertext }, 'operation.borrower_ciphertext', operation.key).toString('utf8'),
  );
}
