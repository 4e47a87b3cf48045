import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import {
  AuditTrail,
  CLOCK,
  freeRows,
  InstanceRegistry,
  LOGGER,
  Periodic,
  SETTINGS,
  type Actor,
  type Logger,
  type Settings,
} from '../platform';
import { auctionFilter, type AuctionFilter } from './auction-filter';
import { AuctionSearch } from './auction-search.service';
import { CsvWriter } from './csv-writer';
import type { ExportFormat, ExportWriter } from './export-writer';
import { ParquetWriter } from './parquet-writer';
import { XlsxWriter } from './xlsx-writer';

export interface ExportRow {
  readonly id: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly format: ExportFormat;
  readonly filter: Record<string, unknown>;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly rows_done: number;
  readonly size_bytes: string | null;
  readonly failure: string | null;
  readonly ended_at: Date | null;
}

const COLUMNS =
  'id, requested_by, requested_at, format, filter, status, rows_done, size_bytes, failure, ended_at';
/** The process that was asked begins at once; this is for what others left. */
const EVERY_MS = 5_000;
const FORGET_EVERY_MS = 3_600_000;
/** A run lasts as long as its longest list. */
const LATE_AFTER_MS = 3_600_000;
const PAGE_ROWS = 2_000;
const KEPT_DAYS = 7;
const SHOWN = 50;

/** Lists on their way into files, one at a time in each process; one that dies on the way is begun anew by another. */
@Injectable()
export class Exports implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #work: Periodic;
  readonly #forgetting: Periodic;
  #stopping = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly search: AuctionSearch,
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
      run: () => this.#runNext(logger),
      onError: (error) => {
        logger.error({ err: error }, 'exports could not be looked for');
      },
    });
    this.#forgetting = new Periodic({
      name: 'exports_forgetting',
      everyMs: FORGET_EVERY_MS,
      run: () => this.forgetOld(),
      onError: (error) => {
        logger.error({ err: error }, 'old exports could not be forgotten');
      },
    });
  }

  onApplicationBootstrap(): void {
    if (this.settings.ARREMATE_ROLE === 'web') return;
    this.#work.start();
    this.#forgetting.start(EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping = true;
    await this.#forgetting.stop();
    await this.#work.stop();
  }

  /** @param filter as the query of the list had it: texts */
  async request(format: ExportFormat, filter: Record<string, unknown>, actor: Actor): Promise<ExportRow> {
    const requested = await this.dataSource.transaction(async (tx) => {
      const id = randomUUID();
      const [row] = await tx.query<ExportRow[]>(
        `INSERT INTO export (id, requested_by, requested_at, format, filter, status)
         VALUES ($1, $2, $3, $4, $5, 'waiting') RETURNING ${COLUMNS}`,
        [id, actor.id, this.clock.now(), format, JSON.stringify(filter)],
      );
      if (row === undefined) throw new Error('an export was not stored');
      await this.audit.record(tx, {
        actor: actor.id,
        action: 'export.requested',
        subject: `export ${id}`,
        details: { format, filter: JSON.stringify(withoutMarks(filter)) },
      });
      return row;
    });
    this.#work.hurry();
    return requested;
  }

  listOf(actor: Actor): Promise<ExportRow[]> {
    return this.dataSource.query<ExportRow[]>(
      `SELECT ${COLUMNS} FROM export WHERE requested_by = $1 ORDER BY requested_at DESC, id LIMIT ${SHOWN}`,
      [actor.id],
    );
  }

  /** Whoever asked for a file gets it, nobody else. */
  async find(id: string, actor: Actor): Promise<ExportRow | undefined> {
    const [row] = await this.dataSource.query<ExportRow[]>(
      `SELECT ${COLUMNS} FROM export WHERE id = $1 AND requested_by = $2`,
      [id, actor.id],
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

  async #runNext(logger: Logger): Promise<void> {
    const [[claimed]] = await this.dataSource.query<[ExportRow[], number]>(
      `UPDATE export SET status = 'running', lease_owner = $1, rows_done = 0
       WHERE id = (${freeRows({
         table: 'export',
         where: `status IN ('waiting', 'running')`,
         orderBy: 'requested_at',
         limit: '1',
         me: '$1',
         inHands: '$2',
       })})
       RETURNING ${COLUMNS}`,
      [this.instances.id, []], // one at a time: none is in our hands now
    );
    if (claimed === undefined) return;
    this.#work.hurry(); // there may be another
    try {
      await this.#run(claimed);
    } catch (error) {
      logger.error({ err: error, export_id: claimed.id }, 'export failed');
      const failure =
        error instanceof RangeError ? 'são mais linhas do que uma planilha comporta' : 'a exportação falhou';
      await this.#settle(claimed.id, `status = 'failed', failure = $3`, failure);
    }
  }

  async #run({ id, format, filter: stored }: ExportRow): Promise<void> {
    await this.dataSource.query(`DELETE FROM export_part WHERE export_id = $1`, [id]);
    const filter = auctionFilter.parse(stored);
    const writer = writerOf(format);
    let ordinal = 0;
    let size = 0;
    const keep = async (bytes: Uint8Array, rows: number): Promise<void> => {
      if (bytes.length > 0) {
        ordinal += 1;
        size += bytes.length;
        await this.dataSource.query(
          `INSERT INTO export_part (export_id, ordinal, bytes) VALUES ($1, $2, $3)`,
          [id, ordinal, Buffer.from(bytes)],
        );
      }
      await this.dataSource.query(`UPDATE export SET rows_done = rows_done + $2 WHERE id = $1`, [id, rows]);
    };
    for await (const rows of this.#pages(filter)) {
      if (this.#stopping) return this.#giveBack(id);
      await keep(writer.write(rows), rows.length);
    }
    await keep(writer.end(), 0);
    await this.#settle(id, `status = 'done', size_bytes = $3`, size);
  }

  async *#pages(filter: AuctionFilter) {
    let cursor: string | undefined;
    do {
      const { items, next_cursor: next } = await this.search.page(filter, { limit: PAGE_ROWS, cursor });
      yield items;
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  }

  /** On the way out: the next process begins it anew. */
  async #giveBack(id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE export SET status = 'waiting', lease_owner = NULL WHERE id = $1 AND lease_owner = $2`,
      [id, this.instances.id],
    );
  }

  async #settle(id: string, how: string, value: string | number): Promise<void> {
    await this.dataSource.query(
      `UPDATE export SET ${how}, lease_owner = NULL, ended_at = clock_timestamp() WHERE id = $1 AND lease_owner = $2`,
      [id, this.instances.id, value],
    );
  }
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

function writerOf(format: ExportFormat): ExportWriter {
  switch (format) {
    case 'csv':
      return new CsvWriter();
    case 'xlsx':
      return new XlsxWriter();
    case 'parquet':
      return new ParquetWriter();
  }
}
