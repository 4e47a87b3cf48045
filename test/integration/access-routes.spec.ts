import { Controller, Get } from '@nestjs/common';
import { ROLES, type Role } from '../../src/access/domain/roles';
import { ManagementDoor } from '../../src/platform';
import { createAccessWorld, MASTER, type AccessWorld, type Call } from './access-world';

const EVERYBODY = ROLES;
const POLICY_AUTHORS: readonly Role[] = ['policy_value_author', 'policy_author'];
const POLICY_TESTERS: readonly Role[] = ['analyst', ...POLICY_AUTHORS, 'policy_approver'];
const EXPORTERS: readonly Role[] = [...POLICY_TESTERS, 'operations_approver', 'auditor'];
/** It never ends its answer to whoever is let in. */
const STREAM = 'GET /api/v1/live';
const NO_KEY = '00000000-0000-4000-8000-000000000000';

/** Open to strangers: health, metrics, QI, which signs what it sends, and whoever is about to sign in. */
const PUBLIC = [
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'POST /heartbeat',
  'POST /webhooks/qi',
  'GET /api/v1/session/methods',
  'POST /api/v1/session',
  'GET /api/v1/session/oidc/start',
  'GET /api/v1/session/oidc/callback',
  'POST /api/v1/invitations/inspect',
  'POST /api/v1/invitations/accept',
];

/** The console and the API's description: open, and nothing of anybody in them. */
const PAGES = /^GET \/(\*|assets\/.*|api\/docs.*|api\/openapi\.json)$/;

/** For people alone: a token, whatever its roles, has no account of its own. */
const PEOPLE_ONLY = [
  'DELETE /api/v1/session',
  'POST /api/v1/account/password',
  'GET /api/v1/account/sessions',
  'DELETE /api/v1/account/sessions/:id',
];

