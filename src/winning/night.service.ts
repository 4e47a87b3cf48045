import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HOUR_MS, MINUTE_MS, calendarDateAt, hourAt, type CalendarDate, type Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
  freeForUs,
  InstanceRegistry,
  LOGGER,
  Periodic,
  SETTINGS,
  type Actor,
  type Logger,
  type Settings,
} from '../platform';
import { ActivePolicy, portablePolicy, type CompiledLearning, type CompiledPolicy } from '../policy';
import { ActiveRateModels } from './active-rate-models.service';
import { daysBetween, learnedShare, type RateTable, type Stage, type StageTime } from './domain';
import { learnApart } from './night-thread';
import { observedDays } from './observed-days';
import { ObservationKeeper } from './observation-keeper.service';
import { dayBefore, orderNight } from './order-night';
import { Publishing } from './publishing.service';
import { isWhole, RateModelDocuments } from './rate-model-documents.service';
import { lockLife, RateModelLife } from './rate-model-life.service';

const LOOK_EVERY_MS = MINUTE_MS;
/** A night lasts as long as its days. */
const LATE_AFTER_MS = HOUR_MS;
/** In São Paulo: what ended late in the day is told by then. */
const NIGHT_HOUR = 1;

/** What a night has made gave way to another policy's since, and this one is active again. */
const PUT_OUT = `EXISTS (SELECT FROM policy_version WHERE hash = run.policy_hash AND state = 'active')
  AND NOT EXISTS (SELECT FROM rate_model_version WHERE policy_hash = run.policy_hash AND state IN ('waiting', 'in_force'))`;

/** Moves are measured from these: measured from one that waited in vain, far rates would come to bids with nobody's approval. */
const LET_THROUGH = `(cardinality(waits_for) = 0 OR approved_at IS NOT NULL)`;

interface Claimed {
  readonly id: string;
}

interface Last {
  readonly hash: string;
  readonly stage: Stage;
  readonly stageSince: string;
  readonly trainedThrough: string;
}

/**
 * Learns once a night, and again when the policy has changed or somebody asks: one process, on a thread of its own. What comes of
 * it, a version or a named refusal, is kept; after a refusal yesterday's version stays until it is stale.
 */
