import { Periodic } from './periodic';

/** Inside a run. */
const busy = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
/** Time passes, as much as is said however busy the machine is. */
const soon = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('Periodic', () => {
  it('runs again and again, also after a failure, and never twice at once', async () => {
    let [runs, active, errors, most] = [0, 0, 0, 0];
    const periodic = new Periodic({
      name: 'test',
      everyMs: 1,
      run: async () => {
        runs += 1;
        active += 1;
        most = Math.max(most, active);
        await busy(3);
        active -= 1;
        if (runs === 2) throw new Error('once');
      },
      onError: () => (errors += 1),
    });
    periodic.start(0);
    await soon(60);
    await Promise.all([periodic.stop(), soon(3)]);
    expect(runs).toBeGreaterThan(3);
    expect([active, most, errors]).toEqual([0, 1, 1]);
  });

  it('is over once it is stopped: the run under way ends, and none follows', async () => {
    let [begun, ended] = [0, 0];
    const periodic = new Periodic({
      name: 'test',
      everyMs: 1,
      run: async () => {
        begun += 1;
        await busy(20);
        ended += 1;
      },
      onError: () => undefined,
    });
    periodic.start(0);
    await soon(5);
    await Promise.all([periodic.stop(), soon(20)]);
    expect([begun, ended]).toEqual([1, 1]);
    await soon(30);
    expect(begun).toBe(1);
  });

  it('may be stopped before it began', async () => {
    let runs = 0;
    const periodic = new Periodic({
      name: 'test',
      everyMs: 1,
      run: () => Promise.resolve((runs += 1)),
      onError: () => undefined,
    });
    periodic.start(5);
    await periodic.stop();
    await soon(15);
    expect(runs).toBe(0);
  });

  it('waits for longer than a timer can', async () => {
    let runs = 0;
    const days = 40 * 86_400_000;
    const periodic = new Periodic({
      name: 'test',
      everyMs: days,
      run: () => Promise.resolve((runs += 1)),
      onError: () => undefined,
    });
    periodic.start();
    await soon(30);
    await periodic.stop();
    expect(runs).toBe(0);
  });

  it('is hurried: at once while it waits, once more while it runs, never before its start', async () => {
    let runs = 0;
    const periodic = new Periodic({
      name: 'test',
      everyMs: 60_000,
      run: async () => {
        runs += 1;
        await busy(10);
      },
      onError: () => undefined,
    });
    periodic.hurry();
    await soon(5);
    expect(runs).toBe(0);
    periodic.start();
    periodic.hurry();
    await soon(5);
    periodic.hurry();
    periodic.hurry();
    await soon(40);
    await periodic.stop();
    expect(runs).toBe(2);
  });

  it('begins works of one period apart, and hardly later than that', async () => {
    const begun = new Set<number>();
    const since = performance.now();
    const works = Array.from(
      { length: 20 },
      () =>
        new Periodic({
          name: 'test',
          everyMs: 500,
          run: () => Promise.resolve(begun.add(performance.now() - since)),
          onError: () => undefined,
        }),
    );
    for (const work of works) work.start();
    await soon(600);
    await Promise.all(works.map((work) => work.stop()));
    expect(begun.size).toBe(20);
    expect(Math.min(...begun)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...begun)).toBeLessThan(551);
  });

  it('that is late is told the longest first, and not before it had a turn in which it could have been done', async () => {
    const [young, old] = [20, 10].map(
      (lateAfterMs) =>
        new Periodic({
          name: 'test',
          everyMs: 1_000,
          lateAfterMs,
          run: () => Promise.reject(new Error('again')),
          onError: () => undefined,
        }),
    );
    old?.start(0);
    await soon(15);
    young?.start(0);
    expect(Periodic.late()).toEqual([old]);
    await soon(30);
    expect(Periodic.late()).toEqual([old, young]);
    expect(Periodic.late(31_000)).toEqual([]);
    expect(Periodic.late(31_001)).toEqual([old, young]);
    await Promise.all([young?.stop(), old?.stop()]);
    expect(Periodic.late()).toEqual([]);
  });

  it('is late while no run goes well, whether they fail or do not end, and only while it is started', async () => {
    let fails = true;
    const periodic = new Periodic({
      name: 'test',
      everyMs: () => 2,
      lateAfterMs: 20,
      run: () => (fails ? Promise.reject(new Error('again')) : Promise.resolve()),
      onError: () => undefined,
    });
    expect(Periodic.all()).not.toContain(periodic);
    periodic.start(0);
    expect(periodic.isLate).toBe(false);
    await soon(40);
    expect(periodic.isLate).toBe(true);
    fails = false;
    await soon(10);
    expect(periodic.isLate).toBe(false);
    expect(Periodic.all()).toContain(periodic);
    await periodic.stop();
    expect(Periodic.all()).not.toContain(periodic);
  });
});
