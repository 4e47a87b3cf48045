import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFreeSpace } from './free-space';

describe('free space', () => {
  const home = mkdtempSync(join(tmpdir(), 'arremate-space-'));
  afterAll(() => {
    rmSync(home, { recursive: true });
  });

  it('is told once of directories on one disk, and is unknown where there is none', async () => {
    const [disk, ...others] = await readFreeSpace([
      home,
      join(home, 'none'),
      tmpdir(),
      join(home, 'neither'),
    ]);
    expect(disk).toMatchObject({ directory: home, totalBytes: expect.any(Number) as number });
    expect(others).toEqual([undefined, undefined]);
  });
});
