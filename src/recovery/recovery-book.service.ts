import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MINUTE_MS } from '../kernel';
import { AuditTrail, SETTINGS, switchBidding, type Actor, type Settings } from '../platform';
import {
  signOfRestore,
  type DatabaseState,
  type Mark,
  type RecoveryRules,
  type RecoverySign,
} from './domain';
import { RestoreSteps, type RestoreCounts } from './restore-steps';

/** Who acts when a restore is found. */
const ACTOR = 'system:recovery';
/** Why bidding is stopped, for whoever sees the banner. */
const REASON =
  'O banco de dados voltou a um ponto anterior. Antes de voltar a lançar, confira a página Restauração.';

/** A restore that was noticed. */
export interface Recovery {
  readonly id: string;
  readonly found_at: Date;
  readonly found_by: string;
  readonly sign: RecoverySign;
  readonly known_until: Date | null;
  readonly bids_from: Date;
  readonly counts: RestoreCounts;
  readonly asked_until: Date | null;
  readonly confirmed_at: Date | null;
  readonly confirmed_by: string | null;
  readonly note: string | null;
}

/** What QI told in it is to be asked for again. */
export interface LostTime {
  /** Of the restore. */
  readonly id: string;
  readonly foundAt: Date;
  readonly from: Date;
  readonly to: Date;
}

export interface Settled {
  readonly mark: Mark;
  /** The restore that was found by it; undefined: none. */
  readonly recovery: Pick<Recovery, 'sign' | 'known_until' | 'counts'> | undefined;
}

/** The restores that were noticed, and what was done at once: in one transaction, by whoever noticed it first. */
@Injectable()
export class RecoveryBook {
  constructor(
    private readonly dataSource: DataSource,
    private readonly steps: RestoreSteps,
    private readonly audit: AuditTrail,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Holds the database against what was seen of it. When it was restored: bidding is stopped, what may be at QI is made
   * unknown, and another generation begins.
   */
  settle(seen: Mark | undefined, by: string): Promise<Settled> {
    return this.dataSource.transaction(async (tx) => {
      const state = await this.#lockState(tx);
      const sign = signOfRestore(seen, state, this.#rules());
      if (sign === undefined) return { mark: await this.#adopt(tx), recovery: undefined };
      return this.#begin(tx, { sign, state, seen, by });
    });
  }

  async #lockState(tx: EntityManager): Promise<DatabaseState> {
    const begun = await tx.query<unknown[]>(
      `INSERT INTO recovery_generation (timeline) VALUES (database_timeline()) ON CONFLICT DO NOTHING RETURNING 1`,
    );
    const [row] = await tx.query<StateRow[]>(
      `SELECT generation, counter, timeline, database_timeline() AS present_timeline,
         extract(epoch FROM clock_timestamp() - advanced_at)::float8 * 1000 AS silent_ms
       FROM recovery_generation FOR UPDATE`,
    );
    const [rest] = await tx.query<{ has_history: boolean; ended: string[] }[]>(
      `SELECT EXISTS (SELECT FROM webhook_event) AS has_history,
         ARRAY(SELECT DISTINCT unnest(ended_generations) FROM recovery)::text[] AS ended`,
    );
    if (row === undefined || rest === undefined) throw new Error('the generation of the database is gone');
    const { generation, counter, timeline } = row;
    return {
      mark: begun.length > 0 ? undefined : { generation, counter: Number(counter), timeline },
      timeline: row.present_timeline,
      endedGenerations: rest.ended,
      silentMs: row.silent_ms,
      hasHistory: rest.has_history,
    };
  }

  /** Goes on with the history that stands here. */
  async #adopt(tx: EntityManager): Promise<Mark> {
    return markIn(
      await tx.query<[MarkRow[], number]>(
        `UPDATE recovery_generation SET timeline = database_timeline(), advanced_at = clock_timestamp()
         RETURNING generation, counter`,
      ),
    );
  }

  async #begin(
    tx: EntityManager,
    found: {
      readonly sign: RecoverySign;
      readonly state: DatabaseState;
      readonly seen: Mark | undefined;
      readonly by: string;
    },
  ): Promise<Settled> {
    const { sign, state, seen, by } = found;
    const counts = await this.steps.run(tx);
    const ended = [state.mark?.generation, seen?.generation].filter((each) => each !== undefined);
    const [recovery] = await tx.query<Pick<Recovery, 'id' | 'known_until'>[]>(
      `INSERT INTO recovery (found_by, sign, ended_generations, known_until, bids_from, counts)
       VALUES ($1, $2, $3, CASE WHEN $4 THEN (SELECT advanced_at FROM recovery_generation) END,
         clock_timestamp() + $5 * interval '1 second', $6)
       RETURNING id, known_until`,
      [by, sign, ended, state.mark !== undefined, this.settings.engine.recovery.margin_seconds, counts],
    );
    const mark = markIn(
      await tx.query<[MarkRow[], number]>(
        `UPDATE recovery_generation SET generation = gen_random_uuid(), counter = 0,
           timeline = database_timeline(), advanced_at = clock_timestamp()
         RETURNING generation, counter`,
      ),
    );
    const details = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
    await this.audit.record(tx, {
      actor: ACTOR,
      action: 'recovery.found',
      subject: `recovery ${recovery?.id ?? ''}`,
      details: { sign, found_by: by, ...details },
    });
    await switchBidding(tx, this.audit, { engaged: true, reason: REASON, actor: ACTOR });
    return { mark, recovery: { sign, known_until: recovery?.known_until ?? null, counts } };
  }

