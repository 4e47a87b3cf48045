import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  ACTION_RULES,
  factOfResubmission,
  follow,
  INITIAL_STATUS,
  isAllowed,
  isAtRisk,
  isOver,
  OPERATION_ACTIONS,
  OPERATION_FACTS,
  type LiveCommand,
  type OperationAction,
  type OperationFact,
  type OperationStatus,
} from '../../src/operation/domain';
import { MAY_BE_SENT, referenceStatus } from './operation-reference';

type QiAnswer = 'accepted' | 'rejected' | 'not_taken' | 'unknown';

interface Call {
  readonly action: OperationAction;
  readonly status: OperationStatus;
  took: boolean;
}

/** One loan, one operator's desk and one QI, driven by the domain's rules alone. */
class Loan {
  status: OperationStatus = INITIAL_STATUS;
  command: LiveCommand | undefined;
  /** The amount is committed by the win, and freed when the loan is gone for good. */
  committed = true;
  readonly calls: Call[] = [];
  readonly #settledAsTaken: OperationAction[] = [];
  readonly #timeline: { kind: string; effect: string; summary: Readonly<Record<string, unknown>> }[] = [];

  hear(fact: OperationFact): void {
    const consequences = follow({ status: this.status, margin: null, command: this.command }, fact);
    this.status = consequences.step.to;
    const kind = fact.startsWith('reservation_refused') ? 'reservation_refused' : fact;
    this.#timeline.push({ kind, effect: consequences.step.effect, summary: {} });
    if (consequences.fateOfCommand === 'accepted' && this.command !== undefined)
      this.#settledAsTaken.push(this.command.action);
    if (consequences.fateOfCommand !== 'stays') this.command = undefined;
    if (!isAtRisk(this.status)) this.committed = false;
  }

  ask(action: OperationAction): void {
    if (this.command === undefined && isAllowed(action, this.status))
      this.command = { action, status: 'intended' };
  }

  /** The sender's next move: send what is meant, find out about what was lost. @returns what it found out */
  send(): OperationFact | undefined {
    const { command } = this;
    if (command?.status === 'intended') {
      if (!isAllowed(command.action, this.status)) this.command = undefined;
      else this.#call(command.action);
    } else if (command?.status === 'unknown') {
      const { whenUnknown } = ACTION_RULES[command.action];
      if (whenUnknown === 'repeat' && isAllowed(command.action, this.status)) this.#call(command.action);
      if (whenUnknown === 'inquire') {
        if (this.calls.at(-1)?.took === true) return this.#accept(command.action);
        this.command = { action: command.action, status: 'intended' };
      }
    }
    return undefined;
  }

  /** @returns what QI said yes to */
  answer(answer: QiAnswer, took: boolean): OperationFact | undefined {
    const call = this.calls.at(-1);
    if (this.command?.status !== 'sending' || call === undefined) return undefined;
    const { action } = this.command;
    call.took = answer === 'accepted' || (answer === 'unknown' && took);
    if (answer === 'accepted') return this.#accept(action);
    if (answer === 'rejected' || isOver(action, this.status)) this.command = undefined;
    else this.command = { action, status: answer === 'not_taken' ? 'intended' : 'unknown' };
    return undefined;
  }

  /** QI has it, or may have. */
  get #isAuthorizationTaken(): boolean {
    return this.#settledAsTaken.includes('authorize');
  }

  #call(action: OperationAction): void {
    this.calls.push({ action, status: this.status, took: false });
    this.command = { action, status: 'sending' };
  }

  #accept(action: OperationAction): OperationFact {
    this.command = undefined;
    this.#settledAsTaken.push(action);
    const fact =
      action === 'resubmit_disbursement'
        ? factOfResubmission(this.#timeline, null, this.#isAuthorizationTaken)
        : ACTION_RULES[action].acceptedAs;
    this.hear(fact);
    return fact;
  }
}

