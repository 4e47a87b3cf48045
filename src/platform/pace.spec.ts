import { setImmediate as endOfTurn, setTimeout as wait } from 'node:timers/promises';
import { Pace } from './pace';

describe('a pace', () => {
  const starts: number[] = [];
  const start = (): boolean => {
    starts.push(performance.now());
    return true;
  };
  beforeEach(() => {
    starts.length = 0;
  });

  it('starts at the end of the turn, once, however often it is asked', async () => {
    const pace = new Pace(50, start);
    pace.soon();
    pace.soon();
    expect(starts).toHaveLength(0);
    await endOfTurn();
    await wait(80);
    expect(starts).toHaveLength(1);
  });

  it('starts again when its time has come, and not before', async () => {
    const pace = new Pace(50, start);
    pace.soon();
    await endOfTurn();
    pace.soon();
    pace.soon();
    await wait(120);
    const [first = 0, second = 0] = starts;
    expect(starts).toHaveLength(2);
    expect(second - first).toBeGreaterThanOrEqual(49);
  });

  it('does not wait where everything is ready, even while it waits', async () => {
    const pace = new Pace(1_000, start);
    pace.soon();
    await endOfTurn();
    pace.soon();
    pace.soon(true);
    await endOfTurn();
    expect(starts).toHaveLength(2);
  });

  it('waits for nothing when there was nothing to start', async () => {
    let asked = 0;
    const pace = new Pace(1_000, () => {
      asked += 1;
      return false;
    });
    pace.soon();
    await endOfTurn();
    pace.soon();
    await endOfTurn();
    expect(asked).toBe(2);
  });
});
