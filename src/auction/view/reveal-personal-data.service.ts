import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail, FieldCipher, type Actor } from '../../platform';
import { openPersonalData, type PersonalData } from '../personal-data';

/** What may be seen unmasked, under the names of QI's request. */
export const REVEALABLE = [
  'name',
  'document_number',
  'birth_date',
  'registration',
  'employer_document_number',
] as const;

export type RevealableField = (typeof REVEALABLE)[number];
export type Revealed = Partial<Record<RevealableField, string | null>>;

/** Shows a borrower's data unmasked to whoever gives a reason; that they saw it is recorded before they do. */
@Injectable()
export class RevealPersonalData {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly audit: AuditTrail,
  ) {}

  /** Only the fields that are asked for. @returns undefined when there is no such auction */
  reveal(
    auctionKey: string,
    { fields, reason }: { readonly fields: readonly RevealableField[]; readonly reason: string },
    by: Actor,
  ): Promise<Revealed | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const [row] = await tx.query<{ personal_key_id: string; personal_ciphertext: Buffer }[]>(
        `SELECT personal_key_id, personal_ciphertext FROM auction WHERE issuer_proposal_request_key = $1`,
        [auctionKey],
      );
      if (row === undefined) return undefined;
      const sealed = { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext };
      const personal = openPersonalData(auctionKey, sealed, this.cipher);
      await this.audit.record(tx, {
        actor: by.id,
        action: 'personal_data.revealed',
        subject: `auction ${auctionKey}`,
        reason,
        details: { fields: [...fields] },
      });
      return Object.fromEntries(fields.map((field) => [field, valueOf(personal, field) ?? null]));
    });
  }
}

function valueOf(personal: PersonalData, field: RevealableField): string | undefined {
  switch (field) {
    case 'name':
      return personal.name?.reveal();
    case 'document_number':
      return personal.cpf?.reveal();
    case 'birth_date':
      return personal.birthDate?.reveal();
    case 'registration':
      return personal.registration?.reveal();
    case 'employer_document_number':
      return personal.employerDocumentNumber;
  }
}
