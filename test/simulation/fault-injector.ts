import type { BehaviourChange } from '../../sandbox/behaviour';
import type { DatabaseNetwork } from './database-network';
import type { SimulatedDatabase } from './simulated-database';
import type { Fault } from './faults';
import type { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';
import type { SimulatedQi } from './simulated-qi';

/** What a fault can be done to. */
export interface Scene {
  readonly scheduler: Scheduler;
  readonly network: DatabaseNetwork;
  readonly qi: SimulatedQi;
  /** The process in that place now; undefined while none runs there. */
  processAt(place: number): SimulatedProcess | undefined;
  crash(process: SimulatedProcess): Promise<void>;
  /** It is told to stop; another takes its place. */
  rollOut(process: SimulatedProcess): void;
  /** Every process. */
  crashAll(): Promise<void>;
  readonly database: SimulatedDatabase;
  /** What was committed between these moments is on no disk any more. */
  hasLost(from: number, to: number): void;
}

const CALM_API = {
  error_rate: 0,
  error_after_effect_rate: 0,
  too_many_rate: 0,
  reset_rate: 0,
  reset_after_effect_rate: 0,
  timeout_after_effect_rate: 0,
  slow_rate: 0,
} as const;
const CALM_WEBHOOKS = { drop_rate: 0, duplicate_rate: 0.1, delay_rate: 0.1, reorder_rate: 0.05 } as const;

/** No fault at QI: only what is usual there. */
export const CALM: BehaviourChange = { api: CALM_API, webhooks: CALM_WEBHOOKS };

/** Does what the seed has drawn. What lasts is over by itself. */
export async function inject(scene: Scene, fault: Fault): Promise<void> {
  const process = scene.processAt(fault.process);
  scene.scheduler.trace(`fault ${fault.kind} of ${process?.name ?? 'nobody'}`);
  const atQi = atQiOf(fault);
  if (atQi !== undefined) {
    scene.qi.sandbox.changeBehaviour(atQi);
    later(scene, fault, () => void scene.qi.sandbox.changeBehaviour(CALM));
  } else if (fault.kind === 'qi_refuses') {
    scene.qi.isRefusing = true;
    later(scene, fault, () => (scene.qi.isRefusing = false));
  } else if (fault.kind === 'older_database') await loseTheNewest(scene, fault);
  else if (process !== undefined && !process.isDead) await strike(scene, fault, process);
}

async function loseTheNewest(scene: Scene, { forMs }: Fault): Promise<void> {
  const { scheduler, database } = scene;
  await scene.crashAll();
  const copy = await database.copy();
  const from = scheduler.now;
  scheduler.alone(forMs, undefined, async () => {
    scheduler.trace('the database is the copy again');
    await scene.crashAll();
    await database.goBackTo(copy);
    scene.hasLost(from, scheduler.now);
  });
}

function later({ scheduler }: Scene, { forMs }: Fault, work: () => unknown): void {
  scheduler.after(forMs, undefined, work);
}

async function strike(scene: Scene, fault: Fault, process: SimulatedProcess): Promise<void> {
  const { weather } = process;
  const heal = (): void => {
    weather.way = 'open';
    scene.network.heal(process);
  };
  switch (fault.kind) {
    case 'crash':
      await scene.crash(process);
      return;
    case 'rollout':
      scene.rollOut(process);
      return;
    case 'crash_before_statement':
    case 'crash_after_statement':
      weather.planned.push({
        after: fault.size,
        besideWrites: fault.besideWrites,
        moment: fault.kind === 'crash_before_statement' ? 'before' : 'after',
        strike: () => scene.crash(process),
      });
      return;
    case 'statement_lost':
    case 'answer_lost':
      weather.planned.push({
        after: fault.size,
        besideWrites: fault.besideWrites,
        moment: fault.kind === 'statement_lost' ? 'before' : 'after',
        strike: (line) => {
          line.break();
        },
      });
      return;
    case 'pause':
      standStill(scene, process, fault);
      return;
    case 'pause_in_transaction':
      weather.planned.push({
        after: fault.size,
        besideWrites: false,
        moment: 'in_transaction',
        strike: () => {
          standStill(scene, process, fault);
        },
      });
      return;
    case 'clock_step':
      process.clockAheadMs = fault.size;
      later(scene, fault, () => (process.clockAheadMs = 0));
      return;
    case 'database_cut':
      weather.way = 'cut';
      for (const line of scene.network.linesOf(process)) line.break();
      later(scene, fault, heal);
      return;
    case 'database_silent':
      weather.way = 'silent';
      later(scene, fault, heal);
      return;
    case 'database_slow':
      weather.slowMs = fault.size;
      later(scene, fault, () => (weather.slowMs = 0));
      return;
    default:
      return;
  }
}

/** Of two pauses the longer one holds: what was put off until then would else come after what happens meanwhile. */
function standStill({ scheduler }: Scene, process: SimulatedProcess, { forMs }: Fault): void {
  process.standsStillUntil = Math.max(process.standsStillUntil, scheduler.now + forMs);
}

function atQiOf({ kind, size }: Fault): BehaviourChange | undefined {
  switch (kind) {
    case 'qi_errors':
      return { api: { error_rate: size / 2, error_after_effect_rate: size / 2 } };
    case 'qi_too_many':
      return { api: { too_many_rate: size } };
    case 'qi_silent':
      return { api: { timeout_after_effect_rate: size } };
    case 'qi_resets':
      return { api: { reset_rate: size / 2, reset_after_effect_rate: size / 2 } };
    case 'qi_slow':
      return { api: { slow_rate: 0.7, slow_seconds: size } };
    case 'webhooks_lost':
      return { webhooks: { drop_rate: size } };
    case 'webhooks_doubled':
      return { webhooks: { duplicate_rate: size } };
    case 'webhooks_late':
      return { webhooks: { delay_rate: size, delay_up_to_seconds: 60, reorder_rate: 0.3 } };
    default:
      return undefined;
  }
}
