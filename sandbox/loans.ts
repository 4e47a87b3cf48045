import { randomUUID } from 'node:crypto';
import { calendarDateAt, Decimal, type JsonObject } from '../src/kernel';
import { ok, refusal, type Answer, type CallContext } from './answer';
import {
  authorized,
  everyAccountIsTheBorrowers,
  reservationRow,
  resubmissionProblems,
  resubmitted,
} from './loan-answers';
import type { Behaviour } from './behaviour';
import type { Fault } from './faults';
import type { Command, Loan, LoanState, ReservationTry } from './loan';
import { RETRIED_FAILURES } from './loan-plan';
import * as payload from './payloads';
import type { Timeline } from './timeline';

export type LoanCommand =
  | 'authorize'
  | 'change_disbursement_date'
  | 'cancel_permanently'
  | 'reservation_query';

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  /** Sends a webhook about this loan; `printedAt` already holds the configured clock skew. */
  readonly send: (loan: Loan, write: (printedAt: Date) => JsonObject) => void;
}

/** Of a step: the manual's two samples are one second apart. */
const BETWEEN_SIGNATURE_AND_QUESTION = 1 / 3;

const FINAL: ReadonlySet<LoanState> = new Set(['disbursed', 'canceled_permanently']);

/** The life of every won loan, from the signature link to the money. */
export class Loans {
  readonly #loans = new Map<string, Loan>();

  constructor(private readonly around: Surroundings) {}

  open(
    input: Pick<
      Loan,
      | 'creditOperationKey'
      | 'issuerProposalRequestKey'
      | 'plan'
      | 'request'
      | 'payout'
      | 'monthlyInterestRate'
    >,
  ): Loan {
    const now = this.around.timeline.now();
    const loan: Loan = {
      ...input,
      borrower: input.payout.borrower,
      contractNumber: String(now.getTime()).slice(-9),
      openedAt: now,
      state: 'awaiting_signature',
      history: [{ at: now.toISOString(), state: 'awaiting_signature' }],
      reservations: [],
      authorizations: [],
      resubmissions: [],
      cancellations: [],
      remaining: structuredClone({
        reservation: input.plan.reservation,
        disbursement: input.plan.disbursement,
        faults: input.plan.faults,
      }),
      epoch: 0,
    };
    this.#loans.set(loan.creditOperationKey, loan);
    this.#goOn(loan);
    return loan;
  }

  /** Takes up a loan of an earlier run where it stood. */
  resume(loan: Loan): void {
    this.#loans.set(loan.creditOperationKey, loan);
    if (loan.state === 'signature_failed') this.#endUnsigned(loan);
    else this.#goOn(loan);
  }

  find(key: string): Loan | undefined {
    return this.#loans.get(key);
  }

