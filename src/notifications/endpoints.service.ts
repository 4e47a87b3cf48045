import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { HOUR_MS, type Clock, type JsonObject } from '../kernel';
import {
  AuditTrail,
  changedMeanwhile,
  checkAsSeen,
  checkValuesAsSeen,
  CLOCK,
  FieldCipher,
  ProblemException,
  type Actor,
  type DeedTo,
  type Sealed,
} from '../platform';
import { checkChannel, recipientsIn, shownAddress, type Channel } from './channel';
import { TRIAL_TYPE, writeSecret } from './domain';
import type { EndpointChange, EndpointRequest, SecretRotation } from './notifications.dto';
import { WebhookSender } from './webhook-sender';

export interface Endpoint {
  readonly id: string;
  readonly channel: Channel;
  readonly url: string;
  readonly description: string;
  readonly event_types: string[];
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly quiet_from: string | null;
  readonly quiet_until: string | null;
  readonly former_secret_until: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly waiting: number;
  readonly given_up: number;
  readonly failing_with: string | null;
}

const SECRET_BYTES = 32;
const FORMER_SECRET_HOURS = 24;
const MAX_ENDPOINTS = 50;
const CHANGED = 'O endereço mudou desde que foi lido: confira o que vale agora';

const COLUMNS = `id, channel, url, quiet_from, quiet_until, description, event_types, enabled, disabled_reason, former_secret_until, created_by, created_at`;

/** Who is told, of what, and by which secret they know that it is us. */
@Injectable()
export class Endpoints {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sender: WebhookSender,
    private readonly cipher: FieldCipher,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(): Promise<Endpoint[]> {
    return this.#select(this.dataSource.manager);
  }

  /** @throws ProblemException 404 */
  async find(id: string): Promise<Endpoint> {
    return (await this.#select(this.dataSource.manager, id))[0] ?? notFound();
  }

  /** @returns the endpoint and the secret that signs, which cannot be had again. */
  create(request: EndpointRequest, by: Actor): Promise<{ endpoint: Endpoint; secret: string | null }> {
    checkChannel(request);
    checkQuiet(request);
    if (request.channel !== 'email') this.#checkUrl(request.url);
    const id = randomUUID();
    const isSystem = request.channel === 'webhook';
    const secret = isSystem ? randomBytes(SECRET_BYTES) : Buffer.from(request.url);
    const url = shownAddress(request);
    const sealed = this.cipher.encrypt(secret, 'notification_endpoint.secret_ciphertext', id);
    return this.dataSource.transaction(async (tx) => {
      await tx.query(`LOCK TABLE notification_endpoint IN SHARE ROW EXCLUSIVE MODE`);
      if ((await this.#select(tx)).length >= MAX_ENDPOINTS)
        throw new ProblemException(409, { type: 'too_many', title: `There are ${MAX_ENDPOINTS} already` });
      await tx.query(
        `INSERT INTO notification_endpoint
           (id, url, description, event_types, enabled, secret_key_id, secret_ciphertext, created_by, created_at,
            channel, quiet_from, quiet_until)
         VALUES ($1, $2, $3, $4, true, $5, $6, $7, $8, $9, $10, $11)`,
        [
          id,
          url,
          request.description,
          request.event_types,
          sealed.keyId,
          sealed.ciphertext,
          by.id,
          this.clock.now(),
          request.channel,
          request.quiet_from ?? null,
          request.quiet_until ?? null,
        ],
      );
      await this.#record(tx, by, 'created', id, { url, event_types: request.event_types });
      const [endpoint] = await this.#select(tx, id);
      if (endpoint === undefined) throw new Error('an endpoint was not stored');
      return { endpoint, secret: isSystem ? writeSecret(secret) : null };
    });
  }

  /**
   * What is left out stays. Switched on again, it is sent what was kept back.
   * @throws ProblemException 409 where a list or a value is no longer the one that whoever changes it saw
   */
  change(id: string, change: EndpointChange, by: Actor): Promise<Endpoint> {
    checkQuiet(change);
    return this.#withLocked(id, async (tx) => {
      const [before] = await this.#select(tx, id);
      if (before === undefined) return notFound();
      const recipients = before.channel === 'email' ? recipientsIn(before.url) : [];
      checkSeen(change, { ...before, recipients });
      const wished = {
        channel: before.channel,
        url: change.url ?? '',
        recipients: change.recipients ?? recipients,
        event_types: change.event_types ?? [],
        description: '',
      };
      checkChannel(wished);
      const { url: address } = change;
      if (address !== undefined) this.#checkUrl(address);
      const isMoved = (before.channel === 'email' ? change.recipients : address) !== undefined;
      const url = isMoved ? shownAddress(wished) : null;
      // Of Slack and Teams the address is the secret.
      const sealed =
        address === undefined || before.channel === 'webhook'
          ? undefined
          : this.cipher.encrypt(address, 'notification_endpoint.secret_ciphertext', id);
      await tx.query(
        `UPDATE notification_endpoint
         SET url = coalesce($2, url), event_types = coalesce($3, event_types), description = coalesce($4, description),
             enabled = coalesce($5, enabled), disabled_reason = CASE WHEN $5 THEN NULL ELSE disabled_reason END,
             secret_key_id = coalesce($6, secret_key_id), secret_ciphertext = coalesce($7, secret_ciphertext),
             quiet_from = CASE WHEN $8 THEN $9 ELSE quiet_from END,
             quiet_until = CASE WHEN $8 THEN $10 ELSE quiet_until END
         WHERE id = $1`,
        [
          id,
          url,
          change.event_types ?? null,
          change.description ?? null,
          change.enabled ?? null,
          sealed?.keyId ?? null,
          sealed?.ciphertext ?? null,
          change.quiet_from !== undefined,
          change.quiet_from ?? null,
          change.quiet_until ?? null,
        ],
      );
      const { event_types, description, enabled, quiet_from, quiet_until } = change;
      const given = { url: url ?? undefined, event_types, description, enabled, quiet_from, quiet_until };
      const kept = Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      await this.#record(tx, by, 'changed', id, Object.fromEntries(kept));
      return (await this.#select(tx, id))[0] ?? notFound();
    });
  }

  /** Nothing more is sent to it; its log stays. */
  remove(id: string, by: Actor): Promise<void> {
    return this.#withLocked(id, async (tx) => {
      await tx.query(`UPDATE notification_endpoint SET enabled = false, removed_at = $2 WHERE id = $1`, [
        id,
        this.clock.now(),
      ]);
      await tx.query(
        `UPDATE notification_delivery SET status = 'withdrawn', lease_owner = NULL, settled_at = clock_timestamp()
         WHERE endpoint_id = $1 AND status = 'waiting'`,
        [id],
      );
      await this.#record(tx, by, 'removed', id);
    });
  }