  #rules(): RecoveryRules {
    const { failover_keeps_commits, unwitnessed_after_minutes } = this.settings.engine.recovery;
    return {
      failoverKeepsCommits: failover_keeps_commits,
      unwitnessedAfterMs: unwitnessed_after_minutes * MINUTE_MS,
    };
  }

  /** Newest first. */
  latest(limit: number): Promise<readonly Recovery[]> {
    return this.dataSource.query<Recovery[]>(`SELECT ${COLUMNS} FROM recovery ORDER BY id DESC LIMIT $1`, [
      limit,
    ]);
  }

  /**
   * The newest restore of which QI has not been asked yet what it told since the copy.
   * @param beforeMs so much is looked at again before the last thing the copy knows
   * @param unknownMs so far back before a restore whose copy does not say when it was made
   */
  async lostTime(beforeMs: number, unknownMs: number): Promise<LostTime | undefined> {
    // What was asked for until then comes back in whole milliseconds.
    const [lost] = await this.dataSource.query<LostTime[]>(
      `SELECT id, found_at AS "foundAt", bids_from AS to, coalesce(asked_until, known_until - $1 * interval '1 millisecond',
         found_at - $2 * interval '1 millisecond') AS from
       FROM recovery WHERE asked_until IS NULL OR asked_until < date_trunc('milliseconds', bids_from) ORDER BY id DESC LIMIT 1`,
      [beforeMs, unknownMs],
    );
    return lost;
  }

  /** QI has been asked for everything that it told until then. */
  async noteAsked(id: string, until: Date): Promise<void> {
    await this.dataSource.query(`UPDATE recovery SET asked_until = $2 WHERE id = $1`, [id, until]);
  }

  /** A person has looked at what was found. @returns undefined when there is nothing to confirm */
  confirm(id: string, note: string, actor: Actor): Promise<Recovery | undefined> {
    return this.dataSource.transaction(async (tx) => {
      const [[confirmed]] = await tx.query<[Recovery[], number]>(
        `UPDATE recovery SET confirmed_at = clock_timestamp(), confirmed_by = $2, note = $3
         WHERE id = $1 AND confirmed_at IS NULL RETURNING ${COLUMNS}`,
        [id, actor.id, note],
      );
      if (confirmed === undefined) return undefined;
      const subject = `recovery ${id}`;
      await this.audit.record(tx, { actor: actor.id, action: 'recovery.confirmed', subject, reason: note });
      return confirmed;
    });
  }
}

/** Whether a restore waits for a person: until then bidding is not let go on, and no command is sent. */
export async function awaitsConfirmation(tx: Pick<EntityManager, 'query'>): Promise<boolean> {
  const open = await tx.query<unknown[]>(`SELECT FROM recovery WHERE confirmed_at IS NULL LIMIT 1`);
  return open.length > 0;
}

const COLUMNS = `id, found_at, found_by, sign, known_until, bids_from, counts, asked_until, confirmed_at, confirmed_by, note`;

interface MarkRow {
  readonly generation: string;
  readonly counter: string;
}

interface StateRow extends MarkRow {
  readonly timeline: string;
  readonly present_timeline: string;
  readonly silent_ms: number;
}

function markIn([[row]]: [MarkRow[], number]): Mark {
  if (row === undefined) throw new Error('the generation of the database is gone');
  return { generation: row.generation, counter: Number(row.counter) };
}
