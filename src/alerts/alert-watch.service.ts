import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { DataSource, type EntityManager } from 'typeorm';
import { Standings } from '../access';
import { MINUTE_MS, type Clock } from '../kernel';
import { AlertOutbox } from '../notifications';
import { ALERT_KINDS, type AlertNews } from '../notifications/domain';
import {
  CLOCK,
  eachApart,
  LOGGER,
  METRICS,
  Periodic,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { Troubles } from '../troubles';
import { changesOf, type AlertName, type AlertsSeen, type FoundAlert, type OpenAlert } from './domain';
import { WaitingAlerts } from './waiting-alerts.service';

const ALERT_LOCK = 7_000_031;
const PRUNED_AT_ONCE = 500;

interface AlertWrite {
  readonly alert: FoundAlert;
  readonly write: (tx: EntityManager) => Promise<void>;
}

/** Looks for what people should know of, keeps what is open, and tells. One process looks at a time. */
@Injectable()
export class AlertWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #looks: Periodic;
  readonly #found: Gauge<'kind'>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly troubles: Troubles,
    private readonly waiting: WaitingAlerts,
    private readonly outbox: AlertOutbox,
    private readonly standings: Standings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#found = new Gauge({
      name: 'arremate_alerts',
      help: 'What people should know of, as found by the last look, by kind (GET /api/v1/alerts)',
      labelNames: ['kind'],
      registers: [metrics],
    });
    this.#looks = new Periodic({
      name: 'alerts',
      everyMs: settings.engine.alerts.look_every_ms,
      run: () => this.look(),
      logger,
      failed: 'what people should know of could not be looked for',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE !== 'web') this.#looks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#looks.stop();
  }

  async look(): Promise<void> {
    const now = this.clock.now();
    const sight = await this.troubles.look();
    const waiting = await this.waiting.find(now);
    // A database that does not answer is for who watches /health/ready: mostly nothing can be written or sent then.
    const found = [...sight.troubles.flatMap(alertOf), ...waiting];
    const untold = sight.untold.flatMap(nameOf);
    for (const kind of ALERT_KINDS)
      this.#found.set({ kind }, found.filter((alert) => alert.kind === kind).length);
    await this.dataSource.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }[]>(`SELECT pg_try_advisory_xact_lock($1) AS mine`, [
        ALERT_LOCK,
      ]);
      if (lock?.mine === true) await this.#hold(tx, { found, untold }, now);
    });
  }

  async #hold(tx: EntityManager, sight: AlertsSeen, now: Date): Promise<void> {
    const rows = await tx.query<HeldAlert[]>(
      `SELECT id, kind, subject, severity, since, count, detail, seen_at, told_at, told_count, acknowledged_at, acknowledged_by FROM alert
       WHERE resolved_at IS NULL AND kind = ANY ($1) FOR UPDATE`,
      [ALERT_KINDS], // others are another release's, which ends them
    );
    const open = await this.#withoutAbsent(tx, rows);
    const { over_after_ms, remind_after_minutes } = this.settings.engine.alerts;
    const times = { overAfterMs: over_after_ms, remindAfterMs: remind_after_minutes * MINUTE_MS };
    const { raised, seen, worsened, reminded, resolved } = changesOf(open, sight, now, times);
    const writes = [
      ...raised.map((alert) => ({ alert, write: (own: EntityManager) => this.#raise(own, alert, now) })),
      ...seen.map((alert) => ({ alert, write: (own: EntityManager) => this.#see(own, alert, now) })),
      ...worsened.map((alert) => ({
        alert,
        write: (own: EntityManager) => this.#raiseAgain(own, alert, now),
      })),
      ...reminded.map((alert) => ({ alert, write: (own: EntityManager) => this.#remind(own, alert, now) })),
      ...resolved.map((alert) => ({ alert, write: (own: EntityManager) => this.#resolve(own, alert, now) })),
    ];
    await this.#writeAll(tx, writes);
    await this.#prune(tx);
  }

  /** What somebody had in hand who has left is in nobody's: it would not be told again. */
  async #withoutAbsent(tx: EntityManager, open: readonly HeldAlert[]): Promise<readonly OpenAlert[]> {
    const holders = [...new Set(open.flatMap(({ acknowledged_by: holder }) => holder ?? []))];
    const present = await this.standings.whoMay('alerts.acknowledge', holders, tx);
    const absent = holders.filter((holder) => !present.has(holder));
    if (absent.length === 0) return open;
    await tx.query(
      `UPDATE alert SET acknowledged_by = NULL, acknowledged_at = NULL
       WHERE resolved_at IS NULL AND acknowledged_by = ANY ($1)`,
      [absent],
    );
    return open.map((alert) =>
      absent.includes(alert.acknowledged_by ?? '') ? { ...alert, acknowledged_at: null } : alert,
    );
  }

  /** Together; where that fails, each under a savepoint of its own: one would keep people from being told of all others. */
  async #writeAll(tx: EntityManager, writes: readonly AlertWrite[]): Promise<void> {
    if (writes.length === 0) return;
    try {
      await tx.transaction(async (together) => {
        for (const { write } of writes) await write(together);
      });
    } catch {
      await this.#writeEach(tx, writes);
    }
  }

  async #writeEach(tx: EntityManager, writes: readonly AlertWrite[]): Promise<void> {
    try {
      await eachApart(
        writes,
        ({ alert }) => alert.kind,
        ({ write }) => tx.transaction(write),
      );
    } catch (error) {
      if (!(error instanceof AggregateError)) throw error;
      this.logger.error({ err: error }, 'alerts could not be written');
    }
  }

  async #raise(tx: EntityManager, alert: FoundAlert, now: Date): Promise<void> {
    const id = randomUUID();
    const { kind, subject, severity, since, count, detail } = alert;
    await tx.query(
      `INSERT INTO alert (id, kind, subject, severity, since, count, detail, raised_at, seen_at, told_at, told_count)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $6)`,
      [id, kind, subject, severity, since, count, detail, now],
    );
    await this.outbox.tell(tx, news({ ...alert, id }, 'raised'));
  }

  async #see(tx: EntityManager, { id, severity, count, detail }: OpenAlert, now: Date): Promise<void> {
    await tx.query(
      `UPDATE alert SET seen_at = $2, severity = $3, count = $4, detail = $5,
         told_count = least(coalesce(told_count, count), $4) WHERE id = $1`,
      [id, now, severity, count, detail],
    );
  }

  async #raiseAgain(tx: EntityManager, alert: OpenAlert, now: Date): Promise<void> {
    await tx.query(
      `UPDATE alert SET told_at = $2, told_count = count, acknowledged_by = NULL, acknowledged_at = NULL WHERE id = $1`,
      [alert.id, now],
    );
    await this.outbox.tell(tx, news(alert, 'raised'));
  }

  async #remind(tx: EntityManager, alert: OpenAlert, now: Date): Promise<void> {
    await tx.query(`UPDATE alert SET told_at = $2, told_count = count WHERE id = $1`, [alert.id, now]);
    await this.outbox.tell(tx, news(alert, 'reminded'));
  }

  async #resolve(tx: EntityManager, alert: OpenAlert, now: Date): Promise<void> {
    await tx.query(`UPDATE alert SET resolved_at = $2 WHERE id = $1`, [alert.id, now]);
    await this.outbox.tell(tx, news(alert, 'resolved'));
  }

  async #prune(tx: EntityManager): Promise<void> {
    await tx.query(
      `DELETE FROM alert WHERE id = ANY (ARRAY(
         SELECT id FROM alert WHERE resolved_at < now() - $1 * interval '1 day' LIMIT $2))`,
      [this.settings.engine.notifications.keep_days, PRUNED_AT_ONCE],
    );
  }
}

/** In whose hands it is. */
type HeldAlert = OpenAlert & { readonly acknowledged_by: string | null };
type Trouble = Awaited<ReturnType<Troubles['current']>>[number];

function alertOf(trouble: Trouble): FoundAlert[] {
  const { severity, since, count, detail } = trouble;
  return nameOf(trouble).map((name) => ({
    ...name,
    severity,
    since,
    count: count ?? null,
    detail: detail ?? null,
  }));
}

/** There is one of a kind at most, but for certificates. */
function nameOf({ kind, detail }: Pick<Trouble, 'kind' | 'detail'>): AlertName[] {
  const known = ALERT_KINDS.find((one) => one === kind);
  if (known === undefined) return [];
  return [{ kind: known, subject: known === 'certificate_ending' ? (detail ?? '') : '' }];
}

function news(alert: FoundAlert & { readonly id: string }, status: AlertNews['status']): AlertNews {
  const { id, kind, severity, since, count, detail } = alert;
  return { id, kind, status, severity, since, count, detail };
}
