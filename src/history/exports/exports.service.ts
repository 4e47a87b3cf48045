import { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { HOUR_MS, type Clock, type Steps } from '../../kernel';
import { Outbox } from '../../notifications';
import {
  AuditTrail,
  CLOCK,
  cursorInstant,
  decodeCursor,
  freeRows,
  InstanceRegistry,
  inTurns,
  isPassing,
  LOGGER,
  pageOf,
  Periodic,
  ProblemException,
  SETTINGS,
  type Actor,
  type Logger,
  type Page,
  type Settings,
} from '../../platform';
import { auctionFilter, type AuctionFilter } from '../auction-filter';
import { AuctionSearch } from '../auction-search.service';
import { CsvWriter } from './csv-writer';
import { AUCTION_COLUMNS, type ExportColumn } from './export-columns';
import { EXPORT_ROW, insertExport, type ExportRow } from './export-row';
import type { ExportFormat, ExportWriter } from './export-writer';
import { ParquetWriter } from './parquet-writer';
import { FiguresFiles } from '../views/figures-file';
import { askOf, readFiguresView } from '../views/figures-view';
import { Schedules } from '../views/schedules.service';
import { SheetFullError, XlsxWriter } from './xlsx-writer';

/** The process that was asked begins at once; this is for what others left. */
const EVERY_MS = 5_000;
const FORGET_EVERY_MS = HOUR_MS;
/** A run lasts as long as its longest list. */
const LATE_AFTER_MS = HOUR_MS;
const PAGE_ROWS = 2_000;
/** Of XLSX, the slowest, three milliseconds. */
const ROWS_AT_ONCE = 25;
const KEPT_DAYS = 7;

interface ExportQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}
const position = z.tuple([cursorInstant, z.uuid()]);

/** So often a file is begun; rollouts do not count. What ends its process each time must not end every process in turn. */
const MOST_BEGINNINGS = 5;