  /**
   * A new secret signs at once; the one of before signs beside it for a day, so that nothing is refused meanwhile. Only two ever
   * sign: while there are two, whoever asks says which of them the other system has. After an answer that was lost it is the
   * former, for nobody has the one in force.
   * @throws ProblemException 409 where two sign and nobody said which stays, or they are not those that were seen
   */
  rotateSecret(
    id: string,
    { keeps, former_secret_until_seen: seen }: SecretRotation,
    by: Actor,
  ): Promise<{ secret: string; formerUntil: Date }> {
    const secret = randomBytes(SECRET_BYTES);
    const sealed = this.cipher.encrypt(secret, 'notification_endpoint.secret_ciphertext', id);
    const formerUntil = new Date(this.clock.now().getTime() + FORMER_SECRET_HOURS * HOUR_MS);
    return this.#withLocked(id, async (tx) => {
      const [endpoint] = await this.#select(tx, id);
      if (endpoint?.channel !== 'webhook')
        throw new ProblemException(409, { type: 'no_secret', title: 'Channels for people sign nothing' });
      checkSecrets({ seen, keeps, until: endpoint.former_secret_until, now: this.clock.now() });
      const former = keeps === 'former' ? undefined : await this.#formerOf(tx, id);
      await tx.query(
        `UPDATE notification_endpoint
         SET former_secret_key_id = coalesce($5, former_secret_key_id),
             former_secret_ciphertext = coalesce($6, former_secret_ciphertext), former_secret_until = $2,
             secret_key_id = $3, secret_ciphertext = $4
         WHERE id = $1`,
        [id, formerUntil, sealed.keyId, sealed.ciphertext, former?.keyId ?? null, former?.ciphertext ?? null],
      );
      await this.#record(tx, by, 'secret_rotated', id, { ...(keeps !== undefined && { keeps }) });
      return { secret: writeSecret(secret), formerUntil };
    });
  }

  /** Sends it a trial event by the same way as every other. @returns the delivery's id */
  tryOut(id: string, by: Actor): Promise<string> {
    return this.#withLocked(id, async (tx) => {
      const [row] = await tx.query<{ id: string }[]>(
        `WITH event AS (
           INSERT INTO notification_event (id, type, subject, occurred_at, data)
           VALUES ($2, $3, $1::uuid::text, clock_timestamp(), '{}') RETURNING id)
         INSERT INTO notification_delivery (event_id, endpoint_id) SELECT event.id, $1::uuid FROM event RETURNING id`,
        [id, randomUUID(), TRIAL_TYPE],
      );
      if (row === undefined) throw new Error('a trial was not stored');
      await this.#record(tx, by, 'tried', id);
      return row.id;
    });
  }

  /** The secret there is, for the column of former ones: a ciphertext is bound to its column. */
  async #formerOf(tx: EntityManager, id: string): Promise<Sealed> {
    const [row] = await tx.query<{ keyId: string; ciphertext: Buffer }[]>(
      `SELECT secret_key_id AS "keyId", secret_ciphertext AS ciphertext FROM notification_endpoint WHERE id = $1`,
      [id],
    );
    const secret = this.cipher.decrypt(row ?? notFound(), 'notification_endpoint.secret_ciphertext', id);
    return this.cipher.encrypt(secret, 'notification_endpoint.former_secret_ciphertext', id);
  }

  #withLocked<T>(id: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      const found = await tx.query<unknown[]>(
        `SELECT FROM notification_endpoint WHERE id = $1 AND removed_at IS NULL FOR UPDATE`,
        [id],
      );
      if (found.length === 0) notFound();
      return work(tx);
    });
  }

  #select(tx: EntityManager, id?: string): Promise<Endpoint[]> {
    return tx.query<Endpoint[]>(
      `SELECT ${COLUMNS},
         (SELECT count(*)::int FROM notification_delivery d WHERE d.endpoint_id = e.id AND d.status = 'waiting') AS waiting,
         (SELECT count(*)::int FROM notification_delivery d WHERE d.endpoint_id = e.id AND d.status = 'given_up') AS given_up,
         (SELECT coalesce(a.error, 'HTTP ' || a.http_status)
          FROM notification_delivery d JOIN notification_attempt a ON a.delivery_id = d.id
          WHERE d.endpoint_id = e.id
            AND (d.status = 'waiting' AND d.attempts > 0 OR d.overtaken AND e.failing_since IS NOT NULL
              OR d.status = 'given_up' AND d.settled_at >= e.given_up_since)
          ORDER BY a.sent_at DESC LIMIT 1) AS failing_with
       FROM notification_endpoint e
       WHERE removed_at IS NULL AND ($1::uuid IS NULL OR id = $1) ORDER BY created_at, id`,
      [id ?? null],
    );
  }

  #checkUrl(url: string): void {
    const refusal = this.sender.refusalOf(url);
    if (refusal === undefined) return;
    throw new ProblemException(422, {
      type: 'invalid',
      title: 'The request is not valid',
      errors: [{ path: 'url', message: WORDS[refusal] }],
    });
  }

  #record(
    tx: EntityManager,
    by: Actor,
    deed: DeedTo<'notification_endpoint'>,
    id: string,
    details: JsonObject = {},
  ): Promise<void> {
    const subject = `notification endpoint ${id}`;
    return this.audit.record(tx, { actor: by.id, action: `notification_endpoint.${deed}`, subject, details });
  }
}

