import type { JsonObject } from '../../src/kernel';
import type { Answer } from '../answer';
import type { Behaviour } from '../behaviour';
import { businessToday } from '../business-clock';
import type { Debt } from '../debts/debt';
import { Plans } from '../debts/plan';
import type { Timeline } from '../timeline';
import { MarginQueries } from './balances';
import { Batches } from './batches';
import type { FederalPayrollPlan } from './federal-payroll-plan';
import { simulatePayroll } from './financial';
import { Reservation } from './reservation';
import { Servants } from './servants';

interface Surroundings {
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly debts: () => readonly Debt[];
  readonly send: (key: string, write: (printedAt: Date) => JsonObject) => void;
}

/** Everything of the federal payroll (SIAPE) that is not the debt itself. */
export class FederalPayroll {
  readonly plans = new Plans<FederalPayrollPlan>();
  readonly servants: Servants;
  readonly queries: MarginQueries;
  readonly reservation: Reservation;
  readonly batches: Batches;

  constructor(private readonly around: Surroundings) {
    const { behaviour, timeline, send, debts } = around;
    const { plans } = this;
    this.servants = new Servants(plans, behaviour);
    const { servants } = this;
    this.queries = new MarginQueries({
      behaviour,
      timeline,
      servants,
      send,
      plan: (documentNumber) => plans.of(documentNumber),
    });
    this.reservation = new Reservation({
      behaviour,
      timeline,
      servants,
      plans,
      debts,
      queries: this.queries,
    });
    this.batches = new Batches(() => behaviour().keep.queries);
  }

  simulate(body: JsonObject, at: Date): Answer {
    const { behaviour, timeline, debts } = this.around;
    const today = businessToday(timeline, behaviour());
    const find = (key: string): Debt | undefined => debts().find((debt) => debt.key === key);
    return simulatePayroll(body, at, today, behaviour().contract, find);
  }

  clear(): void {
    this.plans.clear();
    this.servants.clear();
    this.queries.clear();
    this.batches.clear();
  }
}
