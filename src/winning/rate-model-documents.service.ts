import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RateModelSource, StoredRateModel } from '../auction';
import type { RateModel } from '../decision/domain';
import type { ModelDocument, ModelVersion } from './domain';

const MOST_KEPT = 4;

type Bidding = Pick<ModelDocument, 'origin' | 'seed' | 'tables'>;

/** Stored versions by their hash, whatever has become of them since. */
@Injectable()
export class RateModelDocuments implements Pick<RateModelSource, 'again'> {
  readonly #kept = new Map<string, Bidding>();

  constructor(private readonly dataSource: DataSource) {}

  async again(stored: StoredRateModel): Promise<RateModel | undefined> {
    const { draw, hash, stage, priceStep, fallback: reason } = stored;
    if (reason !== undefined) return { draw, version: { kind: 'fallback', reason, hash } };
    const document = hash === undefined ? undefined : await this.#document(hash);
    if (hash === undefined || stage === undefined || document === undefined) return undefined;
    return { draw, version: { kind: 'usable', hash, document, stage, priceStep } };
  }

  /** As it is stored: whoever bids by it verifies it. */
  async read(hash: string | null): Promise<ModelVersion | undefined> {
    if (hash === null) return undefined;
    const [row] = await this.dataSource.query<{ document: string }[]>(
      `SELECT document FROM rate_model_version WHERE hash = $1`,
      [hash],
    );
    return row && { hash, text: row.document };
  }

  /** Undefined when it is not there, or not what its hash says. */
  async #document(hash: string): Promise<Bidding | undefined> {
    const known = this.#kept.get(hash);
    if (known !== undefined) return known;
    const version = await this.read(hash);
    if (version === undefined || !isWhole(version)) return undefined;
    const { origin, seed, tables } = JSON.parse(version.text) as ModelDocument;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    const document = { origin, seed, tables };
    this.#kept.set(hash, document);
    return document;
  }
}

export function isWhole({ hash, text }: ModelVersion): boolean {
  return createHash('sha256').update(text).digest('hex') === hash;
}
