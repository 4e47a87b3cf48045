import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CalendarDate } from '../kernel';
import { isPaidOff, type LoanClaims } from '../operation';
import { lockBorrower } from './lock-borrower';
import { ProposalLife } from './proposal-life.service';
import { ProposalEntity } from './proposal.entity';
import { ProposalProducts } from './products/proposal-products';
import type { StoredOffer } from './stored';

/** Of a proposal that still says to hold it: the loan has ended, or is paid off. $3: also one that was paid out. */
const IS_OVER = `(loan.ended_at IS NOT NULL AND (loan.status <> 'disbursed' OR $3) OR ${isPaidOff('loan')})`;

/** What of a borrower's each running loan takes, and whom it keeps out. */
@Injectable()
export class ClaimBook implements LoanClaims {
  constructor(
    private readonly life: ProposalLife,
    private readonly products: ProposalProducts,
  ) {}

  /** The last day on which a running loan of the borrower keeps out any other; undefined where none does on `today`. */
  async heldUntil(
    tx: EntityManager,
    { id, product, borrowerIndex }: ProposalEntity,
    today: CalendarDate,
  ): Promise<CalendarDate | undefined> {
    const { claimEndsWhenPaid, keepsOutUntil } = this.products.of(product);
    const running = await tx.query<{ offer: StoredOffer | null }[]>(
      `SELECT held.offer FROM proposal AS held
       LEFT JOIN operation AS loan ON loan.credit_operation_key = held.credit_operation_key
       WHERE held.product = $1 AND held.borrower_index = $2 AND held.holds_claim AND held.id <> $4
         AND ${IS_OVER} IS NOT TRUE`,
      [product, borrowerIndex, claimEndsWhenPaid, id],
    );
    const ends = running.flatMap(({ offer }) => (offer === null ? [] : (keepsOutUntil(offer) ?? [])));
    const last = ends.toSorted().at(-1);
    return last !== undefined && last >= today ? last : undefined;
  }

  /**
   * For an order: of two that are asked for one borrower at once the second waits here, whatever each takes.
   * @returns false when another running loan holds the same, or keeps out any other
   */
  async takeAlone(
    tx: EntityManager,
    proposal: ProposalEntity,
    claim: string,
    today: CalendarDate,
  ): Promise<boolean> {
    await lockBorrower(tx, 'claim', proposal.product, proposal.borrowerIndex);
    if ((await this.heldUntil(tx, proposal, today)) !== undefined) return false;
    return this.take(tx, proposal, claim);
  }

  /** Whoever is about to take it for another loan has done so when this goes on, or sees this loan run. */
  async retake(tx: EntityManager, creditOperationKey: string): Promise<boolean> {
    const find = () => tx.findOne(ProposalEntity, { where: { creditOperationKey } });
    const known = await find();
    // One that was erased is nobody's any more.
    if (known === null || known.borrowerIndex === null) return true;
    await lockBorrower(tx, 'claim', known.product, known.borrowerIndex);
    const proposal = await find();
    if (proposal === null || proposal.claim === null || proposal.holdsClaim) return true;
    return this.take(tx, proposal, proposal.claim);
  }

  /** What a loan that holds it no more held is free. @returns false when another running loan holds the same */
  async take(tx: EntityManager, proposal: ProposalEntity, claim: string): Promise<boolean> {
    const { product, borrowerIndex } = proposal;
    await tx.query(
      `UPDATE proposal AS held SET holds_claim = false
       FROM operation AS loan WHERE loan.credit_operation_key = held.credit_operation_key
         AND ${IS_OVER} AND held.holds_claim
         AND held.product = $1 AND held.borrower_index = $2 AND held.claim = $4`,
      [product, borrowerIndex, this.products.of(product).claimEndsWhenPaid, claim],
    );
    const [taken] = await tx.query<{ id: string }[]>(
      `SELECT id FROM proposal WHERE product = $1 AND borrower_index = $2 AND claim = $3 AND holds_claim AND id <> $4`,
      [product, borrowerIndex, claim, proposal.id],
    );
    if (taken !== undefined) return false;
    await this.life.change(tx, proposal, { claim, holdsClaim: true });
    return true;
  }
}
