import { codeOf } from '../../kernel';
import { Pace } from '../process/pace';

/** The queue is at its limit: the caller must be told to come again later. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

export interface GroupCommitOptions<Row, Result> {
  /** Makes the rows durable in one commit; results in the order of the rows. */
  readonly write: (rows: readonly Row[]) => Promise<readonly Result[]>;
  readonly batchMaxRows: number;
  readonly queueMaxRows: number;
  /** Where rows differ in size by more than their number tells. */
  readonly bytes?: { readonly of: (row: Row) => number; readonly queueMax: number };
  /** Commits under way at once. */
  readonly writers: number;
  /** Milliseconds from the start of a commit to that of the next, while no batch is full. */
  readonly everyMs: number;
}

/** True for an error of PostgreSQL that one row caused and the others need not suffer from. */
export function isRowError(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error) ?? '');
}

interface Waiting<Row, Result> {
  readonly row: Row;
  readonly bytes: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits together what arrives together. A row that comes alone is written at once; those that come soon after it wait
 * for their pace, or until a writer is free.
 */
export class GroupCommit<Row, Result> {
  readonly #options: GroupCommitOptions<Row, Result>;
  readonly #queue: Waiting<Row, Result>[] = [];
  #queuedBytes = 0;
  #busyWriters = 0;
  readonly #pace: Pace;

  constructor(options: GroupCommitOptions<Row, Result>) {
    this.#options = options;
    this.#pace = new Pace(options.everyMs, () => this.#flush());
  }

  /** Resolves once the row is durable. @throws QueueFullError at once when the queue is at a limit. */
  add(row: Row): Promise<Result> {
    const { queueMaxRows, bytes: limit } = this.#options;
    const bytes = limit?.of(row) ?? 0;
    if (this.#queue.length >= queueMaxRows || this.#queuedBytes + bytes > (limit?.queueMax ?? Infinity)) {
      return Promise.reject(new QueueFullError('too many rows are waiting for their commit'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ row, bytes, resolve, reject });
      this.#queuedBytes += bytes;
      this.#flushSoon();
    });
  }

  #flushSoon(): void {
    const { writers, batchMaxRows } = this.#options;
    if (this.#queue.length === 0 || this.#busyWriters >= writers) return;
    this.#pace.soon(this.#queue.length >= batchMaxRows);
  }

  #flush(): boolean {
    const { writers, batchMaxRows } = this.#options;
    if (this.#busyWriters >= writers) return false;
    const batch = this.#queue.splice(0, batchMaxRows);
    if (batch.length === 0) return false;
    this.#queuedBytes -= batch.reduce((sum, waiting) => sum + waiting.bytes, 0);
    this.#busyWriters += 1;
    this.#flushSoon();
    void this.#write(batch).finally(() => {
      this.#busyWriters -= 1;
      this.#flushSoon();
    });
    return true;
  }

  /** One bad row must not take its neighbours along: the batch is halved until it stands alone. */
  async #write(batch: readonly Waiting<Row, Result>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map((waiting) => waiting.row));
      batch.forEach((waiting, i) => {
        const result = results[i];
        if (result === undefined)
          waiting.reject(new Error('the writer answered for fewer rows than it was given'));
        else waiting.resolve(result);
      });
    } catch (error) {
      if (batch.length > 1 && isRowError(error)) {
        const middle = Math.ceil(batch.length / 2);
        await this.#write(batch.slice(0, middle));
        await this.#write(batch.slice(middle));
        return;
      }
      for (const waiting of batch) waiting.reject(error);
    }
  }
}
