import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DebtBook } from '../exposure';
import { BlindIndex, CLOCK, FieldCipher, Terminal } from '../platform';
import type { Handling, WebhookEvent } from '../inbox';
import { type Clock, type Cpf, type Decimal, withoutDocumentNumbers } from '../kernel';
import { AuthorizationReview } from './authorization-review.service';
import { OperationCommandSender } from './operation-command-sender';
import {
  disbursementFailedReason,
  factOf,
  loanProduct,
  otherDebtReason,
  OVER_ONCE_PAID_OFF,
  unclearDebtReason,
  RESERVATION_CANCELED_REASON,
  reservationUnexplainedReason,
  saysReserved,
  understood,
  type Failure,
  type LoanProduct,
  type OperationEvent,
  type OperationStatus,
  type OrderedInstalment,
  type PaidOff,
} from './domain';
import { OperationLife, type FactRecord } from './operation-life.service';
import type { OperationEntity } from './operation.entity';
import { PaidAmounts } from './paid-amounts.service';
import { PAID_OFF } from './paid-off';
import { storeEvidence } from './signature-evidence';
import { ofOperation, TaskDesk } from './task-desk.service';

/** What one webhook says about one operation, as `qi` has read it. */
export interface HeardEvent {
  readonly operationKey: string;
  readonly product: string | undefined;
  /** Of the CCB, where the webhook has it. */
  readonly contractNumber?: string | undefined;
  readonly event: OperationEvent;
}

/** What the auction knows of the loan it won. */
export interface WonAuction {
  readonly creditOperationKey: string;
  readonly auctionKey: string;
  readonly auctionProposalKey: string | undefined;
  readonly requestControlKey: string | undefined;
  readonly borrowerCpf: Cpf | undefined;
  readonly disbursedIssueAmount: Decimal | undefined;
  readonly installmentFaceValue: Decimal | undefined;
  readonly numberOfInstallments: number | undefined;
  readonly monthlyInterestRate: Decimal | undefined;
}

/** A loan that QI has made because we asked for it: of a product without an auction. */
export interface IssuedLoan {
  readonly creditOperationKey: string;
  /** Our own key for the debt: what it puts at risk stands under it. */
  readonly requestControlKey: string;
  readonly product: string;
  readonly borrowerCpf: Cpf;
  readonly disbursedIssueAmount: Decimal;
  /** Other contracts are paid off from it before the borrower gets the rest: what they may cost; true where nobody knows. */
  readonly paysOff: PaidOff | boolean;
  /** What the borrower gets by the last acceptance, where the debt is another one for certain, or may be. */
  readonly acceptedInstead: { readonly amount: Decimal; readonly isCertain: boolean } | undefined;
  /** Where all instalments are equal. */
  readonly installmentFaceValue: Decimal | undefined;
  readonly numberOfInstallments: number;
  /** The instalments that we ordered; those after the last of these are like it, a month apart. */
  readonly plan: readonly OrderedInstalment[];
  readonly monthlyInterestRate: Decimal;
}

