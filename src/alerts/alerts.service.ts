import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { Clock } from '../kernel';
import { ALERT_KINDS, alertLine } from '../notifications/domain';
import { AuditTrail, CLOCK, ProblemException, type Actor } from '../platform';
import { Runbooks } from '../troubles';
import type { AlertList } from './alerts.dto';
import { ALERT_RUNBOOKS, type OpenAlert } from './domain';

const SHOWN_OVER = 20;

interface AlertRow extends OpenAlert {
  readonly raised_at: Date;
  readonly resolved_at: Date | null;
  readonly acknowledged_by: string | null;
}

type AlertView = z.output<typeof AlertList.schema>['open'][number];

/** What was raised, with what to do about it, and who has it in hand. */
@Injectable()
export class Alerts {
  readonly #runbooks = new Runbooks(Object.values(ALERT_RUNBOOKS));

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of the kinds that are known here: the release after this one may tell of others. */
  async list(): Promise<z.output<typeof AlertList.schema>> {
    const [open, over] = await Promise.all([
      this.dataSource.query<AlertRow[]>(
        `SELECT * FROM alert WHERE resolved_at IS NULL AND kind = ANY ($1)
         ORDER BY severity, since DESC, id LIMIT 200`,
        [ALERT_KINDS],
      ),
      this.dataSource.query<AlertRow[]>(
        `SELECT * FROM alert WHERE resolved_at IS NOT NULL AND kind = ANY ($2) ORDER BY resolved_at DESC LIMIT $1`,
        [SHOWN_OVER, ALERT_KINDS],
      ),
    ]);
    return { open: open.map((row) => this.#view(row)), over: over.map((row) => this.#view(row)) };
  }

  /**
   * Says that somebody has it in hand: it is not told again until it is over, from a warning has become critical, or they have
   * left. Twice is as good as once.
   */
  async acknowledge(id: string, by: Actor): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const [alert] = await tx.query<AlertRow[]>(
        `SELECT * FROM alert WHERE id = $1 AND resolved_at IS NULL FOR UPDATE`,
        [id],
      );
      if (alert === undefined)
        throw new ProblemException(404, { type: 'not_found', title: 'There is no such open alert' });
      if (alert.acknowledged_at !== null) return;
      await tx.query(`UPDATE alert SET acknowledged_by = $2, acknowledged_at = $3 WHERE id = $1`, [
        id,
        by.id,
        this.clock.now(),
      ]);
      await this.audit.record(tx, {
        actor: by.id,
        action: 'alert.acknowledged',
        subject: `alert ${id}`,
        details: { kind: alert.kind },
      });
    });
  }

  #view(row: AlertRow): AlertView {
    const { id, kind, severity, acknowledged_by } = row;
    return {
      id,
      kind,
      severity,
      line: alertLine(row),
      since: row.since.toISOString(),
      raised_at: row.raised_at.toISOString(),
      resolved_at: row.resolved_at?.toISOString() ?? null,
      acknowledged_by,
      acknowledged_at: row.acknowledged_at?.toISOString() ?? null,
      runbook: this.#runbooks.of(ALERT_RUNBOOKS[kind]),
    };
  }
}
