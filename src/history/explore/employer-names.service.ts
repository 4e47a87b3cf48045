import { Injectable } from '@nestjs/common';
import { knownPersonalData, shownEmployer } from '../../auction';
import { isSealed, FieldCipher, ReadDatabase } from '../../platform';

interface Named {
  readonly mark: string;
  readonly key: string;
  readonly employer_document_type: string | null;
  readonly personal_key_id: string;
  readonly personal_ciphertext: Buffer;
}

/**
 * Who the employers are that opaque marks stand for: it stands encrypted in each of their auctions, one is opened. Retention has
 * emptied most of the older ones, never all at once: those that a loan came of keep it for years.
 */
@Injectable()
export class EmployerNames {
  constructor(
    private readonly database: ReadDatabase,
    private readonly cipher: FieldCipher,
  ) {}

  /** By mark; masked when the employer is a person. A mark without an auction that can still be opened has no name. */
  async of(marks: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const rows = await this.database.query<Named[]>(
      `SELECT encode(mark, 'hex') AS mark, newest.* FROM unnest($1::bytea[]) AS mark, LATERAL (
         SELECT issuer_proposal_request_key AS key, employer_document_type, personal_key_id, personal_ciphertext
         FROM auction WHERE employer_index = mark AND ${isSealed('personal_ciphertext')}
         ORDER BY received_at DESC LIMIT 1) AS newest`,
      [[...new Set(marks)].map((mark) => Buffer.from(mark, 'base64url'))],
    );
    return new Map(
      rows.map((row) => {
        const sealed = { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext };
        const personal = knownPersonalData(row.key, sealed, this.cipher);
        const mark = Buffer.from(row.mark, 'hex').toString('base64url');
        return [mark, shownEmployer(row.employer_document_type, personal)];
      }),
    );
  }
}
