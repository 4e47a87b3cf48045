import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AcceptanceRecord, AcceptanceSource } from '../operation';
import { FieldCipher } from '../platform';
import { keptAcceptanceSchema } from './domain';
import type { StoredOffer } from './stored';

interface Row {
  readonly id: string;
  readonly actor: string | null;
  readonly recorded_at: Date;
  readonly personal_key_id: string | null;
  readonly personal_ciphertext: Buffer | null;
  readonly offer: StoredOffer | null;
}

/** The acceptance that a loan was issued on, opened for whoever has to prove it. */
@Injectable()
export class AcceptanceRecords implements AcceptanceSource {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
  ) {}

  async acceptanceOf(creditOperationKey: string): Promise<AcceptanceRecord | undefined> {
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT event.id, event.actor, event.recorded_at, event.personal_key_id, event.personal_ciphertext,
         proposal.offer
       FROM proposal JOIN proposal_event AS event ON event.proposal_id = proposal.id
       WHERE proposal.credit_operation_key = $1 AND event.kind = 'accepted' AND event.effect = 'applied'
       ORDER BY event.id DESC LIMIT 1`,
      [creditOperationKey],
    );
    if (row?.personal_key_id == null || row.personal_ciphertext === null) return undefined;
    const sealed = { keyId: row.personal_key_id, ciphertext: row.personal_ciphertext };
    const plain = this.cipher.decrypt(sealed, 'proposal_event.personal_ciphertext', row.id).toString('utf8');
    if (plain === '') return undefined; // erased
    const { channel, text_version, accepted_at, ip_address, user_agent, device } = keptAcceptanceSchema.parse(
      JSON.parse(plain),
    );
    return {
      acceptedAt: new Date(accepted_at),
      channel,
      textVersion: text_version,
      ipAddress: ip_address ?? null,
      userAgent: user_agent ?? null,
      device: device ?? null,
      recordedAt: row.recorded_at,
      recordedBy: row.actor,
      shown: shownFigures(row.offer),
    };
  }
}

/** What the borrower said yes to, rate and effective cost among it. */
function shownFigures(offer: StoredOffer | null): Readonly<Record<string, string>> {
  if (offer === null) return {};
  const { figures, monthly_interest_rate, fee_table } = offer;
  const amounts = Object.entries(figures).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { fee_table, monthly_interest_rate, ...Object.fromEntries(amounts) };
}
