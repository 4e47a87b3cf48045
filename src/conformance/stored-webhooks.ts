import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { WEBHOOK_PATH } from '../inbox';
import type { Clock } from '../kernel';
import type { FieldCipher } from '../platform';
import { receivedWebhook, type ReceivedWebhook } from './received-webhook';
import type { WebhookWatch } from './step';

const LOOK_EVERY_MS = 250;
const AT_ONCE = 200;

interface Row {
  readonly id: string;
  readonly received_at: Date;
  readonly content_hash: string;
  readonly raw_key_id: string;
  readonly raw_ciphertext: Buffer;
  readonly authorization_header: string | null;
}

/**
 * The webhooks that the service's own door has taken since the watch began. How QI likes their acknowledgements is not
 * asked here: the service answers as it is set.
 */
export class StoredWebhooks implements WebhookWatch {
  readonly contents = [];
  readonly #seen: ReceivedWebhook[] = [];

  private constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly clock: Clock,
    private after: string,
  ) {}

  static async begin(dataSource: DataSource, cipher: FieldCipher, clock: Clock): Promise<StoredWebhooks> {
    const [row] = await dataSource.query<{ last: string }[]>(
      `SELECT coalesce(max(id), 0)::text AS last FROM webhook_event`,
    );
    return new StoredWebhooks(dataSource, cipher, clock, row?.last ?? '0');
  }

  signAcknowledgementsWith(): void {
    // The door acknowledges, not this programme.
  }

  async waitFor(
    isWanted: (webhook: ReceivedWebhook) => boolean,
    withinMs: number,
  ): Promise<ReceivedWebhook | undefined> {
    const until = this.clock.monotonicMs() + withinMs;
    for (;;) {
      await this.#look();
      const found = this.#seen.find(isWanted);
      if (found !== undefined || this.clock.monotonicMs() >= until) return found;
      await wait(LOOK_EVERY_MS);
    }
  }

  async #look(): Promise<void> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT id::text, received_at, encode(content_hash, 'hex') AS content_hash, raw_key_id, raw_ciphertext,
         authorization_header
       FROM webhook_event WHERE id > $1 ORDER BY id LIMIT ${AT_ONCE}`,
      [this.after],
    );
    for (const row of rows) {
      const webhook = this.#read(row);
      if (webhook !== undefined) this.#seen.push(webhook);
      this.after = row.id;
    }
  }

  #read(row: Row): ReceivedWebhook | undefined {
    const sealed = { keyId: row.raw_key_id, ciphertext: row.raw_ciphertext };
    const rawBody = this.cipher.decrypt(sealed, 'webhook_event.raw_ciphertext', row.content_hash);
    const headers = row.authorization_header === null ? {} : { authorization: row.authorization_header };
    return receivedWebhook({ method: 'POST', uri: WEBHOOK_PATH, headers, rawBody }, row.received_at);
  }
}
