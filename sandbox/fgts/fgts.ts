import type { JsonObject } from '../../src/kernel';
import type { Answer } from '../answer';
import type { Behaviour } from '../behaviour';
import { businessToday } from '../business-clock';
import type { Debt } from '../debts/debt';
import { Plans } from '../debts/plan';
import type { Timeline } from '../timeline';
import { FgtsBalances } from './balances';
import { Caixa } from './caixa';
import { Endorsement } from './endorsement';
import type { FgtsPlan } from './fgts-plan';
import { simulateMaximum, simulateTarget } from './simulations';

interface Surroundings {
  readonly seed: number;
  readonly behaviour: () => Behaviour;
  readonly timeline: Timeline;
  readonly debts: () => readonly Debt[];
  readonly send: (key: string, write: (printedAt: Date) => JsonObject) => void;
}

/** Everything of the FGTS anniversary withdrawal that is not the debt itself. */
export class Fgts {
  readonly plans = new Plans<FgtsPlan>();
  readonly caixa: Caixa;
  readonly balances: FgtsBalances;
  readonly endorsement: Endorsement;

  constructor(private readonly around: Surroundings) {
    const { behaviour, timeline, send, debts } = around;
    const { plans } = this;
    this.caixa = new Caixa(around.seed, behaviour);
    const { caixa } = this;
    this.balances = new FgtsBalances({ behaviour, timeline, caixa, plans, send });
    this.endorsement = new Endorsement({ behaviour, timeline, caixa, plans, debts, balances: this.balances });
  }

  simulateMaximum(body: JsonObject, at: Date): Answer {
    const behaviour = this.around.behaviour();
    return simulateMaximum(body, at, businessToday(this.around.timeline, behaviour), behaviour.contract);
  }

  simulateTarget(body: JsonObject, at: Date): Answer {
    const behaviour = this.around.behaviour();
    return simulateTarget(body, at, businessToday(this.around.timeline, behaviour), behaviour.contract);
  }

  clear(): void {
    this.plans.clear();
    this.caixa.clear();
    this.balances.clear();
  }
}
