import { addDays, type CalendarDate, type JsonObject } from '../../src/kernel';
import type { Behaviour } from '../behaviour';
import { businessToday } from '../business-clock';
import type { Timeline } from '../timeline';
import { refusalFor } from './accounts';
import type { CollateralDesk, CollateralRuling } from './collateral-desk';
import type { Canceler, Debt, DebtState, Product } from './debt';
import { debtCanceled } from '../payloads';
import * as payload from './payloads';
import type { Pricing } from './pricing';

export interface DebtSurroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly desk: (product: Product) => CollateralDesk;
  readonly send: (debt: Debt, write: (printedAt: Date) => JsonObject) => void;
}

/** Between two looks at whether something has come to pass, however fast the steps are. */
export const LEAST_PAUSE_SECONDS = 0.05;

const OPEN: ReadonlySet<DebtState> = new Set([
  'waiting_signature',
  'signature_received',
  'signature_finished',
  'waiting_disbursement',
]);

/** Neither paid nor canceled. */
export const isOpen = (debt: Debt): boolean => OPEN.has(debt.state);

/** What happens to an issued debt by itself: signature, collateral, payment, and the news of each. */
export class DebtLife implements CollateralRuling {
  constructor(private readonly around: DebtSurroundings) {}

  begin(debt: Debt): void {
    if (this.#contract.waiting_signature_webhook) this.around.send(debt, (at) => this.bodyOf(debt, at));
    this.#desk(debt).issued(debt, this);
    this.#awaitSignature(debt);
  }

  /** The partner's own evidence: looked at for a step, then signed. */
  receiveSignature(debt: Debt): void {
    this.#enter(debt, 'signature_received');
    this.#next(debt, () => {
      this.#finishSignature(debt);
    });
  }

  sign(debt: Debt, outcome: string): void {
    if (outcome === 'never' || debt.state !== 'waiting_signature') return;
    if (outcome === 'signed') this.#finishSignature(debt);
    else if (outcome === 'expired')
      this.cancel(debt, 'signature', 'waiting_signature', 'Signature was not made in time');
    else this.cancel(debt, 'signature', outcome, outcome.replaceAll('_', ' '));
  }

  constituted(debt: Debt): void {
    debt.collateral.state = 'constituted';
    // An endorsement that QI went on trying after the cancellation brings the contract back.
    if (debt.canceled?.by === 'collateral') this.revive(debt);
    else this.#payWhenReady(debt);
  }

  refused(debt: Debt, enumerator: string, reason: string): void {
    debt.collateral.state = 'refused';
    this.cancel(debt, 'collateral', enumerator, reason);
  }

  settle(debt: Debt): void {
    this.#enter(debt, 'settled');
    this.around.send(debt, (at) => payload.debtSettled(debt.key, at));
  }

  send(debt: Debt, write: (printedAt: Date) => JsonObject): void {
    this.around.send(debt, write);
  }

  later(debt: Debt, work: () => void, steps = 1): void {
    this.#after(this.#pace(debt) * steps, debt.collateral, work);
  }

  again(debt: Debt, work: () => void): void {
    this.#after(Math.max(this.#pace(debt), LEAST_PAUSE_SECONDS), debt.collateral, work);
  }

  /** Not for good: a new date may bring it back, and what is reserved stays so. */
  cancel(debt: Debt, by: Canceler, enumerator: string, reason: string): void {
    if (!isOpen(debt)) return;
    this.#leave(debt, by);
    this.around.send(debt, (at) =>
      payload.debtCanceledFor(debt.key, at, this.#contract.canceled_status, reason, enumerator),
    );
  }

  cancelPermanently(debt: Debt): void {
    debt.epoch += 1;
    this.#enter(debt, 'canceling');
    this.#next(debt, () => {
      this.#enter(debt, 'canceled_permanently');
      this.#desk(debt).release(debt, this);
      const { final_cancel_status: status } = this.around.behaviour().contract;
      this.around.send(debt, (at) => debtCanceled(debt.key, at, status));
    });
  }

  /** A new date or account: a canceled debt goes back to where it was. */
  revive(debt: Debt): void {
    if (debt.state !== 'canceled' || debt.canceled === undefined) return;
    const { from } = debt.canceled;
    debt.canceled = undefined;
    this.#enter(debt, from === 'waiting_disbursement' ? 'signature_finished' : from);
    debt.issuedOn = this.#today;
    if (from === 'waiting_signature') this.#awaitSignature(debt);
    else if (debt.collateral.state === 'constituted') this.#payWhenReady(debt);
    else this.#desk(debt).signed(debt, this);
  }

  pay(debt: Debt, outcome: string): void {
    if (outcome === 'never' || debt.state !== 'waiting_disbursement') return;
    const pricing = this.#payableOption(debt);
    if (pricing === undefined) {
      this.cancel(debt, 'payment', 'disbursing_error', 'Disbursement limit date has passed');
      return;
    }
    const refused = debt.accounts
      .map((account) => refusalFor(account, debt.borrower.documentNumber))
      .find((reason) => reason !== undefined);
    const reason = refused ?? outcome;
    if (reason === 'ted_refusal' || reason === 'pix_refusal') {
      this.#leave(debt, 'payment');
      const status = this.#contract.canceled_status;
      this.around.send(debt, (at) => payload.paymentSentBack(debt, pricing, at, reason, status));
      return;
    }
    debt.paid = { at: this.around.timeline.now(), pricing };
    this.#enter(debt, 'disbursed');
    this.around.send(debt, (at) => payload.debtDisbursed(debt, pricing, at));
    this.#desk(debt).paid(debt, this);
  }

  /** The money is back: the contract ends, and so does its collateral. */
  refund(debt: Debt): void {
    this.#enter(debt, 'refunded');
    this.#desk(debt).release(debt, this);
    this.around.send(debt, (at) =>
      payload.debtCanceledFor(
        debt.key,
        at,
        this.#contract.canceled_status,
        'Disbursed amount was refunded',
        'disbursed_amount_refunded',
      ),
    );
  }

  advance(debt: Debt, outcome: string): void {
    if (debt.state === 'waiting_signature') this.sign(debt, outcome);
    else if (debt.state === 'waiting_disbursement') this.pay(debt, outcome);
    else this.#desk(debt).advance(debt, outcome, this);
  }

  bodyOf(debt: Debt, at: Date, options: readonly Pricing[] = []): JsonObject {
    const desk = this.#desk(debt);
    return payload.debtBody(debt, at, desk.collateralType, desk.printed(debt), options);
  }

  #awaitSignature(debt: Debt): void {
    const usual = this.#contract.signature_flow === 'qi_sign' ? 'signed' : 'never';
    const outcome = this.#desk(debt).plan(debt.borrower.documentNumber)?.signature.shift() ?? usual;
    this.#next(debt, () => {
      this.#signTogether(debt, outcome);
    });
  }

  /** What lies in one envelope is signed at once, a step after the last debt was put into it. */
  #signTogether(debt: Debt, outcome: string): void {
    if (debt.state !== 'waiting_signature') return;
    const together = debt.batch?.debts.filter((each) => each.state === 'waiting_signature') ?? [debt];
    const isLast = together.at(-1) === debt;
    if (isLast) for (const each of together) this.sign(each, this.#isLate(each) ? 'expired' : outcome);
    const again = (): void => {
      this.#signTogether(debt, isLast ? 'never' : outcome);
    };
    this.#next(debt, again, LEAST_PAUSE_SECONDS);
  }

  /** The link has run out, or there is no day left to pay on. */
  #isLate(debt: Debt): boolean {
    const lastDay = addDays(debt.issuedOn, this.#contract.signature_days);
    return this.#today > lastDay || this.#payableOption(debt) === undefined;
  }

  #finishSignature(debt: Debt): void {
    this.#enter(debt, 'signature_finished');
    const how = this.#contract.signature_webhook;
    if (how !== 'short') {
      this.around.send(debt, (at) => ({
        ...this.bodyOf(debt, at),
        status: how === 'full' ? 'signature_finished' : 'waiting_signature',
      }));
    }
    if (how !== 'full') this.around.send(debt, (at) => payload.signatureFinished(debt.key, at));
    if (debt.collateral.state === 'constituted') this.#payWhenReady(debt);
    else this.#desk(debt).signed(debt, this);
  }

  /** Signed and secured: the money goes out a step later. */
  #payWhenReady(debt: Debt): void {
    if (debt.state !== 'signature_finished' || debt.collateral.state !== 'constituted') return;
    this.#enter(debt, 'waiting_disbursement');
    const outcome = this.#desk(debt).plan(debt.borrower.documentNumber)?.payment.shift() ?? 'disbursed';
    this.#next(debt, () => {
      this.pay(debt, outcome);
    });
  }

  /** The partner's chosen day, or the first one, if it has not passed. Days to come are not waited for. */
  #payableOption(debt: Debt): Pricing | undefined {
    const today = this.#today;
    const date = debt.disbursementDate ?? [...debt.options.keys()].find((day) => day >= today);
    return date === undefined || date < today ? undefined : debt.options.get(date);
  }

  #leave(debt: Debt, by: Canceler): void {
    debt.canceled = { from: debt.state, by };
    debt.epoch += 1;
    this.#enter(debt, 'canceled');
  }

  #enter(debt: Debt, state: DebtState): void {
    debt.state = state;
    debt.history.push({ at: this.around.timeline.now().toISOString(), state });
  }

  /** After a step of the debt's pace, unless it was canceled meanwhile. */
  #next(debt: Debt, work: () => void, leastSeconds = 0): void {
    this.#after(Math.max(this.#pace(debt), leastSeconds), debt, work);
  }

  #after(seconds: number, subject: { readonly epoch: number }, work: () => void): void {
    const { epoch } = subject;
    this.around.timeline.after(seconds, () => {
      if (subject.epoch === epoch) work();
    });
  }

  #pace(debt: Debt): number {
    const plan = this.#desk(debt).plan(debt.borrower.documentNumber);
    return plan?.step_seconds ?? this.around.behaviour().pace.step_seconds;
  }

  #desk(debt: Debt): CollateralDesk {
    return this.around.desk(debt.product);
  }

  get #today(): CalendarDate {
    return businessToday(this.around.timeline, this.around.behaviour());
  }

  get #contract(): Behaviour['contract']['debts'] {
    return this.around.behaviour().contract.debts;
  }
}
