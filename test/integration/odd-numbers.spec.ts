import { randomUUID } from 'node:crypto';
import { FactKeeper } from '../../src/history/facts/fact-keeper.service';
import { newCpf, proposalRequest } from '../support/webhooks';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

/** Numbers as JSON has them and no loan does; texts, for a number of JavaScript's would lose digits. */
const ODD = [
  { number_of_installments: 1_000_000 },
  { number_of_installments: 32_768 },
  { disbursed_issue_amount: '999999999999999999999999.99' },
  { disbursed_issue_amount: '92233720368547758.08' },
  { disbursed_issue_amount: '1234.5600000000005' },
  { consigned_credit_balance: '999999999999999999999999' },
  { consigned_credit_balance: '0.000000000000000000000001' },
];

/** One of them among many once stopped whatever goes over all of them. */
describe('numbers that no loan has', () => {
  let world: AccessWorld;
  let analyst: Call;
  const keys: string[] = [];
  beforeAll(async () => {
    world = await createAccessWorld();
    analyst = world.as(await world.tokenFor('analyst'));
    for (const facts of [{}, ...ODD, {}]) {
      const key = randomUUID();
      keys.push(key);
      await world.call('POST', '/webhooks/qi', proposalRequest({ key, cpf: newCpf(), facts }));
    }
    await waitFor('all of them to be opened', async () => {
      const rows = await world.dataSource.query<unknown[]>(
        `SELECT FROM auction WHERE issuer_proposal_request_key = ANY ($1)`,
        [keys],
      );
      return rows.length === keys.length ? true : undefined;
    });
  });
  afterAll(() => world.close());

  it('are a fact each', async () => {
    await world.app.get(FactKeeper).catchUp();
    const facts = await world.dataSource.query<{ asked: string | null; asked_term: number | null }[]>(
      `SELECT asked, asked_term FROM unnest($1::text[]) WITH ORDINALITY AS wanted (key, n) JOIN history_fact USING (key) ORDER BY n`,
      [keys],
    );
    const usual = { asked: '210000', asked_term: 10 };
    expect(facts).toEqual([
      usual,
      { ...usual, asked_term: null },
      { ...usual, asked_term: null },
      { ...usual, asked: null },
      { ...usual, asked: null },
      { ...usual, asked: '123456' },
      usual,
      usual,
      usual,
    ]);
  });

  it('have no more decimals in a column than the archive keeps', async () => {
    const [row] = await world.dataSource.query<{ most: number }[]>(
      `SELECT max(greatest(scale(requested_amount), scale(consigned_credit_balance))) AS most FROM auction`,
    );
    expect(row?.most).toBe(12);
  });

  it.each(['csv', 'xlsx', 'parquet'])('are listed in a file of %s', async (format) => {
    const { body } = await analyst('POST', '/api/v1/exports', { format, filter: {} });
    await waitFor('the file', async () => {
      const { body: file } = await analyst('GET', `/api/v1/exports/${String(body['id'])}`);
      if (file['status'] === 'failed') throw new Error(JSON.stringify(file));
      return file['status'] === 'done' ? true : undefined;
    });
  });
});
