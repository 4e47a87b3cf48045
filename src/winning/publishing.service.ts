import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { calendarDateAt, type CalendarDate, type Clock } from '../kernel';
import { AuditTrail, CLOCK, InstanceRegistry } from '../platform';
import type { CompiledLearning, CompiledPolicy } from '../policy';
import { lifeOf, type Life, type ModelDocument, type Stage, type StageTime } from './domain';
import type { NightAnswer } from './night-thread';
import { lockLife, RateModelLife, retireAll, SYSTEM } from './rate-model-life.service';

/** That a run is still under this process's lease. */
const HELD = `id = $1 AND state = 'running' AND lease_owner = $2`;

type Learnt = Extract<NightAnswer, { kind: 'learnt' }>;

interface InForce {
  readonly hash: string;
  readonly stage: Stage;
  readonly stage_since: string;
  readonly segments: string;
  readonly through: string;
  readonly mandate: string;
}

interface Same {
  readonly state: 'waiting' | 'in_force' | 'retired';
  readonly stage: Stage;
  readonly waits_for: readonly string[];
}

const SAME = `SELECT state, stage, CASE WHEN approved_at IS NULL THEN waits_for ELSE '{}' END AS waits_for
  FROM rate_model_version WHERE hash = $1`;

/** What becomes of a night: a version that is in force at once, one that waits for a person, or a refusal that is kept. */
@Injectable()
export class Publishing {
  constructor(
    private readonly dataSource: DataSource,
    private readonly life: RateModelLife,
    private readonly audit: AuditTrail,
    private readonly instances: InstanceRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns false, and nothing is published, where the night is another process's by now */
  async finish(
    run: string,
    policy: CompiledPolicy,
    through: CalendarDate,
    came: NightAnswer,
  ): Promise<boolean> {
    const { learning } = policy;
    return this.dataSource.transaction(async (tx) => {
      const held = await tx.query<unknown[]>(`SELECT FROM rate_model_run WHERE ${HELD} FOR UPDATE`, [
        run,
        this.instances.id,
      ]);
      if (held.length === 0) return false;
      if (came.kind === 'refused' || learning === undefined) {
        await this.#end(tx, run, 'refused', came.kind === 'refused' ? came.reason : 'NO_ROOM');
        return true;
      }
      await lockLife(tx);
      await this.#publish(tx, { policy, learning, through, came });
      await this.#end(tx, run, 'made', null, came.hash);
      return true;
    });
  }

  async fail(run: string): Promise<void> {
    await this.#end(this.dataSource.manager, run, 'failed', 'FAILED');
  }

  async #publish(
    tx: EntityManager,
    {
      policy,
      learning,
      through,
      came,
    }: { policy: CompiledPolicy; learning: CompiledLearning; through: CalendarDate; came: Learnt },
  ): Promise<void> {
    const [same] = await tx.query<Same[]>(SAME, [came.hash]);
    if (same !== undefined) {
      if (same.state === 'retired') await this.#putBack(tx, came.hash, same);
      return; // the same rows: the same version
    }
    const parent = await inForce(tx);
    const time = await this.life.stageTime(tx, learning, calendarDateAt(this.clock.now()));
    const life = lifeIn(parent, learning, time, came);
    const state = await makeWay(tx, came.hash, life.waitsFor);
    await tx.query(
      `INSERT INTO rate_model_version (hash, document, policy_hash, segments, trained_through, parent, figures, made_at, state,
         stage, stage_since, waits_for)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        came.hash,
        came.text,
        policy.hash,
        learning.segmentsHash,
        through,
        (JSON.parse(came.text) as ModelDocument).origin.parent ?? null,
        JSON.stringify({ ...came.figures, largestMoveBp: came.largestMoveBp }),
        this.clock.now(),
        state,
        life.stage,
        life.stageSince,
        life.waitsFor,
      ],
    );
    if (life.returnFor !== undefined) await this.life.returnFor(tx, life.returnFor, `version ${came.hash}`);
    await this.#record(tx, came.hash, life.stage, life.waitsFor);
  }

  /** Another policy was active meanwhile: as far as it had come, and waiting where nobody has let it through. */
  async #putBack(tx: EntityManager, hash: string, { stage, waits_for: waitsFor }: Same): Promise<void> {
    const state = await makeWay(tx, hash, waitsFor);
    await tx.query(`UPDATE rate_model_version SET state = $2 WHERE hash = $1`, [hash, state]);
    await this.#record(tx, hash, stage, waitsFor);
  }

  #record(tx: EntityManager, hash: string, stage: Stage, waitsFor: readonly string[]): Promise<void> {
    return this.audit.record(tx, {
      actor: SYSTEM,
      action: 'rate_model.published',
      subject: `rate_model:${hash}`,
      details: { hash, stage, waits_for: waitsFor.join(', ') },
    });
  }

  async #end(
    tx: EntityManager,
    run: string,
    state: 'made' | 'refused' | 'failed',
    reason: string | null,
    version: string | null = null,
  ): Promise<void> {
    await tx.query(
      `UPDATE rate_model_run SET state = $3, reason = $4, version = $5, finished_at = $6, lease_owner = NULL WHERE ${HELD}`,
      [run, this.instances.id, state, reason, version, this.clock.now()],
    );
  }
}

/** @returns what becomes of a version that waits for these, once others have given way to it */
async function makeWay(
  tx: EntityManager,
  hash: string,
  waitsFor: readonly string[],
): Promise<'in_force' | 'waiting'> {
  if (waitsFor.length === 0) {
    await retireAll(tx, hash);
    return 'in_force';
  }
  await tx.query(`UPDATE rate_model_version SET state = 'retired' WHERE state = 'waiting'`);
  return 'waiting';
}

async function inForce(tx: EntityManager): Promise<InForce | undefined> {
  const [row] = await tx.query<InForce[]>(
    `SELECT hash, stage, stage_since::text AS stage_since, segments, trained_through::text AS through,
       document::jsonb -> 'origin' ->> 'mandate' AS mandate
     FROM rate_model_version WHERE state = 'in_force'`,
  );
  return row;
}

function lifeIn(
  parent: InForce | undefined,
  learning: CompiledLearning,
  time: StageTime,
  came: Learnt,
): Life {
  const { mandate, mandateHash, segmentsHash } = learning;
  return lifeOf({
    parent: parent && {
      stage: parent.stage,
      stageSince: parent.stage_since,
      mandate: parent.mandate,
      segments: parent.segments,
      trainedThrough: parent.through,
    },
    mandate: mandateHash,
    segments: segmentsHash,
    ...time,
    shadowDays: mandate.shadow_days,
    canaryDays: mandate.canary_days,
    figures: came.figures,
    largestMoveBp: came.largestMoveBp,
    speedLimitBp: mandate.speed_limit_bp,
  });
}
