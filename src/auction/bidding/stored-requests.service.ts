import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { WEBHOOK_GATE, type WebhookGate } from '../../inbox';
import { FieldCipher } from '../../platform';
import type { AuctionStatus } from '../domain/auction-status';
import type { ProposalRequest } from '../domain/proposal-request';
import { PROPOSAL_REQUEST_READER, type ProposalRequestReader } from '../ports';

export interface StoredRequest {
  readonly status: AuctionStatus;
  /** The webhook it came in. */
  readonly eventId: string;
  /** Undefined when the webhook on disk cannot be read any more. */
  readonly request: ProposalRequest | undefined;
  /** Nothing of the webhook is left: its time was over. */
  readonly isErased: boolean;
}

interface StoredWebhook {
  readonly content_hash: string;
  readonly raw_key_id: string;
  readonly raw_ciphertext: Buffer;
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
      ({ status: AuctionStatus; event_id: string } & StoredWebhook)[]
    >(
      `SELECT auction.status, webhook_event_id AS event_id, encode(content_hash, 'hex') AS content_hash,
         raw_key_id, raw_ciphertext
       FROM auction JOIN webhook_event ON webhook_event.id = webhook_event_id
       WHERE issuer_proposal_request_key = $1`,
      [auctionKey],
    );
    if (row === undefined) return undefined;
    return { status: row.status, eventId: row.event_id, ...this.#reread(row) };
  }

  #reread(row: StoredWebhook): Pick<StoredRequest, 'request' | 'isErased'> {
    try {
      const sealed = { keyId: row.raw_key_id, ciphertext: row.raw_ciphertext };
      const raw = this.cipher.decrypt(sealed, 'webhook_event.raw_ciphertext', row.content_hash);
      if (raw.length === 0) return { request: undefined, isErased: true };
      const envelope = this.gate.reread(raw);
      return { request: envelope && this.read(envelope.document), isErased: false };
    } catch {
      return { request: undefined, isErased: false }; // its key is gone, or it was altered or put there from elsewhere
    }
  }
}