/** Every other route and who may use it, written out by hand: a new route must be added here. */
const MAY_USE: Readonly<Record<string, readonly Role[]>> = {
  'GET /api/v1/alerts': EVERYBODY,
  'POST /api/v1/alerts/:id/acknowledge': ['policy_approver', 'operator', 'operations_approver', 'admin'],
  'GET /api/v1/mail-server': ['operator', 'operations_approver', 'auditor', 'admin'],
  'PUT /api/v1/mail-server': ['admin'],
  'GET /api/v1/auctions': EVERYBODY,
  'GET /api/v1/auctions/:issuer_proposal_request_key': EVERYBODY,
  'POST /api/v1/auctions/:issuer_proposal_request_key/reveal': ['analyst', 'operator', 'operations_approver'],
  'POST /api/v1/auctions/:issuer_proposal_request_key/review-request': [
    'analyst',
    'operator',
    'operations_approver',
  ],
  'GET /api/v1/auctions/:issuer_proposal_request_key/replay': ['analyst', 'operator', 'operations_approver'],
  'GET /api/v1/auctions/:issuer_proposal_request_key/explanation': [
    'analyst',
    'operator',
    'operations_approver',
  ],
  'GET /api/v1/auctions/:issuer_proposal_request_key/test_case': POLICY_TESTERS,
  'GET /api/v1/history/auctions': EVERYBODY,
  'GET /api/v1/history/auctions/count': EVERYBODY,
  'GET /api/v1/history/auctions/:issuer_proposal_request_key/loss': EVERYBODY,
  'GET /api/v1/history/auctions/:issuer_proposal_request_key/timeline': EVERYBODY,
  'GET /api/v1/history/charts': EVERYBODY,
  'GET /api/v1/history/results': EVERYBODY,
  'GET /api/v1/history/rate-shift': EVERYBODY,
  'GET /api/v1/history/win-curve': EVERYBODY,
  'GET /api/v1/history/fairness': EVERYBODY,
  'GET /api/v1/history/fairness/file': EXPORTERS,
  'GET /api/v1/history/employer-repayment': EVERYBODY,
  'GET /api/v1/history/employer-repayment/file': EXPORTERS,
  'GET /api/v1/history/funding-left': EVERYBODY,
  'GET /api/v1/history/pivot': EVERYBODY,
  'GET /api/v1/dashboards': EVERYBODY,
  'GET /api/v1/dashboards/:id': EVERYBODY,
  'POST /api/v1/dashboards': EVERYBODY,
  'PUT /api/v1/dashboards/:id': EVERYBODY,
  'DELETE /api/v1/dashboards/:id': EVERYBODY,
  'GET /api/v1/export-schedules': [...EXPORTERS, 'admin'],
  'POST /api/v1/export-schedules/:id/hand-over': [...EXPORTERS, 'admin'],
  'POST /api/v1/export-schedules': EXPORTERS,
  'DELETE /api/v1/export-schedules/:id': EXPORTERS,
  'GET /api/v1/history/comparison': EVERYBODY,
  'GET /api/v1/history/auctions/:issuer_proposal_request_key/margin': EVERYBODY,
  'POST /api/v1/loan-outcomes': ['operator'],
  'POST /api/v1/loan-outcomes/file': ['operator'],
  'POST /api/v1/loan-outcomes/file/preview': ['operator'],
  'GET /api/v1/history/overview': EVERYBODY,
  'POST /api/v1/history/lookup': EVERYBODY,
  'POST /api/v1/exports': EXPORTERS,
  'GET /api/v1/exports': EXPORTERS,
  'GET /api/v1/exports/:id': EXPORTERS,
  'GET /api/v1/exports/:id/file': EXPORTERS,
  'GET /api/v1/views': EVERYBODY,
  'POST /api/v1/views': EVERYBODY,
  'DELETE /api/v1/views/:id': EVERYBODY,
  [STREAM]: EVERYBODY,
  'GET /api/v1/system': EVERYBODY,
  'GET /api/v1/troubles': EVERYBODY,
  'GET /api/v1/setup': EVERYBODY,
  'GET /api/v1/conformance-runs/latest': EVERYBODY,
  'POST /api/v1/conformance-runs': ['operator', 'admin'],
  'GET /api/v1/webhook-events': EVERYBODY,
  'POST /api/v1/webhook-events/:id/replay': ['operator'],
  'POST /api/v1/webhook-events/:id/settle': ['operator'],
  'GET /api/v1/reconciliation/runs': EVERYBODY,
  'GET /api/v1/reconciliation/gaps': EVERYBODY,
  'POST /api/v1/reconciliation/runs': ['operator'],
  'POST /api/v1/reconciliation/replays': ['operator'],
  'GET /api/v1/rate-models': EVERYBODY,
  'GET /api/v1/rate-models/:hash': EVERYBODY,
  'POST /api/v1/rate-models/run': POLICY_TESTERS,
  'POST /api/v1/rate-models/return': [
    ...POLICY_AUTHORS,
    'policy_approver',
    'operator',
    'operations_approver',
    'admin',
  ],
  'POST /api/v1/rate-models/resume': POLICY_AUTHORS,
  'POST /api/v1/rate-models/resume/approve': ['policy_approver'],
  'POST /api/v1/rate-models/resume/refuse': ['policy_approver'],
  'POST /api/v1/rate-models/:hash/approve': ['policy_approver'],
  'GET /api/v1/policies': EVERYBODY,
  'GET /api/v1/policies/active': EVERYBODY,
  'GET /api/v1/policies/activations': EVERYBODY,
  'GET /api/v1/policies/dictionary': EVERYBODY,
  'GET /api/v1/policies/rules': EVERYBODY,
  'GET /api/v1/policies/backtests/:id': EVERYBODY,
  'GET /api/v1/policies/lists': EVERYBODY,
  'GET /api/v1/policies/:number': EVERYBODY,
  'GET /api/v1/policies/:number/backtests': EVERYBODY,
  'GET /api/v1/policies/:number/diff': EVERYBODY,
  'GET /api/v1/policies/:number/examination': EVERYBODY,
  'GET /api/v1/policies/:number/review': EVERYBODY,
  'GET /api/v1/policies/:number/shadow': EVERYBODY,
  'GET /api/v1/policies/:number/standing': EVERYBODY,
  'GET /api/v1/policies/:number/lists/:list': EVERYBODY,
  'GET /api/v1/policies/:number/tables/:table': EVERYBODY,
  'POST /api/v1/policies': POLICY_AUTHORS,
  'PUT /api/v1/policies/:number': ['policy_author'],
  'PUT /api/v1/policies/:number/values': POLICY_AUTHORS,
  'PUT /api/v1/policies/:number/name': POLICY_AUTHORS,
  'PUT /api/v1/policies/:number/lists/:list': POLICY_AUTHORS,
  'PUT /api/v1/policies/:number/tables/:table': POLICY_AUTHORS,
  'DELETE /api/v1/policies/:number': POLICY_AUTHORS,
  'POST /api/v1/policies/:number/lists/:list/preview': POLICY_AUTHORS,
  'POST /api/v1/policies/:number/tables/:table/preview': POLICY_AUTHORS,
  'POST /api/v1/policies/lists': POLICY_AUTHORS,
  'POST /api/v1/policies/lists/preview': POLICY_AUTHORS,
  'POST /api/v1/policies/lists/:sha256/export': ['analyst', 'operator', 'operations_approver'],
  'POST /api/v1/policies/:number/submit': POLICY_AUTHORS,
  'POST /api/v1/policies/check': POLICY_TESTERS,
  'POST /api/v1/policies/:number/backtests': POLICY_TESTERS,
  'POST /api/v1/policies/backtests/:id/cancel': POLICY_TESTERS,
  'POST /api/v1/policies/:number/comments': POLICY_TESTERS,
  'POST /api/v1/policies/:number/approve': ['policy_approver'],
  'POST /api/v1/policies/:number/send_back': ['policy_approver'],
  'POST /api/v1/policies/:number/schedule': ['policy_approver'],
  'POST /api/v1/policies/:number/unschedule': ['policy_approver'],
  'POST /api/v1/policies/:number/activate': ['policy_approver'],
  'PUT /api/v1/policies/:number/shadow': ['policy_approver'],
  'POST /api/v1/quotes': [
    'viewer',
    'analyst',
    'policy_value_author',
    'policy_author',
    'policy_approver',
    'operator',
    'operations_approver',
  ],
  'GET /api/v1/operations': EVERYBODY,
  'GET /api/v1/operations/:key': EVERYBODY,
  'GET /api/v1/proposals': EVERYBODY,
  'GET /api/v1/proposals/:id': EVERYBODY,
  'GET /api/v1/proposal-batches': EVERYBODY,
  'GET /api/v1/proposal-batches/:id': EVERYBODY,
  'GET /api/v1/proposal-batches/:id/result': EVERYBODY,
  'POST /api/v1/proposal-batches': ['operator'],
  'POST /api/v1/proposal-batches/preview': ['operator'],
  'POST /api/v1/proposals': ['operator'],
  'POST /api/v1/proposals/estimate': ['operator'],
  'PUT /api/v1/proposals/:id/borrower': ['operator'],
  'PUT /api/v1/proposals/:id/documents/:side': ['operator'],
  'POST /api/v1/proposals/:id/query_balance': ['operator'],
  'POST /api/v1/proposals/:id/cancel_query': ['operator'],
  'POST /api/v1/proposals/:id/simulate': ['operator'],
  'POST /api/v1/proposals/:id/clear_review': ['operator', 'operations_approver'],
  'POST /api/v1/proposals/:id/settle_issue': ['operator', 'operations_approver'],
  'POST /api/v1/proposals/:id/accept': ['operator'],
  'POST /api/v1/proposals/:id/issue': ['operator'],
  'POST /api/v1/proposals/:id/withdraw': ['operator'],
  'POST /api/v1/operations/:key/documents': ['operator'],
  'POST /api/v1/operations/:key/evidence': ['analyst', 'operator', 'operations_approver'],
  'POST /api/v1/operations/:key/signature': ['operator'],
  'POST /api/v1/operations/:key/authorize': ['operator'],
  'POST /api/v1/operations/:key/resubmit_disbursement': ['operator'],
  'POST /api/v1/operations/:key/cancel_permanently': ['operator'],
  'POST /api/v1/operations/:key/request_reversal': ['operator'],
  'POST /api/v1/operations/:key/commands/:command_id/take_back': ['operator'],
  'GET /api/v1/tasks': EVERYBODY,
  'GET /api/v1/tasks/:id': EVERYBODY,
  'POST /api/v1/tasks/bulk': ['operator'],
  'POST /api/v1/tasks/:id/claim': ['operator'],
  'POST /api/v1/tasks/:id/release': ['operator'],
  'POST /api/v1/tasks/:id/snooze': ['operator'],
  'POST /api/v1/tasks/:id/take_back': ['admin'],
  'POST /api/v1/tasks/:id/resolve': ['operator'],
  'GET /api/v1/approvals': EVERYBODY,
  'POST /api/v1/approvals/:id/approve': ['operations_approver'],
  'POST /api/v1/approvals/:id/reject': ['operations_approver'],
  'POST /api/v1/approvals/:id/undo': ['operator', 'operations_approver'],
  'GET /api/v1/kill-switch': EVERYBODY,
  'POST /api/v1/kill-switch/engage': ['policy_approver', 'operator', 'operations_approver', 'admin'],
  'POST /api/v1/kill-switch/release': ['operator', 'operations_approver'],
  'GET /api/v1/notification-endpoints': ['operator', 'operations_approver', 'auditor', 'admin'],
  'GET /api/v1/notification-endpoints/:id': ['operator', 'operations_approver', 'auditor', 'admin'],
  'GET /api/v1/notification-endpoints/:id/deliveries': [
    'operator',
    'operations_approver',
    'auditor',
    'admin',
  ],
  'GET /api/v1/notification-endpoints/:id/deliveries/:delivery': [
    'operator',
    'operations_approver',
    'auditor',
    'admin',
  ],
  'POST /api/v1/notification-endpoints': ['admin'],
  'PATCH /api/v1/notification-endpoints/:id': ['admin'],
  'DELETE /api/v1/notification-endpoints/:id': ['admin'],
  'POST /api/v1/notification-endpoints/:id/secret': ['admin'],
  'POST /api/v1/notification-endpoints/:id/trial': ['admin'],
  'POST /api/v1/notification-endpoints/:id/deliveries/:delivery/resend': ['admin'],
  'GET /api/v1/qi-filters': EVERYBODY,
  'GET /api/v1/recoveries': EVERYBODY,
  'POST /api/v1/recoveries/:id/confirm': ['operator', 'operations_approver'],
  'GET /api/v1/qi-filters/changes': EVERYBODY,
  'POST /api/v1/qi-filters/changes': ['policy_value_author', 'policy_author', 'operator'],
  'POST /api/v1/qi-filters/changes/:id/send': ['policy_approver', 'operations_approver'],
  'POST /api/v1/qi-filters/changes/:id/withdraw': ['policy_value_author', 'policy_author', 'operator'],
  'POST /api/v1/qi-filters/stop': ['policy_approver', 'operator', 'operations_approver', 'admin'],
  'GET /api/v1/session': EVERYBODY,
  ...Object.fromEntries(PEOPLE_ONLY.map((route) => [route, []])),
  'GET /api/v1/audit': ['auditor'],
  'GET /api/v1/users': ['admin'],
  'POST /api/v1/users': ['admin'],
  'PATCH /api/v1/users/:id': ['admin'],
  'POST /api/v1/users/:id/invitation': ['admin'],
  'DELETE /api/v1/users/:id/sessions': ['admin'],
  'GET /api/v1/tokens': ['admin'],
  'POST /api/v1/tokens': ['admin'],
  'POST /api/v1/tokens/:id/hand-over': ['admin'],
  'DELETE /api/v1/tokens/:id': ['admin'],
};

