import { hash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { canonicalJson, type JsonObject } from '../kernel';
import { FieldCipher, GroupCommit, InstanceRegistry, SETTINGS, createPool, type Settings } from '../platform';
import type { ParkReason } from './domain';
import type { Envelope } from './ports';

/** A delivery on its way to disk. */
export interface Arrival {
  readonly envelope: Envelope;
  readonly rawBody: Buffer;
  readonly authorization: string | undefined;
  readonly receivedAt: Date;
  /** Why nobody acts on it: it is parked from the first; undefined for one that is to be applied. */
  readonly parkedFor: ParkReason | undefined;
}

/** `id` of a new event, or that the very same content is on disk already. */
export type Stored = { readonly kind: 'new'; readonly id: string } | { readonly kind: 'duplicate' };

/**
 * Two deliveries are the same event when their documents mean the same: QI gives events no id and sends them again,
 * with or without its `webhook` envelope, numbers with or without trailing zeros.
 */
export function contentHash(document: JsonObject): Buffer {
  return hash('sha256', canonicalJson(document), 'buffer');
}

interface Row extends Arrival {
  readonly hash: Buffer;
}

/** Makes deliveries durable: what `store` resolved for is on disk, leased to this process. */
@Injectable()
export class WebhookStore implements OnApplicationShutdown {
  readonly #pool: Pool;
  readonly #commits: GroupCommit<Row, Stored>;
  readonly #holder: string | null;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly cipher: FieldCipher,
    instances: InstanceRegistry,
  ) {
    const { inbox } = settings.engine;
    // A process that only answers the web applies nothing.
    this.#holder = settings.ARREMATE_ROLE === 'web' ? null : instances.id;
    // Apart from the main pool, so that an acknowledgement never waits behind a slow query.
    this.#pool = createPool(settings.DATABASE_URL, {
      applicationName: 'arremate-inbox',
      size: inbox.writers,
      queryTimeoutMs: 5_000,
    });
    this.#commits = new GroupCommit({
      write: (rows) => this.#insert(rows),
      batchMaxRows: inbox.batch_max_events,
      queueMaxRows: inbox.queue_max_events,
      bytes: { of: (row) => row.rawBody.length, queueMax: inbox.queue_max_bytes },
      writers: inbox.writers,
      everyMs: settings.engine.database.commit_every_ms,
    });
  }

  store(arrival: Arrival): Promise<Stored> {
    return this.#commits.add({ ...arrival, hash: contentHash(arrival.envelope.document) });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  async #insert(rows: readonly Row[]): Promise<readonly Stored[]> {
    const firstByHash = new Map(rows.map((row) => [row.hash.toString('hex'), row] as const).reverse());
    const distinct = [...firstByHash.values()];
    const sealed = distinct.map((row) =>
      this.cipher.encrypt(row.rawBody, 'webhook_event.raw_ciphertext', row.hash.toString('hex')),
    );
    const { rows: inserted } = await this.#pool.query<{ id: string; hash: string }>({
      name: 'insert-webhook-events',
      text: `
        INSERT INTO webhook_event (content_hash, received_at, webhook_type, event_key, event_status, event_at_text,
                                   raw_key_id, raw_ciphertext, authorization_header, status, reason,
                                   handled_at, lease_owner)
        SELECT hash, received_at, type, key, status, at_text, key_id, ciphertext, auth,
               CASE WHEN parked_for IS NULL THEN 'new' ELSE 'parked' END, parked_for,
               CASE WHEN parked_for IS NOT NULL THEN clock_timestamp() END,
               CASE WHEN parked_for IS NULL THEN $11::uuid END
        FROM unnest($1::bytea[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                    $8::bytea[], $9::text[], $10::text[])
          AS t (hash, received_at, type, key, status, at_text, key_id, ciphertext, auth, parked_for)
        ON CONFLICT (content_hash) DO NOTHING
        RETURNING id, encode(content_hash, 'hex') AS hash`,
      values: [
        distinct.map((row) => row.hash),
        distinct.map((row) => row.receivedAt),
        distinct.map((row) => withoutNul(row.envelope.type)),
        distinct.map((row) => withoutNul(row.envelope.key)),
        distinct.map((row) => withoutNul(row.envelope.status)),
        distinct.map((row) => withoutNul(row.envelope.eventAtText)),
        sealed.map(({ keyId }) => keyId),
        sealed.map(({ ciphertext }) => ciphertext),
        distinct.map((row) => withoutNul(row.authorization)),
        distinct.map((row) => row.parkedFor ?? null),
        this.#holder,
      ],
    });
    const idByHash = new Map(inserted.map(({ id, hash }) => [hash, id]));
    return rows.map((row) => {
      const hash = row.hash.toString('hex');
      const id = idByHash.get(hash);
      return id !== undefined && firstByHash.get(hash) === row ? { kind: 'new', id } : { kind: 'duplicate' };
    });
  }
}

/** PostgreSQL's text has no NUL; the encrypted original keeps it. */
function withoutNul(text: string | undefined): string | null {
  return text?.replaceAll('\0', '\uFFFD').slice(0, 2_000) ?? null;
}
