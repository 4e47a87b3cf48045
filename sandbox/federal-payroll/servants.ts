import { addDays, calendarDate, Decimal, type CalendarDate } from '../../src/kernel';
import type { Behaviour } from '../behaviour';
import type { Plans } from '../debts/plan';
import { federalPayrollPlanSchema, type FederalPayrollPlan, type PlannedLink } from './federal-payroll-plan';
import { Shelf } from '../shelf';
import { SERVANTS } from './outcomes';

export interface Link {
  readonly facts: PlannedLink;
  /** What may still be deducted every month; what is reserved here is taken off. */
  readonly free: Decimal;
  readonly expirationDate: CalendarDate;
}

export interface LinkKey {
  readonly authorityCode: string;
  readonly registrationCode: string;
}

/** The payroll's books: who is employed where, and how much of each margin is held by a reservation. */
export class Servants {
  readonly #held: Shelf<{ readonly cpf: string; readonly link: LinkKey; readonly amount: Decimal }>;

  constructor(
    private readonly plans: Plans<FederalPayrollPlan>,
    private readonly behaviour: () => Behaviour,
  ) {
    this.#held = new Shelf(() => behaviour().keep.debts);
  }

  /** The plan of a servant who exists; undefined for a stranger. */
  find(cpf: string): FederalPayrollPlan | undefined {
    const planned = this.plans.of(cpf);
    if (planned !== undefined) return planned;
    const known = SERVANTS.has(cpf) || this.behaviour().contract.federal_payroll.servants === 'everybody';
    return known ? federalPayrollPlanSchema.parse({ document_number: cpf }) : undefined;
  }

  linksOf(cpf: string, today: CalendarDate): readonly Link[] {
    const { authorization_days: days } = this.behaviour().contract.federal_payroll;
    return (this.find(cpf)?.links ?? []).map((facts) => ({
      facts,
      free: new Decimal(facts.margin).minus(this.heldOn(cpf, keyOf(facts))),
      expirationDate:
        facts.expiration_date === undefined ? addDays(today, days) : calendarDate(facts.expiration_date),
    }));
  }

  linkOf(cpf: string, key: LinkKey, today: CalendarDate): Link | undefined {
    return this.linksOf(cpf, today).find((link) => isSame(keyOf(link.facts), key));
  }

  hold(contract: string, cpf: string, link: LinkKey, amount: Decimal): void {
    this.#held.put(contract, { cpf, link, amount });
  }

  free(contract: string): void {
    this.#held.delete(contract);
  }

  clear(): void {
    this.#held.clear();
  }

  heldOn(cpf: string, key: LinkKey): Decimal {
    return this.#held
      .all()
      .filter((each) => each.cpf === cpf && isSame(each.link, key))
      .reduce((sum, each) => sum.plus(each.amount), new Decimal(0));
  }
}

const keyOf = (facts: PlannedLink): LinkKey => ({
  authorityCode: facts.authority_code,
  registrationCode: facts.registration_code,
});

export const isSame = (one: LinkKey, other: LinkKey): boolean =>
  one.authorityCode === other.authorityCode && one.registrationCode === other.registrationCode;
