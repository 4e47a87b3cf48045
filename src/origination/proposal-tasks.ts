import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Rejected } from '../commands';
import { ofProposal, TaskDesk } from '../operation';
import { qiRefusalWord } from '../words';
import type { ProposalAction } from './domain';
import type { OfferObstacle } from './offer-rules.service';
import type { ProposalEntity } from './proposal.entity';

const ACTION_WORDS: Readonly<Record<ProposalAction, string>> = {
  query_balance: 'a consulta de saldo',
  read_balance: 'a leitura do saldo',
  cancel_query: 'o cancelamento da consulta',
  simulate: 'a simulação',
  issue: 'a emissão da operação',
};

const OBSTACLE_WORDS: Readonly<Record<OfferObstacle, string>> = {
  payment_day_past: 'a data de desembolso da oferta passou',
  rules_changed: 'as regras mudaram depois da oferta',
};

const LOOKED_UP =
  'A QI continua sendo consultada pela nossa chave. Conferir também no portal da QI e informar o que se achou na página da proposta.';

/** What changes nothing at QI is tried again, whether it was QI that did not answer or we who could not ask. */
function unknownInWords(action: ProposalAction): string {
  if (action === 'issue') return `Não se sabe se a QI recebeu ${ACTION_WORDS.issue}. ${LOOKED_UP}`;
  const orElse =
    action === 'query_balance' ? 'cancelar a consulta ou encerrar a proposta' : 'encerrar a proposta';
  return `Sem resposta da QI sobre ${ACTION_WORDS[action]}: ela não responde, ou o pedido não sai daqui (a última tentativa está na proposta). Tenta-se de novo; se não adiantar, ${orElse}.`;
}

/** Of a task that people end by what they find out about an order for a debt (`IssueSettlement`). */
const ISSUE_UNKNOWN = 'issue_unknown';

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
    return this.desk.openForProposal(tx, proposal, 'proposal_refused', {
      code: `${action}_rejected`,
      message: `A QI recusou ${ACTION_WORDS[action]}: ${qiRefusalWord(answer)}`,
    });
  }

  /** An order may not be posted any more: the client is shown another offer. */
  openWithheld(
    tx: EntityManager,
    proposal: ProposalEntity,
    obstacle: OfferObstacle = 'rules_changed',
  ): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_refused', {
      code: 'issue_withheld',
      message: `A emissão não foi enviada à QI: ${OBSTACLE_WORDS[obstacle]}. Simular de novo e mostrar ao cliente a nova oferta.`,
    });
  }

  openUnknown(tx: EntityManager, proposal: ProposalEntity, action: ProposalAction): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_unknown', {
      code: `${action}_unknown`,
      message: unknownInWords(action),
    });
  }

  /** QI has taken an order, and nobody knows which debt it has made of it. */
  openUnnamed(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_unknown', {
      code: ISSUE_UNKNOWN,
      message: `A QI aceitou a emissão da operação e não disse qual operação fez. ${LOOKED_UP}`,
    });
  }

  /** An order is not posted while QI does not say what became of the one before. */
  openHeldBack(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_unknown', {
      code: ISSUE_UNKNOWN,
      message: `A emissão não é enviada: a QI não diz se já tem a operação de um pedido anterior. ${LOOKED_UP}`,
    });
  }

  /** Of the two who must have found that QI has no such debt, one has. */
  askSecondPerson(tx: EntityManager, proposal: ProposalEntity, first: string): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_unknown', {
      code: ISSUE_UNKNOWN,
      message: `${first} informou que a QI não tem a operação. Outra pessoa deve conferir na QI e confirmar na página da proposta.`,
    });
  }

  /** Whether people were asked to find out what became of an order for a debt. */
  async isLeftToPeople(tx: EntityManager, proposalId: string): Promise<boolean> {
    const [task] = await tx.query<unknown[]>(
      `SELECT FROM task WHERE proposal_id = $1 AND kind = 'proposal_unknown' AND reason_code = $2
         AND status <> 'resolved'`,
      [proposalId, ISSUE_UNKNOWN],
    );
    return task !== undefined;
  }

  /** The people who have said of an order for a debt that QI has nothing of it, since it was last sent. */
  async whoFoundNothing(
    tx: EntityManager,
    proposalId: string,
    commandId: string,
  ): Promise<readonly string[]> {
    const said = await tx.query<{ actor: string }[]>(
      `SELECT DISTINCT event.actor FROM proposal_event AS event
         JOIN proposal_command AS command ON command.id::text = summary ->> 'command_id'
       WHERE event.proposal_id = $1 AND kind = 'issue_said_not_taken' AND command.id = $2
         AND recorded_at > coalesce(sent_at, command.created_at)`,
      [proposalId, commandId],
    );
    return said.map(({ actor }) => actor);
  }

  /** It is known by now, whatever it came to. */
  settleUnknown(tx: EntityManager, proposal: ProposalEntity, by: string): Promise<void> {
    return this.desk.resolve(tx, ofProposal(proposal.id), ['proposal_unknown'], { as: 'settled', by });
  }

  openReview(tx: EntityManager, proposal: ProposalEntity, code: string, message: string): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'proposal_review', { code, message });
  }

  openAuthorizationEnding(tx: EntityManager, proposal: ProposalEntity, message: string): Promise<void> {
    return this.desk.openForProposal(tx, proposal, 'authorization_ending', {
      code: 'authorization_ending',
      message,
    });
  }

  settleAuthorizationEnding(tx: EntityManager, proposal: ProposalEntity): Promise<void> {
    return this.desk.resolve(tx, ofProposal(proposal.id), ['authorization_ending'], { as: 'settled' });
  }

  /** What was asked for has come about, or the proposal has gone on without it. */
  settle(tx: EntityManager, proposal: ProposalEntity, by: string): Promise<void> {
    return this.desk.resolve(
      tx,
      ofProposal(proposal.id),
      ['proposal_refused', 'proposal_unknown', 'proposal_review'],
      { as: 'settled', by },
    );
  }
}
