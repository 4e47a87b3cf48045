import fs from 'node:fs';
import { InstanceRegistry } from '../../src/platform';
import { leaseLeftMs } from '../../src/platform/process/lease';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld } from './access-world';

/** Of the heartbeat five, of the recovery file two. */
const FEW_BEATS_MS = 2_500;

describe('the heartbeat', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  it('of a process that a copy of the database does not know brings its row back, and its leases hold', async () => {
    const { id } = world.app.get(InstanceRegistry);
    const readRow = async () => {
      const [row] = await world.dataSource.query<Record<string, unknown>[]>(
        `SELECT host, role, version, newest_migration, started_at, decides, binding_stage,
           clock_offset_ms IS NOT NULL AS is_measured, instance_is_alive(id) AS is_alive,
           ${leaseLeftMs('$1')} > 0 AS is_leased FROM instance WHERE id = $1`,
        [id],
      );
      return row;
    };
    const isMeasured = (row?: Record<string, unknown>) => (row?.['is_measured'] === true ? row : undefined);
    const before = await waitFor('a look at the clock', async () => isMeasured(await readRow()));
    expect(before).toMatchObject({ is_alive: true, is_leased: true });
    await world.dataSource.query(`DELETE FROM instance WHERE id = $1`, [id]);
    expect(await waitFor('the row to be back', async () => isMeasured(await readRow()))).toEqual(before);
  });

  it('tells of the database what its clock has passed by now, and not long ago', async () => {
    const instances = world.app.get(InstanceRegistry);
    const passedMs = async () => {
      const notBefore = instances.databaseNotBefore();
      const [row] = await world.dataSource.query<{ ms: number }[]>(
        `SELECT extract(epoch FROM clock_timestamp() - $1::timestamptz)::float8 * 1000 AS ms`,
        [notBefore],
      );
      return row?.ms ?? NaN;
    };
    for (let look = 0; look < 5; look += 1) {
      const ms = await passedMs();
      expect(ms).toBeGreaterThanOrEqual(-1); // a Date has no more than milliseconds
      expect(ms).toBeLessThan(2 * FEW_BEATS_MS);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  });

  it('and all that is done again and again wait for no disk on the thread that bids: one may answer nothing', async () => {
    const calls: string[] = [];
    const isSync = (name: string): name is 'readFileSync' =>
      name.endsWith('Sync') && typeof Reflect.get(fs, name) === 'function';
    const spies = Object.keys(fs)
      .filter(isSync)
      .map((name) => {
        const plain = fs[name] as (...args: unknown[]) => unknown;
        return jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
          const { stack = '' } = new Error(name);
          if (/\/src\/\w+\//.test(stack)) calls.push(stack);
          return plain(...args);
        }) as typeof fs.readFileSync);
      });
    await new Promise((resolve) => setTimeout(resolve, FEW_BEATS_MS));
    spies.forEach((spy) => {
      spy.mockRestore();
    });
    expect(calls).toEqual([]);
  });
});
