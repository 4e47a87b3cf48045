import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { throwawayDirectory } from '../support/data-directory';
import { waitFor } from '../support/wait-for';
import { loanWebhooks, newCpf, proposalRequest } from '../support/webhooks';
import { AuctionWorld } from './auction-world';

/** What a database says that is away for a while, to whoever puts it on a table. */
const NO_SPACE = `CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`;

describe('the webhook door', () => {
  let world: AuctionWorld;
  beforeAll(async () => {
    world = await AuctionWorld.start();
  });
  afterAll(() => world.end());

  const eventsWith = async (
    status: string,
  ): Promise<readonly { webhook_type: string | null; reason: string }[]> =>
    (
      await world.sql.query<{ webhook_type: string | null; reason: string }>(
        `SELECT webhook_type, reason FROM webhook_event WHERE status = $1 ORDER BY id`,
        [status],
      )
    ).rows;

  const stands = async (key: string): Promise<{ status: string; attempts: number } | undefined> =>
    (
      await world.sql.query<{ status: string; attempts: number }>(
        `SELECT status, attempts FROM webhook_event WHERE event_key = $1`,
        [key],
      )
    ).rows[0];
  const stood = (key: string, status: string) =>
    waitFor(`it to be ${status}`, async () => ((await stands(key))?.status === status ? true : undefined));

  it.each([
    ['text', 'not json', 400],
    ['half a document', '{"key": ', 400],
    ['an array', '[]', 400],
    ['nothing', '', 400],
    ['nested far too deep', '['.repeat(100_000), 400],
    ['more than it may be', `{"pad": "${'x'.repeat(300_000)}"}`, 413],
  ])('answers %s with an error and keeps nothing', async (_, body, status) => {
    expect((await world.service.post('/webhooks/qi', body)).status).toBe(status);
    expect(await eventsWith('parked')).toEqual([]);
  });

  it('keeps and shows what it does not know', async () => {
    const strange = [
      { webhook_type: 'laas.something_new', key: 'k-1', status: 'odd', data: { a: 1 } },
      { hello: 'world' },
      { webhook_type: 'debt', key: 'k-2', status: 'no_such_status', data: {} },
    ];
    for (const webhook of strange) expect(await world.push(webhook)).toBe(200);
    const parked = await waitFor('three parked events', async () => {
      const events = await eventsWith('parked');
      return events.length === 3 ? events : undefined;
    });
    expect(parked).toEqual([
      { webhook_type: 'laas.something_new', reason: 'unknown_type' },
      { webhook_type: null, reason: 'unknown_type' },
      { webhook_type: 'debt', reason: expect.stringMatching(/status/i) as string },
    ]);
  });

  it('charges no webhook with a database that was away: it waits, and is applied', async () => {
    await world.sql.query(
      `${NO_SPACE};
       CREATE TRIGGER no_space BEFORE INSERT ON operation FOR EACH ROW EXECUTE FUNCTION no_space()`,
    );
    const key = randomUUID();
    expect(await world.push(loanWebhooks(key)[0])).toBe(200);
    await waitFor('two tries in vain', () =>
      world.service.output.split('webhook handler failed').length > 2 ? true : undefined,
    );
    expect(await stands(key)).toEqual({ status: 'new', attempts: 0 });
    await world.sql.query(`DROP FUNCTION no_space() CASCADE`);
    await stood(key, 'done');
  });

  it('charges none with having waited: a mishap after it is the first', async () => {
    const key = randomUUID();
    const ended = {
      webhook_type: 'laas.private_payroll_auction.end_of_auction',
      key,
      status: 'lost',
      event_datetime: '2026-01-29 20:03:45',
      data: {
        issuer_proposal_request_key: key,
        private_payroll_auction_key: key,
        proposal_key: randomUUID(),
      },
    };
    expect(await world.push(ended)).toBe(200);
    await stood(key, 'waiting');
    expect(await stands(key)).toEqual({ status: 'waiting', attempts: 0 });

    // As a release before counted how often it had waited.
    await world.sql.query(
      `${NO_SPACE};
       CREATE TRIGGER no_space BEFORE UPDATE ON webhook_event FOR EACH ROW
         WHEN (NEW.status = 'waiting' AND NEW.event_key = '${key}' AND OLD.status = 'new') EXECUTE FUNCTION no_space();
       UPDATE webhook_event SET attempts = 9, not_before = now() WHERE event_key = '${key}'`,
    );
    await waitFor('it to be put off', async () => {
      const { rowCount } = await world.sql.query(
        `SELECT FROM webhook_event WHERE event_key = $1 AND status <> 'waiting' AND not_before > now()`,
        [key],
      );
      return rowCount === 1 ? true : undefined;
    });
    expect(await stands(key)).toEqual({ status: 'new', attempts: 9 });
    await world.sql.query(
      `DROP FUNCTION no_space() CASCADE; UPDATE webhook_event SET not_before = now() WHERE event_key = '${key}'`,
    );
    await stood(key, 'waiting');
  });

  it('takes the same event in another dress for the same event', async () => {
    const key = randomUUID();
    const webhook = {
      webhook_type: 'debt',
      key,
      status: 'disbursed',
      data: {},
      event_datetime: '2026-01-29 20:03:45',
    };
    const reordered = Object.fromEntries(Object.entries(webhook).reverse());
    for (const dressed of [webhook, reordered, { webhook }]) expect(await world.push(dressed)).toBe(200);
    const { rowCount } = await world.sql.query(`SELECT FROM webhook_event WHERE event_key = $1`, [key]);
    expect(rowCount).toBe(1);
  });

  it.each([
    [
      'with a target named whole',
      'POST http://qi.example/webhooks/qi HTTP/1.1',
      ['content-type: application/json'],
    ],
    ['with an encoded path', 'POST /webhooks/%71i HTTP/1.1', ['content-type: application/json']],
    [
      'with two types',
      'POST /webhooks/qi HTTP/1.1',
      ['content-type: application/json', 'content-type: text/plain'],
    ],
    ['with a type that is none', 'POST /webhooks/qi HTTP/1.1', ['content-type: ;;json;=']],
    ['called a sheet', 'POST /webhooks/qi HTTP/1.1', ['content-type: text/csv']],
    ['without a type', 'POST /webhooks/qi HTTP/1.1', []],
  ])('takes a delivery %s by its bytes', async (_, line, headers) => {
    const key = randomUUID();
    const webhook = { webhook_type: 'debt', key, status: 'disbursed', data: {} };
    expect(await rawPost(world.service.url, line, headers, JSON.stringify(webhook))).toBe(200);
    const { rowCount } = await world.sql.query(`SELECT FROM webhook_event WHERE event_key = $1`, [key]);
    expect(rowCount).toBe(1);
  });

  it('says 503 when it cannot be made durable, and takes it when it comes again', async () => {
    const key = randomUUID();
    const webhook = proposalRequest({ key, cpf: newCpf() });
    const blocker = await world.sql.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE webhook_event IN SHARE MODE');
    expect(await world.push(webhook)).toBe(503);
    await blocker.query('ROLLBACK');
    blocker.release();
    expect(await world.push(webhook)).toBe(200);
    await world.auctionBecomes(key, 'bid');
  });
});

/** A request as it is written here, byte for byte. @returns the status of the answer */
function rawPost(url: string, line: string, headers: readonly string[], body: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        [line, `host: ${hostname}`, length, 'connection: close', ...headers, '', body].join('\r\n'),
      );
    });
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('error', reject).on('close', () => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]));
    });
  });
}

describe('the webhook door with signatures', () => {
  it('refuses what QI did not sign, and counts it', async () => {
    const pem = (): string =>
      generateKeyPairSync('ec', {
        namedCurve: 'secp521r1',
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      }).publicKey;
    const keyFile = join(throwawayDirectory('arremate-keys-'), 'qi.pem');
    writeFileSync(keyFile, pem());
    const world = await AuctionWorld.start({ QI_WEBHOOK_AUTH: 'jwt-v2', QI_PUBLIC_KEY_FILE: keyFile });
    try {
      expect(await world.push(proposalRequest())).toBe(401);
      const metrics = String((await world.service.get('/metrics')).body);
      expect(metrics).toContain('arremate_webhooks_received_total{result="refused"} 1');
    } finally {
      await world.end();
    }
  });
});
