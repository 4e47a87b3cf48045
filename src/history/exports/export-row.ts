import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ExportFormat } from './export-writer';

/** What a file holds: a list of auctions, or the figures of a view. */
export const EXPORT_CONTENTS = ['auctions', 'figures'] as const;

export interface ExportRow {
  readonly id: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly content: (typeof EXPORT_CONTENTS)[number];
  /** Name of the view. */
  readonly title: string | null;
  readonly schedule_id: string | null;
  readonly format: ExportFormat;
  /** Of figures: `view`, the query of a view. */
  readonly filter: Record<string, unknown>;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly rows_done: number;
  readonly size_bytes: string | null;
  readonly failure: string | null;
  readonly ended_at: Date | null;
}

export const EXPORT_ROW =
  'id, requested_by, requested_at, content, title, schedule_id, format, filter, status, rows_done, size_bytes, failure, ended_at';

type NewExport = Pick<ExportRow, 'content' | 'title' | 'schedule_id' | 'format' | 'filter'>;

/** A file to be made by whichever process is free. */
export async function insertExport(
  tx: EntityManager,
  { content, title, schedule_id: schedule, format, filter }: NewExport,
  requestedBy: string,
  at: Date,
): Promise<ExportRow> {
  const [row] = await tx.query<ExportRow[]>(
    `INSERT INTO export (id, requested_by, requested_at, content, title, schedule_id, format, filter, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting') RETURNING ${EXPORT_ROW}`,
    [randomUUID(), requestedBy, at, content, title, schedule, format, JSON.stringify(filter)],
  );
  if (row === undefined) throw new Error('an export was not stored');
  return row;
}