@Injectable()
export class NightlyLearning implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  /** The nights that are learnt here right now: one, while people do not call for another. */
  readonly #inHands = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly observations: ObservationKeeper,
    private readonly models: ActiveRateModels,
    private readonly documents: RateModelDocuments,
    private readonly publishing: Publishing,
    private readonly life: RateModelLife,
    private readonly instances: InstanceRegistry,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'learning',
      everyMs: LOOK_EVERY_MS,
      lateAfterMs: LATE_AFTER_MS,
      run: () => this.work(),
      logger,
      failed: 'rates could not be learnt',
    });
  }

  onApplicationBootstrap(): void {
    this.life.onChange(() => this.models.look());
    if (this.settings.ARREMATE_ROLE === 'web') return;
    this.#work.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#work.stop();
  }

  /** Have it learnt again from all that is known now. @returns false where the policy lets nothing be learnt */
  async order(actor: Actor): Promise<boolean> {
    const { compiled } = this.policies.current();
    if (compiled.learning === undefined) return false;
    const ordered = { policyHash: compiled.hash, now: this.clock.now(), actor: actor.id };
    await this.dataSource.transaction((tx) => orderNight(tx, this.audit, ordered));
    this.#work.hurry();
    return true;
  }

  /** What a minute has to do: what is wrong with the version in force, and the night that is due. */
  async work(): Promise<void> {
    const { compiled } = this.policies.current();
    if (compiled.learning === undefined) return;
    const through = dayBefore(this.clock.now());
    const claimed = await this.#claim(compiled.hash, through);
    if (claimed !== undefined) await this.#learn(claimed, compiled, through);
    await this.#watch(compiled);
  }

  async #claim(policyHash: string, through: CalendarDate): Promise<Claimed | undefined> {
    const now = this.clock.now();
    const isTooEarly = hourAt(now) < NIGHT_HOUR;
    const [claimed] = await this.dataSource.query<Claimed[]>(
      `INSERT INTO rate_model_run AS run (id, policy_hash, day, state, ordered_at, lease_owner)
       SELECT $1, $2, $3, 'running', $4, $5
       WHERE NOT $6 OR EXISTS (SELECT FROM rate_model_run WHERE policy_hash = $2 AND day = $3)
         OR NOT EXISTS (SELECT FROM rate_model_version WHERE policy_hash = $2 AND state = 'in_force')
       ON CONFLICT (policy_hash, day) DO UPDATE SET state = 'running', reason = NULL, lease_owner = excluded.lease_owner
       WHERE run.state = 'ordered' OR (run.state = 'running' AND ${freeForUs('$5', '$7', 'id', 'run')})
         OR (run.state = 'made' AND ${PUT_OUT})
       RETURNING id`,
      [randomUUID(), policyHash, through, now, this.instances.id, isTooEarly, [...this.#inHands]],
    );
    return claimed;
  }

  async #learn({ id }: Claimed, policy: CompiledPolicy, through: CalendarDate): Promise<void> {
    this.#inHands.add(id);
    try {
      // Of ends that are looked at again some are missing until all have been. A process that stops leaves the night as it is,
      // and another takes it up.
      if (!(await this.#knowsEnds(policy, through))) return;
      const came = await this.#night(policy, through);
      const isOurs = await this.publishing.finish(id, policy, through, came);
      await this.models.look();
      this.logger.info(
        { through, policy: policy.hash, came: came.kind === 'learnt' ? came.hash : came.reason },
        isOurs ? 'rates learnt' : 'rates learnt too late: another process has taken the night over',
      );
    } catch (error) {
      this.logger.error({ err: error, through }, 'learning failed: the version before stays');
      await this.publishing.fail(id);
    } finally {
      this.#inHands.delete(id);
    }
  }

  async #knowsEnds({ learning }: CompiledPolicy, through: CalendarDate): Promise<boolean> {
    const isReopened =
      learning === undefined || (await this.observations.reopen(learning.segmentsHash, through));
    return isReopened && (await this.observations.catchUp());
  }

  async #night(policy: CompiledPolicy, through: CalendarDate) {
    const { learning } = policy;
    if (learning === undefined) throw new Error('the policy lets nothing be learnt');
    const { segmentsHash } = learning;
    const on = calendarDateAt(this.clock.now());
    const [last] = await this.dataSource.query<Last[]>(
      `SELECT hash, stage, stage_since::text AS "stageSince", trained_through::text AS "trainedThrough"
       FROM rate_model_version WHERE segments = $1 AND trained_through < $2 AND ${LET_THROUGH}
       ORDER BY number DESC LIMIT 1`,
      [segmentsHash, through],
    );
    const time = await this.life.stageTime(this.dataSource.manager, learning, on);
    return learnApart(
      {
        policy: portablePolicy(policy),
        order: {
          through,
          on,
          watchedFrom: time.watchedFrom,
          lastTables: await this.#tablesOf(last?.hash),
          learnedShare: shareUnder(learning, last, time),
        },
        assumptions: this.models.assumptionsOn(policy, on),
        parent: last?.hash,
      },
      observedDays(this.dataSource, segmentsHash, through),
    );
  }

  async #tablesOf(hash: string | undefined): Promise<readonly RateTable[]> {
    if (hash === undefined) return [];
    const version = await this.documents.read(hash);
    if (version === undefined || !isWhole(version)) return [];
    return (JSON.parse(version.text) as { tables: readonly RateTable[] }).tables;
  }

  /** Bids are at the table already; that it stays so until people say otherwise, and that they are told, is done here. */
  async #watch({ learning }: CompiledPolicy): Promise<void> {
    if (learning === undefined) return;
    const [row] = await this.dataSource.query<{ hash: string; document: string; through: string }[]>(
      `SELECT hash, document, trained_through::text AS through FROM rate_model_version, rate_model_line
       WHERE state = 'in_force' AND segments = $1 AND returned_at IS NULL`,
      [learning.segmentsHash],
    );
    if (row === undefined) return;
    const age = daysBetween(row.through, calendarDateAt(this.clock.now()));
    const code = !isWhole({ hash: row.hash, text: row.document })
      ? ('HASH_MISMATCH' as const)
      : age > learning.mandate.validity_days
        ? ('STALE' as const)
        : undefined;
    if (code === undefined) return;
    await this.dataSource.transaction(async (tx) => {
      await lockLife(tx);
      await this.life.returnFor(tx, code, `version ${row.hash}, trained through ${row.through}`);
    });
    await this.models.look();
  }
}

function shareUnder({ mandate }: CompiledLearning, last: Last | undefined, time: StageTime): number {
  return learnedShare(last, time, {
    canaryDays: mandate.canary_days,
    canaryShare: Number(mandate.canary_share),
    controlShare: Number(mandate.control_share),
  });
}
