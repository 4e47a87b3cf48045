import { randomUUID } from 'node:crypto';
import { waitFor } from '../support/wait-for';
import { endOfAuction, newCpf, proposalRequest } from '../support/webhooks';
import { FaultWorld, pause } from './fault-world';

const [OLD, NEW] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64'));

/** A process that was restarted writes with the new key at once, and others have not been given it yet. */
describe('while a new key reaches one process after the other', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start({ ARREMATE_ENCRYPTION_KEY: String(OLD) });
  });
  afterAll(() => world.end());

  it('what is written with it waits for a process that has it, and a win keeps its borrower', async () => {
    const given = { ARREMATE_ENCRYPTION_KEY: `${NEW},${OLD}` };
    const web = await world.join({ ...given, ARREMATE_ROLE: 'web' });
    const [key, operationKey] = [randomUUID(), randomUUID()];
    const request = proposalRequest({ key, cpf: newCpf(), windowSeconds: 60 });
    expect((await web.post('/webhooks/qi', request)).status).toBe(200);
    await waitFor('the old process to have tried', () =>
      world.service.output.includes('no encryption key with id') ? true : undefined,
    );
    await pause(2_000); // more sweeps than one
    const { rows: left } = await world.sql.query(`SELECT status, attempts, lease_owner FROM webhook_event`);
    expect(left).toEqual([{ status: 'new', attempts: 0, lease_owner: null }]);

    const restarted = await world.join(given);
    await world.auctionBecomes(key, 'bid');

    // The old one is told of the win, whose borrower it cannot read.
    const [{ proposalKey } = { proposalKey: '' }] = world.qi.proposalsFor(key);
    expect(await world.push(endOfAuction({ requestKey: key, proposalKey, operationKey }))).toBe(200);
    await world.auctionBecomes(key, 'won');
    const { rows: operations } = await world.sql.query(
      `SELECT borrower_ciphertext IS NOT NULL AS is_known FROM operation WHERE credit_operation_key = $1`,
      [operationKey],
    );
    expect(operations).toEqual([{ is_known: true }]);

    const { rowCount } = await world.sql.query(
      `UPDATE webhook_event SET status = 'new', handled_at = NULL,
      raw_ciphertext = set_byte(raw_ciphertext, 40, get_byte(raw_ciphertext, 40) # 1) WHERE webhook_type = $1`,
      [String(request['webhook_type'])],
    );
    expect(rowCount).toBe(1);
    await waitFor('what was altered to be parked', async () => {
      const { rows } = await world.sql.query(
        `SELECT FROM webhook_event WHERE status = 'parked' AND reason = 'unreadable'`,
      );
      return rows.length === 1 ? true : undefined;
    });
    const metrics = await restarted.get('/metrics');
    expect(metrics.body).toMatch(/arremate_webhooks_handled_total\{[^}]*result="parked"[^}]*\} 1/);
  }, 60_000);
});