/** Lists on their way into files, one at a time in each process; one that dies on the way is begun anew by another. */
@Injectable()
export class Exports implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  readonly #forgetting: Periodic;

  constructor(
    private readonly dataSource: DataSource,
    private readonly search: AuctionSearch,
    private readonly figures: FiguresFiles,
    private readonly schedules: Schedules,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly instances: InstanceRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#work = new Periodic({
      name: 'exports',
      lateAfterMs: LATE_AFTER_MS,
      everyMs: EVERY_MS,
      run: async () => {
        if (!(await this.#isAnyWanted())) return;
        await this.schedules.beginDue();
        await this.#runNext(logger);
      },
      logger,
      failed: 'exports could not be looked for',
    });
    this.#forgetting = new Periodic({
      name: 'exports_forgetting',
      everyMs: FORGET_EVERY_MS,
      run: () => this.forgetOld(),
      logger,
      failed: 'old exports could not be forgotten',
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE === 'web') return;
    this.#work.start();
    this.#forgetting.start(EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#forgetting.stop(), this.#work.stop()]);
  }

  /** @param filter as the query of the list had it: texts */
  async request(format: ExportFormat, filter: Record<string, unknown>, actor: Actor): Promise<ExportRow> {
    const requested = await this.dataSource.transaction(async (tx) => {
      const asked = { content: 'auctions', title: null, schedule_id: null, format, filter } as const;
      const row = await insertExport(tx, asked, actor.id, this.clock.now());
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'export.requested',
        subject: `export ${row.id}`,
        details: { format, filter: JSON.stringify(withoutMarks(filter)) },
      });
      return row;
    });
    this.#work.hurry();
    return requested;
  }

  /** Newest first. @throws ProblemException 422 for a cursor that is none of ours */
  async listOf(actor: Actor, { limit, cursor }: ExportQuery): Promise<Page<ExportRow>> {
    const after = cursor === undefined ? [null, null] : decodeCursor(cursor, position);
    const rows = await this.dataSource.query<(ExportRow & { readonly cursor_at: string })[]>(
      `SELECT ${EXPORT_ROW}, requested_at::text AS cursor_at FROM export
       WHERE ${OPEN_TO} AND ($2::timestamptz IS NULL OR (requested_at, id) < ($2, $3::uuid))
       ORDER BY requested_at DESC, id DESC LIMIT $4`,
      [actor.id, ...after, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      (last) => [last.cursor_at, last.id],
    );
  }

  /** Whoever asked for a file gets it, nobody else; one of a schedule is for whoever may export. */
  async find(id: string, actor: Actor): Promise<ExportRow | undefined> {
    const [row] = await this.dataSource.query<ExportRow[]>(
      `SELECT ${EXPORT_ROW} FROM export WHERE id = $2 AND ${OPEN_TO}`,
      [actor.id, id],
    );
    return row;
  }

  fileOf(id: string): Readable {
    return Readable.from(this.#parts(id), { objectMode: false });
  }

  async *#parts(id: string): AsyncGenerator<Buffer> {
    for (let ordinal = 1; ; ordinal += 1) {
      const [part] = await this.dataSource.query<{ bytes: Buffer }[]>(
        `SELECT bytes FROM export_part WHERE export_id = $1 AND ordinal = $2`,
        [id, ordinal],
      );
      if (part === undefined) return;
      yield part.bytes;
    }
  }

  /** The files that have been kept for long enough. */
  async forgetOld(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM export WHERE ended_at < now() - ${KEPT_DAYS} * interval '1 day'`,
    );
  }

  /** One statement where nearly always nothing is wanted, instead of the four of what follows. */
  async #isAnyWanted(): Promise<boolean> {
    const [row] = await this.dataSource.query<{ any: boolean }[]>(
      `SELECT EXISTS (SELECT FROM export_schedule WHERE next_at <= $1)
           OR EXISTS (SELECT FROM export WHERE status IN ('waiting', 'running')) AS any`,
      [this.clock.now()],
    );
    return row?.any !== false;
  }

  async #runNext(logger: Logger): Promise<void> {
    const [[claimed]] = await this.dataSource.query<[(ExportRow & { readonly begun: number })[], number]>(
      `UPDATE export SET status = 'running', lease_owner = $1, rows_done = 0, begun = begun + 1
       WHERE id = (${freeRows({
         table: 'export',
         where: `status IN ('waiting', 'running')`,
         orderBy: 'requested_at',
         limit: '1',
         me: '$1',
         inHands: '$2',
       })})
       RETURNING ${EXPORT_ROW}, begun`,
      [this.instances.id, []], // one at a time: none is in our hands now
    );
    if (claimed === undefined) return;
    this.#work.hurry(); // there may be another
    try {
      if (claimed.begun > MOST_BEGINNINGS) throw new InterruptedTooOften();
      await this.#run(claimed);
    } catch (error) {
      if (error instanceof TakenOver) {
        logger.warn({ err: error }, 'export given up');
        return;
      }
      if (isPassing(error) && claimed.begun < MOST_BEGINNINGS) {
        logger.warn({ err: error, export_id: claimed.id }, 'export interrupted: it is begun anew');
        await this.#giveBack(claimed.id);
        return;
      }
      logger.error({ err: error, export_id: claimed.id }, 'export failed');
      await this.#settle(claimed, `status = 'failed', failure = $3`, failureOf(error));
    }
  }

  async #run(claimed: ExportRow): Promise<void> {
    await this.dataSource.query(BEGIN_ANEW, [claimed.id, this.instances.id]);
    const { format, filter } = claimed;
    if (claimed.content === 'auctions') {
      const pages = this.#pages(auctionFilter.parse(filter));
      return this.#write(claimed, writerOf(format, AUCTION_COLUMNS, 'Leilões'), pages);
    }
    // Its last days end on the day it was due, however late it is begun and however often.
    const ask = askOf(readFiguresView(String(filter['view'])), claimed.requested_at);
    const { columns, rows } = await this.figures.of(ask);
    return this.#write(claimed, writerOf(format, columns, 'Visão'), [rows]);
  }

  async #write<Row>(
    claimed: ExportRow,
    writer: ExportWriter<Row>,
    pages: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  ): Promise<void> {
    const { id } = claimed;
    let ordinal = 0;
    let size = 0;
    const keep = async (bytes: Uint8Array, rows: number): Promise<void> => {
      if (bytes.length > 0) ordinal += 1;
      size += bytes.length;
      const [{ is_ours: isOurs } = { is_ours: false }] = await this.dataSource.query<{ is_ours: boolean }[]>(
        KEEP_PART,
        [id, this.instances.id, rows, ordinal, Buffer.from(bytes)],
      );
      if (!isOurs) throw new TakenOver(`another process writes the export ${id} by now`);
    };
    for await (const rows of pages) {
      if (this.#work.isStopping) return this.#giveBack(id, 1);
      await keep(await inTurns(written(writer, rows)), rows.length);
    }
    await keep(writer.end(), 0);
    await this.#settle(claimed, `status = 'done', size_bytes = $3`, size);
  }

  async *#pages(filter: AuctionFilter) {
    let cursor: string | undefined;
    do {
      const { items, next_cursor: next } = await this.search.page(filter, { limit: PAGE_ROWS, cursor });
      yield items;
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  }

  /** Whichever process is free begins it anew. @param uncounted beginnings that were cut short by a rollout */
  async #giveBack(id: string, uncounted = 0): Promise<void> {
    await this.dataSource.query(
      `UPDATE export SET status = 'waiting', lease_owner = NULL, begun = begun - $3 WHERE id = $1 AND lease_owner = $2`,
      [id, this.instances.id, uncounted],
    );
  }

  /** Of a schedule, those who listen are told with it: where it is, never what is in it. */
  async #settle(
    { id, schedule_id: schedule, format }: ExportRow,
    how: string,
    value: string | number,
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      const [[settled]] = await tx.query<[Pick<ExportRow, 'status' | 'rows_done'>[], number]>(
        `UPDATE export SET ${how}, lease_owner = NULL, ended_at = clock_timestamp()
         WHERE id = $1 AND lease_owner = $2 RETURNING status, rows_done`,
        [id, this.instances.id, value],
      );
      if (settled === undefined || schedule === null) return;
      await this.outbox.tell(tx, {
        type: settled.status === 'done' ? 'export.ready' : 'export.failed',
        subject: id,
        data: { export_id: id, schedule_id: schedule, format, rows: settled.rows_done },
        isUrgent: false,
      });
    });
  }
}

/** A process that stood still so long that another took its export over: it begins the file anew. */
class TakenOver extends Error {}

class InterruptedTooOften extends Error {}

/** That this process holds the export: what it writes of one that it has lost would make a file of two hands. */
const HELD = `id = $1 AND status = 'running' AND lease_owner = $2`;

const BEGIN_ANEW = `
  DELETE FROM export_part WHERE export_id = (SELECT id FROM export WHERE ${HELD} FOR UPDATE)`;

/** A part, and how far the file has come. */
const KEEP_PART = `
  WITH ours AS (UPDATE export SET rows_done = rows_done + $3 WHERE ${HELD} RETURNING id),
  part AS (INSERT INTO export_part (export_id, ordinal, bytes)
           SELECT id, $4, $5::bytea FROM ours WHERE length($5::bytea) > 0)
  SELECT EXISTS (SELECT FROM ours) AS is_ours`;

/** For whoever asked; what a schedule asked for is for everybody who may export. */
const OPEN_TO = '(requested_by = $1 OR schedule_id IS NOT NULL)';

function failureOf(error: unknown): string {
  if (error instanceof InterruptedTooOften) return 'foi interrompida vezes demais; peça de novo';
  if (error instanceof SheetFullError) return 'são mais linhas do que uma planilha comporta';
  return error instanceof ProblemException ? error.problem.title : 'a exportação falhou';
}

/** For the audit trail, which is kept for ever: that somebody was searched for, not whom. */
function withoutMarks(filter: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [
      name,
      name === 'borrower' || name === 'employer' ? '***' : value,
    ]),
  );
}

function* written<Row>(writer: ExportWriter<Row>, rows: readonly Row[]): Steps<Uint8Array> {
  const ready: Uint8Array[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    ready.push(writer.write(rows.slice(from, from + ROWS_AT_ONCE)));
    yield;
  }
  return Buffer.concat(ready);
}

function writerOf<Row>(
  format: ExportFormat,
  columns: readonly ExportColumn<Row>[],
  sheet: 'Leilões' | 'Visão',
): ExportWriter<Row> {
  switch (format) {
    case 'csv':
      return new CsvWriter(columns);
    case 'xlsx':
      return new XlsxWriter(columns, sheet);
    case 'parquet':
      return new ParquetWriter(columns);
  }
}
