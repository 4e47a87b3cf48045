import type { Auction, LiveProposal, ProposalAttempt } from './auctions';
import type { Debt, Product } from './debts/debt';
import type { WebhookEvent } from './delivery';
import type { MarginQuery } from './federal-payroll/balances';
import type { BalanceQuery } from './fgts/balance-query';
import type { Call, Violation } from './ledger';
import type { Loan } from './loan';
import type { QiSandbox } from './sandbox';

/** The sandbox's books as plain JSON: what `GET /_control/ledger` answers and the tests' auditor reads. */
export interface Ledger {
  readonly counts: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
  readonly auctions: readonly ReturnType<typeof auctionEntry>[];
  readonly loans: readonly ReturnType<typeof loanEntry>[];
  readonly debts: readonly ReturnType<typeof debtEntry>[];
  readonly balance_queries: readonly ReturnType<typeof queryEntry>[];
  readonly webhooks: readonly ReturnType<typeof webhookEntry>[];
  readonly calls: readonly Call[];
}

export function readLedger(sandbox: QiSandbox): Ledger {
  const auctions = sandbox.auctions.all();
  const loans = sandbox.loans.all();
  const now = sandbox.timeline.now();
  return {
    counts: {
      auctions_opened: sandbox.auctions.opened,
      proposals_received: sum(auctions, (auction) => auction.attempts.length),
      proposals_accepted: sum(auctions, (auction) => auction.proposals.length),
      won: sum(auctions, (auction) => auction.proposals.filter((one) => one.status === 'won').length),
      lost: sum(auctions, (auction) => auction.proposals.filter((one) => one.status === 'lost').length),
      webhooks: sandbox.delivery.journal.total,
      calls: sandbox.calls.total,
      violations: sandbox.violations.total,
      balance_queries: sandbox.fgts.balances.all().length + sandbox.federalPayroll.queries.all().length,
      uploads: sandbox.uploads.count,
      ...countBy(sandbox.debts.all().map((debt) => `debts_${debt.state}`)),
      ...countBy(loans.map((loan) => `loans_${loan.state}`)),
    },
    violations: sandbox.violations.entries,
    auctions: auctions.map((auction) => auctionEntry(auction, now)),
    loans: loans.map(loanEntry),
    debts: sandbox.debts.all().map(debtEntry),
    balance_queries: [
      ...sandbox.fgts.balances.all().map((query) => queryEntry(query, 'fgts')),
      ...sandbox.federalPayroll.queries.all().map((query) => queryEntry(query, 'federal_payroll')),
    ],
    webhooks: sandbox.delivery.journal.entries.map(webhookEntry),
    calls: sandbox.calls.entries,
  };
}

function auctionEntry(auction: Auction, now: Date) {
  return {
    issuer_proposal_request_key: auction.key,
    number: auction.number,
    // QI's own words: finished with a proposal included, expired without one.
    status: auction.status === 'ongoing' && now >= auction.expiresAt ? 'expired' : auction.status,
    opened_at: auction.openedAt.toISOString(),
    limit_at: auction.limitAt.toISOString(),
    expires_at: auction.expiresAt.toISOString(),
    request: auction.request,
    rivals: auction.rivals.map((rival) => rival.monthlyInterestRate.toFixed()),
    attempts: auction.attempts.map(attemptEntry),
    proposals: auction.proposals.map(proposalEntry),
    credit_operation_key: auction.creditOperationKey ?? null,
  };
}

function attemptEntry(attempt: ProposalAttempt) {
  return {
    at: attempt.at,
    request_control_key: attempt.requestControlKey ?? null,
    auction_proposal_key: attempt.auctionProposalKey ?? null,
    status: attempt.status,
    heard: attempt.heard,
    body: attempt.body,
  };
}

function proposalEntry(proposal: LiveProposal) {
  return {
    auction_proposal_key: proposal.auctionProposalKey,
    request_control_key: proposal.terms.requestControlKey ?? null,
    monthly_interest_rate: proposal.terms.monthlyInterestRate.toFixed(),
    number_of_installments: proposal.terms.numberOfInstallments,
    disbursed_issue_amount: proposal.payout.amount.toFixed(2),
    installment_face_value: proposal.payout.installment.toFixed(2),
    received_at: proposal.receivedAt.toISOString(),
    status: proposal.status,
  };
}

export function loanEntry(loan: Loan) {
  return {
    credit_operation_key: loan.creditOperationKey,
    issuer_proposal_request_key: loan.issuerProposalRequestKey,
    state: loan.state,
    plan: loan.plan,
    history: loan.history,
    reservations: loan.reservations.map((one) => ({
      reservation_key: one.reservationKey,
      at: one.at.toISOString(),
      status: one.status,
    })),
    authorizations: loan.authorizations,
    resubmissions: loan.resubmissions,
    cancellations: loan.cancellations,
  };
}

export function debtEntry(debt: Debt) {
  return {
    debt_key: debt.key,
    product: debt.product,
    requester_identifier_key: debt.requesterIdentifierKey,
    document_number: debt.borrower.documentNumber,
    state: debt.state,
    history: debt.history,
    collateral: {
      state: debt.collateral.state,
      attempts: debt.collateral.attempts,
      data: debt.collateral.data,
    },
    disbursed_amount: debt.paid?.pricing.disbursedIssueAmount.toFixed(2) ?? null,
    commands: debt.commands,
  };
}

function queryEntry(query: BalanceQuery | MarginQuery, product: Product) {
  return {
    product,
    balance_key: query.key,
    document_number: query.documentNumber,
    asked_at: query.askedAt.toISOString(),
    status: query.status,
    heard: query.heard,
  };
}

function webhookEntry(event: WebhookEvent) {
  return {
    event_key: event.eventKey,
    callback_key: event.callbackKey,
    webhook_type: event.webhookType,
    status: event.status,
    origin_key: event.originKey,
    created_at: event.createdAt.toISOString(),
    callback_status: event.callbackStatus,
    attempts: event.attempts,
    body: event.body,
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
