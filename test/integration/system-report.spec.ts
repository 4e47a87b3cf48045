import { productVersion } from '../../src/platform/product-version';
import { createAccessWorld, type AccessWorld } from './access-world';

describe('the report for the engineer on call', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  it('names every process with the version it runs, and no secret', async () => {
    const { status, body } = await world.as(await world.tokenFor('viewer'))('GET', '/api/v1/system');
    expect(status).toBe(200);
    expect(productVersion()).toMatch(/^\d+\.\d+\.\d+/);
    expect(body['instances']).toEqual([
      expect.objectContaining({ is_this_one: true, alive: true, version: productVersion() }),
    ]);
    expect(body['settings']).toEqual(
      expect.arrayContaining([{ name: 'ARREMATE_ENCRYPTION_KEY', value: '••••••' }]),
    );
    expect(JSON.stringify(body)).not.toContain(world.databaseUrl);
  });
});
