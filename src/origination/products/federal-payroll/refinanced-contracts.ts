import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { calendarDate, calendarDateAt, Decimal, type CalendarDate, type Clock } from '../../../kernel';
import { isPaidOff } from '../../../operation';
import { CLOCK } from '../../../platform';
import { PricingDataService } from '../../../pricing';
import type { Problem } from '../../domain';
import {
  dueBalance,
  NAMED_TWICE,
  namesTwice,
  type FederalPayrollData,
  type FederalPayrollWishes,
  type RefinancedContract,
} from '../../domain/products/federal-payroll';
import type { ProposalEntity } from '../../proposal.entity';
import { FEDERAL_PAYROLL_DATA } from './federal-payroll-data';
import type { OwnContractView } from '../proposal-product';
import type { StoredPayrollSimulation } from './stored-payroll';

interface Row {
  readonly key: string;
  readonly status: string;
  readonly claim: string | null;
  readonly offer: StoredPayrollSimulation | null;
  readonly is_paid_off: boolean;
  readonly is_taken: boolean;
}
type OwnContract = Extract<RefinancedContract, { kind: 'own' }>;

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
    wishes: FederalPayrollWishes,
    on: CalendarDate,
  ): Promise<readonly RefinancedContract[] | Problem> {
    if (namesTwice(wishes)) return refuse(NAMED_TWICE);
    const { refinancing = [], link } = wishes;
    const found: RefinancedContract[] = [];
    for (const wish of refinancing) {
      const contract =
        wish.kind === 'own' ? await this.#own(tx, proposal, wish.operation_key, link, on) : incoming(wish);
      if ('message' in contract) return contract;
      found.push(contract);
    }
    return found;
  }

  /** Loans of ours that a new one may pay off now, to choose from. */
  async choices(tx: EntityManager, proposal: ProposalEntity): Promise<readonly OwnContractView[]> {
    const today = calendarDateAt(this.clock.now());
    return (await this.#rows(tx, proposal)).flatMap((row) => {
      if (row.claim === null) return [];
      const contract = this.#contractOf(row, row.claim, today);
      return 'message' in contract ? [] : [viewOf(contract, row)];
    });
  }

  async #own(
    tx: EntityManager,
    proposal: ProposalEntity,
    operationKey: string,
    link: string | undefined,
    on: CalendarDate,
  ): Promise<OwnContract | Problem> {
    const row = (await this.#rows(tx, proposal)).find(({ key }) => key === operationKey);
    return row === undefined
      ? refuse('não é uma operação nossa deste servidor')
      : this.#contractOf(row, link, on);
  }

  /**
   * A loan of ours with what it takes a month and what pays it off. It cannot be refinanced when it is no paid loan on this
   * link, has nothing left to pay, is paid off already, or will be by another proposal.
   */
  #contractOf(
    { key, status, claim, offer, is_paid_off: isOver, is_taken: isTaken }: Row,
    link: string | undefined,
    on: CalendarDate,
  ): OwnContract | Problem {
    if (offer?.figures == null) return refuse('não é uma operação nossa deste servidor');
    if (status !== 'disbursed') return refuse('só se refinancia uma operação que foi paga ao servidor');
    if (claim !== link) return refuse('a operação é de outro vínculo do servidor');
    if (isOver) return refuse('a operação já foi quitada');
    if (isTaken) return refuse('outra proposta já refinancia esta operação');
    const { figures, monthly_interest_rate: rate } = offer;
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
    return { kind: 'own', operationKey: key, installment, dueBalance: due, dueNow };
  }

  /** The servant's loans of this product that came of a proposal, newest first. */
  #rows(tx: EntityManager, { id, product, borrowerIndex }: ProposalEntity): Promise<readonly Row[]> {
    return tx.query<Row[]>(
      `SELECT operation.credit_operation_key AS key, operation.status, made.claim, made.offer,
         ${isPaidOff('operation')} AS is_paid_off,
         EXISTS (SELECT FROM proposal AS other
           LEFT JOIN operation AS its ON its.credit_operation_key = other.credit_operation_key
           WHERE other.borrower_index = $2 AND other.id <> $3 AND other.status IN ('issuing', 'issued')
             AND (its.ended_at IS NULL OR its.status = 'disbursed')
             AND other.wishes -> 'refinancing'
               @> jsonb_build_array(jsonb_build_object('operation_key', operation.credit_operation_key))
         ) AS is_taken
       FROM operation JOIN proposal AS made ON made.credit_operation_key = operation.credit_operation_key
       WHERE operation.borrower_index = $2 AND operation.product = $1
       ORDER BY operation.opened_at DESC`,
      [product, borrowerIndex, id],
    );
  }
}

const refuse = (message: string): Problem => ({ path: 'wishes.refinancing', message });

function viewOf({ operationKey, installment, dueNow }: OwnContract, { claim, offer }: Row): OwnContractView {
  return {
    operation_key: operationKey,
    link: claim ?? '',
    installment: installment.toFixed(2),
    number_of_installments: offer?.figures?.number_of_installments ?? 0,
    first_due_date: offer?.figures?.first_due_date ?? '',
    due_balance: dueNow.toFixed(2),
  };
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
