import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock, JsonObject } from '../kernel';
import { AuditTrail, CLOCK, freeRows, InstanceRegistry, type Actor } from '../platform';

/** A backtest asked for, under way or done. */
export interface BacktestReport {
  readonly id: string;
  readonly candidate_hash: string;
  readonly baseline_hash: string;
  readonly received_from: Date;
  readonly received_before: Date;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'canceled';
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly requests_total: number | null;
  readonly requests_done: number;
  readonly failure: string | null;
  readonly figures: JsonObject | null;
  readonly finished_at: Date | null;
}

export interface BacktestOrder {
  readonly candidateHash: string;
  readonly baselineHash: string;
  readonly from: Date;
  readonly before: Date;
}

/** One that a command carried out itself. */
export interface BacktestRun extends BacktestOrder {
  readonly figures: { readonly requests: number };
}

/** What it takes to write a report where no module is. */
export interface BacktestArchivist {
  readonly dataSource: DataSource;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

const COLUMNS = `id, candidate_hash, baseline_hash, received_from, received_before, state, requested_by, requested_at,
  requests_total, requests_done, failure, figures, finished_at`;

/** The backtests: whoever carries them out takes them from here and writes what they came to. */
@Injectable()
export class BacktestReports {
  #wake: (() => void) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param wake called when one has been ordered in this process. */
  onOrder(wake: () => void): void {
    this.#wake = wake;
  }

  async order(
    { candidateHash, baselineHash, from, before }: BacktestOrder,
    actor: Actor,
  ): Promise<BacktestReport> {
    const ordered = await this.dataSource.transaction(async (tx) => {
      const [report] = await tx.query<BacktestReport[]>(
        `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
           requested_by, requested_at)
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7) RETURNING ${COLUMNS}`,
        [randomUUID(), candidateHash, baselineHash, from, before, actor.id, this.clock.now()],
      );
      if (report === undefined) throw new Error('the backtest was not stored');
      const details = { candidate: candidateHash, baseline: baselineHash };
      const subject = `backtest:${report.id}`;
      await this.audit.record(tx, { actor: actor.id, action: 'policy.backtest_ordered', subject, details });
      return report;
    });
    this.#wake?.();
    return ordered;
  }

  async find(id: string): Promise<BacktestReport | undefined> {
    const [report] = await this.dataSource.query<BacktestReport[]>(
      `SELECT ${COLUMNS} FROM backtest_report WHERE id = $1`,
      [id],
    );
    return report;
  }

  of(candidateHash: string): Promise<BacktestReport[]> {
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM backtest_report WHERE candidate_hash = $1 ORDER BY requested_at DESC, id LIMIT 100`,
      [candidateHash],
    );
  }

  /** @returns false when there is nothing to stop any more. */
  cancel(id: string, actor: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [, canceled] = await tx.query<[unknown, number]>(
        `UPDATE backtest_report SET state = 'canceled', finished_at = $2
         WHERE id = $1 AND state IN ('queued', 'running')`,
        [id, this.clock.now()],
      );
      if (canceled === 0) return false;
      const subject = `backtest:${id}`;
      await this.audit.record(tx, { actor: actor.id, action: 'policy.backtest_canceled', subject });
      return true;
    });
  }

  /**
   * The next one nobody works on, leased to this process; what a dead process had begun begins anew. For a process that
   * works on one at a time: one that is leased to it already was lost on the way and begins anew too.
   */
  async claim(): Promise<BacktestReport | undefined> {
    const [[report]] = await this.dataSource.query<[BacktestReport[], number]>(
      `UPDATE backtest_report SET state = 'running', lease_owner = $1, requests_done = 0
       WHERE id = (${freeRows({
         table: 'backtest_report',
         where: `state IN ('queued', 'running')`,
         orderBy: 'requested_at',
         limit: '1',
         me: '$1',
         inHands: '$2',
       })})
       RETURNING ${COLUMNS}`,
      [this.instances.id, []],
    );
    return report;
  }

  /** @returns false when it is no longer ours to go on with: canceled, or taken over. */
  async progress(id: string, requestsDone: number, requestsTotal: number): Promise<boolean> {
    const [, updated] = await this.dataSource.query<[unknown, number]>(
      `UPDATE backtest_report SET requests_done = $3, requests_total = $4
       WHERE id = $1 AND state = 'running' AND lease_owner = $2`,
      [id, this.instances.id, requestsDone, requestsTotal],
    );
    return updated === 1;
  }

  async finish(id: string, requestsDone: number, figures: object): Promise<void> {
    await this.dataSource.query(
      `UPDATE backtest_report SET state = 'done', figures = $3, requests_done = $4, finished_at = $5
       WHERE id = $1 AND state = 'running' AND lease_owner = $2`,
      [id, this.instances.id, JSON.stringify(figures), requestsDone, this.clock.now()],
    );
  }

  async fail(id: string, failure: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE backtest_report SET state = 'failed', failure = $3, finished_at = $4
       WHERE id = $1 AND state = 'running' AND lease_owner = $2`,
      [id, this.instances.id, failure, this.clock.now()],
    );
  }
}

/** Writes down a backtest that is done already. */
export function keepBacktest(
  { dataSource, audit, clock }: BacktestArchivist,
  { candidateHash, baselineHash, from, before, figures }: BacktestRun,
  actor: string,
): Promise<void> {
  return dataSource.transaction(async (tx) => {
    const id = randomUUID();
    const now = clock.now();
    await tx.query(
      `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
         requested_by, requested_at, requests_total, requests_done, figures, finished_at)
       VALUES ($1, $2, $3, $4, $5, 'done', $6, $7, $8, $8, $9, $7)`,
      [id, candidateHash, baselineHash, from, before, actor, now, figures.requests, JSON.stringify(figures)],
    );
    const details = { candidate: candidateHash, baseline: baselineHash };
    const subject = `backtest:${id}`;
    await audit.record(tx, { actor, action: 'policy.backtest_run', subject, details });
  });
}