/** @throws ProblemException 409 */
function checkSeen(change: EndpointChange, now: Endpoint & { readonly recipients: readonly string[] }): void {
  const { event_types_seen: typesSeen, recipients_seen: recipientsSeen, seen, ...wished } = change;
  checkAsSeen({ seen: typesSeen, now: now.event_types, wished: wished.event_types }, CHANGED);
  checkAsSeen({ seen: recipientsSeen, now: now.recipients, wished: wished.recipients }, CHANGED);
  checkValuesAsSeen({ seen, now: { ...now }, wished }, CHANGED);
}

/** Half of a pair is no time. @throws ProblemException 422 */
function checkQuiet({
  quiet_from: from,
  quiet_until: until,
}: Pick<EndpointChange, 'quiet_from' | 'quiet_until'>): void {
  if ((from ?? null) === null ? (until ?? null) === null : (until ?? null) !== null && from !== until) return;
  throw new ProblemException(422, {
    type: 'invalid',
    title: 'The request is not valid',
    errors: [{ path: 'quiet_until', message: 'goes with quiet_from, and is another time' }],
  });
}

/** @throws ProblemException 409 */
function checkSecrets({
  seen,
  keeps,
  until,
  now,
}: {
  readonly seen: string | null | undefined;
  readonly keeps: SecretRotation['keeps'];
  readonly until: Date | null;
  readonly now: Date;
}): void {
  if (seen !== undefined && (seen === null ? null : Date.parse(seen)) !== (until?.getTime() ?? null))
    throw changedMeanwhile('O segredo foi trocado desde que foi lido: confira quais assinam agora');
  const twoSign = until !== null && until > now;
  if (twoSign && keeps === undefined)
    throw new ProblemException(409, {
      type: 'two_secrets_sign',
      title: 'O segredo foi trocado há menos de um dia, e dois assinam: diga qual deles o outro sistema usa',
    });
  if (!twoSign && keeps === 'former')
    throw new ProblemException(409, {
      type: 'former_secret_over',
      title: 'O segredo de antes já não assina: só o último fica ao lado do novo',
    });
}

const WORDS = {
  not_a_url: 'is not an address',
  not_https: 'must be https',
  has_credentials: 'must not carry a name or password',
  address_not_allowed: 'is not a public address',
} as const;

export function notFound(): never {
  throw new ProblemException(404, { type: 'not_found', title: 'There is no such endpoint or delivery' });
}
