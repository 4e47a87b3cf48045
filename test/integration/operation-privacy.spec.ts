import { randomUUID } from 'node:crypto';
import { createWorld, paymentRefused, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('the borrower', () => {
  it('is found by the blind index alone', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await world.win(one);
    await world.win(other);
    await world.hear(one, paymentRefused());
    const rows = await world.dataSource.query<{ n: string }[]>(
      `SELECT count(DISTINCT borrower_index) AS n FROM operation WHERE credit_operation_key = ANY ($1)`,
      [[one, other]],
    );
    expect(rows).toEqual([{ n: '1' }]);
  });
});
