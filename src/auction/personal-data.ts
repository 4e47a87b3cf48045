import { z } from 'zod';
import { Cpf, Personal } from '../kernel';
import type { FieldCipher, Sealed } from '../platform';
import type { ProposalRequest } from './domain/proposal-request';

const COLUMN = 'auction.personal_ciphertext';

const storedSchema = z.object({
  name: z.string().nullable(),
  cpf: z.string().nullable(),
  birth_date: z.string().nullable(),
  registration: z.string().nullable(),
  employer_document_number: z.string().nullable(),
});

/** Of somebody who was erased. */
const NOTHING_LEFT: z.infer<typeof storedSchema> = {
  name: null,
  cpf: null,
  birth_date: null,
  registration: null,
  employer_document_number: null,
};

/** The borrower as the API shows them: masked until somebody gives a reason to see more. */
export interface PersonalData {
  readonly name: Personal | undefined;
  readonly cpf: Cpf | undefined;
  readonly birthDate: Personal | undefined;
  readonly registration: Personal | undefined;
  /** Personal only when the employer is a person. */
  readonly employerDocumentNumber: string | undefined;
}

export function sealPersonalData(request: ProposalRequest, cipher: FieldCipher): Sealed {
  const { borrower, employer } = request;
  const stored: z.infer<typeof storedSchema> = {
    name: borrower.name?.reveal() ?? null,
    cpf: borrower.cpf?.reveal() ?? null,
    birth_date: borrower.birthDate ?? null,
    registration: borrower.registration?.reveal() ?? null,
    employer_document_number: employer.documentNumber ?? null,
  };
  return cipher.encrypt(JSON.stringify(stored), COLUMN, request.key);
}

/** @param auctionKey whose it is: another auction's cannot be opened */
export function openPersonalData(auctionKey: string, sealed: Sealed, cipher: FieldCipher): PersonalData {
  return personalDataIn(cipher.decrypt(sealed, COLUMN, auctionKey));
}

/** For lists, pages and what must be recorded whoever it is: of what cannot be opened nothing is known, as of what was erased. */
export function knownPersonalData(auctionKey: string, sealed: Sealed, cipher: FieldCipher): PersonalData {
  return personalDataIn(cipher.decryptOrTell(sealed, COLUMN, auctionKey) ?? Buffer.alloc(0));
}

function personalDataIn(opened: Buffer): PersonalData {
  const plain = opened.toString('utf8');
  const stored = plain === '' ? NOTHING_LEFT : storedSchema.parse(JSON.parse(plain));
  return {
    name: stored.name === null ? undefined : Personal.personName(stored.name),
    cpf: stored.cpf === null ? undefined : Cpf.parse(stored.cpf),
    birthDate: stored.birth_date === null ? undefined : Personal.text(stored.birth_date),
    registration: stored.registration === null ? undefined : Personal.text(stored.registration),
    employerDocumentNumber: stored.employer_document_number ?? undefined,
  };
}

/** The employer as everybody may see it: a company's CNPJ is public, a person is masked like any other. */
export function shownEmployer(
  documentType: string | null,
  { employerDocumentNumber }: PersonalData,
): string | null {
  if (employerDocumentNumber === undefined) return null;
  return documentType === 'cnpj' ? employerDocumentNumber : '***';
}
