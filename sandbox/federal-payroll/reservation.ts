import {
  addDays,
  calendarDateAt,
  Decimal,
  hourAt,
  type CalendarDate,
  type JsonObject,
} from '../../src/kernel';
import type { Answer, CallContext } from '../answer';
import type { Behaviour } from '../behaviour';
import { businessNow, businessToday } from '../business-clock';
import type { CollateralDesk, CollateralRuling, ReadFinancial } from '../debts/collateral-desk';
import type { Debt } from '../debts/debt';
import { collateralNews } from '../debts/payloads';
import type { Plans } from '../debts/plan';
import type { Timeline } from '../timeline';
import type { MarginQueries } from './balances';
import type { FederalPayrollPlan } from './federal-payroll-plan';
import { readPayrollFinancial } from './financial';
import { isOpenAt } from './hours';
import { RETRIED_FAILURES } from './outcomes';
import { failureData } from './payloads';
import { isUnsettled, linkOf, reservationProblems } from './reservation-request';
import { isSame, type Servants } from './servants';

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly servants: Servants;
  readonly plans: Plans<FederalPayrollPlan>;
  readonly queries: MarginQueries;
  readonly debts: () => readonly Debt[];
}

/** A reservation of payroll margin: asked for at SIGEPE, consented to by the servant, and freed apart from the contract. */
export class Reservation implements CollateralDesk {
  readonly product = 'federal_payroll';
  readonly collateralType = 'federal_payroll';
  readonly borrowerTexts: readonly string[] = [];

  constructor(private readonly around: Surroundings) {}

  plan(documentNumber: string): FederalPayrollPlan | undefined {
    return this.around.plans.of(documentNumber);
  }