/** The simple model: everything heard, in order. Where the loan stands and what is owed follow from it alone. */
interface Told {
  readonly heard: OperationFact[];
}

const reached = new Set<OperationStatus>();

abstract class Happening implements fc.Command<Told, Loan> {
  check = (): boolean => true;

  run(told: Told, loan: Loan): void {
    const fact = this.happenTo(loan);
    if (fact !== undefined) told.heard.push(fact);
    // Plain assertions: there are some 200,000 of these steps.
    assert.equal(loan.status, referenceStatus(told.heard));
    assert.equal(loan.committed, loan.status !== 'canceled_permanently');
    if (loan.command !== undefined && isOver(loan.command.action, loan.status))
      assert.equal(loan.command.status, 'sending');
    reached.add(loan.status);
  }

  /** @returns what was heard */
  protected abstract happenTo(loan: Loan): OperationFact | undefined;
  abstract toString(): string;
}

/** QI's webhooks come in any order, and any of them again. */
class Webhook extends Happening {
  constructor(private readonly fact: OperationFact) {
    super();
  }
  happenTo(loan: Loan): OperationFact {
    loan.hear(this.fact);
    return this.fact;
  }
  toString = (): string => `webhook ${this.fact}`;
}

class Ask extends Happening {
  constructor(private readonly action: OperationAction) {
    super();
  }
  happenTo(loan: Loan): undefined {
    loan.ask(this.action);
  }
  toString = (): string => `ask ${this.action}`;
}

class Send extends Happening {
  happenTo = (loan: Loan): OperationFact | undefined => loan.send();
  toString = (): string => 'send';
}

class Answer extends Happening {
  constructor(
    private readonly answer: QiAnswer,
    private readonly took: boolean,
  ) {
    super();
  }
  happenTo = (loan: Loan): OperationFact | undefined => loan.answer(this.answer, this.took);
  toString = (): string => `answer ${this.answer}${this.took ? ', taken' : ''}`;
}

const OUR_FACTS: readonly OperationFact[] = [
  ...OPERATION_ACTIONS.map((action) => ACTION_RULES[action].acceptedAs),
  'resubmitted_authorized',
  'resubmitted_unauthorized',
  'resubmitted_signed',
  'resubmitted_unsigned',
];
const QIS_FACTS = OPERATION_FACTS.filter((fact) => !OUR_FACTS.includes(fact));
const webhook = fc.constantFrom(...QIS_FACTS).map((fact) => new Webhook(fact));
const ask = fc.constantFrom(...OPERATION_ACTIONS).map((action) => new Ask(action));
const answer = fc
  .tuple(fc.constantFrom<QiAnswer>('accepted', 'rejected', 'not_taken', 'unknown'), fc.boolean())
  .map(([said, took]) => new Answer(said, took));
const send = fc.constant(new Send());

describe('any course of events', () => {
  it('leaves 10,000 loans where the plain reading of what was heard says, with what is owed, and sends nothing forbidden', () => {
    let calls = 0;
    const play = (): void => {
      fc.assert(
        fc.property(
          fc.commands([webhook, webhook, ask, send, answer], { maxCommands: 40, size: 'max' }),
          (happenings) => {
            const loan = new Loan();
            fc.modelRun(() => ({ model: { heard: [] }, real: loan }), happenings);
            calls += loan.calls.length;
            for (const { action, status } of loan.calls) assert.ok(MAY_BE_SENT[action]?.includes(status));
            const authorized = loan.calls.filter(({ action, took }) => action === 'authorize' && took);
            assert.ok(authorized.length <= 1);
          },
        ),
        { numRuns: 10_000 },
      );
    };
    play();
    // The rarest of the thirteen may not have come up yet.
    for (let more = 0; reached.size < 13 && more < 5; more += 1) play();
    expect(reached.size).toBe(13);
    expect(calls).toBeGreaterThan(1_000);
  });
});
