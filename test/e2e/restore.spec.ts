import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { dataDirectory } from '../support/data-directory';
import { engineFile } from '../support/engine-file';
import { ScriptedQi } from '../support/scripted-qi';
import { ServiceProcess } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, proposalRequest } from '../support/webhooks';

/** One database, one machine with its file beside it, and a QI that remembers everything. */
describe('a database that is set back to a copy', () => {
  let qi: ScriptedQi;
  let database: TestDatabase;
  let sql: Pool;
  let running: ServiceProcess;
  const env = {
    ARREMATE_DATA_DIR: dataDirectory(),
    ARREMATE_ENGINE_FILE: engineFile({ recovery: { margin_seconds: 1, look_every_ms: 200 } }),
  };
  const start = (role = 'all') =>
    ServiceProcess.start({
      databaseUrl: database.url,
      qiBaseUrl: qi.url,
      env: { ...env, ARREMATE_ROLE: role },
    });
  beforeAll(async () => {
    [qi, database] = await Promise.all([ScriptedQi.start(), createTestDatabase()]);
    sql = new Pool({ connectionString: database.url, max: 2 });
    sql.on('error', () => undefined); // cut with every copy
  });
  afterAll(async () => {
    await running.stop();
    await qi.close();
    await sql.end();
    await database.drop();
  });

  const request = (key: string) => proposalRequest({ key, cpf: newCpf(), windowSeconds: 120 });
  /** Again, as QI does, while the database is not to be reached. */
  const push = (webhook: object): Promise<true> =>
    waitFor('the webhook to be acknowledged', async () =>
      (await running.post('/webhooks/qi', webhook)).status === 200 ? true : undefined,
    );
  const auctionBecomes = (key: string, expected: string) =>
    waitFor(`auction ${key} to become ${expected}`, async () => {
      const { rows } = await sql.query<{ stands: string }>(
        `SELECT concat_ws(' ', status, status_reason) AS stands FROM auction WHERE issuer_proposal_request_key = $1`,
        [key],
      );
      return rows[0]?.stands === expected ? true : undefined;
    });
  const person = async (role: string) => {
    const { body } = await running.post('/api/v1/tokens', { name: role, roles: [role] });
    const authorization = `Bearer ${String((body as { token: unknown }).token)}`;
    return (path: string, sent: object) => running.post(`/api/v1/${path}`, sent, { authorization });
  };
  const counter = async () =>
    (await sql.query<{ counter: string }>(`SELECT counter FROM recovery_generation`)).rows[0]?.counter;
  const nextLook = async () => {
    const before = await counter();
    await waitFor('the next look', async () => ((await counter()) === before ? undefined : true));
  };
  const proposals = (...keys: string[]) => keys.map((key) => qi.proposalsFor(key).length);

  it('bids for nothing that it may have bid for, and goes on once people have looked', async () => {
    const [before, lost] = [randomUUID(), randomUUID()];
    // On disk and not decided: nobody but a process for the web is there.
    running = await start('web');
    await push(request(before));
    await running.stop();
    const copy = await database.copy();

    running = await start();
    const requestLost = request(lost);
    await push(requestLost);
    await auctionBecomes(before, 'bid');
    await auctionBecomes(lost, 'bid');
    await running.kill();
    await database.goBackTo(copy);

    running = await start();
    await auctionBecomes(before, 'unknown before_restore');
    expect((await running.get('/health/ready')).body).toMatchObject({ recovery: { unconfirmed: 'yes' } });
    await push(requestLost); // as QI sends it again when it is asked
    await auctionBecomes(lost, 'unknown before_restore');
    expect((await running.get('/api/v1/recoveries')).body).toMatchObject({
      items: [{ sign: 'behind', counts: { bids_unknown: 0, commands_unknown: 0 }, confirmed_at: null }],
      now: { auctions_unknown: 2 },
    });

    const [operator, approver] = [await person('operator'), await person('operations_approver')];
    expect(await operator('kill-switch/release', { reason: 'conferido' })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:restore_unconfirmed' },
    });
    expect((await operator('recoveries/1/confirm', { note: 'cópia das 12h' })).status).toBe(200);
    const { body } = await operator('kill-switch/release', { reason: 'conferido' });
    const { approval_id: approval } = body as { approval_id: string };
    expect((await approver(`approvals/${approval}/approve`, {})).status).toBe(200);

    const after = randomUUID();
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // QI prints whole seconds, and a margin is kept
    await push(request(after));
    await auctionBecomes(after, 'bid');
    await push({ ...requestLost }); // and once more
    const [{ proposalKey } = { proposalKey: '' }] = qi.proposalsFor(lost);
    await push(endOfAuction({ requestKey: lost, proposalKey, operationKey: randomUUID() }));
    await auctionBecomes(lost, 'won');
    expect(proposals(before, lost, after)).toEqual([1, 1, 1]);
  }, 90_000);

  it('is noticed by a process that goes on meanwhile, as after a failover', async () => {
    const [key, copy] = [randomUUID(), await database.copy()];
    const sent = request(key);
    await push(sent);
    await waitFor('the bid', () => (qi.proposalsFor(key).length > 0 ? true : undefined));
    await nextLook(); // what is lost between two looks shows by PostgreSQL's timeline alone, which no copy of ours changes
    await database.goBackTo(copy);
    await push(sent);
    await auctionBecomes(key, 'unknown before_restore');
    expect((await running.get('/api/v1/kill-switch')).body).toMatchObject({
      engaged: true,
      restore_unconfirmed: true,
      actor: 'system:recovery',
    });
    expect(proposals(key)).toEqual([1]);
  }, 30_000);
});
