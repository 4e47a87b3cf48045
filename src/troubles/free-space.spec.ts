import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FreeSpace } from './free-space';

describe('free space', () => {
  const home = mkdtempSync(join(tmpdir(), 'arremate-space-'));
  afterAll(() => {
    rmSync(home, { recursive: true });
  });

  it('is told once of directories on one disk, and is unknown where there is none', async () => {
    const [disk, ...others] = await new FreeSpace([
      home,
      join(home, 'none'),
      tmpdir(),
      join(home, 'neither'),
    ]).figures();
    expect(disk).toMatchObject({ directory: home, totalBytes: expect.any(Number) as number });
    expect(others).toEqual([undefined, undefined]);
  });

  it('is unknown while the disks do not answer, and asked for no more until they have', async () => {
    const answers: ((figures: readonly undefined[]) => void)[] = [];
    const space = new FreeSpace(['a', 'b'], () => new Promise((resolve) => answers.push(resolve)), 10);
    const looks = await Promise.all(Array.from({ length: 10 }, () => space.figures()));
    expect(new Set(looks.flat())).toEqual(new Set([undefined]));
    expect(answers).toHaveLength(1);
    answers[0]?.([undefined]);
    expect(await space.figures()).toEqual([undefined]);
    void space.figures();
    expect(answers).toHaveLength(2);
  });
});
