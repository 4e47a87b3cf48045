import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WEBHOOK_GATE, type WebhookGate } from '../../inbox';
import { FieldCipher } from '../../platform';
import type { AuctionStatus } from '../domain/auction-status';
import type { ProposalRequest } from '../domain/proposal-request';
import { PROPOSAL_REQUEST_READER, type ProposalRequestReader } from '../ports';

export interface StoredRequest {
  readonly status: AuctionStatus;
  /** Undefined when the webhook on disk cannot be read any more. */
  readonly request: ProposalRequest | undefined;
}

/** Requests read back from the raw webhooks on disk: for auctions taken over and for refitting. */
@Injectable()
export class StoredRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    @Inject(WEBHOOK_GATE) private readonly gate: Pick<WebhookGate, 'reread'>,
    @Inject(PROPOSAL_REQUEST_READER) private readonly read: ProposalRequestReader,
  ) {}

  /** Undefined when there is no such auction. */
  async load(auctionKey: string): Promise<StoredRequest | undefined> {
    const [row] = await this.dataSource.query<
      { status: AuctionStatus; raw_key_id: string; raw_ciphertext: Buffer }[]
    >(
      `SELECT auction.status, raw_key_id, raw_ciphertext
       FROM auction JOIN webhook_event ON webhook_event.id = webhook_event_id
       WHERE issuer_proposal_request_key = $1`,
      [auctionKey],
    );
    if (row === undefined) return undefined;
    const raw = this.cipher.decrypt({ keyId: row.raw_key_id, ciphertext: row.raw_ciphertext });
    const envelope = this.gate.reread(raw);
    return { status: row.status, request: envelope && this.read(envelope.document) };
  }
}