/** Everything that is told about loans after the win. */
@Injectable()
export class OperationService {
  constructor(
    private readonly life: OperationLife,
    private readonly review: AuthorizationReview,
    private readonly tasks: TaskDesk,
    private readonly sender: OperationCommandSender,
    private readonly amounts: PaidAmounts,
    private readonly debts: DebtBook,
    private readonly terminal: Terminal,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Links an operation to the auction that won it, inside the transaction that records the win. The operation may
   * exist already: its own webhooks can overtake the end of the auction.
   * Call `announce()` after the commit.
   */
  async recordWon(tx: EntityManager, won: WonAuction): Promise<void> {
    const operation = await this.life.open(tx, won.creditOperationKey, AUCTIONED_PRODUCT);
    if (operation.origin !== null) {
      if (operation.auctionKey !== won.auctionKey) await this.#reportSecondAuction(tx, operation, won);
      return;
    }
    await this.#link(tx, operation, { ...won, origin: 'auction' });
    await this.life.note(tx, operation, {
      kind: 'won',
      summary: { auction_key: won.auctionKey, auction_proposal_key: won.auctionProposalKey },
    });
    await this.tasks.resolve(tx, ofOperation(operation.key), ['unlinked_operation'], { as: 'won' });
    await this.review.awaitKeys(tx, operation);
    await this.review.consider(tx, operation);
    await this.life.freeExposure(tx, operation);
    await this.amounts.compare(tx, operation);
  }

  /** Opens a loan that was issued for us; its own webhooks can be faster. Call `announce()` after the commit. */
  async recordIssued(tx: EntityManager, loan: IssuedLoan): Promise<void> {
    const operation = await this.life.open(tx, loan.creditOperationKey, loan.product);
    if (operation.origin !== null) return;
    await this.#link(tx, operation, {
      ...loan,
      origin: 'active',
      auctionKey: undefined,
      auctionProposalKey: undefined,
    });
    await this.life.note(tx, operation, {
      kind: 'issued',
      summary: { product: loan.product, plan: loan.plan, ...storedPaysOff(loan.paysOff) },
    });
    await this.tasks.resolve(tx, ofOperation(operation.key), ['unlinked_operation'], { as: 'issued' });
    if (loan.acceptedInstead !== undefined) {
      const { amount, isCertain } = loan.acceptedInstead;
      const reason = isCertain
        ? otherDebtReason(amount, loan.disbursedIssueAmount)
        : unclearDebtReason(amount, loan.disbursedIssueAmount);
      await this.tasks.openContradiction(tx, operation, reason);
    }
    await this.debts.commit(tx, {
      controlKey: loan.requestControlKey,
      borrower: this.blindIndex.of('cpf', loan.borrowerCpf.reveal()),
      amount: loan.disbursedIssueAmount,
      monthlyInterestRate: loan.monthlyInterestRate,
      orderedAt: this.clock.now(),
    });
    await this.life.freeExposure(tx, operation);
    await this.amounts.compare(tx, operation);
  }

  /** Applies one webhook. The same webhook again changes nothing. */
  async recordEvent(tx: EntityManager, webhook: WebhookEvent, heard: HeardEvent): Promise<Handling> {
    const operation = await this.life.open(tx, heard.operationKey, heard.product);
    const product = loanProduct(operation.product);
    const event = understood(heard.event, product);
    const described = describe(event, product);
    const { contractNumber } = heard;
    const refusedAccount = event.kind === 'disbursement_failed' ? event.refusal?.accountNumber : undefined;
    const taken = await this.life.advance(tx, operation, factOf(event, product), {
      ...described,
      summary: {
        ...described.summary,
        ...(contractNumber !== undefined && { contract_number: contractNumber }),
      },
      kind: event.kind,
      refusedAccountIndex: refusedAccount && this.blindIndex.of('account', refusedAccount.reveal()),
      webhookEventId: webhook.id,
      eventAtText: webhook.eventAtText,
    });
    const concernsAuthorization =
      CONCERNS_AUTHORIZATION.includes(event.kind) || taken?.contradiction === true;
    if (taken !== undefined && concernsAuthorization) {
      await this.review.awaitKeys(tx, operation);
      await this.review.consider(tx, operation);
    }
    if (taken !== undefined && event.kind === 'noted' && event.what === PAID_OFF) {
      await this.tasks.takeBackContradiction(tx, operation, OVER_ONCE_PAID_OFF, 'paid_off');
      await this.life.freeExposure(tx, operation);
    }
    if (taken !== undefined && event.kind === 'disbursed') await this.amounts.compare(tx, operation);
    return {
      kind: 'done',
      afterCommit: () => {
        if (taken !== undefined && taken.from !== taken.to)
          this.terminal.line('operation', operation.key, taken.to);
        this.announce();
      },
    };
  }

  /**
   * What the reservation query says of a loan that nothing is heard of. Only a bound margin is proof of anything: the
   * list may hold attempts of the past.
   * @returns whether the loan has moved.
   */
  async recordReservations(tx: EntityManager, key: string, body: string): Promise<boolean> {
    const operation = await this.life.lock(tx, key);
    if (operation === undefined || !AWAITS_RESERVATION.includes(operation.status)) return false;
    if (!saysReserved(body)) return false;
    const summary = { by: 'reservation_query' };
    await this.life.advance(tx, operation, 'reservation_confirmed', {
      kind: 'reservation_confirmed',
      summary,
    });
    return true;
  }

  /** New commands may be waiting: send them now instead of at the next poll. */
  announce(): void {
    this.sender.nudge();
  }

  async #link(tx: EntityManager, operation: OperationEntity, loan: LinkedLoan): Promise<void> {
    const cpf = loan.borrowerCpf?.reveal();
    const sealed =
      cpf === undefined
        ? undefined
        : this.cipher.encrypt(cpf, 'operation.borrower_ciphertext', operation.key);
    operation.origin = loan.origin;
    operation.auctionKey = loan.auctionKey ?? null;
    operation.requestControlKey = loan.requestControlKey ?? null;
    operation.borrowerKeyId = sealed?.keyId ?? null;
    operation.borrowerCiphertext = sealed?.ciphertext ?? null;
    operation.disbursedIssueAmount = loan.disbursedIssueAmount?.toFixed() ?? null;
    operation.numberOfInstallments = loan.numberOfInstallments ?? null;
    operation.monthlyInterestRate = loan.monthlyInterestRate?.toFixed() ?? null;
    await tx.query(
      `UPDATE operation SET origin = $12, auction_key = $2, auction_proposal_key = $3, request_control_key = $4,
         borrower_index = $5, borrower_key_id = $6, borrower_ciphertext = $7, disbursed_issue_amount = $8,
         installment_face_value = $9, number_of_installments = $10, monthly_interest_rate = $11,
         linked_at = clock_timestamp()
       WHERE credit_operation_key = $1`,
      [
        operation.key,
        operation.auctionKey,
        loan.auctionProposalKey ?? null,
        operation.requestControlKey,
        cpf === undefined ? null : this.blindIndex.of('cpf', cpf),
        operation.borrowerKeyId,
        operation.borrowerCiphertext,
        operation.disbursedIssueAmount,
        loan.installmentFaceValue?.toFixed() ?? null,
        operation.numberOfInstallments,
        operation.monthlyInterestRate,
        loan.origin,
      ],
    );
    // Tasks opened before the link did not know what was at stake.
    await tx.query(
      `UPDATE task SET amount_at_stake = $2 WHERE credit_operation_key = $1 AND status <> 'resolved'`,
      [operation.key, operation.disbursedIssueAmount],
    );
  }

  async #reportSecondAuction(tx: EntityManager, operation: OperationEntity, won: WonAuction): Promise<void> {
    await this.life.note(tx, operation, { kind: 'won', summary: { auction_key: won.auctionKey } });
    await this.tasks.openContradiction(tx, operation, {
      code: 'second_auction',
      message: `A QI informou que dois leilões deram origem à mesma operação. Conferir com a QI a qual ela pertence.`,
    });
  }
}

