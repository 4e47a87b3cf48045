import { Pace } from './pace';

describe('a pace', () => {
  const starts: number[] = [];
  const start = (): boolean => {
    starts.push(performance.now());
    return true;
  };
  beforeEach(() => {
    jest.useFakeTimers();
    starts.length = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('starts at the end of the turn, once, however often it is asked', () => {
    const pace = new Pace(50, start);
    pace.soon();
    pace.soon();
    expect(starts).toHaveLength(0);
    jest.advanceTimersByTime(80);
    expect(starts).toHaveLength(1);
  });

  it('starts again when its time has come, and not before', () => {
    const pace = new Pace(50, start);
    pace.soon();
    jest.advanceTimersByTime(1);
    pace.soon();
    pace.soon();
    jest.advanceTimersByTime(48);
    expect(starts).toHaveLength(1);
    jest.advanceTimersByTime(100);
    const [first = 0, second = 0] = starts;
    expect(starts).toHaveLength(2);
    expect(second - first).toBe(50);
  });

  it('does not wait where everything is ready, even while it waits', () => {
    const pace = new Pace(1_000, start);
    pace.soon();
    jest.advanceTimersByTime(1);
    pace.soon();
    pace.soon(true);
    jest.advanceTimersByTime(1);
    expect(starts).toHaveLength(2);
  });

  it('waits for nothing when there was nothing to start', () => {
    let asked = 0;
    const pace = new Pace(1_000, () => {
      asked += 1;
      return false;
    });
    pace.soon();
    jest.advanceTimersByTime(1);
    pace.soon();
    jest.advanceTimersByTime(1);
    expect(asked).toBe(2);
  });
});