  all(): Loan[] {
    return [...this.#loans.values()];
  }

  forget(key: string): void {
    this.#loans.delete(key);
  }

  clear(): void {
    this.#loans.clear();
  }

  isFinal(loan: Loan): boolean {
    return FINAL.has(loan.state);
  }

  faultScript(key: string, command: LoanCommand): Fault[] | undefined {
    return this.#loans.get(key)?.remaining.faults[command];
  }

  authorize(key: string, context: CallContext): Answer {
    const loan = this.#known(key, context);
    if (loan === undefined) return notFound;
    const { contract } = this.around.behaviour();
    const earlier = loan.authorizations.filter((command) => command.tookEffect);
    if (earlier.length > 0) {
      if (earlier.some((command) => command.heard))
        context.violation('authorized_twice', key, `in state ${loan.state}`);
      const answer =
        contract.repeated_authorization === 'replay'
          ? ok(authorized(loan), contract.authorize_status)
          : refused(loan);
      loan.authorizations.push(note(context, answer, false));
      return answer;
    }
    const admitted = loan.plan.manual || loan.state === 'pending_requester_authorization';
    if (!admitted) context.violation('command_out_of_place', key, `authorize in state ${loan.state}`);
    const answer = admitted ? ok(authorized(loan), contract.authorize_status) : refused(loan);
    loan.authorizations.push(note(context, answer, admitted));
    if (!admitted) return answer;
    this.#enter(loan, 'authorized');
    this.#goOn(loan);
    return answer;
  }

  cancelPermanently(key: string, context: CallContext): Answer {
    const loan = this.#known(key, context);
    if (loan === undefined) return notFound;
    const earlier = loan.cancellations.some((command) => command.tookEffect);
    const admitted = !earlier && loan.state !== 'disbursed';
    const answer = admitted ? ok({}) : refused(loan);
    if (loan.state === 'disbursed') context.violation('canceled_after_disbursement', key, 'the money is out');
    else if (loan.cancellations.some((command) => command.tookEffect && command.heard)) {
      context.violation('canceled_twice', key, `in state ${loan.state}`);
    }
    loan.cancellations.push(note(context, answer, admitted));
    if (!admitted) return answer;
    loan.epoch += 1;
    this.#enter(loan, 'canceling');
    this.#goOn(loan);
    return answer;
  }

  changeDisbursementDate(key: string, body: JsonObject, context: CallContext): Answer {
    const loan = this.#known(key, context);
    if (loan === undefined) return notFound;
    const problems = resubmissionProblems(body, calendarDateAt(context.at));
    const answer = this.#answerResubmission(loan, body, problems, context);
    const admitted = answer.status === 200;
    loan.resubmissions.push(note(context, answer, admitted));
    if (!admitted) return answer;
    // Money sent to somebody else's account comes back.
    if (!everyAccountIsTheBorrowers(body, loan)) loan.remaining.disbursement.unshift('pix_refusal');
    this.#enter(loan, 'reserved');
    this.#goOn(loan);
    return answer;
  }

  /** All reservations under one key, `rows_per_page` at a time; earlier attempts stay listed. */
  queryReservations(key: string, page: number): Answer {
    const loan = this.#loans.get(key);
    if (loan === undefined) return notFound;
    const { rows_per_page: rows } = this.around.behaviour().contract;
    const listed = loan.reservations.map((reservation) => reservationRow(loan, reservation));
    return ok({
      data: listed.slice((page - 1) * rows, page * rows),
      pagination: {
        current_page: new Decimal(page),
        next_page: listed.length > page * rows ? new Decimal(page + 1) : null,
        rows_per_page: new Decimal(rows),
      },
    });
  }

  #known(key: string, context: CallContext): Loan | undefined {
    const loan = this.#loans.get(key);
    if (loan === undefined) context.violation('unknown_key', key, 'no operation has this key');
    return loan;
  }

