import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AcceptanceRecord, AcceptanceSource } from '../operation';
import { FieldCipher } from '../platform';
import { keptAcceptanceSchema, type KeptAcceptance } from './domain';
import { offeredFigures, type StoredOffer } from './stored';

interface Row {
  readonly id: string;
  readonly actor: string | null;
  readonly recorded_at: Date;
  readonly personal_key_id: string | null;
  readonly personal_ciphertext: Buffer | null;
  /** The loan's, whichever of them that was given to. */
  readonly offer: StoredOffer | null;
}

/** The acceptance that a loan was issued on, opened for whoever has to prove it. */
@Injectable()
export class AcceptanceRecords implements AcceptanceSource {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
  ) {}

  /** The yes to the loan's own offer, after which others may have been accepted; without figures, where none is. */
  async acceptanceOf(creditOperationKey: string): Promise<AcceptanceRecord | undefined> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT event.id, event.actor, event.recorded_at, event.personal_key_id, event.personal_ciphertext,
         proposal.offer
       FROM proposal JOIN proposal_event AS event ON event.proposal_id = proposal.id
       WHERE proposal.credit_operation_key = $1 AND event.kind = 'accepted' AND event.effect = 'applied'
       ORDER BY event.id DESC`,
      [creditOperationKey],
    );
    const kept = rows.flatMap((row) => {
      const acceptance = this.#open(row);
      return acceptance === undefined ? [] : [{ row, acceptance }];
    });
    const given = kept.find(({ row: { offer }, acceptance }) => offer !== null && isTo(offer, acceptance));
    const { row, acceptance } = given ?? kept[0] ?? {};
    if (row === undefined || acceptance === undefined) return undefined;
    return {
      acceptedAt: new Date(acceptance.accepted_at),
      channel: acceptance.channel,
      textVersion: acceptance.text_version,
      ipAddress: acceptance.ip_address ?? null,
      userAgent: acceptance.user_agent ?? null,
      device: acceptance.device ?? null,
      recordedAt: row.recorded_at,
      recordedBy: row.actor,
      shown: given === undefined ? {} : shownFigures(row.offer),
    };
  }

  /** @returns undefined when it was erased */
  #open(row: Row): KeptAcceptance | undefined {
    if (row.personal_key_id === null || row.personal_ciphertext === null) return undefined;
    const sealed = { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext };
    const plain = this.cipher.decrypt(sealed, 'proposal_event.personal_ciphertext', row.id).toString('utf8');
    return plain === '' ? undefined : keptAcceptanceSchema.parse(JSON.parse(plain));
  }
}

/** Offers of earlier releases are told by what the borrower was shown of them. */
function isTo({ accepted_at, fee_table, figures }: StoredOffer, acceptance: KeptAcceptance): boolean {
  return accepted_at === undefined
    ? fee_table === acceptance.fee_table &&
        figures.disbursed_issue_amount === acceptance.disbursed_issue_amount
    : accepted_at === acceptance.accepted_at;
}

/** What the borrower said yes to, rate and effective cost among it. Earlier releases showed our figures, also where QI's were others. */
function shownFigures(offer: StoredOffer | null): Readonly<Record<string, string>> {
  if (offer === null) return {};
  const { figures, monthly_interest_rate, fee_table, accepted_at } = offer;
  const amounts = Object.entries(accepted_at === undefined ? figures : offeredFigures(offer)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { fee_table, monthly_interest_rate, ...Object.fromEntries(amounts) };
}
