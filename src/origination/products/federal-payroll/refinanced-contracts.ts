import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { calendarDate, calendarDateAt, Decimal, type CalendarDate, type Clock } from '../../../kernel';
import { CLOCK } from '../../../platform';
import { PricingDataService } from '../../../pricing';
import type { Problem } from '../../domain';
import {
  dueBalance,
  type FederalPayrollData,
  type FederalPayrollWishes,
  type RefinancedContract,
} from '../../domain/products/federal-payroll';
import type { ProposalEntity } from '../../proposal.entity';
import { FEDERAL_PAYROLL_DATA } from './federal-payroll-data';
import type { StoredPayrollSimulation } from './stored-payroll';

interface Row {
  readonly key: string;
  readonly status: string;
  readonly is_theirs: boolean;
  readonly claim: string | null;
  readonly offer: StoredPayrollSimulation | null;
  readonly is_taken: boolean;
}

/** Contracts that a new loan is to pay off. */
@Injectable()
export class RefinancedContracts {
  constructor(
    private readonly pricing: PricingDataService,
    @Inject(FEDERAL_PAYROLL_DATA) private readonly data: FederalPayrollData,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Those that the wishes name; or what is wrong about the first of them that cannot be paid off on `on`. */
  async find(
    tx: EntityManager,
    proposal: ProposalEntity,
    { refinancing = [], link }: FederalPayrollWishes,
    on: CalendarDate,
  ): Promise<readonly RefinancedContract[] | Problem> {
    const found: RefinancedContract[] = [];
    for (const wish of refinancing) {
      const contract =
        wish.kind === 'own' ? await this.#own(tx, proposal, wish.operation_key, link, on) : incoming(wish);
      if ('message' in contract) return contract;
      found.push(contract);
    }
    return found;
  }

  /**
   * A loan of ours with what it takes a month and what pays it off. It cannot be refinanced when it is no paid loan of this
   * servant's on this link, has nothing left to pay, or is paid off by another proposal already.
   */
  async #own(
    tx: EntityManager,
    proposal: ProposalEntity,
    operationKey: string,
    link: string | undefined,
    on: CalendarDate,
  ): Promise<RefinancedContract | Problem> {
    const row = await this.#row(tx, proposal, operationKey);
    const refuse = (message: string): Problem => ({ path: 'wishes.refinancing', message });
    if (row?.is_theirs !== true || row.offer?.figures == null)
      return refuse('não é uma operação nossa deste servidor');
    if (row.status !== 'disbursed') return refuse('só se refinancia uma operação que foi paga ao servidor');
    if (row.claim !== link) return refuse('a operação é de outro vínculo do servidor');
    if (row.is_taken) return refuse('outra proposta já refinancia esta operação');
    const { figures, monthly_interest_rate: rate } = row.offer;
    const installment = new Decimal(figures.installment_face_value);
    const plan = {
      installment,
      numberOfInstallments: figures.number_of_installments,
      firstDueDate: calendarDate(figures.first_due_date),
      monthlyInterestRate: new Decimal(rate),
    };
    const dueOn = (day: CalendarDate): Decimal =>
      dueBalance(plan, day, this.data.interestBase, this.pricing.context);
    const due = dueOn(on);
    if (due.lte(0)) return refuse('a operação não tem mais parcelas a vencer');
    const dueNow = dueOn(calendarDateAt(this.clock.now()));
    return { kind: 'own', operationKey, installment, dueBalance: due, dueNow };
  }

  async #row(
    tx: EntityManager,
    { id, product, borrowerIndex }: ProposalEntity,
    operationKey: string,
  ): Promise<Row | undefined> {
    const [row] = await tx.query<Row[]>(
      `SELECT operation.credit_operation_key AS key, operation.status, made.claim, made.offer,
         operation.product = $2 AND operation.borrower_index = $3 AS is_theirs,
         EXISTS (SELECT FROM proposal AS other
           LEFT JOIN operation AS its ON its.credit_operation_key = other.credit_operation_key
           WHERE other.borrower_index = $3 AND other.id <> $4 AND other.status IN ('issuing', 'issued')
             AND (its.ended_at IS NULL OR its.status = 'disbursed')
             AND other.wishes -> 'refinancing' @> jsonb_build_array(jsonb_build_object('operation_key', $1::text))
         ) AS is_taken
       FROM operation LEFT JOIN proposal AS made ON made.credit_operation_key = operation.credit_operation_key
       WHERE operation.credit_operation_key = $1`,
      [operationKey, product, borrowerIndex, id],
    );
    return row;
  }
}

/** What the servant's statement of it says. */
function incoming(
  wish: Extract<NonNullable<FederalPayrollWishes['refinancing']>[number], { kind: 'incoming' }>,
): RefinancedContract {
  return {
    kind: 'incoming',
    contractNumber: wish.original_contract_number,
    institutionDocumentNumber: wish.original_financial_institution_document_number,
    dueBalance: wish.due_balance,
    deadline: wish.original_deadline,
    installment: wish.installment,
  };
}
