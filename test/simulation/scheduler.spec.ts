import type { Fault } from './faults';
import { inject, type Scene } from './fault-injector';
import { Scheduler } from './scheduler';
import type { SimulatedProcess } from './simulated-process';

describe('a simulated process that stands still', () => {
  const begin = new Date('2026-03-10T12:00:00Z');
  let scheduler: Scheduler;
  let owner: { name: string; isDead: boolean; standsStillUntil: number };
  let done: string[];
  beforeEach(() => {
    scheduler = new Scheduler(begin);
    owner = { name: 'process', isDead: false, standsStillUntil: 0 };
    done = [];
  });
  const after = (ms: number, what: string) =>
    scheduler.after(ms, owner, () => done.push(`${what} at ${scheduler.now - begin.getTime()}`));
  const pause = (forMs: number) =>
    inject({ scheduler, processAt: () => owner as unknown as SimulatedProcess } as unknown as Scene, {
      name: '1.1',
      kind: 'pause',
      atMs: 0,
      process: 0,
      forMs,
      size: 1,
      besideWrites: false,
    } satisfies Fault);

  it('does what was due meanwhile when it wakes, in its order', async () => {
    await pause(100);
    after(20, 'second');
    after(10, 'first');
    await scheduler.runUntil(scheduler.now + 200);
    expect(done).toEqual(['first at 100', 'second at 100']);
  });

  it('of two pauses has the longer one: nothing is left behind by the shorter', async () => {
    await pause(100);
    after(10, 'timer');
    await scheduler.runUntil(scheduler.now + 20);
    await pause(30);
    after(40, 'later timer');
    await scheduler.runUntil(scheduler.now + 200);
    expect(done).toEqual(['timer at 100', 'later timer at 100']);
  });

  it('does not do what it takes back when it wakes', async () => {
    await pause(100);
    const second = { cancel: () => undefined as unknown };
    scheduler.after(10, owner, () => second.cancel());
    Object.assign(second, after(20, 'taken back'));
    await scheduler.runUntil(scheduler.now + 200);
    expect(done).toEqual([]);
  });
});
