import { createHash, randomUUID } from 'node:crypto';
import { ModulesContainer } from '@nestjs/core';
import fc, { type Arbitrary } from 'fast-check';
import { isGranted, ROLES } from '../../src/access/domain/roles';
import { verifyAuditTrail } from '../../src/access/verify-audit-trail';
import { AuditSeals, IS_PUBLIC, NEEDS, type Permission } from '../../src/platform';
import { faultsOf, ROUTES, SCHEMAS, type RawAnswer, type Route } from '../support/described-api';
import { arbitraryOf, HOSTILE, spoiled, toJsonText } from '../support/schema-arbitrary';
import { newPerson, type Person } from '../support/people';
import { ScriptedQi } from '../support/scripted-qi';
import { waitFor } from '../support/wait-for';
import { endOfAuction, loanWebhooks, newCpf, proposalRequest } from '../support/webhooks';
import { createAccessWorld, MASTER, type AccessWorld } from './access-world';

/** FUZZ_RUNS=200 FUZZ_SEED=$RANDOM looks deeper. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_125);

const NAMED: [string, Route][] = ROUTES.map((route) => [`${route.method} ${route.path}`, route]);
/** It never ends its answer to whoever is let in. */
const STREAM = 'GET /api/v1/live';

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
}

describe('the API, asked anything by anybody', () => {
  let world: AccessWorld;
  let qi: ScriptedQi;
  let people: { readonly eva: Credentials; readonly caio: Credentials };
  let realIds: Readonly<Record<string, readonly string[]>>;
  /** What must stand in no answer but that of a reveal. */
  const canary = { cpf: newCpf(), name: 'Conceição Canária' };
  const formatted = canary.cpf.replace(/^(...)(...)(...)(..)$/, '$1.$2.$3-$4');
  const private_ = { view: `vista-da-eva-${randomUUID()}`, ids: [] as string[] };
  type Credentials = Readonly<Record<string, string>>;

  beforeAll(async () => {
    qi = await ScriptedQi.start();
    world = await createAccessWorld({ QI_BASE_URL: qi.url, ARREMATE_NOTIFY_LOOPBACK: '1' });
    await seedAuctions();
    const eva = await newPerson(world, 'eva', ...ROLES);
    const caio = await newPerson(world, 'caio', ...ROLES);
    people = { eva: await credentialsOf(eva), caio: await credentialsOf(caio) };
    await seedDesk();
    realIds = await idsByCollection();
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await qi.close();
  });

  async function credentialsOf(person: Person): Promise<Credentials> {
    const { headers, body } = await person.signIn();
    return {
      cookie: String(headers['set-cookie']).split(';')[0] ?? '',
      'x-csrf-token': String(body['csrf_token']),
    };
  }

  /** A lost auction, a declined one, and a won one whose loan failed to be paid. */
  async function seedAuctions(): Promise<void> {
    const push = async (webhook: unknown): Promise<void> => {
      expect((await world.call('POST', '/webhooks/qi', webhook)).status).toBe(200);
    };
    const becomes = (table: string, key: string, status: string): Promise<true> =>
      waitFor(`${key} to become ${status}`, async () => {
        const column = table === 'auction' ? 'issuer_proposal_request_key' : 'credit_operation_key';
        const [row] = await world.dataSource.query<{ status: string }[]>(
          `SELECT status FROM ${table} WHERE ${column} = $1`,
          [key],
        );
        return row?.status === status ? true : undefined;
      });
    const facts = { name: canary.name };
    const [won, lost, declined] = [randomUUID(), randomUUID(), randomUUID()];
    const operationKey = randomUUID();
    await push(proposalRequest({ key: won, cpf: canary.cpf, facts }));
    await push(proposalRequest({ key: lost, cpf: newCpf(), facts }));
    await push(proposalRequest({ key: declined, cpf: canary.cpf, facts, alerts: 'printed' }));
    await Promise.all([
      becomes('auction', won, 'bid'),
      becomes('auction', lost, 'bid'),
      becomes('auction', declined, 'declined'),
    ]);
    const proposalOf = (key: string): string => qi.proposalsFor(key)[0]?.proposalKey ?? '';
    await push(endOfAuction({ requestKey: won, proposalKey: proposalOf(won), operationKey }));
    await push(endOfAuction({ requestKey: lost, proposalKey: proposalOf(lost), operationKey: null }));
    await becomes('auction', lost, 'lost');
    // Somebody else signed: a task for a person.
    for (const webhook of loanWebhooks(operationKey, newCpf()).slice(0, 2)) await push(webhook);
    await push({ webhook_type: 'laas.something_new', key: 'k-1', status: 'odd', data: {} });
    await waitFor('a task', async () => {
      const { body } = await world.as(MASTER)('GET', '/api/v1/tasks');
      return (body['items'] as unknown[]).length > 0 ? true : undefined;
    });
  }

  /** One of everything that has an id: an endpoint, a draft, a backtest, Eva's view and export, a filter change. */
  async function seedDesk(): Promise<void> {
    const eva = async (method: 'POST', path: string, body: unknown): Promise<Record<string, unknown>> => {
      const answer = await world.call(method, path, body, people.eva);
      if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    const view = await eva('POST', '/api/v1/views', { name: private_.view, page: 'history', query: 'a=1' });
    const file = await eva('POST', '/api/v1/exports', { format: 'csv', filter: {} });
    const { body: sessions } = await world.call('GET', '/api/v1/account/sessions', undefined, people.eva);
    private_.ids.push(String(view['id']), (sessions['items'] as { id: string }[])[0]?.id ?? '');
    await eva('POST', '/api/v1/notification-endpoints', {
      url: 'http://127.0.0.1:9/hook',
      description: 'a desk',
      event_types: ['auction.won'],
    });
    await eva('POST', '/api/v1/policies', {});
    await eva('POST', '/api/v1/tokens', { name: 'to be revoked', roles: ['viewer'] });
    await eva('POST', '/api/v1/users', { username: 'to-be-changed', roles: ['viewer'] });
    private_.ids.push(String(file['id']));
  }

  async function idsByCollection(): Promise<Record<string, string[]>> {
    const ids = async (sql: string): Promise<string[]> =>
      (await world.dataSource.query<{ id: unknown }[]>(sql)).map(({ id }) => String(id));
    const operations = await ids('SELECT credit_operation_key AS id FROM operation');
    return {
      auctions: await ids('SELECT issuer_proposal_request_key AS id FROM auction'),
      operations,
      tasks: await ids('SELECT id FROM task'),
      approvals: await ids('SELECT id FROM approval'),
      // Not those with which this test asks.
      tokens: await ids(`SELECT id FROM api_token WHERE name = 'to be revoked'`),
      users: await ids(`SELECT id FROM app_user WHERE username = 'to-be-changed'`),
      'webhook-events': await ids('SELECT id FROM webhook_event'),
      'notification-endpoints': await ids('SELECT id FROM notification_endpoint'),
      deliveries: ['1'],
      changes: await ids('SELECT id FROM qi_filter_change'),
      exports: await ids('SELECT id FROM export'),
      views: await ids('SELECT id FROM saved_view'),
      sessions: private_.ids.slice(1, 2),
      policies: await ids('SELECT number AS id FROM policy_version'),
      backtests: [],
      tables: ['prices', 'precos'],
    };
  }

  /** What the route asks of its caller, from the controller's own mark. */
  function permissionOf(operationId: string): Permission | 'public' {
    const [controllerName = '', handlerName = ''] = operationId.split('_');
    for (const module of world.app.get(ModulesContainer).values()) {
      for (const { metatype } of module.controllers.values()) {
        if (metatype?.name !== controllerName) continue;
        const handler: unknown = (metatype.prototype as Record<string, unknown>)[handlerName];
        const marked = (mark: string): unknown =>
          Reflect.getMetadata(mark, handler as object) ?? Reflect.getMetadata(mark, metatype);
        if (marked(IS_PUBLIC) === true) return 'public';
        return marked(NEEDS) as Permission;
      }
    }
    throw new Error(`no controller has ${operationId}`);
  }

  async function send(route: Route, asked: Asked, credentials: Credentials): Promise<RawAnswer> {
    const { url, headers, payload } = asked;
    const answer = await world.app.inject({
      method: route.method,
      url,
      headers: { ...headers, ...credentials },
      ...(payload !== undefined && { payload }),
    });
    return {
      status: answer.statusCode,
      type: String(answer.headers['content-type'] ?? ''),
      text: answer.body,
    };
  }

  /** Everything that is wrong with the answer, in words; empty when it is as it should be. */
  function faultsIn(route: Route, answer: RawAnswer): string[] {
    const faults = faultsOf(route, answer);
    if (answer.status >= 500) faults.push('failed');
    const isReveal = /\/(reveal|evidence)$/.test(route.path) && answer.status === 200;
    const secrets = isReveal ? [] : [canary.cpf, formatted, canary.name];
    if (secrets.some((secret) => answer.text.includes(secret))) faults.push('shows the borrower');
    return faults;
  }

  const expectFaultless = (
    route: Route,
    asked: Asked,
    answer: RawAnswer,
    faults: readonly string[],
  ): void => {
    if (faults.length === 0) return;
    const shown = { ...asked, payload: asked.payload?.toString().slice(0, 600) };
    throw new Error(
      `${route.method} ${route.path}: ${[...new Set(faults)].slice(0, 6).join('; ')}\nasked ${JSON.stringify(shown, null, 1).slice(0, 3_000)}\nanswered ${answer.status} ${answer.type} ${answer.text.slice(0, 1_500)}\nlogged ${world.logged.at(-1)?.slice(0, 1_500) ?? ''}`,
    );
  };

  const sample = <T>(arbitrary: Arbitrary<T>, numRuns: number, salt: string): T[] => {
    const salted = createHash('sha256').update(`${SEED} ${salt}`).digest().readInt32BE();
    return fc.sample(arbitrary, { numRuns, seed: salted });
  };

  it.each(NAMED)('%s is closed to strangers', async (name, route) => {
    if (permissionOf(route.operationId) === 'public') return;
    for (const asked of sample(requestsOf(route, realIds), 2, `${name} stranger`)) {
      const answer = await send(route, asked, {});
      const faults = faultsIn(route, answer);
      // What is no request at all is refused before anybody asks who sent it.
      if (![400, 413, 414, 415, 422, 404, 401].includes(answer.status)) faults.push('lets a stranger in');
      if (answer.status === 422 && !answer.text.includes('NUL'))
        faults.push('judges before it knows who asks');
      expectFaultless(route, asked, answer, faults);
    }
  });

  it.each(ROLES)('%s is refused wherever its permissions end', async (role) => {
    const token = { authorization: `Bearer ${await world.tokenFor(role)}` };
    for (const [name, route] of NAMED) {
      const permission = permissionOf(route.operationId);
      if (permission === 'public' || isGranted(permission, [role])) continue;
      for (const asked of sample(soundRequestsOf(route, realIds), 2, `${name} ${role}`)) {
        const answer = await send(route, asked, token);
        const faults = faultsIn(route, answer);
        if (answer.status !== 403) faults.push(`${role} gets ${answer.status}`);
        expectFaultless(route, asked, answer, faults);
      }
    }
  });

  it.each(NAMED.filter(([name]) => name !== STREAM))(
    '%s answers whatever it is sent as it is described',
    async (name, route) => {
      const master = { authorization: `Bearer ${MASTER}` };
      const callers = name === 'DELETE /api/v1/session' ? [master] : [master, people.caio];
      const requests = sample(requestsOf(route, realIds), RUNS, name);
      for (const [i, asked] of requests.entries()) {
        const answer = await send(route, asked, callers[i % callers.length] ?? master);
        const faults = faultsIn(route, answer);
        const evas = name.startsWith('GET /api/v1/audit') ? [] : [private_.view, ...private_.ids];
        const unasked = evas.filter((secret) => !asked.url.includes(secret));
        if (unasked.some((secret) => answer.text.includes(secret))) faults.push("shows what is Eva's");
        if (
          answer.status === 401 &&
          !name.includes('session') &&
          permissionOf(route.operationId) !== 'public'
        )
          faults.push('no longer knows its caller');
        expectFaultless(route, asked, answer, faults);
      }
    },
    60_000,
  );

  it.each([
    ['POST', '/webhooks/qi'],
    ['POST', '/webhooks/qi?a=%00'],
    ['PUT', '/webhooks/qi'],
    ['GET', '/health/ready?x=%E2%80%AE'],
    ['POST', '/health/live'],
    ['GET', '/metrics?name[]=x'],
    ['DELETE', '/metrics'],
    ['GET', '/'],
    ['GET', '/historico/x?cpf=%FF'],
    ['GET', '/assets/../../package.json'],
    ['GET', '/assets/%2e%2e%2f%2e%2e%2fpackage.json'],
    ['GET', '/assets/nothing.js'],
    ['GET', '/index.html'],
    ['GET', '/api'],
    ['GET', '/api/v2/auctions'],
    ['OPTIONS', '/api/v1/auctions'],
    ['GET', '/api/openapi.json'],
    ['GET', '/api/docs'],
  ] as const)('the door %s %s stands firm', async (method, url) => {
    const bodies = sample(doorBody, method === 'GET' ? 1 : RUNS * 2, url);
    for (const { payload, type } of bodies) {
      const answer = await world.app.inject({
        method,
        url,
        ...(method !== 'GET' && { headers: { 'content-type': type }, payload }),
      });
      const shown = [answer.statusCode, answer.headers['content-type'], answer.body.slice(0, 300)];
      if (answer.statusCode >= 500)
        throw new Error(`${JSON.stringify(shown)} for ${String(payload).slice(0, 300)}`);
      if (answer.statusCode >= 400)
        expect(shown[1]).toMatch(url.startsWith('/webhooks') ? /json/ : /^application\/problem\+json/);
      expect(answer.body).not.toMatch(/"name": "arremate"|devDependencies/);
      expect(answer.body).not.toContain(canary.cpf);
    }
  });

  it('has broken nothing on the way: no failure in the log, nobody in it, the audit trail whole', async () => {
    const failures = world.logged.filter((line) => line.includes('"level":50'));
    expect(failures).toEqual([]);
    const log = world.logged.join('\n');
    for (const secret of [canary.cpf, formatted, canary.name]) expect(log).not.toContain(secret);
    expect(await verifyAuditTrail(world.dataSource, world.app.get(AuditSeals))).toMatchObject({
      kind: 'intact',
    });
  });
});

const HOSTILE_TEXTS = HOSTILE.filter(
  (value): value is string => typeof value === 'string' && value.length < 4_000,
);
const HOSTILE_IDS = [
  '0',
  '-1',
  '1e3',
  '9'.repeat(30),
  '1.5',
  '..',
  '%2e%2e%2f',
  '%FF',
  '%E0%A4%A',
  '%',
  'null',
  '%0d%0ax',
  '%20',
  'é',
  'x'.repeat(2_000),
];
const HOSTILE_CURSORS = [
  'x',
  '====',
  ...[
    ['9999-99-99 99:99:99+00', 'x'],
    ['2026-01-01 00:00:00+00', 'not-a-uuid'],
    ['2026-01-01T00:00:00Z', randomUUID()],
    ['2026-01-01T00:00:00Z', 'x'],
    ['2026-13-01 00:00:00+00', randomUUID()],
    ['99999999999999999999', '99999999999999999999'],
    ['-1'],
    ['99999999999999999999'],
    ['1e3'],
    ['2147483648'],
    ['9223372036854775808'],
    ['infinity', randomUUID()],
    ['a\0', 'b\0'],
    [['deep']],
    {},
    null,
    7,
  ].map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
];

/** Real ids, or what nobody means as one. */
function pathOf(
  route: Route,
  ids: Readonly<Record<string, readonly string[]>>,
  hostile: number,
): Arbitrary<string> {
  const segments = route.path.split('/');
  return fc
    .tuple(
      ...segments.map((segment, i) => {
        if (!segment.startsWith('{')) return fc.constant(segment);
        const collection = /^[a-z]/.test(segments[i - 1] ?? '') ? (segments[i - 1] ?? '') : '';
        const real = ids[collection] ?? [];
        return fc.oneof(
          {
            weight: 6,
            arbitrary: real.length === 0 ? fc.uuid() : fc.constantFrom(...real.map(encodeURIComponent)),
          },
          {
            weight: hostile,
            arbitrary: fc.oneof(fc.constantFrom(...HOSTILE_IDS), fc.uuid(), fc.integer().map(String)),
          },
        );
      }),
    )
    .map((parts) => parts.join('/'));
}

/** What the schemas cannot say: texts that mean something in these parameters. */
const MEANT: Readonly<Record<string, Arbitrary<string>>> = {
  status: fc.constantFrom('won', 'lost,declined', 'open', 'pending', 'parked', 'disbursed'),
  reason: fc.constantFrom('JOB_TERMINATED', 'NO_PRICE'),
  rate_from: fc.constantFrom('0.01', '0'),
  rate_to: fc.constantFrom('0.03', '1'),
  amount_from: fc.constantFrom('500', '0.01'),
  amount_to: fc.constantFrom('99999999.99'),
  policy: fc.constantFrom('1', '2'),
};

function queryOf(route: Route): Arbitrary<string> {
  const parameters = (route.parameters ?? []).filter((parameter) => parameter.in === 'query');
  return fc
    .tuple(
      ...parameters.map(({ name, schema = {} }) => {
        const odd = name === 'cursor' ? HOSTILE_CURSORS : HOSTILE_TEXTS;
        const value = fc.oneof(
          { weight: 12, arbitrary: fc.constant(undefined) },
          {
            weight: 3,
            arbitrary: (MEANT[name] ?? arbitraryOf(schema, SCHEMAS)).map((each) => [String(each)]),
          },
          { weight: 1, arbitrary: fc.constantFrom(...odd).map((each) => [each]) },
          { weight: 1, arbitrary: fc.constantFrom(...odd).map((each) => ['1', each]) },
        );
        return value.map((texts) => texts?.map((text) => `${name}=${escaped(text)}`).join('&'));
      }),
    )
    .map((parts) => parts.filter((part) => part !== undefined).join('&'));
}

/** As a browser would escape it; half a character as the bytes that some clients send for it. */
function escaped(text: string): string {
  return /\p{Surrogate}/u.test(text) ? '%ED%A0%80' : encodeURIComponent(text);
}

interface Body {
  readonly payload: string | Buffer;
  readonly type: string;
}

function soundBodyOf(route: Route): Arbitrary<Body | undefined> {
  const schema = route.requestBody?.content['application/json']?.schema;
  if (schema === undefined) return fc.constant(undefined);
  return arbitraryOf(schema, SCHEMAS).map((value) => ({
    payload: toJsonText(value),
    type: 'application/json',
  }));
}

/** Other things than JSON that fits. */
const STRANGE: readonly (Body | undefined)[] = [
  undefined,
  { payload: '', type: 'application/json' },
  { payload: '{"a": ', type: 'application/json' },
  { payload: '[1,]', type: 'application/json' },
  { payload: '['.repeat(60_000), type: 'application/json' },
  { payload: `{"a":"${'x'.repeat(400_000)}"}`, type: 'application/json' },
  { payload: Buffer.from([0xff, 0xfe, 0x00, 0x80]), type: 'application/json' },
  { payload: 'a=1&b=2', type: 'application/x-www-form-urlencoded' },
  { payload: '--x\r\n\r\n--x--', type: 'multipart/form-data; boundary=x' },
  { payload: '<a/>', type: 'application/xml' },
  { payload: '{}', type: 'text/plain' },
  { payload: '{}', type: 'nonsense' },
  { payload: '{}', type: '' },
  { payload: 'cpf\n1;2;3\n"a', type: 'text/csv' },
  {
    payload: Buffer.from('PK\u0003\u0004nothing'),
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
];

/** A body that fits, one that almost fits, or something else altogether. */
function bodyOf(route: Route): Arbitrary<Body | undefined> {
  const schema = route.requestBody?.content['application/json']?.schema;
  const json = (value: unknown): Body => ({ payload: toJsonText(value), type: 'application/json' });
  const strange = fc.constantFrom(...STRANGE);
  if (schema === undefined)
    return fc.oneof(
      { weight: 2, arbitrary: strange },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE).map(json) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    );
  const sound = arbitraryOf(schema, SCHEMAS);
  return fc.oneof(
    { weight: 4, arbitrary: sound.map(json) },
    { weight: 5, arbitrary: sound.chain(spoiled).map(json) },
    { weight: 2, arbitrary: strange },
  );
}

const STRANGE_REQUESTS = [
  { webhook_type: 'laas.\ud800', key: '\ud800', status: '\udc00', event_datetime: '\ud800', data: {} },
  { webhook_type: 'a\0b', key: 'k\0', status: 's', data: {} },
  { webhook_type: 'x'.repeat(50_000), key: 'y'.repeat(50_000), status: 'z', data: null },
  { webhook_type: 'debt', key: 7, status: [], data: 'x', event_datetime: '9999-99-99' },
  JSON.parse('{"__proto__": {"webhook_type": "debt"}, "webhook": {"webhook": {}}}') as unknown,
];

/** What anybody may throw at a door that is open to everybody: bytes, halves, other dresses, spoiled webhooks. */
const doorBody: Arbitrary<Body> = fc.oneof(
  fc
    .uint8Array({ maxLength: 200 })
    .map((bytes) => ({ payload: Buffer.from(bytes), type: 'application/json' })),
  fc.constantFrom(...STRANGE).filter((body) => body !== undefined),
  fc
    .constantFrom(...STRANGE_REQUESTS)
    .map((value) => ({ payload: toJsonText(value), type: 'application/json' })),
  fc
    .constantFrom(
      proposalRequest({ cpf: '52998224725' }),
      endOfAuction({ requestKey: 'r', proposalKey: 'p', operationKey: null }),
      ...loanWebhooks('o', '52998224725'),
    )
    .chain(spoiled)
    .map((value) => ({ payload: toJsonText(value), type: 'application/json' })),
);

function requestOf(
  path: Arbitrary<string>,
  query: Arbitrary<string>,
  body: Arbitrary<Body | undefined>,
): Arbitrary<Asked> {
  const further = fc.record(
    {
      'if-match': fc.constantFrom('"x"', '*', '', 'é', '"'.repeat(500)),
      'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('', ' ', 'x'.repeat(5_000), 'k\tk')),
    },
    { requiredKeys: [] },
  );
  return fc.tuple(path, query, body, further).map(([address, text, content, headers]) => ({
    url: text === '' ? address : `${address}?${text}`,
    headers: { ...headers, ...(content !== undefined && { 'content-type': content.type }) },
    ...(content !== undefined && { payload: content.payload }),
  }));
}

function requestsOf(route: Route, ids: Readonly<Record<string, readonly string[]>>): Arbitrary<Asked> {
  return requestOf(
    pathOf(route, ids, 2),
    queryOf(route),
    route.method === 'GET' ? fc.constant(undefined) : bodyOf(route),
  );
}

/** Nothing wrong with them but, perhaps, who sends them. */
function soundRequestsOf(route: Route, ids: Readonly<Record<string, readonly string[]>>): Arbitrary<Asked> {
  return requestOf(pathOf(route, ids, 0), fc.constant(''), soundBodyOf(route));
}
