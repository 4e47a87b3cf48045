import type { Random } from '../../sandbox/random';
import type { PersonsRequest } from '../../src/operation';
import type { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';

const PATIENCE_MS = 10_000;
const TRIES = 4;
/** How often two ask for the same, and within so long of each other. */
const AT_ONCE = 0.25;
const AT_ONCE_WITHIN_MS = 25;
const BRUNA = { id: 'bruna', roles: ['operator'] };
const RUI = { id: 'rui', roles: ['operator', 'approver'] };

/**
 * People of the house at work: one of them does it, at whichever process answers. Whoever got no answer asks again with
 * the same Idempotency-Key.
 */
export class People {
  #asked = 0;

  constructor(
    private readonly name: string,
    private readonly random: Random,
    private readonly scheduler: Scheduler,
    private readonly anyProcess: () => SimulatedProcess | undefined,
  ) {}

  /** Now and then somebody else has the same page open, and presses the same button. */
  ask(what: string, act: (process: SimulatedProcess, request: PersonsRequest) => Promise<object>): void {
    this.#asked += 1;
    const key = `${this.name} ${this.#asked}`;
    const [one, other] = this.random.chance(0.5) ? [BRUNA, RUI] : [RUI, BRUNA];
    this.#askAs(what, act, { actor: one, idempotencyKey: key, body: undefined });
    if (!this.random.chance(AT_ONCE)) return;
    this.scheduler.after(this.random.integer(0, AT_ONCE_WITHIN_MS), undefined, () => {
      this.#askAs(`${what}, too`, act, { actor: other, idempotencyKey: `${key} too`, body: undefined });
    });
  }

  #askAs(
    what: string,
    act: (process: SimulatedProcess, request: PersonsRequest) => Promise<object>,
    request: PersonsRequest,
  ): void {
    const ask = (left: number): void => {
      const process = this.anyProcess();
      if (left === 0) return;
      const again = this.scheduler.after(PATIENCE_MS, undefined, () => {
        ask(left - 1);
      });
      if (process === undefined) return;
      this.scheduler.after(1, process, () => {
        process
          .within(() => act(process, request))
          .then(
            (outcome) => {
              again.cancel();
              this.scheduler.trace(`${what}: ${'kind' in outcome ? String(outcome.kind) : 'done'}`);
            },
            (error: unknown) => {
              this.scheduler.trace(`${what}: ${error instanceof Error ? error.name : 'failed'}`);
            },
          );
      });
    };
    ask(TRIES);
  }
}
