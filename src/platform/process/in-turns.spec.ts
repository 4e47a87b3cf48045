import { AT_ONCE_MS, inTurns } from './in-turns';

/** Steps that take as long as others may have to wait, however little of the processor this thread is given. */
function* long(steps: number): Generator<undefined, string> {
  for (let left = steps; left > 0; left -= 1) {
    const until = performance.now() + AT_ONCE_MS;
    while (performance.now() < until);
    yield;
  }
  return 'done';
}

describe('work in turns', () => {
  it('comes to its end, and others have a turn after each of its long steps', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await expect(inTurns(long(10))).resolves.toBe('done');
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('is over at once where there is little to do', async () => {
    let isLater = false;
    setImmediate(() => (isLater = true));
    await expect(inTurns(long(0))).resolves.toBe('done');
    expect(isLater).toBe(false);
  });

  it('fails as its work does', async () => {
    const work = (function* () {
      yield;
      throw new Error('no');
    })();
    await expect(inTurns(work)).rejects.toThrow('no');
  });
});
