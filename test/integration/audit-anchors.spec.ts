import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { readAnchors } from '../../src/access/anchor-file';
import { AuditAnchors } from '../../src/access/audit-anchors.service';
import { systemClock } from '../../src/kernel';
import { createDataSource, NameResolver, readSettings } from '../../src/platform';
import { auditTrail } from '../support/audit-trail';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { waitFor } from '../support/wait-for';

let database: TestDatabase;
let dataSource: DataSource;
let directory: string;
let file: string;
let logged: string[];
beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource(database.url).initialize();
  directory = mkdtempSync(join(tmpdir(), 'arremate-anchors-'));
  file = join(directory, 'kept', 'anchors.jsonl');
  logged = [];
});
afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
  rmSync(directory, { recursive: true });
});

const record = (subject: string) =>
  dataSource.transaction((tx) =>
    auditTrail(systemClock).record(tx, { actor: 'ana', action: 'session.ended', subject }),
  );
const anchors = (environment: Readonly<Record<string, string>> = {}) =>
  new AuditAnchors(
    dataSource,
    systemClock,
    readSettings({
      DATABASE_URL: database.url,
      ARREMATE_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      ARREMATE_AUDIT_ANCHOR_FILE: file,
      PURCHASER_DOCUMENT_NUMBER: '32402502000135',
      QI_BASE_URL: 'http://127.0.0.1:9',
      QI_API_CLIENT_KEY: 'test',
      QI_SIGNING: 'none',
      QI_WEBHOOK_AUTH: 'none',
      ...environment,
    }),
    pino({ level: 'info' }, { write: (line) => void logged.push(line) }),
    new NameResolver(),
  );
/** One run and the end. */
const once = (environment?: Readonly<Record<string, string>>) =>
  anchors(environment).beforeApplicationShutdown();
const kept = async () => (await readAnchors(file))?.anchors.map(({ id }) => Number(id));

it('notes the end of the trail in the file and in the log, once, at the start and at the stop', async () => {
  const running = anchors();
  await record('a');
  running.onApplicationBootstrap();
  await waitFor('the first anchor', async () => ((await kept())?.length === 1 ? true : undefined));
  await record('b');
  await record('c');
  await running.beforeApplicationShutdown();
  expect(await kept()).toEqual([1, 3]);
  await once();
  expect(await kept()).toEqual([1, 3]);
  expect(logged.filter((line) => line.includes('"record":"3"'))).toHaveLength(1);
});

it('notes nothing of a trail without a record', async () => {
  await once();
  expect(await kept()).toBeUndefined();
});

it('says that a trail is shorter than it was, or another, and leaves the notes as they are', async () => {
  await record('a');
  await record('b');
  await once();
  for (const [statement, found] of [
    [`DELETE FROM audit_event WHERE id = 2`, 'it is shorter'],
    [
      `INSERT INTO audit_event SELECT 2, at, actor, action, subject, reason, details, sha256('x'), key_id, seal
       FROM audit_event WHERE id = 1`,
      'it was written anew',
    ],
  ] as const) {
    await dataSource.query(`ALTER TABLE audit_event DISABLE TRIGGER ALL`);
    await dataSource.query(statement);
    await once();
    expect(logged.at(-1)).toContain(found);
    expect(await kept()).toEqual([2]);
  }
});

it('goes on in a new file once the old one was put aside, without a new start', async () => {
  await record('a');
  await record('b');
  await once();
  const running = anchors();
  running.onApplicationBootstrap();
  // As a restore leaves it.
  await dataSource.query(`ALTER TABLE audit_event DISABLE TRIGGER ALL`);
  await dataSource.query(`DELETE FROM audit_event WHERE id = 2`);
  await dataSource.query(
    `UPDATE audit_head SET last_id = 1, last_hash = (SELECT hash FROM audit_event WHERE id = 1)`,
  );
  await waitFor('the complaint', () =>
    logged.at(-1)?.includes('it is shorter') === true ? true : undefined,
  );
  await rename(file, `${file}.before`);
  await running.beforeApplicationShutdown();
  expect(await kept()).toEqual([1]);
});

describe('with an address', () => {
  let server: Server;
  let url: string;
  const received: { id: string; hash: string; at: string }[] = [];
  const answers: (number | 'nothing')[] = [];
  beforeEach(async () => {
    received.length = 0;
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        received.push(JSON.parse(text) as (typeof received)[number]);
        const answer = answers.shift() ?? 204;
        if (answer !== 'nothing') response.writeHead(answer).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/anchors`;
    await record('a');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends it what it notes', async () => {
    await once({ ARREMATE_AUDIT_ANCHOR_URL: url });
    const [anchor] = (await readAnchors(file))?.anchors ?? [];
    expect(received).toEqual([{ id: '1', hash: anchor?.hash, at: expect.any(String) as string }]);
  });

  it.each([[500], ['nothing'], [302]] as const)(
    'answered with %s it says so, and keeps the file',
    async (answer) => {
      answers.push(answer);
      await once({ ARREMATE_AUDIT_ANCHOR_URL: url });
      expect(received).toHaveLength(1);
      expect(logged.at(-1)).toContain('could not be anchored');
      expect(await kept()).toEqual([1]);
    },
  );

  it('sends it even where the file cannot be written', async () => {
    const noDirectory = join(directory, 'a-file');
    writeFileSync(noDirectory, '');
    await once({
      ARREMATE_AUDIT_ANCHOR_URL: url,
      ARREMATE_AUDIT_ANCHOR_FILE: join(noDirectory, 'anchors.jsonl'),
    });
    expect(received).toHaveLength(1);
    expect(logged.at(-1)).toContain('could not be anchored');
  });

  it('takes no address over plain http but on this machine', () => {
    expect(() => anchors({ ARREMATE_AUDIT_ANCHOR_URL: 'http://example.com/x' })).toThrow(
      'ARREMATE_AUDIT_ANCHOR_URL must be https',
    );
  });
});