  readFinancial(
    body: JsonObject,
    today: CalendarDate,
    contract: Behaviour['contract'],
  ): ReadFinancial | Answer {
    return readPayrollFinancial(body, today, contract, (key) => this.#find(key));
  }

  collateralProblems(body: JsonObject): JsonObject {
    return reservationProblems(body, this.#contract.refinancing_account, (key) => this.#find(key));
  }

  examine(debt: Debt, context: CallContext): void {
    const link = linkOf(debt);
    const { documentNumber: cpf } = debt.borrower;
    const twice = this.around
      .debts()
      .find(
        (other) =>
          other.product === 'federal_payroll' &&
          other.borrower.documentNumber === cpf &&
          isSame(linkOf(other), link) &&
          isUnsettled(other),
      );
    if (twice !== undefined)
      context.violation('second_debt', debt.key, `${twice.key} is open on the same link`);
    const known = this.around.queries.lastKnown(cpf, link);
    if (known === undefined) context.violation('unknown_link', debt.key, 'no query named this link');
    else if (this.#needs(debt).gt(known))
      context.violation('amount_above_balance', debt.key, `${this.#needs(debt).toFixed(2)} a month`);
  }

  issued(debt: Debt, ruling: CollateralRuling): void {
    if (debt.collateral.data['reservation_method'] === 'creation') this.#attemptLater(debt, ruling);
  }

  signed(debt: Debt, ruling: CollateralRuling): void {
    const waits = debt.collateral.state === 'pending' && debt.collateral.attempts.length === 0;
    if (waits && debt.collateral.data['reservation_method'] === 'issuing') this.#attemptLater(debt, ruling);
  }

  /** The second axis: a held margin is freed apart from the contract, and not before the servant has answered. */
  canceled(debt: Debt, ruling: CollateralRuling): void {
    const { collateral } = debt;
    if (collateral.state === 'pending_consent') {
      collateral.state = 'pending_consent_with_deletion';
      this.#tell(debt, ruling, { reservation_status: 'pending_consent_with_deletion' });
      return;
    }
    if (collateral.state === 'pending_consent_with_deletion' || collateral.state === 'released') return;
    const held = collateral.state === 'constituted';
    collateral.epoch += 1;
    if (!held) this.#free(debt);
    else {
      ruling.later(debt, () => {
        this.#delete(debt, ruling);
      });
    }
  }

  release(debt: Debt, ruling: CollateralRuling): void {
    this.canceled(debt, ruling);
  }

  /** A refinancing that is paid settles what it refinanced, and takes its place in the margin. */
  paid(debt: Debt, ruling: CollateralRuling): void {
    for (const value of debt.refinanced) {
      const old = this.#find(value);
      if (old === undefined) continue;
      ruling.settle(old);
      this.around.servants.free(old.key);
    }
    const installment = debt.offer.installments[0]?.totalAmount;
    if (installment !== undefined)
      this.around.servants.hold(debt.key, debt.borrower.documentNumber, linkOf(debt), installment);
  }

  advance(debt: Debt, outcome: string, ruling: CollateralRuling): void {
    if (debt.collateral.state === 'pending') this.#attempt(debt, outcome, ruling);
    else this.#endConsent(debt, outcome, ruling);
  }

  /** The end of QI's day in its sandbox: whatever SIAPE has not decided is over. */
  close(ruling: CollateralRuling): void {
    for (const debt of this.around.debts())
      if (debt.product === 'federal_payroll' && isUnsettled(debt)) this.#close(debt, ruling);
  }

  printed(debt: Debt): JsonObject {
    const { data, state } = debt.collateral;
    return {
      authority_code: data['authority_code'] ?? null,
      pensioner_registration_code: data['pensioner_registration_code'] ?? '',
      registration_code: data['registration_code'] ?? null,
      ...(state === 'pending' ? {} : { reservation_status: state }),
    };
  }

  #attemptLater(debt: Debt, ruling: CollateralRuling, steps = 1): void {
    ruling.later(
      debt,
      () => {
        this.#attemptWhenOpen(debt, ruling);
      },
      steps,
    );
  }

  /** QI's own queue: outside SIAPE's hours a reservation waits. */
  #attemptWhenOpen(debt: Debt, ruling: CollateralRuling): void {
    if (this.#isOpen())
      this.#attempt(debt, this.plan(debt.borrower.documentNumber)?.reservation.shift(), ruling);
    else
      ruling.again(debt, () => {
        this.#attemptWhenOpen(debt, ruling);
      });
  }

  #attempt(debt: Debt, planned: string | undefined, ruling: CollateralRuling): void {
    const outcome = planned ?? this.#usualOutcome(debt);
    if (outcome === 'never') return;
    debt.collateral.attempts.push({ at: this.around.timeline.now().toISOString(), outcome });
    if (outcome === 'pending_consent') this.#awaitConsent(debt, ruling);
    else this.#refuse(debt, outcome, ruling);
  }

  #awaitConsent(debt: Debt, ruling: CollateralRuling): void {
    const { documentNumber: cpf } = debt.borrower;
    debt.collateral.state = 'pending_consent';
    this.around.servants.hold(debt.key, cpf, linkOf(debt), this.#needs(debt));
    debt.collateral.pendingSince = this.#now;
    this.#tell(debt, ruling, { reservation_status: 'pending_consent' });
    const outcome = this.plan(cpf)?.consent.shift() ?? 'given';
    ruling.later(debt, () => {
      if (outcome === 'never') this.#watch(debt, ruling);
      else this.#endConsent(debt, outcome, ruling);
    });
  }

  /** Consent that nobody gives runs out by the business clock. */
  #watch(debt: Debt, ruling: CollateralRuling): void {
    const since = debt.collateral.pendingSince;
    if (since === undefined) return;
    const over = addDays(calendarDateAt(since), this.#contract.consent_days);
    if (this.#contract.daily_closing && this.#isPastClosing(since)) this.#close(debt, ruling);
    else if (calendarDateAt(this.#now) > over) this.#endConsent(debt, 'expired', ruling);
    else {
      ruling.again(debt, () => {
        this.#watch(debt, ruling);
      });
    }
  }

  #endConsent(debt: Debt, outcome: string, ruling: CollateralRuling): void {
    const { collateral } = debt;
    const withDeletion = collateral.state === 'pending_consent_with_deletion';
    if (outcome === 'never' || (collateral.state !== 'pending_consent' && !withDeletion)) return;
    debt.collateral.pendingSince = undefined;
    collateral.attempts.push({ at: this.around.timeline.now().toISOString(), outcome: `consent_${outcome}` });
    if (withDeletion) this.#delete(debt, ruling);
    else if (outcome !== 'given') this.#refuse(debt, `consent_${outcome}`, ruling);
    else {
      ruling.send(debt, (at) => collateralNews(debt.key, at, this.collateralType, true));
      ruling.constituted(debt);
    }
  }

  /** Some failures QI retries and says nothing of the contract; any other one cancels it. */
  #refuse(debt: Debt, enumerator: string, ruling: CollateralRuling): void {
    this.around.servants.free(debt.key);
    const {
      failure_shape: shape,
      reservation_attempts: most,
      reservation_retry_steps: steps,
    } = this.#contract;
    ruling.send(debt, (at) =>
      collateralNews(debt.key, at, this.collateralType, false, failureData(enumerator, at, shape)),
    );
    if (RETRIED_FAILURES.has(enumerator) && debt.collateral.attempts.length < most)
      this.#attemptLater(debt, ruling, steps);
    else ruling.refused(debt, 'not_collateral_constituted', enumerator.replaceAll('_', ' '));
  }

  #delete(debt: Debt, ruling: CollateralRuling): void {
    this.#free(debt);
    this.#tell(debt, ruling, { reservation_status: 'deleted', enumerator: 'successfully_deleted' });
  }

  #close(debt: Debt, ruling: CollateralRuling): void {
    debt.collateral.epoch += 1;
    ruling.refused(debt, 'not_collateral_constituted', 'Closed at the end of the day');
    this.#delete(debt, ruling);
  }

