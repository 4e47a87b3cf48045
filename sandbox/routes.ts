import { ok } from './answer';
import { DEBT_ROUTES } from './debts/debt-routes';
import { FEDERAL_PAYROLL_ROUTES } from './federal-payroll/federal-payroll-routes';
import { FGTS_ROUTES } from './fgts/fgts-routes';
import type { Contract, Route, RoutedCall } from './route';
import type { QiSandbox } from './sandbox';

/** QI's API as far as a partner uses it. */
const ROUTES: readonly Route[] = [
  {
    operation: 'propose',
    method: 'POST',
    path: '/private_payroll_auction/issuer_proposal_request/:key/auction_proposal',
    answer: (sandbox, [key = ''], { body, context }) => sandbox.auctions.propose(key, body, context),
  },
  {
    operation: 'authorize',
    method: 'PATCH',
    path: '/private_payroll/reservation/external_key/:key/authorize',
    answer: (sandbox, [key = ''], { context }) => sandbox.loans.authorize(key, context),
  },
  {
    operation: 'reservation_query',
    method: 'GET',
    path: '/private_payroll/reservation/external_key/:key',
    answer: (sandbox, [key = ''], { query }) =>
      sandbox.loans.queryReservations(key, Math.max(1, Number(query.get('page') ?? '1') || 1)),
  },
  {
    operation: 'change_disbursement_date',
    method: 'POST',
    path: '/debt/:key/change_disbursement_date',
    answer: (sandbox, [key = ''], { body, context }) =>
      (sandbox.debts.find(key) === undefined ? sandbox.loans : sandbox.debts.commands).changeDisbursementDate(
        key,
        body,
        context,
      ),
  },
  {
    operation: 'cancel_permanently',
    method: 'POST',
    path: '/debt/:key/cancel_permanently',
    answer: (sandbox, [key = ''], { context }) =>
      (sandbox.debts.find(key) === undefined ? sandbox.loans : sandbox.debts.commands).cancelPermanently(
        key,
        context,
      ),
  },
  ...DEBT_ROUTES,
  ...FGTS_ROUTES,
  ...FEDERAL_PAYROLL_ROUTES,
  {
    operation: 'list_notifications',
    method: 'GET',
    path: '/notification/events',
    answer: (sandbox, _, { query }) => sandbox.listNotifications(query),
  },
  {
    operation: 'resend_notification',
    method: 'PATCH',
    path: '/notification/events/:key/callbacks/:key',
    answer: (sandbox, [eventKey = '', callbackKey = '']) => sandbox.resend(eventKey, callbackKey),
  },
  {
    operation: 'set_filter',
    method: 'PATCH',
    path: '/private_payroll_auction/requester_configuration/custom_data',
    answer: (sandbox, _, { body }) => sandbox.setFilter(body),
  },
  {
    operation: 'mock_request',
    method: 'POST',
    path: '/mock/private_payroll_auction/issuer_proposal_request',
    answer: (sandbox, _, { body }) => sandbox.mockRequest(body),
  },
  { operation: 'ping', method: 'GET', path: '/test/ping', answer: () => ok({ ping: 'pong' }) },
  ...['GET', 'POST'].map((method) => ({
    operation: 'test',
    method,
    path: '/test(?:/:key)?',
    answer: (_sandbox: QiSandbox, _parameters: readonly string[], { body }: RoutedCall) =>
      ok({ success: true, received: body }),
  })),
];

export interface FoundRoute {
  readonly route: Route;
  readonly parameters: readonly string[];
}

const patterns = new Map<string, RegExp>();

/** The route of a call, under the paths that the contract's settings give. */
export function findRoute(method: string, pathname: string, contract: Contract): FoundRoute | undefined {
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const match = patternOf(typeof route.path === 'string' ? route.path : route.path(contract)).exec(
      pathname,
    );
    if (match !== null) return { route, parameters: match.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}

function patternOf(path: string): RegExp {
  const known = patterns.get(path) ?? new RegExp(`^${path.replaceAll(':key', '([^/]+)')}/?$`);
  patterns.set(path, known);
  return known;
}
