import type { JsonObject } from '../../src/kernel';
import {
  actionsIn,
  factOf,
  follow,
  INITIAL_MARGIN,
  INITIAL_STATUS,
  isMarginBound,
  loanProduct,
  putsAtRisk,
  refusalOf,
  understood,
  type Endings,
  type TaskKind,
} from '../../src/operation/domain';
import { readEnvelope, readOperationEvent } from '../../src/qi';
import { LOANS_AFTER_ISSUE, type LoanAfterIssue } from '../support/loans-after-issue';
import { permutations } from '../support/permutations';

interface Course extends Endings {
  readonly isClosed: boolean;
  readonly contradictions: number;
  readonly endedTasks: readonly TaskKind[];
}

/** What is left after QI has told all that, in this order. */
function after(product: LoanAfterIssue['product'], ...bodies: readonly JsonObject[]): Course {
  const rules = loanProduct(product);
  const start: Course = {
    status: INITIAL_STATUS,
    margin: rules.hasMarginOfItsOwn ? INITIAL_MARGIN : null,
    isClosed: false,
    contradictions: 0,
    endedTasks: [],
  };
  return bodies.reduce<Course>((course, body) => {
    const reading = readOperationEvent(readEnvelope(body).document);
    if (reading.kind !== 'read') throw new Error(`${JSON.stringify(body)} is ${reading.kind}`);
    const fact = factOf(understood(reading.event, rules), rules);
    const { step, margin, isClosed, endedTasks } = follow({ ...course, command: undefined }, fact);
    return {
      status: step.to,
      margin: margin?.to ?? null,
      isClosed,
      contradictions: course.contradictions + (step.contradiction ? 1 : 0),
      endedTasks,
    };
  }, start);
}

const CANCEL = 'cancel_permanently';