  #free(debt: Debt): void {
    debt.collateral.state = 'released';
    debt.collateral.pendingSince = undefined;
    this.around.servants.free(debt.key);
  }

  #tell(debt: Debt, ruling: CollateralRuling, data: JsonObject): void {
    ruling.send(debt, (at) => collateralNews(debt.key, at, this.collateralType, false, data));
  }

  #usualOutcome(debt: Debt): string {
    const today = businessToday(this.around.timeline, this.around.behaviour());
    const link = this.around.servants.linkOf(debt.borrower.documentNumber, linkOf(debt), today);
    if (link === undefined || this.#needs(debt).gt(link.free)) return 'invalid_balance';
    return link.facts.authorized && link.expirationDate >= today
      ? 'pending_consent'
      : 'unauthorized_institution';
  }

  /** The month's instalment, less those of the contracts it replaces. */
  #needs(debt: Debt): Decimal {
    const replaced = debt.refinanced.map((key) => this.#find(key)?.offer.installments[0]?.totalAmount ?? 0);
    const installment = debt.offer.installments[0]?.totalAmount ?? new Decimal(0);
    return installment.minus(Decimal.sum(0, ...replaced));
  }

  #find(key: string): Debt | undefined {
    return this.around.debts().find((debt) => debt.key === key);
  }

  #isOpen(): boolean {
    return this.#contract.hours === 'always' || isOpenAt(this.#now);
  }

  #isPastClosing(since: Date): boolean {
    const [day, today] = [calendarDateAt(since), calendarDateAt(this.#now)];
    const minute = this.#now.getUTCMinutes();
    return today > day || (hourAt(this.#now) === 23 && minute === 59);
  }

  get #now(): Date {
    return businessNow(this.around.timeline, this.around.behaviour());
  }

  get #contract(): Behaviour['contract']['federal_payroll'] {
    return this.around.behaviour().contract.federal_payroll;
  }
}
