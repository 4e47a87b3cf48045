import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Rejected } from '../commands';
import { TaskDesk } from '../operation';
import type { ProposalAction } from './domain';
import type { ProposalEntity } from './proposal.entity';

const ACTION_WORDS: Readonly<Record<ProposalAction, string>> = {
  query_balance: 'a consulta de saldo',
  read_balance: 'a leitura do saldo',
  cancel_query: 'o cancelamento da consulta',
  simulate: 'a simulação',
  issue: 'a emissão da operação',
};

/** What of a proposal waits for a person, in the queue that all products share. */
@Injectable()
export class ProposalTasks {
  constructor(private readonly desk: TaskDesk) {}

  openRejected(
    tx: EntityManager,
    proposal: ProposalEntity,
    action: ProposalAction,
    answer: Rejected,
  ): Promise<void> {
    const words = answer.description ?? answer.code ?? 'sem explicação';
    return this.desk.openForProposal(tx, proposal, 'proposal_refused', {
      code: `${action}_rejected`,
      message: `A QI recusou ${ACTION_WORDS[action]}: ${words}`,
    });
  }

  openUnknown(tx: EntityManager, proposal: ProposalEntity, action: ProposalAction): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_unknown', {
      code: `${action}_unknown`,
      message: `Não se sabe se a QI recebeu ${ACTION_WORDS[action]}. A QI continua sendo consultada pela nossa chave; conferir também no portal da QI.`,
    });
  }

  openReview(tx: EntityManager, proposal: ProposalEntity, code: string, message: string): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_review', { code, message });
  }

  /** What was asked for has come about, or the proposal has gone on without it. */
  settle(tx: EntityManager, proposal: ProposalEntity, by: string): Promise<void> {
    return this.desk.resolveForProposal(
      tx,
      proposal.id,
      ['proposal_refused', 'proposal_unknown', 'proposal_review'],
      'settled',
      by,
    );
  }
}