const OPERATORS = 'management-token-of-the-tests-0123456789';

/** As one would leave it who forgot the permission. */
@Controller('forgotten')
class ForgottenController {
  @Get()
  read(): { secret: string } {
    return { secret: 'everything' };
  }
}
const FORGOTTEN = 'GET /api/v1/forgotten';

describe('who may use which route', () => {
  let world: AccessWorld;
  let routes: string[];
  beforeAll(async () => {
    world = await createAccessWorld(
      { ARREMATE_MANAGEMENT_PORT: '0', ARREMATE_MANAGEMENT_TOKEN: OPERATORS },
      ForgottenController,
    );
    routes = world.routes.filter(
      (route) => !PUBLIC.includes(route) && !PAGES.test(route) && route !== FORGOTTEN,
    );
  });
  afterAll(() => world.close());

  const knock = async (call: Call, route: string): Promise<number> => {
    const [method = '', path = ''] = route.split(' ');
    const url = path.replace(/:\w+/g, NO_KEY);
    const answer = call(method as 'GET', url, method === 'GET' ? undefined : {});
    if (route !== STREAM) return (await answer).status;
    const isLetIn = new Promise<number>((resolve) => setTimeout(resolve, 300, 200));
    return Promise.race([answer.then(({ status }) => status), isLetIn]);
  };

  const answerOf = async (call: Call, route: string) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await call(
      method as 'GET',
      path.replace(/:\w+/g, NO_KEY),
      method === 'GET' ? undefined : {},
    );
    return { route, headers: answer.headers };
  };

  it('every route there is stands in the table, and every line of the table is a route', () => {
    expect(routes.toSorted()).toEqual(Object.keys(MAY_USE).toSorted());
    expect(world.routes).toEqual(expect.arrayContaining([...PUBLIC, FORGOTTEN]));
  });

  it.each([
    ['nothing', undefined],
    ['a token nobody gave out', `Bearer arremate_${'x'.repeat(43)}`],
    ['a token that is almost right', `Bearer ${MASTER.slice(0, -1)}`],
    ['another scheme', `Basic ${Buffer.from(`a:${MASTER}`).toString('base64')}`],
  ])('a stranger with %s is let in nowhere', async (_, authorization) => {
    for (const route of [...routes, FORGOTTEN]) {
      const answer = await knock(
        (method, path, body) => world.call(method, path, body, authorization ? { authorization } : {}),
        route,
      );
      expect([route, answer]).toEqual([route, 401]);
    }
  });

  it.each(ROLES)('%s gets in where the table says so and nowhere else', async (role) => {
    const call = world.as(await world.tokenFor(role));
    for (const route of routes) {
      const status = await knock(call, route);
      const isIn = status !== 401 && status !== 403;
      expect([route, isIn]).toEqual([route, MAY_USE[route]?.includes(role)]);
      expect(status).toBeLessThan(500);
    }
  });

  it('every answer keeps browsers and caches from doing with it what nobody meant', async () => {
    const always = {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.any(String) as string,
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'.*frame-ancestors 'none'$/,
      ) as string,
    };
    const master = world.as(MASTER);
    const operators = world.as(OPERATORS);
    const answers = [
      // One hook gives them: some routes stand for all.
      ...(await Promise.all(
        [...routes.slice(0, 6), 'GET /health/live', 'POST /webhooks/qi', 'GET /api/v1/session/methods'].map(
          (route) => answerOf(world.call, route),
        ),
      )),
      ...(await Promise.all(
        ['/api/v1/auctions', '/api/v1/auctions/x', '/api/nowhere', '/api/v1/%zz'].map((path) =>
          answerOf(master, `GET ${path}`),
        ),
      )),
      ...(await Promise.all(
        ['/metrics', '/health/ready', '/api/openapi.json'].map((path) => answerOf(operators, `GET ${path}`)),
      )),
    ];
    for (const { route, headers } of answers)
      expect([route, headers]).toEqual([
        route,
        expect.objectContaining({ ...always, 'cache-control': 'no-store' }),
      ]);
    const pages = [await answerOf(world.call, 'GET /'), await answerOf(operators, 'GET /api/docs')];
    for (const { route, headers } of pages)
      expect([route, headers]).toEqual([route, expect.objectContaining(always)]);
    expect(
      pages.map(({ headers }) => /script-src 'self';/.test(String(headers['content-security-policy']))),
    ).toEqual([true, true]);
    const file = await answerOf(world.call, 'GET /assets/app.js');
    expect(file.headers).toMatchObject({ ...always, 'cache-control': 'public, max-age=31536000, immutable' });
    // Where people come by https only, browsers are told so: a setting decides, the tests have none.
    expect(answers[0]?.headers['strict-transport-security']).toBeUndefined();
  });

  it('a route whose permission was forgotten is refused to everybody', async () => {
    expect(await knock(world.as(MASTER), FORGOTTEN)).toBe(403);
    expect(await knock(world.as(await world.tokenFor(...ROLES)), FORGOTTEN)).toBe(403);
  });

  describe('what is for operators, where a port or a token is set for it', () => {
    const DOCUMENTATION = ['/api/docs', '/api/docs/swagger-ui-init.js', '/api/openapi.json', '/api/%64ocs'];
    const seen = async (call: Call, paths: readonly string[]) =>
      Promise.all(paths.map(async (path) => (await call('GET', path)).status));
    const all = (status: number, paths: readonly string[]) => paths.map(() => status);

    it('strangers see that the service lives and is ready, and no more', async () => {
      expect(await seen(world.call, ['/metrics', ...DOCUMENTATION])).toEqual(
        all(401, ['', ...DOCUMENTATION]),
      );
      expect((await world.call('POST', '/heartbeat')).status).toBe(401);
      expect((await world.call('GET', '/health/live')).body).toEqual({ status: 'live' });
      expect((await world.call('GET', '/health/ready')).body).toEqual({ status: 'ready' });
    });

    it('the token opens it, and nothing else; an API token opens the description alone', async () => {
      const operators = world.as(OPERATORS);
      expect(await seen(operators, ['/metrics', ...DOCUMENTATION])).toEqual(all(200, ['', ...DOCUMENTATION]));
      expect((await operators('POST', '/heartbeat', { alerts: [] })).status).toBe(204);
      expect((await operators('GET', '/health/ready')).body).toHaveProperty('clock_offset_ms');
      expect(await seen(operators, ['/api/v1/auctions'])).toEqual([401]);
      const script = world.as(await world.tokenFor('viewer'));
      expect(await seen(script, ['/metrics', ...DOCUMENTATION])).toEqual([401, ...all(200, DOCUMENTATION)]);
    });

    it('the port has it and nothing else', async () => {
      const door = world.app.get(ManagementDoor);
      const url = `http://127.0.0.1:${String(await door.listen(world.app))}`;
      try {
        const status = async (path: string, init?: RequestInit) => (await fetch(url + path, init)).status;
        expect(await Promise.all(['/metrics', ...DOCUMENTATION].map((path) => status(path)))).toEqual(
          all(200, ['', ...DOCUMENTATION]),
        );
        expect(await (await fetch(`${url}/health/ready`)).json()).toHaveProperty('clock_offset_ms');
        const authorization = `Bearer ${MASTER}`;
        const elsewhere = ['/', '/api/v1/session/methods', '/api/v1/auctions', '/nowhere', '/api/v1/live'];
        for (const path of elsewhere)
          expect([path, await status(path, { headers: { authorization } })]).toEqual([path, 404]);
        expect(await status('/webhooks/qi', { method: 'POST', body: '{}' })).toBe(404);
      } finally {
        door.close();
      }
    });
  });
});
