import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { z } from 'zod';
import { FieldCipher, pageByInstant, type Page } from '../platform';
import type { Sheet } from '../policy/domain';
import { PROPOSAL_STATUS, wordOf } from '../words';
import { shownBorrower } from './borrower-file';
import { ProposalBatchEntity, ProposalBatchLineEntity } from './proposal-batch.entity';
import type { BatchDetailDto, BatchPageDto, BatchPageQuery } from './proposal-batches.dto';
import { viewProposal } from './proposal-view';
import { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';

type Summary = z.output<(typeof BatchPageDto)['schema']>['items'][number];
type Detail = z.output<(typeof BatchDetailDto)['schema']>;
type Line = Detail['lines'][number];

const RESULT_HEAD = ['linha', 'cpf', 'proposta', 'situacao', 'cliente_recebe', 'motivo'];

/** What has become of the files that started proposals. */
@Injectable()
export class ProposalBatchesReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly products: ProposalProducts,
  ) {}

  /** Newest first. */
  async list(query: z.output<(typeof BatchPageQuery)['schema']>): Promise<Page<Summary>> {
    const found = this.dataSource.createQueryBuilder(ProposalBatchEntity, 'batch');
    const page = await pageByInstant(
      found,
      { instant: 'batch.createdAt', key: 'batch.id', direction: 'DESC' },
      query,
    );
    const counts = await this.#counts(page.items.map(({ id }) => id));
    const view = (batch: ProposalBatchEntity): Summary => ({
      ...headOf(batch),
      ...(counts.get(batch.id) ?? { started: 0, refused: 0 }),
    });
    return { ...page, items: page.items.map(view) };
  }

  /** @returns undefined when there is no such batch */
  async read(id: string): Promise<Detail | undefined> {
    const { manager } = this.dataSource;
    const batch = await manager.findOneBy(ProposalBatchEntity, { id });
    if (batch === null) return undefined;
    const rows = await manager.find(ProposalBatchLineEntity, {
      where: { batchId: id },
      order: { row: 'ASC' },
    });
    const ids = rows.flatMap(({ proposalId }) => proposalId ?? []);
    const proposals = new Map(
      (await manager.findBy(ProposalEntity, { id: In(ids) })).map((each) => [each.id, each]),
    );
    const lines = rows.map((row) => this.#lineOf(row, proposals.get(row.proposalId ?? '')));
    const started = lines.filter(({ proposal }) => proposal !== null).length;
    return { ...headOf(batch), started, refused: lines.length - started, lines };
  }

  #lineOf({ row, problems }: ProposalBatchLineEntity, proposal: ProposalEntity | undefined): Line {
    if (proposal === undefined) return { row, problems: [...problems], proposal: null };
    const view = viewProposal(
      proposal,
      shownBorrower(proposal, this.cipher),
      this.products.of(proposal.product),
    );
    return {
      row,
      problems: [],
      proposal: {
        id: view.id,
        document_number: view.borrower.document_number,
        status: view.status,
        disbursed_issue_amount: view.disbursed_issue_amount,
        failure: view.failure?.meaning ?? null,
      },
    };
  }

  async #counts(ids: readonly string[]): Promise<Map<string, { started: number; refused: number }>> {
    const rows = await this.dataSource.query<{ id: string; started: number; refused: number }[]>(
      `SELECT batch_id AS id, count(proposal_id)::int AS started, (count(*) - count(proposal_id))::int AS refused
       FROM proposal_batch_line WHERE batch_id = ANY ($1) GROUP BY batch_id`,
      [ids],
    );
    return new Map(rows.map(({ id, ...counts }) => [id, counts]));
  }
}

/** The same as a file for whoever sent one: a line for each of theirs. */
export function resultSheet({ lines }: Detail): Sheet {
  return [RESULT_HEAD, ...lines.map(resultLine)];
}

function resultLine({ row, proposal, problems }: Line): readonly string[] {
  if (proposal === null) {
    const reasons = problems.map(({ place, column, message }) => `${place} ${column}: ${message}`);
    return [String(row), '', '', 'Recusada no arquivo', '', reasons.join(' | ')];
  }
  const { id, document_number: cpf, status, disbursed_issue_amount: amount, failure } = proposal;
  const inReais = amount?.replace('.', ',') ?? '';
  return [String(row), cpf, id, wordOf(PROPOSAL_STATUS, status), inReais, failure ?? ''];
}

const headOf = ({ id, product, createdBy, createdAt }: ProposalBatchEntity) => ({
  id,
  product,
  created_by: createdBy,
  created_at: createdAt.toISOString(),
});
