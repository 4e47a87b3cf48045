import { Inject, Injectable } from '@nestjs/common';
import { QueryFailedError, type EntityManager } from 'typeorm';
import type { CommandAnswer } from '../commands';
import { capsOf } from '../decision/domain';
import { DebtBook, NotReservedError } from '../exposure';
import {
  calendarDateAt,
  Decimal,
  parseJson,
  type CalendarDate,
  type Clock,
  type JsonObject,
} from '../kernel';
import { OperationService, type IssuedLoan } from '../operation';
import { CLOCK, FieldCipher, type SendingPermit } from '../platform';
import { ActivePolicy } from '../policy';
import { openBorrower, type BorrowerFile } from './borrower-file';
import { ClaimBook } from './claim-book';
import { readyToIssue, type ReadyBorrower } from './domain';
import { disbursedIn, madeOf, type MadeOf, type Order, type OrderedOffer } from './issued-debt';
import type { IssuedDebt } from './ports';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalLife } from './proposal-life.service';
import type { ProposalRefusal } from './proposal-refusal';
import type { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';
import type { StoredOffer } from './stored';

const UNIQUE_VIOLATION = '23505';

/** Makes the order for a debt, once, and records the debt when QI has made it. */
@Injectable()
export class IssueOrders {
  constructor(
    private readonly life: ProposalLife,
    private readonly commands: ProposalCommandBook,
    private readonly claims: ClaimBook,
    private readonly products: ProposalProducts,
    private readonly cipher: FieldCipher,
    private readonly operations: OperationService,
    private readonly debts: DebtBook,
    private readonly policies: ActivePolicy,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The order as it is written down before it is sent: each repetition has the same terms. Takes what the loan takes of
   * the borrower's, unless another loan keeps it out.
   */
  async prepare(
    tx: EntityManager,
    proposal: ProposalEntity,
    offer: StoredOffer,
    issueDate: CalendarDate,
  ): Promise<{ readonly kind: 'order'; readonly body: JsonObject } | ProposalRefusal> {
    const borrower = openBorrower(proposal, this.cipher);
    if (borrower === undefined) throw new Error('the borrower of an accepted proposal was erased');
    const product = this.products.of(proposal.product);
    const today = calendarDateAt(this.clock.now());
    const ready = readyToIssue(borrower.cpf, borrower, product.needs, today);
    if (ready.kind === 'incomplete') return { kind: 'invalid', problems: ready.problems };
    const prepared = await product.prepareIssue(tx, proposal, offer, borrower, issueDate);
    if (prepared.kind !== 'order') return prepared;
    if (!(await this.claims.takeAlone(tx, proposal, prepared.claim, issueDate)))
      return { kind: 'claim_taken', words: product.words.claimTaken };
    const ordered: OrderedOffer = { offer, claim: prepared.claim };
    const body: JsonObject = {
      ...prepared.terms,
      ordered: JSON.stringify(ordered),
      person: parseJson(JSON.stringify(ready.person)),
      account: parseJson(JSON.stringify(ready.account)),
    };
    return { kind: 'order', body };
  }

  /** What the debt puts at risk counts from the order on. Last in a transaction. @throws NotReservedError */
  async reserve(tx: EntityManager, proposal: ProposalEntity, offer: StoredOffer): Promise<void> {
    const debt = {
      controlKey: proposal.controlKey,
      borrower: proposal.borrowerIndex ?? undefined,
      amount: disbursedIn(offer),
      monthlyInterestRate: new Decimal(offer.monthly_interest_rate),
      orderedAt: this.clock.now(),
    };
    const { compiled } = await this.policies.inForce(tx);
    await this.debts.reserve(tx, debt, capsOf(compiled));
  }

  /** The order has come to nothing for certain: what it put at risk is free. Last in a transaction. */
  release(tx: EntityManager, { controlKey }: ProposalEntity, reason: string): Promise<void> {
    return this.debts.release(tx, controlKey, reason);
  }

  /** @param body what `prepare` made */
  send(
    proposal: ProposalEntity,
    { person, account, ordered: _, ...terms }: JsonObject,
    borrower: BorrowerFile,
    permit: SendingPermit,
  ): Promise<CommandAnswer> {
    const ready = { person, account } as unknown as ReadyBorrower;
    const { controlKey } = proposal;
    return this.products.of(proposal.product).issue({ controlKey, borrower, ready }, terms, permit);
  }

  /**
   * The debt exists: from here on it is an operation, with the terms of the order that it was made of. Where those are not
   * what the borrower has accepted last, or may not be, people are told.
   * @param heldBack the command of an order that was not sent: the debt is of another one
   */
  async recordIssued(
    tx: EntityManager,
    proposal: ProposalEntity,
    debt: IssuedDebt,
    heldBack?: string,
  ): Promise<void> {
    const { creditOperationKey } = debt;
    const borrower = openBorrower(proposal, this.cipher);
    const { offer: accepted } = proposal;
    if (borrower === undefined || accepted === null)
      throw new Error('a debt was made of a proposal without an offer');
    const paidOff = this.products.of(proposal.product).paidOffBy(accepted);
    const made = madeOf(debt, await this.#ordersOf(tx, proposal, heldBack), {
      offer: accepted,
      claim: proposal.claim,
      paidOff,
    });
    const offer = made.order?.offer ?? accepted;
    await this.life.advance(
      tx,
      proposal,
      'issued',
      { kind: 'issued', summary: { credit_operation_key: creditOperationKey } },
      {
        creditOperationKey,
        offer,
        disbursedIssueAmount: made.disbursedIssueAmount.toFixed(2),
        failureCode: null,
        failureText: null,
      },
    );
    // What another open loan holds stays its own: the task of this one says that it is not what was accepted.
    if (made.order !== undefined && made.order.claim !== proposal.claim)
      await this.claims.take(tx, proposal, made.order.claim);
    await this.operations.recordIssued(tx, {
      creditOperationKey,
      requestControlKey: proposal.controlKey,
      product: proposal.product,
      borrowerCpf: borrower.cpf,
      disbursedIssueAmount: made.disbursedIssueAmount,
      acceptedInstead: acceptedInstead(made, accepted),
      ...this.products.of(proposal.product).loanOf(offer),
      monthlyInterestRate: new Decimal(offer.monthly_interest_rate),
    });
  }

  /** What its orders asked for that QI may have got, the newest first; those of an earlier release did not keep it. */
  async #ordersOf(
    tx: EntityManager,
    { id, product }: ProposalEntity,
    heldBack: string | undefined,
  ): Promise<readonly Order[]> {
    const bodies = await this.commands.bodiesOf(tx, id, 'issue', heldBack);
    return bodies.flatMap(({ ordered }) => {
      if (typeof ordered !== 'string') return [];
      const kept = JSON.parse(ordered) as OrderedOffer;
      return [{ ...kept, paidOff: this.products.of(product).paidOffBy(kept.offer) }];
    });
  }
}

function acceptedInstead({ isAsAccepted }: MadeOf, accepted: StoredOffer): IssuedLoan['acceptedInstead'] {
  if (isAsAccepted === true) return undefined;
  return { amount: disbursedIn(accepted), isCertain: isAsAccepted === false };
}

/** Of two that take the same at once, or the last of a limit, the database lets one through; the other is told why. */
export function refusalToIssue(
  error: unknown,
): Extract<ProposalRefusal, { kind: 'limits_reached' }> | 'claim_taken' | undefined {
  if (error instanceof NotReservedError && error.refusal.kind === 'limits_reached')
    return { kind: 'limits_reached', limits: error.refusal.limits };
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION && constraint === 'proposal_one_claim' ? 'claim_taken' : undefined;
}
