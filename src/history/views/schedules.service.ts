import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Clock } from '../../kernel';
import { Standings } from '../../access';
import { AuditTrail, CLOCK, ProblemException, type Actor } from '../../platform';
import { lastRun, nextRun, type Recurrence } from '../domain';
import { insertExport, type ExportRow } from '../exports/export-row';
import type { ExportFormat } from '../exports/export-writer';

export const MAX_SCHEDULES = 20;
/** Begun in one go; the others come with the next. */
const AT_ONCE = 20;

export interface ScheduleRow {
  readonly id: string;
  readonly owner: string;
  readonly view_id: string;
  readonly view_name: string;
  readonly format: ExportFormat;
  readonly every: Recurrence['every'];
  readonly weekday: number | null;
  readonly month_day: number | null;
  readonly hour: number;
  readonly next_at: Date;
  readonly last_status: ExportRow['status'] | null;
}

export interface Schedule extends ScheduleRow {
  /** Its owner may export no more: their account or token is closed, or has another role. Nothing is made meanwhile. */
  readonly isPaused: boolean;
}

const ROWS = `SELECT s.id, s.owner, s.view_id, v.name AS view_name, s.format, s.every, s.weekday, s.month_day, s.hour,
    s.next_at, e.status AS last_status
  FROM export_schedule s JOIN saved_view v ON v.id = s.view_id LEFT JOIN export e ON e.id = s.last_export_id`;

/** Views that are written into a file again and again. Whoever may export sees them all and may take one away. */
@Injectable()
export class Schedules {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly standings: Standings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(): Promise<Schedule[]> {
    const rows = await this.dataSource.query<ScheduleRow[]>(`${ROWS} ORDER BY s.next_at, s.id LIMIT 500`);
    const active = await this.#whoMay(rows);
    return rows.map((row) => ({ ...row, isPaused: !active.has(row.owner) }));
  }

  /** @throws ProblemException 422 for a view that is not theirs, 409 for one too many */
  create(viewId: string, format: ExportFormat, recurrence: Recurrence, actor: Actor): Promise<Schedule> {
    return this.dataSource.transaction(async (tx) => {
      await assertRoom(tx, actor.id);
      const id = randomUUID();
      const now = this.clock.now();
      const stored = await tx.query<unknown[]>(
        `INSERT INTO export_schedule (id, owner, view_id, format, every, weekday, month_day, hour, next_at, created_at)
         SELECT $1, $2, id, $4, $5, $6, $7, $8, $9, $10 FROM saved_view
         WHERE id = $3 AND owner = $2 AND page = 'explore' RETURNING id`,
        [
          id,
          actor.id,
          viewId,
          format,
          recurrence.every,
          recurrence.every === 'week' ? recurrence.weekday : null,
          recurrence.every === 'month' ? recurrence.monthDay : null,
          recurrence.hour,
          nextRun(recurrence, now),
          now,
        ],
      );
      if (stored.length === 0)
        throw new ProblemException(422, {
          type: 'invalid',
          title: 'Essa visão não existe mais',
          errors: [{ path: 'view_id', message: 'must be a view of figures of yours' }],
        });
      await this.#record(tx, actor, 'export_schedule.created', id, { format, every: recurrence.every });
      const [row] = await tx.query<ScheduleRow[]>(`${ROWS} WHERE s.id = $1`, [id]);
      if (row === undefined) throw new Error('a schedule was not stored');
      return { ...row, isPaused: false };
    });
  }

