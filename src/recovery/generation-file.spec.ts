import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '../platform';
import { GenerationFile } from './generation-file';

const directory = mkdtempSync(join(tmpdir(), 'arremate-generation-'));
const mark = { generation: 'c1f0a0f4-6f0e-4f3b-9d6c-1d7c3b1f2a10', counter: 12 };

describe('the file outside of the database', () => {
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('is none before the first start, and then says what was written, in a directory of its own', async () => {
    const file = new GenerationFile(join(directory, 'made', 'generation.json'));
    expect(file.read()).toBeUndefined();
    await file.write(mark);
    await file.write({ ...mark, counter: 13 });
    expect(file.read()).toEqual({ ...mark, counter: 13 });
  });

  /** Node is process 1 in each container: a number of the process tells none from another. */
  it('is written by many at once, as by containers that share its volume', async () => {
    const shared = join(directory, 'shared');
    const path = join(shared, 'generation.json');
    const writers = [new GenerationFile(path), new GenerationFile(path)];
    await Promise.all(
      Array.from({ length: 50 }, (_, counter) =>
        Promise.all(writers.map((writer) => writer.write({ ...mark, counter }))),
      ),
    );
    expect(writers[0]?.read()?.generation).toBe(mark.generation);
    expect(readdirSync(shared)).toEqual(['generation.json']);
  });

  it.each([
    ['empty', ''],
    ['cut', '{"generation": "c1f0'],
    ['of somebody else', '{"generation": 1, "counter": -2}'],
  ])('stops the start by name when it is %s', (_, content) => {
    const path = join(directory, 'broken.json');
    writeFileSync(path, content);
    expect(() => new GenerationFile(path).read()).toThrow(SettingsError);
    expect(() => new GenerationFile(path).read()).toThrow(/ARREMATE_RECOVERY_FILE .*broken\.json/);
  });

  it('says so when it cannot be written', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, '');
    await expect(new GenerationFile(join(path, 'x.json')).write(mark)).rejects.toThrow(/cannot be written/);
  });

  it('leaves nothing behind when it cannot take its place', async () => {
    const taken = join(directory, 'taken');
    mkdirSync(join(taken, 'generation.json'), { recursive: true });
    await expect(new GenerationFile(join(taken, 'generation.json')).write(mark)).rejects.toThrow(
      /cannot be written/,
    );
    expect(readdirSync(taken)).toEqual(['generation.json']);
  });

  it('is rid of what killed writings left, and of nothing else', async () => {
    const killed = join(directory, 'killed');
    const path = join(killed, 'generation.json');
    const file = new GenerationFile(path);
    file.removeTorn(); // before there is a directory
    await file.write(mark);
    const [old, underWay] = [randomUUID(), randomUUID()].map((name) => `generation.json.${name}`) as [
      string,
      string,
    ];
    for (const name of [old, underWay, 'generation.json.saved', `notes.${randomUUID()}`])
      writeFileSync(join(killed, name), '');
    const kept = readdirSync(killed).filter((name) => name !== old);
    const longAgo = new Date(Date.now() - 120_000);
    for (const name of readdirSync(killed).filter((one) => one !== underWay))
      utimesSync(join(killed, name), longAgo, longAgo);
    file.removeTorn();
    expect(readdirSync(killed)).toEqual(kept);
  });
});