/** What a loan is known by once it is known where it comes from. */
type LinkedLoan = Omit<WonAuction, 'auctionKey'> & {
  readonly origin: 'auction' | 'active';
  readonly auctionKey: string | undefined;
};

/** The internal auction is one of private payroll loans. */
const AUCTIONED_PRODUCT = 'private_payroll';

const AWAITS_RESERVATION: readonly OperationStatus[] = ['authorized', 'reservation_retrying', 'parked'];
const CONCERNS_AUTHORIZATION: readonly OperationEvent['kind'][] = ['signed', 'authorization_requested'];

function storedPaysOff(paysOff: IssuedLoan['paysOff']) {
  if (typeof paysOff === 'boolean') return { pays_off: paysOff };
  const { least, most } = paysOff;
  return { pays_off: true, paid_off: { least: least.toFixed(2), most: most.toFixed(2) } };
}

/** What the timeline keeps of an event, and what a person must do about it. */
function describe(event: OperationEvent, product: LoanProduct): Omit<FactRecord, 'kind'> {
  switch (event.kind) {
    case 'signed':
      return storeEvidence(event.evidence);
    case 'canceled_unsecured':
      // Why is told of the margin, before it or after it: that is the code worth keeping.
      return { summary: { ...shown(event.failure) } };
    case 'signature_failed':
      return { summary: { ...shown(event.failure) }, failureCode: event.failure.code };
    case 'reservation_refused':
      return describeRefusal(event, product);
    case 'disbursement_failed':
      return {
        summary: {
          ...shown(event.failure),
          cause: event.refusal?.cause,
          refused_account: event.refusal?.account,
        },
        failureCode: event.failure.code,
        task: {
          kind: 'disbursement_failed',
          reason: disbursementFailedReason(shown(event.failure), product),
        },
      };
    case 'disbursed':
      return {
        summary: {
          payments: event.payments.map((payment) => ({
            amount: payment.amount?.toFixed(),
            end_to_end_id: payment.endToEndId,
            transaction_key: payment.transactionKey,
            timestamp: payment.timestampText,
          })),
          installments: event.installments.map((installment) => ({
            number: installment.number,
            due_date: installment.dueDate,
            total_amount: installment.totalAmount?.toFixed(),
          })),
        },
      };
    case 'reservation_waiting':
      return { summary: { status: event.status } };
    case 'noted':
      return {
        summary: { what: event.what },
        ...(factOf(event, product) === 'reservation_canceled' && {
          task: { kind: 'reservation_unexplained', reason: RESERVATION_CANCELED_REASON },
        }),
      };
    case 'authorization_requested':
    case 'reservation_confirmed':
    case 'margin_released':
    case 'canceled_permanently':
    case 'refunded':
      return {};
  }
}

function describeRefusal(
  event: Extract<OperationEvent, { kind: 'reservation_refused' }>,
  product: LoanProduct,
): Omit<FactRecord, 'kind'> {
  const codes = event.failures.map(({ code }) => code);
  const [failureCode] = codes;
  return {
    summary: { failures: event.failures.map(shown) },
    ...(failureCode !== undefined && { failureCode }),
    ...(factOf(event, product) === 'reservation_refused_unexplained' && {
      task: { kind: 'reservation_unexplained', reason: reservationUnexplainedReason(codes, product) },
    }),
  };
}

function shown({ code, reason }: Failure): Failure {
  return { code, reason: withoutDocumentNumbers(reason) };
}
