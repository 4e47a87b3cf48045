import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { freeForUs, InstanceRegistry } from '../platform';

export type RunResult = 'done' | 'limit_of_calls' | 'qi_unavailable' | 'failed' | 'abandoned';

export interface RunFigures {
  readonly gapsFound: number;
  readonly gapsClosed: number;
  readonly calls: number;
  readonly resent: number;
  readonly refused: number;
}

/** The runs. The open one is the lease of its process: nobody else begins another. */
@Injectable()
export class RunBook {
  /** A run of this process is under way, or about to be. */
  #isInHand = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstanceRegistry,
  ) {}

  /** @returns its id; undefined while another one is open, here or in another process. */
  async open(startedBy: string): Promise<string | undefined> {
    if (this.#isInHand) return undefined;
    this.#isInHand = true;
    let id: string | undefined;
    try {
      return (id = await this.#open(startedBy));
    } finally {
      this.#isInHand = id !== undefined;
    }
  }

  async #open(startedBy: string): Promise<string | undefined> {
    await this.dataSource.query(
      `UPDATE reconciliation_run SET ended_at = clock_timestamp(), result = 'abandoned'
       WHERE ended_at IS NULL AND ${freeForUs('$1', '$2')}`,
      [this.instances.id, []],
    );
    const [opened] = await this.dataSource.query<{ id: string }[]>(
      `INSERT INTO reconciliation_run (started_by, lease_owner) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`,
      [startedBy, this.instances.id],
    );
    return opened?.id;
  }

  /**
   * The run is out of our hands, also when that could not be written: then the next one finds it abandoned.
   *
   * @param scannedUntil by this process's clock: what lies ahead of the database's has not been read by anybody. Undefined where
   *   nothing was read: the next run goes on from where the one before had come to
   */
  async close(id: string, result: RunResult, figures: RunFigures, scannedUntil?: Date): Promise<void> {
    this.#isInHand = false;
    await this.dataSource.query(
      `UPDATE reconciliation_run
       SET ended_at = clock_timestamp(), result = $2, gaps_found = $3, gaps_closed = $4, calls = $5, resent = $6,
         refused = $7,
         -- least() passes over nulls: nothing read would be everything read, and what failed in a long outage never asked for.
         scanned_until = CASE WHEN $8::timestamptz IS NOT NULL THEN least($8::timestamptz, clock_timestamp()) END
       WHERE id = $1 AND ended_at IS NULL`,
      [
        id,
        result,
        figures.gapsFound,
        figures.gapsClosed,
        figures.calls,
        figures.resent,
        figures.refused,
        scannedUntil ?? null,
      ],
    );
  }

  /** Up to where QI's failed notifications have been read. */
  async scannedUntil(): Promise<Date | undefined> {
    const [row] = await this.dataSource.query<{ until: Date | null }[]>(
      `SELECT max(scanned_until) AS until FROM reconciliation_run`,
    );
    return row?.until ?? undefined;
  }

  /** The newest run that has read QI's list stays: the next one goes on from it. */
  async forget(before: Date): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM reconciliation_run WHERE ended_at < $1
         AND (scanned_until IS NULL OR scanned_until < (SELECT max(scanned_until) FROM reconciliation_run))`,
      [before],
    );
    await this.dataSource.query(`DELETE FROM reconciliation_gap WHERE closed_at < $1`, [before]);
  }
}
