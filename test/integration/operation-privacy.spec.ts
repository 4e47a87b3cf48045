import { randomUUID } from 'node:crypto';
import { BORROWER, createWorld, paymentRefused, signedBy, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Every row of every table, as text; encrypted columns show as hexadecimal. */
async function everythingStored(): Promise<string> {
  const tables = await world.dataSource.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) =>
      world.dataSource.query<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`),
    ),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

describe('the borrower', () => {
  it('stands nowhere in the database that is not encrypted, and in no answer of the API', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await world.hear(key, { kind: 'reservation_confirmed' });
    await world.hear(key, {
      kind: 'disbursement_failed',
      failure: { code: 'ted_refusal', reason: `conta de ${BORROWER} inválida` },
    });
    const name = 'Canaria da Silva';
    const resubmission = {
      disbursement_date: '2040-01-03',
      disbursement_bank_accounts: [
        {
          name,
          document_number: BORROWER,
          bank_code: 1,
          branch_number: '1',
          account_number: '777888999',
          account_digit: '1',
          percentage_receivable: 100,
        },
      ],
    };
    const asked = await world.call(
      'ana',
      'POST',
      `/operations/${key}/resubmit_disbursement`,
      resubmission,
      'k',
    );
    expect(asked.status).toBe(202);
    const { body } = await world.call('ana', 'GET', `/operations/${key}`);
    const visible = `${await everythingStored()}\n${JSON.stringify(body)}`;
    for (const secret of [BORROWER, name, '777888999']) expect(visible).not.toContain(secret);
    // The search would have found it: what is not secret is found in the same text.
    for (const found of [key, 'ted_refusal', '2100']) expect(visible).toContain(found);
    expect(world.desk.sent('resubmit_disbursement', key)).toBeLessThanOrEqual(1);
  });

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
