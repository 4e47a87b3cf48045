import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { BlindIndex, notPermitted, type Actor } from '../platform';
import { BorrowerLookups } from './borrower-lookups.service';
import { identify, textsFrom, uuidsFrom } from './domain';

export const KEY_KINDS = ['auction', 'operation', 'proposal'] as const;

export interface KeyFound {
  readonly kind: (typeof KEY_KINDS)[number];
  readonly key: string;
  /** When it began. */
  readonly at: Date;
}

export type Found =
  | { readonly kind: 'keys'; readonly keys: readonly [KeyFound, ...KeyFound[]] }
  | { readonly kind: 'borrower' | 'employer'; readonly mark: string };

const MOST = 8;

const EXACTLY = `
  SELECT 'auction' AS kind, issuer_proposal_request_key AS key, received_at AS at FROM auction
  WHERE issuer_proposal_request_key = $1
  UNION ALL SELECT 'operation', credit_operation_key, opened_at FROM operation WHERE credit_operation_key = $1
  UNION ALL SELECT 'auction', issuer_proposal_request_key, received_at FROM auction WHERE auction_proposal_key = $1
  UNION ALL SELECT 'auction', a.issuer_proposal_request_key, a.received_at FROM bid b
  JOIN auction a ON a.issuer_proposal_request_key = b.auction_key WHERE b.request_control_key = $2
  UNION ALL SELECT 'proposal', id::text, created_at FROM proposal WHERE id = $2
  LIMIT 1`;

/** Of the facts, not of the auctions: what only people look for costs no auction an index. In the order of bytes. */
const BEGINNING = `
  SELECT * FROM (
    (SELECT 'auction' AS kind, key, received_at AS at FROM history_fact WHERE key ~>=~ $1 AND key ~<=~ $2 LIMIT ${String(MOST)})
    UNION ALL
    (SELECT 'operation', credit_operation_key, opened_at FROM operation
     WHERE credit_operation_key ~>=~ $1 AND credit_operation_key ~<=~ $2 LIMIT ${String(MOST)})
    UNION ALL
    (SELECT 'proposal', id::text, created_at FROM proposal WHERE id BETWEEN $3::uuid AND $4::uuid LIMIT ${String(MOST)})
  ) AS found ORDER BY at DESC, key LIMIT ${String(MOST)}`;

/** What somebody has in hand: a key or how it begins, a CPF, a CNPJ. */
@Injectable()
export class Lookup {
  constructor(
    private readonly dataSource: DataSource,
    private readonly blindIndex: BlindIndex,
    private readonly borrowerLookups: BorrowerLookups,
  ) {}

  /**
   * What a key, a CPF or a CNPJ leads to. A CPF becomes an opaque mark, so that it need not stand in any address,
   * log or bookmark; an unknown one gets its mark too, so that the answer does not tell whose data we hold. It is only for
   * those who may see the CPF itself: who knows the mark of any CPF tries those that a mask leaves.
   *
   * @throws ProblemException 403 for a CPF from somebody who may not see any, 429 from who has looked for many
   */
  async find(text: string, by: { actor: Actor; mayReveal: boolean }): Promise<Found | undefined> {
    const identified = identify(text);
    switch (identified?.kind) {
      case undefined:
        return undefined;
      case 'cpf':
        if (!by.mayReveal) throw notPermitted('personal_data.reveal');
        await this.borrowerLookups.record(by.actor);
        return { kind: 'borrower', mark: this.#mark('cpf', identified.cpf.reveal()) };
      case 'employer':
        return { kind: 'employer', mark: this.#mark('employer', identified.document) };
      case 'key': {
        const [first, ...others] = await this.#keys(identified.key);
        return first && { kind: 'keys', keys: [first, ...others] };
      }
    }
  }

  /** The one that has this whole key, else those that begin so. */
  async #keys(key: string): Promise<readonly KeyFound[]> {
    const exact = await this.dataSource.query<KeyFound[]>(EXACTLY, [
      key,
      z.uuid().safeParse(key).data ?? null,
    ]);
    const texts = textsFrom(key);
    if (exact.length > 0 || texts === undefined) return exact;
    const uuids = uuidsFrom(key);
    return this.dataSource.query<KeyFound[]>(BEGINNING, [
      texts.from,
      texts.to,
      uuids?.from ?? null,
      uuids?.to ?? null,
    ]);
  }

  #mark(kind: 'cpf' | 'employer', value: string): string {
    return this.blindIndex.of(kind, value).toString('base64url');
  }
}
