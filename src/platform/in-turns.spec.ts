import { inTurns } from './in-turns';

function* busyFor(ms: number): Generator<undefined, string> {
  const until = performance.now() + ms;
  while (performance.now() < until) yield;
  return 'done';
}

describe('work in turns', () => {
  it('comes to its end, and lets others have many turns meanwhile', async () => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await expect(inTurns(busyFor(100))).resolves.toBe('done');
    isOver = true;
    expect(turns).toBeGreaterThan(3);
  });

  it('is over at once where there is little to do', async () => {
    let isLater = false;
    setImmediate(() => (isLater = true));
    await expect(inTurns(busyFor(0))).resolves.toBe('done');
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
