import { Inject, Injectable, type OnModuleDestroy, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK, eachApart, LOGGER, Periodic, SETTINGS, type Logger, type Settings } from '../platform';
import { MINUTE_MS, calendarDateAt, type Clock } from '../kernel';
import {
  lateIfSinceBefore,
  lateReason,
  marginUnsettledReason,
  UNLINKED_REASON,
  type TaskKind,
  type TaskReason,
} from './domain';
import { OperationLife } from './operation-life.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';
import { TaskDesk } from './task-desk.service';

const BATCH = 200;

/**
 * Finds the loans that nothing happens to: contract or margin too long in one status, or never claimed by an auction.
 * Each is reported once per status; one instance looks at a time.
 */
@Injectable()
export class StandstillWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #sweeps: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly life: OperationLife,
    private readonly tasks: TaskDesk,
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#sweeps = new Periodic({
      name: 'standstill_watch',
      everyMs: limits.sweep_ms,
      run: () => this.sweep(),
      logger,
      failed: 'loans that stand still could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#sweeps.stop();
  }

  /** @returns how many tasks were opened. */
  async sweep(): Promise<number> {
    let opened = 0;
    await eachApart(
      await this.#standingStill(),
      ({ key, kind }) => `loan ${key}, ${kind}`,
      ({ key, kind }) =>
        this.dataSource.transaction(async (tx) => {
          const operation = await this.life.lock(tx, key);
          if (operation === undefined || !mayStill(kind, operation)) return;
          await this.tasks.open(tx, operation, kind, reasonOf(kind, operation));
          opened += 1;
        }),
    );
    return opened;
  }

  /** A task that a person has closed is not opened again for the same standstill; one that waits for people is not late. */
  async #standingStill(): Promise<readonly { key: string; kind: WatchedKind }[]> {
    const now = this.clock.now();
    const calendar = this.calendars.currentCalendar();
    const limits = Object.entries(this.limits.statusLimits);
    const margins = Object.entries(this.limits.marginLimits);
    return this.dataSource.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }[]>(
        `SELECT pg_try_advisory_xact_lock(hashtext('operation standstill watch')) AS mine`,
      );
      if (lock?.mine !== true) return [];
      return tx.query<{ key: string; kind: WatchedKind }[]>(
        `SELECT o.credit_operation_key AS key, 'late' AS kind
         FROM unnest($1::text[], $2::timestamptz[]) AS late (status, before)
         JOIN operation o ON o.status = late.status AND o.status_since < late.before AND o.ended_at IS NULL
         WHERE NOT (o.margin_status IS NOT NULL AND o.status = 'signed') AND NOT EXISTS (SELECT FROM task t WHERE t.credit_operation_key = o.credit_operation_key
           AND (t.kind = 'late' AND t.opened_at >= o.status_since
             OR t.kind IN ('authorization_review', 'reservation_unexplained') AND t.status <> 'resolved'))
         UNION ALL
         SELECT o.credit_operation_key, 'unlinked_operation' FROM operation o
         WHERE o.origin IS NULL AND (o.ended_at IS NULL OR o.status = 'disbursed') AND o.opened_at < $3
           AND NOT EXISTS (SELECT FROM task t WHERE t.credit_operation_key = o.credit_operation_key
             AND t.kind = 'unlinked_operation')
         UNION ALL
         SELECT o.credit_operation_key, 'margin_unsettled'
         FROM unnest($5::text[], $6::timestamptz[]) AS late (margin, before)
         JOIN operation o ON o.margin_status = late.margin AND ${MARGIN_WAITS_SINCE} < late.before AND o.ended_at IS NULL
         WHERE NOT EXISTS (SELECT FROM task t WHERE t.credit_operation_key = o.credit_operation_key
           AND (t.kind = 'margin_unsettled' AND t.opened_at >= ${MARGIN_WAITS_SINCE}
             OR t.kind = 'reservation_unexplained' AND t.status <> 'resolved'))
         LIMIT $4`,
        [
          limits.map(([status]) => status),
          limits.map(([, limit]) => lateIfSinceBefore(now, limit, calendar)),
          new Date(now.getTime() - this.limits.unlinked_after_minutes * MINUTE_MS),
          BATCH,
          margins.map(([margin]) => margin),
          margins.map(([, limit]) => lateIfSinceBefore(now, limit, calendar)),
        ],
      );
    });
  }
}

/**
 * Since when a margin waits for what must come next: the servant's time is their own, a signed contract waits for SIAPE,
 * and a margin without a contract, or a contract without a margin, for its other half. NULL: for nothing yet.
 */
const MARGIN_WAITS_SINCE = `CASE
  WHEN o.margin_status LIKE 'pending_consent%' THEN o.consent_until
  WHEN o.margin_status = 'not_asked' THEN CASE WHEN o.status IN ('signed', 'disbursed') THEN o.status_since END
  WHEN o.margin_status = 'held' THEN CASE WHEN o.status IN ('canceled_permanently', 'reservation_failed')
    THEN greatest(o.status_since, o.margin_since) END
  WHEN o.status <> 'canceling' THEN o.margin_since END`;

/** What has ended waits for nothing; but money that was paid for nobody here is asked about after the end too. */
function mayStill(kind: WatchedKind, { endedAt, origin, status }: OperationEntity): boolean {
  if (kind === 'unlinked_operation') return origin === null && (endedAt === null || status === 'disbursed');
  return endedAt === null;
}

type WatchedKind = Extract<TaskKind, 'late' | 'unlinked_operation' | 'margin_unsettled'>;

function reasonOf(kind: WatchedKind, operation: OperationEntity): TaskReason {
  const { marginStatus, marginSince } = operation;
  if (kind === 'margin_unsettled' && marginStatus !== null && marginSince !== null)
    return marginUnsettledReason(marginStatus, calendarDateAt(marginSince));
  return kind === 'late'
    ? lateReason(operation.status, calendarDateAt(operation.statusSince))
    : UNLINKED_REASON;
}
