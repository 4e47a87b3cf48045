import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { startSandbox, type Sandbox } from '../../sandbox';
import { dataDirectory } from '../support/data-directory';
import { waitFor } from '../support/wait-for';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

interface Step {
  readonly name: string;
  readonly gaps: readonly string[];
}

describe('the first day', () => {
  let sandbox: Sandbox;
  let world: AccessWorld;
  let master: Call;
  beforeAll(async () => {
    const ours = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const theirs = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    sandbox = await startSandbox({
      signing: 'jwt-v2',
      apiClientKey: 'test',
      privateKey: theirs.privateKey,
      partnerPublicKey: ours.publicKey,
      behaviour: { rivals: { presence: 0 }, pace: { window_seconds: 1 }, contract: { table_names: 0 } },
    });
    const directory = dataDirectory();
    const [ownFile, theirFile] = [join(directory, 'own.pem'), join(directory, 'theirs.pem')];
    writeFileSync(ownFile, ours.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(theirFile, theirs.publicKey.export({ type: 'spki', format: 'pem' }));
    world = await createAccessWorld({
      QI_BASE_URL: sandbox.url,
      QI_SIGNING: 'jwt-v2',
      QI_WEBHOOK_AUTH: 'jwt-v2',
      QI_PRIVATE_KEY_FILE: ownFile,
      QI_PUBLIC_KEY_FILE: theirFile,
    });
    await world.app.listen(0, '127.0.0.1');
    const { port } = world.app.getHttpServer().address() as AddressInfo;
    sandbox.control.deliverTo(`http://127.0.0.1:${port}/webhooks/qi`);
    master = world.as(MASTER);
  });
  afterAll(async () => {
    await sandbox.close();
    await world.close();
  });

  const gaps = async (): Promise<Record<string, readonly string[]>> => {
    const { body } = await master('GET', '/api/v1/setup');
    return Object.fromEntries((body['steps'] as Step[]).map((step) => [step.name, step.gaps]));
  };
  const conformanceEnds = () =>
    waitFor(
      'the run to end',
      async () => {
        const { body } = await master('GET', '/api/v1/conformance-runs/latest');
        const run = body['run'] as { state: string; findings: { question: string; answer: string }[] };
        return run.state === 'running' ? undefined : run;
      },
      { timeoutMs: 30_000 },
    );

  it('is all before it in an empty installation but the keys that it was started with', async () => {
    expect(await gaps()).toEqual({
      people: ['policy_pair', 'operations_pair'],
      keys: [],
      conformance: ['conformance_missing'],
      policy: ['policy_of_the_start'],
      caps: [],
      filters: ['filter_not_sent'],
      dry_run: ['nothing_held_back'],
      live: ['not_released_by_two'],
    });
    expect((await master('GET', '/api/v1/conformance-runs/latest')).body).toEqual({ run: null });
  });

  it('tries signatures alone where bids are sent, and refuses to open an auction there', async () => {
    expect(await master('POST', '/api/v1/conformance-runs', { writes: true })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:bids_allowed' },
    });
    expect((await master('POST', '/api/v1/conformance-runs', { writes: false })).status).toBe(202);
    expect(await conformanceEnds()).toMatchObject({
      state: 'done',
      findings: [{ question: 'request_signing', answer: 'jwt-v2' }],
    });
    expect((await gaps())['conformance']).toEqual(['conformance_without_auction']);
  });

  it('goes to the end of an auction with bidding stopped, one run at a time, through the door of the service', async () => {
    await master('POST', '/api/v1/kill-switch/engage', { reason: 'conferência com a QI' });
    const begun = await master('POST', '/api/v1/conformance-runs', { writes: true });
    expect(begun.status).toBe(202);
    expect((await master('POST', '/api/v1/conformance-runs', { writes: true })).body).toMatchObject({
      type: 'urn:arremate:problem:conformance_running',
    });
    const { findings, ...run } = await conformanceEnds();
    expect(run).toMatchObject({ state: 'done', writes: true, stopped_because: null });
    expect(Object.fromEntries(findings.map(({ question, answer }) => [question, answer]))).toMatchObject({
      webhook_signing: 'jwt-v2',
      auction_webhook: 'as printed',
      first_proposal: 'accepted, HTTP 200',
      simulation: 'equal to ours',
      repeated_control_key: 'idempotent',
      margin_refusal: 'recognised',
    });
    expect(await gaps()).toMatchObject({
      conformance: [],
      live: ['bidding_is_stopped', 'not_released_by_two'],
    });
  });

  describe('whose processes are several', () => {
    const startWorker = (dryRun: boolean, within: AccessWorld = world) =>
      within.dataSource.query(
        `INSERT INTO instance (id, host, role, version, newest_migration, alive_until, dry_run)
         VALUES (gen_random_uuid(), 'other', 'worker', '', 0, clock_timestamp() + interval '1 hour', $1)`,
        [dryRun],
      );

    it('is told of a worker that sends nothing, whatever the process says that answers', async () => {
      expect((await gaps())['live']).not.toContain('dry_run_is_on');
      await startWorker(true);
      expect((await gaps())['live']).toContain('dry_run_is_on');
      const { body } = await master('GET', '/api/v1/system');
      expect(body['instances']).toContainEqual(expect.objectContaining({ host: 'other', dry_run: true }));
      await world.dataSource.query(`DELETE FROM instance WHERE host = 'other'`);
    });

    it('opens no auction for a conformance run while a worker would bid in it, though the one that is asked would not', async () => {
      const web = await createAccessWorld({ ARREMATE_ROLE: 'web', ARREMATE_DRY_RUN: '1' });
      try {
        await startWorker(false, web);
        const asked = await web.as(MASTER)('POST', '/api/v1/conformance-runs', { writes: true });
        expect(asked).toMatchObject({ status: 409, body: { type: 'urn:arremate:problem:bids_allowed' } });
      } finally {
        await web.close();
      }
    });
  });
});
