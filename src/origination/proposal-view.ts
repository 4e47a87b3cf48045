import type { z } from 'zod';
import { calendarDateAt, Personal } from '../kernel';
import { CommandEntity } from '../commands';
import type { BorrowerFile } from './borrower-file';
import {
  borrowerRevision,
  balanceFailure,
  knownFailure,
  nextActionsOf,
  readyToIssue,
  type BalanceFailure,
  type ProposalAction,
} from './domain';
import { viewLockedWindow } from './estimate-view';
import type { OwnContractView, ProposalProduct } from './products/proposal-product';
import type { ProposalEventEntity } from './proposal-event.entity';
import { simulationView, type ProposalDetailDto, type ProposalDto } from './proposals.dto';
import type { ProposalEntity } from './proposal.entity';
import type { StoredSimulation } from './stored';

type View = z.output<(typeof ProposalDto)['schema']>;
type DetailView = z.output<(typeof ProposalDetailDto)['schema']>;

/** A proposal with all that is read of it to show it. */
interface ReadProposal {
  readonly proposal: ProposalEntity;
  readonly borrower: BorrowerFile | undefined;
  readonly events: readonly ProposalEventEntity[];
  readonly commands: readonly CommandEntity<ProposalAction>[];
  readonly product: ProposalProduct;
  readonly now: Date;
  readonly isLeftToPeople: boolean;
  readonly ownContracts: readonly OwnContractView[];
  /** Of whoever reads it. */
  readonly isOwnWord: boolean;
}

export function viewProposal(
  proposal: ProposalEntity,
  borrower: BorrowerFile | undefined,
  product: ProposalProduct,
): View {
  const name = borrower?.person?.name;
  return {
    id: proposal.id,
    product: proposal.product,
    channel: proposal.channel,
    status: proposal.status,
    status_since: proposal.statusSince.toISOString(),
    borrower: {
      document_number: borrower === undefined ? '***' : String(borrower.cpf),
      name: name === undefined ? null : String(Personal.personName(name)),
    },
    failure: failureOf(proposal, product),
    wishes: { ...product.viewWishes(proposal.wishes) },
    disbursed_issue_amount: proposal.disbursedIssueAmount,
    credit_operation_key: proposal.creditOperationKey,
    created_by: proposal.createdBy,
    created_at: proposal.createdAt.toISOString(),
    ended_at: proposal.endedAt?.toISOString() ?? null,
  };
}

export function viewProposalDetail({
  proposal,
  borrower,
  events,
  commands,
  product,
  now,
  isLeftToPeople,
  ownContracts,
  isOwnWord,
}: ReadProposal): DetailView {
  const window = product.lockedWindowOf(borrower);
  const live = commands.find(({ settledAt }) => settledAt === null);
  const readiness = borrower && readyToIssue(borrower.cpf, borrower, product.needs, calendarDateAt(now));
  const opensAt = live && product.opensAt(live.action, now);
  return {
    ...viewProposal(proposal, borrower, product),
    balance: balanceOf(proposal, product, now),
    own_contracts: [...ownContracts],
    queued_until: opensAt !== undefined && opensAt > now ? opensAt.toISOString() : null,
    locked_window: window === undefined ? null : viewLockedWindow(window),
    simulations: (proposal.simulations ?? []).map(viewSimulation),
    offer: proposal.offer && viewSimulation(proposal.offer),
    control_key: proposal.controlKey,
    offer_expires_at: proposal.offerExpiresAt?.toISOString() ?? null,
    decision: proposal.decision,
    borrower_revision: borrowerRevision(events),
    missing: readiness?.kind === 'incomplete' ? readiness.problems.map((problem) => ({ ...problem })) : [],
    events: events.map((event) => ({
      kind: event.kind,
      effect: event.effect,
      from_status: event.fromStatus,
      to_status: event.toStatus,
      actor: event.actor,
      summary: event.summary,
      recorded_at: event.recordedAt.toISOString(),
    })),
    commands: commands.map((command) => ({
      command_id: command.id,
      action: command.action,
      status: command.status,
      attempts: command.attempts,
      not_before: command.notBefore.toISOString(),
      sent_at: command.sentAt?.toISOString() ?? null,
      settled_at: command.settledAt?.toISOString() ?? null,
      answer: command.answerText,
    })),
    review_is_own: isOwnWord,
    next_actions: [...nextActionsOf(proposal.status, live, isLeftToPeople, proposal.failureCode)],
  };
}

function balanceOf(proposal: ProposalEntity, product: ProposalProduct, now: Date): DetailView['balance'] {
  const { balance, balanceAt } = proposal;
  if (balance === null || balanceAt === null) return null;
  const { periods, cedable, links, ...rest } = product.viewBalance(balance, proposal, calendarDateAt(now));
  const lists = { periods: [...periods], cedable: [...cedable], links: [...links] };
  return { ...rest, ...lists, received_at: balanceAt.toISOString() };
}

const REFUSED = {
  meaning: 'A QI recusou o pedido.',
  advice: 'Corrigir o que a QI apontou e pedir de novo.',
};

/** A balance that failed stays so in words, however the proposal went on. */
function wordsOf(
  code: string,
  status: ProposalEntity['status'],
  { failures }: ProposalProduct,
): Pick<BalanceFailure, 'meaning' | 'advice'> {
  return (
    knownFailure(failures, code) ?? (status === 'balance_failed' ? balanceFailure(failures, code) : REFUSED)
  );
}

function failureOf(
  { failureCode, failureText, retryAt, status }: ProposalEntity,
  product: ProposalProduct,
): View['failure'] {
  if (failureCode === null) return null;
  const { meaning, advice } = wordsOf(failureCode, status, product);
  return {
    code: failureCode,
    description: failureText,
    meaning,
    advice,
    retry_at: retryAt?.toISOString() ?? null,
  };
}

/** What a product keeps besides, its part of the description lets through. */
function viewSimulation(simulation: StoredSimulation): DetailView['simulations'][number] {
  return simulationView.parse(simulation);
}
