import type { z } from 'zod';
import { Personal } from '../kernel';
import { CommandEntity } from '../commands';
import type { BorrowerFile } from './borrower-file';
import { nextActionsOf, readyToIssue, type ProposalAction } from './domain';
import { BALANCE_FAILURES, balanceFailure, type BalanceFailure } from './domain/products/fgts';
import { viewLockedWindow } from './estimate-view';
import type { FgtsTermsSource } from './fgts-terms.service';
import type { ProposalEventEntity } from './proposal-event.entity';
import type { ProposalDetailDto, ProposalDto } from './proposals.dto';
import type { ProposalEntity } from './proposal.entity';
import { periodsOf, storedPeriods, type StoredSimulation } from './stored';

type View = z.output<(typeof ProposalDto)['schema']>;
type DetailView = z.output<(typeof ProposalDetailDto)['schema']>;

export function viewProposal(proposal: ProposalEntity, borrower: BorrowerFile | undefined): View {
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
    failure: failureOf(proposal),
    wishes: { ...proposal.wishes },
    disbursed_issue_amount: proposal.disbursedIssueAmount,
    credit_operation_key: proposal.creditOperationKey,
    created_by: proposal.createdBy,
    created_at: proposal.createdAt.toISOString(),
    ended_at: proposal.endedAt?.toISOString() ?? null,
  };
}

export function viewProposalDetail(
  proposal: ProposalEntity,
  borrower: BorrowerFile | undefined,
  events: readonly ProposalEventEntity[],
  commands: readonly CommandEntity<ProposalAction>[],
  isLeftToPeople: boolean,
  terms: Pick<FgtsTermsSource, 'cedable' | 'lockedWindowOf'>,
): DetailView {
  const window = terms.lockedWindowOf(borrower);
  const live = commands.find(({ settledAt }) => settledAt === null);
  const readiness = borrower && readyToIssue(borrower.cpf, borrower);
  return {
    ...viewProposal(proposal, borrower),
    balance:
      proposal.balance === null || proposal.balanceAt === null
        ? null
        : {
            ...proposal.balance,
            periods: proposal.balance.periods.map((period) => ({ ...period })),
            cedable: storedPeriods(terms.cedable(periodsOf(proposal.balance.periods))),
            received_at: proposal.balanceAt.toISOString(),
          },
    locked_window: window === undefined ? null : viewLockedWindow(window),
    simulations: (proposal.simulations ?? []).map(viewSimulation),
    offer: proposal.offer && viewSimulation(proposal.offer),
    control_key: proposal.controlKey,
    offer_expires_at: proposal.offerExpiresAt?.toISOString() ?? null,
    decision: proposal.decision,
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
      settled_at: command.settledAt?.toISOString() ?? null,
      answer: command.answerText,
    })),
    next_actions: [...nextActionsOf(proposal.status, live, isLeftToPeople)],
  };
}

/** What is no reason of Caixa's. */
const OWN_FAILURES: Readonly<Record<string, Pick<BalanceFailure, 'meaning' | 'advice'>>> = {
  query_canceled: {
    meaning: 'A consulta do saldo foi cancelada.',
    advice: 'Consultar de novo quando o cliente quiser.',
  },
  issue_not_taken: {
    meaning: 'Duas pessoas conferiram que a QI não recebeu o pedido de emissão.',
    advice: 'Emitir de novo, simular outra vez ou encerrar a proposta.',
  },
  balance_key_missing: {
    meaning: 'A QI respondeu sem dizer qual é a consulta.',
    advice: 'Consultar de novo; se acontecer outra vez, avisar a QI.',
  },
};
const REFUSED = {
  meaning: 'A QI recusou o pedido.',
  advice: 'Corrigir o que a QI apontou e pedir de novo.',
};

/** A balance that failed stays so in words, however the proposal went on. */
function wordsOf(code: string, status: ProposalEntity['status']): Pick<BalanceFailure, 'meaning' | 'advice'> {
  if (Object.hasOwn(OWN_FAILURES, code)) return OWN_FAILURES[code] ?? REFUSED;
  const isOfBalance = status === 'balance_failed' || Object.hasOwn(BALANCE_FAILURES, code);
  return isOfBalance ? balanceFailure(code) : REFUSED;
}

function failureOf({ failureCode, failureText, retryAt, status }: ProposalEntity): View['failure'] {
  if (failureCode === null) return null;
  const { meaning, advice } = wordsOf(failureCode, status);
  return {
    code: failureCode,
    description: failureText,
    meaning,
    advice,
    retry_at: retryAt?.toISOString() ?? null,
  };
}

function viewSimulation(simulation: StoredSimulation): DetailView['simulations'][number] {
  const { fee_table, label, monthly_interest_rate, problem, figures, qi, differences } = simulation;
  return {
    fee_table,
    label,
    monthly_interest_rate,
    problem,
    figures: figures && { ...figures, periods: figures.periods.map((period) => ({ ...period })) },
    qi: qi && { ...qi, periods: (qi.periods ?? []).map((period) => ({ ...period })) },
    differences: [...differences],
  };
}
