import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { lockBorrower } from './lock-borrower';
import { calendarDateAt, type Clock } from '../kernel';
import { AuditTrail, BlindIndex, CLOCK, ProblemException, type Actor } from '../platform';
import { answeredSheet, SheetThreads, unreadable, type SheetSource, type Upload } from '../policy';
import { readProposalSheet, type SheetLine, type SheetProblem } from './domain';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import { QueryTurns } from './query-turns.service';
import { Proposals } from './proposals.service';

type Started = Extract<SheetLine, { kind: 'proposal' }>;
type Refused = Extract<SheetLine, { kind: 'refused' }>;

/** A file as it was read, and what it would start, or has started. */
export interface BatchReading {
  /** The same file was sent before: then this is its batch. */
  readonly known: string | undefined;
  readonly started: readonly Started[];
  readonly refused: readonly Refused[];
}

const PRODUCT = 'fgts';
const CHANNEL = 'file';
const RUNNING = 'o cliente já tem uma proposta em andamento';

/** Starts proposals from a file, one a line: all lines that can be read at once, or none. */
@Injectable()
export class ProposalBatches {
  constructor(
    private readonly dataSource: DataSource,
    private readonly threads: SheetThreads,
    private readonly proposals: Proposals,
    private readonly turns: QueryTurns,
    private readonly audit: AuditTrail,
    private readonly blindIndex: BlindIndex,
    @Inject(ORIGINATION_LIMITS) private readonly limits: OriginationLimits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Starts nothing. @throws ProblemException 422 when the file cannot be read, 503 when too many are being read */
  async preview(upload: Upload): Promise<BatchReading & { readonly source: SheetSource }> {
    const { fileIndex, lines, source } = await this.#read(upload);
    return { ...(await this.#look(this.dataSource.manager, fileIndex, lines)), source };
  }

  /**
   * @returns the batch; that of the first time when the same file was sent before
   * @throws as `preview`, and 422 when no line of it can start a proposal: then the file is as if it was never sent
   */
  async start(upload: Upload, actor: Actor): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const { fileIndex, lines } = await this.#read(upload);
    const batch = await this.dataSource.transaction(async (tx) => {
      await this.#lock(tx, lines);
      const { known, started, refused } = await this.#look(tx, fileIndex, lines);
      if (known === undefined && started.length === 0) throw nothingToStart(refused);
      return known === undefined
        ? { id: await this.#write(tx, fileIndex, started, refused, actor), isNew: true }
        : { id: known, isNew: false };
    });
    this.proposals.announce();
    return batch;
  }

  async #read(
    upload: Upload,
  ): Promise<{ fileIndex: Buffer; lines: readonly SheetLine[]; source: SheetSource }> {
    const { sheet, source } = await answeredSheet(this.threads, upload);
    const read = readProposalSheet(sheet, this.limits.batch_max_lines, calendarDateAt(this.clock.now()));
    if (read.kind === 'unreadable') throw unreadable(read.place, read.message);
    return { fileIndex: this.blindIndex.of('file', JSON.stringify(sheet)), lines: read.lines, source };
  }

  /** One file at a time, and whoever is named in it: the pace of queries is taken after that, as by everybody else. */
  async #lock(tx: EntityManager, lines: readonly SheetLine[]): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('proposal batch', 0))`);
    const borrowers = lines.flatMap((line) => (line.kind === 'proposal' ? [this.#indexOf(line)] : []));
    for (const borrower of borrowers.toSorted((one, other) => one.compare(other)))
      await lockBorrower(tx, 'query', PRODUCT, borrower);
  }

  async #look(tx: EntityManager, fileIndex: Buffer, lines: readonly SheetLine[]): Promise<BatchReading> {
    const [known] = await tx.query<{ id: string }[]>(`SELECT id FROM proposal_batch WHERE file_index = $1`, [
      fileIndex,
    ]);
    const readable = lines.filter((line) => line.kind === 'proposal');
    const running = await this.#running(tx, readable);
    const isRunning = (line: Started): boolean => running.has(this.#indexOf(line).toString('hex'));
    return {
      known: known?.id,
      started: readable.filter((line) => !isRunning(line)),
      refused: lines.flatMap((line): readonly Refused[] => {
        if (line.kind === 'refused') return [line];
        return isRunning(line) ? [refusedAs(line.row, RUNNING)] : [];
      }),
    };
  }

  /** Whose proposals have not ended: another one would only wait behind them. */
  async #running(tx: EntityManager, lines: readonly Started[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ borrower: string }[]>(
      `SELECT encode(borrower_index, 'hex') AS borrower FROM proposal
       WHERE product = $1 AND ended_at IS NULL AND borrower_index = ANY ($2)`,
      [PRODUCT, lines.map((line) => this.#indexOf(line))],
    );
    return new Set(rows.map(({ borrower }) => borrower));
  }

  async #write(
    tx: EntityManager,
    fileIndex: Buffer,
    started: readonly Started[],
    refused: readonly Refused[],
    actor: Actor,
  ): Promise<string> {
    const id = randomUUID();
    await tx.query(
      `INSERT INTO proposal_batch (id, product, file_index, created_by, created_at) VALUES ($1, $2, $3, $4, $5)`,
      [id, PRODUCT, fileIndex, actor.id, this.clock.now()],
    );
    const proposals: string[] = [];
    for (const { row, proposal } of started) {
      const wanted = { ...proposal, product: PRODUCT, channel: CHANNEL } as const;
      const opened = await this.proposals.openIn(tx, wanted, actor);
      if (opened.kind !== 'done') throw new Error(`a line of a file is refused after all: ${opened.kind}`);
      const proposalId = String(opened.answer['proposal_id']);
      await this.#writeLine(tx, id, row, proposalId, []);
      proposals.push(proposalId);
    }
    for (const { row, problems } of refused) await this.#writeLine(tx, id, row, null, problems);
    // Last, for hundreds of lines take seconds: from here to the commit nobody else records a deed, nor stops bidding.
    for (const proposalId of proposals) await this.proposals.recordOpened(tx, proposalId, actor);
    const details = { started: String(started.length), refused: String(refused.length) };
    await this.audit.record(tx, { actor: actor.id, action: 'proposal_batch.started', subject: id, details });
    return id;
  }

  async #writeLine(
    tx: EntityManager,
    batchId: string,
    row: number,
    proposalId: string | null,
    problems: readonly SheetProblem[],
  ): Promise<void> {
    await tx.query(
      `INSERT INTO proposal_batch_line (batch_id, row_number, proposal_id, problems) VALUES ($1, $2, $3, $4)`,
      [batchId, row, proposalId, JSON.stringify(problems)],
    );
  }

  #indexOf({ proposal }: Started): Buffer {
    return this.blindIndex.of('cpf', proposal.cpf.reveal());
  }
}

function nothingToStart(refused: readonly Refused[]): ProblemException {
  return new ProblemException(422, {
    type: 'invalid_sheet',
    title: 'Nenhuma linha pode começar uma proposta; nada foi gravado',
    errors: refused.flatMap(({ problems }) =>
      problems.map(({ place, column, message }) => ({ path: place, message: `${column}: ${message}` })),
    ),
  });
}

const refusedAs = (row: number, message: string): Refused => ({
  kind: 'refused',
  row,
  problems: [{ place: `A${String(row)}`, column: 'cpf', message }],
});
