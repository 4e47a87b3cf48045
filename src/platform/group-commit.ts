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
}

/** True for an error of PostgreSQL that one row caused and the others need not suffer from. */
export function isRowError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

interface Waiting<Row, Result> {
  readonly row: Row;
  readonly bytes: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits together what arrives together. Nothing is ever delayed to fill a batch: a row is written at once when a
 * writer is idle, and batches grow only while all writers are busy.
 */
export class GroupCommit<Row, Result> {
  readonly #options: GroupCommitOptions<Row, Result>;
  readonly #queue: Waiting<Row, Result>[] = [];
  #queuedBytes = 0;
  #busyWriters = 0;
  #flushIsDue = false;

  constructor(options: GroupCommitOptions<Row, Result>) {
    this.#options = options;
  }

  get queuedRows(): number {
    return this.#queue.length;
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
    if (this.#flushIsDue || this.#busyWriters >= this.#options.writers) return;
    this.#flushIsDue = true;
    setImmediate(() => {
      this.#flushIsDue = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#queue.splice(0, this.#options.batchMaxRows);
    if (batch.length === 0) return;
    this.#queuedBytes -= batch.reduce((sum, waiting) => sum + waiting.bytes, 0);
    this.#busyWriters += 1;
    if (this.#queue.length > 0) this.#flushSoon();
    await this.#write(batch);
    this.#busyWriters -= 1;
    if (this.#queue.length > 0) this.#flushSoon();
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