describe.each(LOANS_AFTER_ISSUE.map((each) => [each.product, each] as const))(
  'a loan of %s after its issue',
  (product, loan) => {
    const { signed, waits, bound, paid, paymentRefused, gone } = loan;
    const rules = loanProduct(product);
    const actions = (course: Course) => actionsIn(course, rules);
    const [retried = '', givenUp = ''] = [loan.retried[0], loan.givenUp[0]];

    it('ends paid and closed in whatever order QI tells its way, each thing twice or not', () => {
      const told = [signed, ...waits, ...loan.refused(retried), bound, paid, bound];
      for (const order of permutations(told)) {
        const { status, margin, isClosed, contradictions } = after(product, ...order);
        if (status !== 'disbursed' || !isClosed || contradictions > 0 || !['held', null].includes(margin))
          throw new Error(`${JSON.stringify(order)}: ${status}, ${String(margin)}`);
      }
    });

    it('is open on the way, and nothing is left to ask for at its end', () => {
      const way = [signed, ...waits, bound, paid];
      way.forEach((_, told) => {
        const course = after(product, ...way.slice(0, told));
        expect(course.isClosed).toBe(false);
        expect(actions(course)).toContain(CANCEL);
      });
      const left = rules.hasWithdrawalRight ? ['request_reversal'] : [];
      expect(actions(after(product, ...way))).toEqual(left);
      expect(putsAtRisk(after(product, ...way))).toBe(true);
    });

    it.each(loan.retried)('goes on after a refusal that QI retries: %s', (code) => {
      const refused = after(product, signed, ...loan.refused(code));
      expect(refused).toMatchObject({ isClosed: false, contradictions: 0 });
      expect(actions(refused)).not.toContain('resubmit_disbursement');
      expect(after(product, signed, ...loan.refused(code), bound, paid)).toMatchObject({
        status: 'disbursed',
        isClosed: true,
      });
    });

    it.each(loan.givenUp)('stops after a refusal that ends it: %s', (code) => {
      for (const order of permutations([signed, ...loan.refused(code)])) {
        const course = after(product, ...order);
        expect(course).toMatchObject({ status: 'reservation_failed', contradictions: 0 });
        expect(isMarginBound(course.margin)).toBe(false);
        expect(actions(course)).not.toContain('resubmit_disbursement');
        // Closed by itself, or people end it: never neither.
        expect(course.isClosed || actions(course).includes(CANCEL)).toBe(true);
        // What cannot be paid any more counts in no limit.
        expect(putsAtRisk(course)).toBe(!course.isClosed);
      }
    });

    it.each(loan.unexplained)('asks a person about a refusal that nobody explains: %s', (code) => {
      const [news] = loan.refused(code);
      const reading = readOperationEvent(readEnvelope(news ?? {}).document);
      if (reading.kind !== 'read') throw new Error(reading.kind);
      expect(factOf(understood(reading.event, rules), rules)).toBe('reservation_refused_unexplained');
      const course = after(product, signed, ...loan.refused(code));
      expect(course.isClosed).toBe(false);
      expect(course.endedTasks).not.toContain('reservation_unexplained');
      expect(actions(course)).toContain(CANCEL);
    });

    it('says what each refusal means, what QI does, and what helps', () => {
      const known = Object.keys(rules.refusals).filter((code) => refusalOf(rules, code)?.qi !== 'unclear');
      expect([...loan.retried, ...loan.givenUp].sort()).toEqual(known.sort());
      for (const code of loan.retried) expect(refusalOf(rules, code)?.qi).toBe('retries');
      for (const code of loan.givenUp) expect(refusalOf(rules, code)?.qi).toBe('cancels');
    });

    it('waits for a decision after a refused payment, and is paid by a resubmission', () => {
      const failed = after(product, signed, ...waits, bound, paymentRefused);
      expect(failed).toMatchObject({ status: 'disbursement_failed', isClosed: false });
      expect(actions(failed)).toEqual(['resubmit_disbursement', CANCEL]);
      const again = follow({ ...failed, command: undefined }, 'resubmission_accepted');
      expect(again.step).toMatchObject({ to: 'reserved', effect: 'applied' });
      expect(after(product, signed, bound, paymentRefused, paid)).toMatchObject({
        status: 'disbursed',
        isClosed: true,
      });
    });

    it('is closed after its cancellation when nothing of the borrower’s is bound any more, and not before', () => {
      for (const order of permutations([bound, ...gone])) {
        const course = after(product, signed, ...waits, ...order);
        expect(course).toMatchObject({ status: 'canceled_permanently', isClosed: true });
        expect(isMarginBound(course.margin)).toBe(false);
        expect(putsAtRisk(course)).toBe(false);
        // A margin that is freed and then bound, of a contract that goes on, is for a person.
        const [end, ...freed] = gone;
        const isOdd = freed.some((each) => order.indexOf(each) < order.indexOf(bound)) && order[0] !== end;
        expect(course.contradictions).toBe(isOdd && order.indexOf(bound) < order.indexOf(end ?? {}) ? 1 : 0);
      }
      const [news = {}, ...freed] = gone;
      const half = after(product, signed, ...waits, bound, news);
      expect(half).toMatchObject({ status: 'canceled_permanently', isClosed: freed.length === 0 });
      expect(actions(half)).toEqual([]);
    });

    it('shows a person what cannot all be true: paid and gone, bound after it was given up', () => {
      expect(after(product, signed, bound, paid, ...gone.slice(0, 1)).contradictions).toBe(1);
      expect(after(product, signed, ...gone, paid).contradictions).toBe(1);
      const back = after(product, signed, ...loan.refused(givenUp), bound);
      expect(back.contradictions).toBe(1);
      expect(back.isClosed).toBe(false);
    });

    it('leaves every task about it settled at its end, but for a contradiction', () => {
      const { endedTasks } = after(product, signed, ...waits, bound, paid);
      expect(endedTasks).toEqual(
        expect.arrayContaining(['late', 'margin_unsettled', 'reservation_unexplained', 'command_unknown']),
      );
      expect(endedTasks).not.toContain('contradiction');
    });
  },
);
