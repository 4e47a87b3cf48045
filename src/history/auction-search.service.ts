import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { BlindIndex, FieldCipher, cursorInstant, decodeCursor, pageOf, type Page } from '../platform';
import { selectAuctions, type AuctionFilter } from './auction-filter';
import { rowsOf, viewAuctionRow, type AuctionRecord, type AuctionRowView } from './auction-row';
import { identify } from './domain';

/** Where a page ended, and the key that breaks ties. */
const position = z.tuple([cursorInstant, z.string().max(500)]);

export type Found =
  | { readonly kind: 'auction' | 'operation'; readonly key: string }
  | { readonly kind: 'borrower' | 'employer'; readonly mark: string };

/** Finds auctions: by what is known of them, page by page, or the one thing that somebody has in hand. */
@Injectable()
export class AuctionSearch {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** Newest first; a page's cost does not depend on how far down it is. */
  async page(
    filter: AuctionFilter,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<AuctionRowView>> {
    const selection = selectAuctions(filter);
    const [at, key] = [
      `${selection.sortedBy}.received_at`,
      `${selection.sortedBy}.issuer_proposal_request_key`,
    ];
    if (cursor !== undefined) {
      const [lastAt, lastKey] = decodeCursor(cursor, position);
      selection.where(`(${at}, ${key}) < (?::timestamptz, ${selection.parameter(lastKey)}::text)`, lastAt);
    }
    const rows = await this.dataSource.query<AuctionRecord[]>(
      rowsOf(`SELECT ${key} ${selection.rows} ORDER BY ${at} DESC, ${key} DESC LIMIT ${limit + 1}`),
      selection.parameters,
    );
    return pageOf(
      rows,
      limit,
      (row) => viewAuctionRow(row, this.cipher),
      (last) => [last.cursor_at, last.key],
    );
  }

  /** @returns undefined for an auction that we never saw */
  async one(key: string): Promise<AuctionRowView | undefined> {
    const [row] = await this.dataSource.query<AuctionRecord[]>(
      rowsOf(`SELECT issuer_proposal_request_key FROM auction WHERE issuer_proposal_request_key = $1`),
      [key],
    );
    return row && viewAuctionRow(row, this.cipher);
  }

  /**
   * What a key, a CPF or a CNPJ leads to. A CPF becomes an opaque mark, so that it need not stand in any address,
   * log or bookmark; an unknown one gets its mark too, so that the answer does not tell whose data we hold.
   */
  async lookUp(text: string): Promise<Found | undefined> {
    const identified = identify(text);
    switch (identified?.kind) {
      case undefined:
        return undefined;
      case 'cpf':
        return {
          kind: 'borrower',
          mark: this.blindIndex.of('cpf', identified.cpf.reveal()).toString('base64url'),
        };
      case 'employer':
        return {
          kind: 'employer',
          mark: this.blindIndex.of('employer', identified.document).toString('base64url'),
        };
      case 'key':
        return this.#byKey(identified.key);
    }
  }

  async #byKey(key: string): Promise<Found | undefined> {
    const [found] = await this.dataSource.query<{ kind: 'auction' | 'operation'; key: string }[]>(
      `SELECT 'auction' AS kind, issuer_proposal_request_key AS key FROM auction WHERE issuer_proposal_request_key = $1
       UNION ALL SELECT 'operation', credit_operation_key FROM operation WHERE credit_operation_key = $1
       UNION ALL SELECT 'auction', issuer_proposal_request_key FROM auction WHERE auction_proposal_key = $1
       UNION ALL SELECT 'auction', auction_key FROM bid WHERE request_control_key = $2
       LIMIT 1`,
      [key, z.uuid().safeParse(key).data ?? null],
    );
    return found;
  }
}