  remove(id: string, actor: Actor): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const [removed] = await tx.query<[unknown[], number]>(
        `DELETE FROM export_schedule WHERE id = $1 RETURNING id`,
        [id],
      );
      if (removed.length > 0) await this.#record(tx, actor, 'export_schedule.removed', id, {});
    });
  }

  /**
   * A paused schedule goes on in the name of somebody who may export; its view stays as it is.
   * @param to an actor
   * @throws ProblemException 404 without it, 409 while its owner may export or for one too many, 422 for somebody who may not
   */
  handOver(id: string, to: string, by: Actor): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const [schedule] = await tx.query<{ owner: string }[]>(
        `SELECT owner FROM export_schedule WHERE id = $1 FOR UPDATE`,
        [id],
      );
      if (schedule === undefined)
        throw new ProblemException(404, { type: 'not_found', title: 'Esse agendamento não existe mais' });
      const active = await this.#whoMay([schedule, { owner: to }], tx);
      if (active.has(schedule.owner))
        throw new ProblemException(409, { type: 'not_paused', title: 'Quem agendou ainda pode exportar' });
      if (!active.has(to))
        throw new ProblemException(422, {
          type: 'invalid',
          title: 'The request is not valid',
          errors: [{ path: 'to', message: 'esta pessoa não pode exportar' }],
        });
      await assertRoom(tx, to);
      await tx.query(`UPDATE export_schedule SET owner = $2 WHERE id = $1`, [id, to]);
      await this.#record(tx, by, 'export_schedule.handed_over', id, { from: schedule.owner, to });
    });
  }

  #whoMay(
    schedules: readonly Pick<ScheduleRow, 'owner'>[],
    tx?: EntityManager,
  ): Promise<ReadonlySet<string>> {
    const owners = [...new Set(schedules.map(({ owner }) => owner))];
    return this.standings.whoMay('exports.create', owners, tx);
  }

  /** Asks for the files that have fallen due; those of a paused schedule are left out. @returns how many */
  beginDue(): Promise<number> {
    return this.dataSource.transaction(async (tx) => {
      const now = this.clock.now();
      const due = await tx.query<(ScheduleRow & { readonly query: string })[]>(
        `SELECT s.*, v.name AS view_name, v.query FROM export_schedule s JOIN saved_view v ON v.id = s.view_id
         WHERE s.next_at <= $1 ORDER BY s.next_at LIMIT ${String(AT_ONCE)} FOR UPDATE OF s SKIP LOCKED`,
        [now],
      );
      const active = await this.#whoMay(due, tx);
      const [made, left] = [
        due.filter(({ owner }) => active.has(owner)),
        due.filter(({ owner }) => !active.has(owner)),
      ];
      for (const schedule of made) await this.#begin(tx, schedule, now);
      for (const { id, ...rest } of left)
        await tx.query(`UPDATE export_schedule SET next_at = $2 WHERE id = $1`, [
          id,
          nextRun(recurrenceOf(rest), now),
        ]);
      return made.length;
    });
  }

  async #begin(
    tx: EntityManager,
    schedule: ScheduleRow & { readonly query: string },
    now: Date,
  ): Promise<void> {
    const { id, owner, view_name: title, query, format, next_at: due, ...rest } = schedule;
    const recurrence = recurrenceOf(rest);
    const asked = { content: 'figures', title, schedule_id: id, format, filter: { view: query } } as const;
    // All processes may have been busy with other files, or none was there, until after midnight.
    const { id: exportId } = await insertExport(tx, asked, owner, lastRun(recurrence, due, now));
    await tx.query(`UPDATE export_schedule SET next_at = $2, last_export_id = $3 WHERE id = $1`, [
      id,
      nextRun(recurrence, now),
      exportId,
    ]);
    await this.audit.record(tx, {
      actor: owner,
      action: 'export.requested',
      subject: `export ${exportId}`,
      details: { format, schedule: id },
    });
  }

  #record(
    tx: EntityManager,
    actor: Actor,
    action: 'export_schedule.created' | 'export_schedule.removed' | 'export_schedule.handed_over',
    id: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    return this.audit.record(tx, { actor: actor.id, action, subject: `export schedule ${id}`, details });
  }
}

async function assertRoom(tx: EntityManager, owner: string): Promise<void> {
  const [row] = await tx.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM export_schedule WHERE owner = $1`,
    [owner],
  );
  if ((row?.n ?? 0) >= MAX_SCHEDULES)
    throw new ProblemException(409, {
      type: 'too_many',
      title: `Cada pessoa agenda até ${String(MAX_SCHEDULES)} exportações: tire uma antes`,
    });
}

/** The database holds that a week has its day, and a month. */
function recurrenceOf({
  every,
  weekday,
  month_day: monthDay,
  hour,
}: Pick<ScheduleRow, 'every' | 'weekday' | 'month_day' | 'hour'>): Recurrence {
  switch (every) {
    case 'day':
      return { every, hour };
    case 'week':
      return { every, weekday: weekday ?? 1, hour };
    case 'month':
      return { every, monthDay: monthDay ?? 1, hour };
  }
}
