import fc from 'fast-check';
import {
  ACTION_RULES,
  follow,
  INITIAL_STATUS,
  isAllowed,
  isFinal,
  OPERATION_ACTIONS,
  OPERATION_FACTS,
  type LiveCommand,
  type OperationAction,
  type OperationFact,
  type OperationStatus,
} from '../../src/operation/domain';
import { MAY_BE_SENT, referenceStatus } from './operation-reference';

/** What can happen to a loan and to what we ask about it. */
type Happening =
  | { readonly kind: 'webhook'; readonly fact: OperationFact }
  | { readonly kind: 'operator'; readonly action: OperationAction }
  | { readonly kind: 'sender' }
  | {
      readonly kind: 'answer';
      readonly answer: 'accepted' | 'rejected' | 'not_taken' | 'unknown';
      readonly took: boolean;
    };

const OUR_FACTS: readonly OperationFact[] = OPERATION_ACTIONS.map(
  (action) => ACTION_RULES[action].acceptedAs,
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('webhook' as const),
      fact: fc.constantFrom(...OPERATION_FACTS.filter((fact) => !OUR_FACTS.includes(fact))),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('operator' as const),
      action: fc.constantFrom(...OPERATION_ACTIONS),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'sender' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      answer: fc.constantFrom(
        'accepted' as const,
        'rejected' as const,
        'not_taken' as const,
        'unknown' as const,
      ),
      took: fc.boolean(),
    }),
  },
);

/** One loan, one operator's desk and one QI, driven by the domain's rules alone. */
class Loan {
  status: OperationStatus = INITIAL_STATUS;
  command: LiveCommand | undefined;
  readonly heard: OperationFact[] = [];
  readonly calls: { readonly action: OperationAction; readonly status: OperationStatus; took: boolean }[] =
    [];

  hear(fact: OperationFact): void {
    const consequences = follow({ status: this.status, command: this.command }, fact);
    this.heard.push(fact);
    this.status = consequences.step.to;
    if (consequences.fateOfCommand !== 'stays') this.command = undefined;
  }

  ask(action: OperationAction): void {
    if (this.command === undefined && isAllowed(action, this.status))
      this.command = { action, status: 'intended' };
  }

  /** The sender's next move: send what is meant, find out about what was lost. */
  send(): void {
    const { command } = this;
    if (command?.status === 'intended') {
      if (!isAllowed(command.action, this.status)) this.command = undefined;
      else this.#call(command.action);
    } else if (command?.status === 'unknown') {
      const { whenUnknown } = ACTION_RULES[command.action];
      if (whenUnknown === 'repeat' && isAllowed(command.action, this.status)) this.#call(command.action);
      if (whenUnknown === 'inquire') {
        if (this.calls.at(-1)?.took === true) this.#accept(command.action);
        else this.command = { action: command.action, status: 'intended' };
      }
    }
  }

  answer(answer: 'accepted' | 'rejected' | 'not_taken' | 'unknown', took: boolean): void {
    const call = this.calls.at(-1);
    if (this.command?.status !== 'sending' || call === undefined) return;
    const { action } = this.command;
    call.took = answer === 'accepted' || (answer === 'unknown' && took);
    if (answer === 'accepted') this.#accept(action);
    else if (answer === 'rejected' || isFinal(this.status)) this.command = undefined;
    else this.command = { action, status: answer === 'not_taken' ? 'intended' : 'unknown' };
  }

  #call(action: OperationAction): void {
    this.calls.push({ action, status: this.status, took: false });
    this.command = { action, status: 'sending' };
  }

  #accept(action: OperationAction): void {
    this.command = undefined;
    this.hear(ACTION_RULES[action].acceptedAs);
  }
}

describe('any course of events', () => {
  it('leaves 10,000 loans where the plain reading of what was heard says, and sends nothing forbidden', () => {
    const reached = new Set<OperationStatus>();
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 40 }), (happenings) => {
        const loan = new Loan();
        for (const event of happenings) {
          if (event.kind === 'webhook') loan.hear(event.fact);
          if (event.kind === 'operator') loan.ask(event.action);
          if (event.kind === 'sender') loan.send();
          if (event.kind === 'answer') loan.answer(event.answer, event.took);
          expect(loan.status).toBe(referenceStatus(loan.heard));
          if (isFinal(loan.status)) expect([undefined, 'sending']).toContain(loan.command?.status);
          reached.add(loan.status);
        }
        for (const call of loan.calls) {
          expect(MAY_BE_SENT[call.action]).toContain(call.status);
        }
        const authorized = loan.calls.filter(({ action, took }) => action === 'authorize' && took);
        expect(authorized.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 10_000 },
    );
    expect(reached.size).toBe(13);
  });
});
