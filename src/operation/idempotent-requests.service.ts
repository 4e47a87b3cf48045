import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BlindIndex, CLOCK, type Actor } from '../platform';
import { canonicalJson, type Clock, type JsonValue } from '../kernel';

/** What an accepted request answers. Only this is remembered: a refusal changed nothing and may be tried again. */
export interface Accepted {
  readonly kind: 'done';
  readonly httpStatus: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** @param httpStatus 202 for what is asked for, 200 for what is done */
export function accepted(answer: Readonly<Record<string, unknown>>, httpStatus = 202): Accepted {
  return { kind: 'done', httpStatus, answer };
}

/** The key was used before, for something else. */
export interface KeyReused {
  readonly kind: 'idempotency_key_reused';
}

export interface IncomingRequest {
  readonly actor: Actor;
  /** The Idempotency-Key header. Without one every request stands alone. */
  readonly idempotencyKey: string | undefined;
  /** What is asked of what, e.g. `authorize 5f...`. */
  readonly target: string;
  readonly body: JsonValue | undefined;
}

/**
 * The newest migration of the first release that knows a repetition by a keyed hash. What the one before has written goes
 * within 90 days (`repeated_requests`): the release after that does without the plain hash.
 */
const KEYED_SINCE = 1_700_000_014_200;
const OLDER_RUNS = `SELECT EXISTS (SELECT FROM instance WHERE instance_is_alive(id) AND newest_migration < $1) AS yes`;

/** Does a request once however often it is repeated with one Idempotency-Key, and gives each repetition the first answer. */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly blindIndex: BlindIndex,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Runs `work` in the caller's transaction; the answer is remembered by the same commit. */
  async once<Refused extends { readonly kind: string }>(
    tx: EntityManager,
    request: IncomingRequest,
    work: () => Promise<Accepted | Refused>,
  ): Promise<Accepted | Refused | KeyReused> {
    const { actor, idempotencyKey } = request;
    if (idempotencyKey === undefined) return work();
    // Repetitions that come at the same time wait here for the first to commit.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `${actor.id} ${idempotencyKey}`,
    ]);
    const asked = `${request.target}\n${canonicalJson(request.body ?? null)}`;
    const hashes = { plain: plainHashOf(asked), keyed: this.blindIndex.of('request', asked) };
    const [known] = await tx.query<
      { request_hash: Buffer; http_status: number; answer: Record<string, unknown> }[]
    >(
      `SELECT request_hash, http_status, answer FROM idempotent_request WHERE actor = $1 AND idempotency_key = $2`,
      [actor.id, idempotencyKey],
    );
    if (known !== undefined) {
      return known.request_hash.equals(hashes.keyed) || known.request_hash.equals(hashes.plain)
        ? { kind: 'done', httpStatus: known.http_status, answer: known.answer }
        : { kind: 'idempotency_key_reused' };
    }
    const outcome = await work();
    if (isAccepted(outcome)) {
      const [older] = await tx.query<{ yes: boolean }[]>(OLDER_RUNS, [KEYED_SINCE]);
      const hash = older?.yes === true ? hashes.plain : hashes.keyed;
      await tx.query(
        `INSERT INTO idempotent_request (actor, idempotency_key, request_hash, http_status, answer, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [actor.id, idempotencyKey, hash, outcome.httpStatus, outcome.answer, this.clock.now()],
      );
    }
    return outcome;
  }
}

/** Of a request that says little but a CPF, it is as good as the CPF: whoever counts through all of them finds it. */
const plainHashOf = (asked: string): Buffer => createHash('sha256').update(asked).digest();

export function isAccepted(outcome: { readonly kind: string }): outcome is Accepted {
  return outcome.kind === 'done';
}
