import { z } from 'zod';
import { Cpf } from '../kernel';
import type { FieldCipher, Sealed } from '../platform';
import { borrowerDataSchema, type BorrowerData } from './domain';
import type { Employment } from './domain/products/federal-payroll';
import type { ProposalEntity } from './proposal.entity';

const COLUMN = 'proposal.borrower_ciphertext';
const employment = z.strictObject({
  authorityCode: z.string(),
  registrationCode: z.string(),
  pensionerRegistrationCode: z.string().optional(),
});
const stored = borrowerDataSchema.extend({
  cpf: z.string(),
  asked_employment: employment.optional(),
  employments: z.array(employment).optional(),
});

/** A borrower as a proposal keeps them: their CPF and whatever an issue needs, encrypted as one. */
export interface BorrowerFile extends BorrowerData {
  readonly cpf: Cpf;
  /** The one employment to ask about, where it is known before. */
  readonly employment?: Employment | undefined;
  /** Those that SIAPE named; what else it said of each stands in the balance. */
  readonly employments?: readonly Employment[] | undefined;
}

export function sealBorrower(
  proposalId: string,
  { cpf, person, account, employment: asked, employments }: BorrowerFile,
  cipher: FieldCipher,
): Pick<ProposalEntity, 'borrowerKeyId' | 'borrowerCiphertext'> {
  const document: z.input<typeof stored> = {
    cpf: cpf.reveal(),
    person,
    account,
    asked_employment: asked,
    employments: employments && [...employments],
  };
  const { keyId, ciphertext } = cipher.encrypt(JSON.stringify(document), COLUMN, proposalId);
  return { borrowerKeyId: keyId, borrowerCiphertext: ciphertext };
}

/** @returns undefined when it was erased (docs/privacy.md) */
export function openBorrower(proposal: ProposalEntity, cipher: FieldCipher): BorrowerFile | undefined {
  return borrowerIn(cipher.decrypt(sealedIn(proposal), COLUMN, proposal.id));
}

/** For lists and pages: what cannot be opened is shown like what was erased. */
export function shownBorrower(proposal: ProposalEntity, cipher: FieldCipher): BorrowerFile | undefined {
  return borrowerIn(cipher.decryptOrTell(sealedIn(proposal), COLUMN, proposal.id) ?? Buffer.alloc(0));
}

function sealedIn({ borrowerKeyId: keyId, borrowerCiphertext: ciphertext }: ProposalEntity): Sealed {
  return { keyId, ciphertext };
}

function borrowerIn(opened: Buffer): BorrowerFile | undefined {
  const plain = opened.toString('utf8');
  if (plain === '') return undefined;
  const { cpf, asked_employment: asked, ...data } = stored.parse(JSON.parse(plain));
  const read = Cpf.parse(cpf);
  if (read === undefined) throw new Error('a proposal has a borrower without a CPF');
  return { cpf: read, employment: asked, ...data };
}
