import { InstanceRegistry } from '../../src/platform';
import { leaseLeftMs } from '../../src/platform/process/lease';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld } from './access-world';

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
});