  #answerResubmission(loan: Loan, body: JsonObject, problems: string[], context: CallContext): Answer {
    if (problems.length > 0) return refusal(400, problems.join('; '), 'QIT000001', { fields: problems });
    if (!loan.plan.manual && loan.state !== 'disbursement_refused') {
      context.violation(
        'command_out_of_place',
        loan.creditOperationKey,
        `change_disbursement_date in state ${loan.state}`,
      );
      return refused(loan);
    }
    return ok(resubmitted(body, context.at));
  }

  #sign(loan: Loan): void {
    const key = loan.creditOperationKey;
    const { signature, evidence } = loan.plan;
    if (signature !== 'signed') {
      if (signature !== 'never') {
        this.#enter(loan, 'signature_failed');
        this.around.send(loan, (at) => payload.operationCanceled(key, at, signature));
      }
      this.#endUnsigned(loan);
      return;
    }
    this.#enter(loan, 'signed');
    this.around.send(loan, (at) => payload.signed(key, at, loan.borrower, evidence));
    this.#goOn(loan);
  }

  #endUnsigned(loan: Loan): void {
    const { contract, pace } = this.around.behaviour();
    if (contract.unsigned_ends === 'never') return;
    const { state } = loan;
    this.around.timeline.after(pace.unsigned_lives_seconds, () => {
      if (loan.state === state) this.#cancel(loan);
    });
  }

  #askAuthorization(loan: Loan): void {
    this.#enter(loan, 'pending_requester_authorization');
    this.#newReservation(loan, 'pending_requester_authorization');
    this.around.send(loan, (at) => payload.pendingAuthorization(loan.creditOperationKey, at));
  }

  #reserve(loan: Loan): void {
    const key = loan.creditOperationKey;
    const result = loan.remaining.reservation.shift() ?? 'never';
    if (result === 'never') return;
    if (result === 'reserved') {
      this.#currentReservation(loan).status = 'reserved';
      this.#enter(loan, 'reserved');
      this.around.send(loan, (at) => payload.collateralConstituted(key, at));
      this.#goOn(loan);
      return;
    }
    const retried = RETRIED_FAILURES.has(result);
    const failed = this.#currentReservation(loan);
    failed.status = retried ? 'pending_reservation' : 'canceled';
    this.#enter(loan, retried ? 'pending_reservation' : 'reservation_refused');
    this.#tellReservationFailure(loan, failed.reservationKey, result);
    this.#goOn(loan);
  }

  #reserveAgain(loan: Loan): void {
    this.#newReservation(loan, 'pending_reservation');
    this.#reserve(loan);
  }

  #tellReservationFailure(loan: Loan, reservationKey: string, enumerator: string): void {
    const key = loan.creditOperationKey;
    const how = this.around.behaviour().contract.reservation_failure_webhook;
    if (how !== 'reservation_failure')
      this.around.send(loan, (at) => payload.collateralRefused(key, at, enumerator));
    if (how !== 'collateral') {
      this.around.send(loan, (at) => payload.reservationFailure(key, reservationKey, at, enumerator));
    }
  }

  #tellRefusal(loan: Loan): void {
    const { reservation_refused_webhook: how, final_cancel_status: finalStatus } =
      this.around.behaviour().contract;
    if (how === 'none') return;
    const final = how === 'canceled_permanently';
    if (final) this.#enter(loan, 'canceled_permanently');
    this.around.send(loan, (at) =>
      payload.debtCanceled(loan.creditOperationKey, at, final ? finalStatus : how),
    );
  }

  #disburse(loan: Loan): void {
    const result = loan.remaining.disbursement.shift() ?? 'disbursed';
    if (result === 'never') return;
    if (result === 'disbursed') {
      this.#enter(loan, 'disbursed');
      this.around.send(loan, (at) => payload.disbursed(loan.creditOperationKey, at, loan.payout));
      return;
    }
    this.#enter(loan, 'disbursement_refused');
    this.around.send(loan, (at) => payload.paymentRefused(loan.creditOperationKey, at, result, loan.payout));
  }

  #cancel(loan: Loan): void {
    this.#enter(loan, 'canceled_permanently');
    const status = this.around.behaviour().contract.final_cancel_status;
    this.around.send(loan, (at) => payload.debtCanceled(loan.creditOperationKey, at, status));
  }

  /** What happens next by itself from where a loan stands, after a step of its pace. */
  #goOn(loan: Loan): void {
    const next = this.#nextSteps[loan.state];
    if (next === undefined) return;
    this.#later(
      loan,
      () => {
        next(loan);
      },
      loan.state === 'signed' ? BETWEEN_SIGNATURE_AND_QUESTION : 1,
    );
  }

  readonly #nextSteps: Readonly<Partial<Record<LoanState, (loan: Loan) => void>>> = {
    awaiting_signature: (loan) => {
      this.#sign(loan);
    },
    signed: (loan) => {
      this.#askAuthorization(loan);
    },
    authorized: (loan) => {
      this.#reserve(loan);
    },
    pending_reservation: (loan) => {
      this.#reserveAgain(loan);
    },
    reservation_refused: (loan) => {
      this.#tellRefusal(loan);
    },
    reserved: (loan) => {
      this.#disburse(loan);
    },
    canceling: (loan) => {
      this.#cancel(loan);
    },
  };

  #newReservation(loan: Loan, status: string): void {
    loan.reservations.push({ reservationKey: randomUUID(), at: this.around.timeline.now(), status });
  }

  #currentReservation(loan: Loan): ReservationTry {
    const current = loan.reservations.at(-1);
    if (current !== undefined) return current;
    this.#newReservation(loan, 'authorized');
    return this.#currentReservation(loan);
  }

  #enter(loan: Loan, state: LoanState): void {
    loan.state = state;
    loan.history.push({ at: this.around.timeline.now().toISOString(), state });
    const reservation = loan.reservations.at(-1);
    if (reservation !== undefined && (state === 'authorized' || state === 'canceled_permanently')) {
      reservation.status = state === 'authorized' ? 'authorized' : 'canceled';
    }
  }

  /** After a step of the loan's pace, unless it was cancelled meanwhile. */
  #later(loan: Loan, work: () => void, steps = 1): void {
    if (loan.plan.manual && loan.state !== 'canceling') return;
    const epoch = loan.epoch;
    const pace = loan.plan.step_seconds ?? this.around.behaviour().pace.step_seconds;
    this.around.timeline.after(pace * steps, () => {
      if (loan.epoch === epoch) work();
    });
  }
}

const notFound = refusal(404, 'Not found', 'QIT000404');
const refused = (loan: Loan): Answer => refusal(400, `Debt does not admit this: ${loan.state}`, 'LEG000069');

function note(context: CallContext, answer: Answer, tookEffect: boolean): Command {
  return { at: context.at.toISOString(), status: answer.status, tookEffect, heard: context.heard };
}
