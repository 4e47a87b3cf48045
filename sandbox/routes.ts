import type { JsonObject } from '../src/kernel';
import { ok, type Answer, type CallContext } from './answer';
import type { QiSandbox } from './sandbox';

interface RoutedCall {
  readonly body: JsonObject;
  readonly query: URLSearchParams;
  readonly context: CallContext;
}

export interface Route {
  readonly operation: string;
  readonly method: string;
  /** Its groups are the path's parameters; the first one is the key that scripted faults go by. */
  readonly path: RegExp;
  readonly answer: (sandbox: QiSandbox, parameters: readonly string[], call: RoutedCall) => Answer;
}

const KEY = '([^/]+)';
const exactly = (path: string): RegExp => new RegExp(`^${path.replaceAll(':key', KEY)}/?$`);

/** QI's API as far as the product uses it. */
export const ROUTES: readonly Route[] = [
  {
    operation: 'propose',
    method: 'POST',
    path: exactly('/private_payroll_auction/issuer_proposal_request/:key/auction_proposal'),
    answer: (sandbox, [key = ''], { body, context }) => sandbox.auctions.propose(key, body, context),
  },
  {
    operation: 'authorize',
    method: 'PATCH',
    path: exactly('/private_payroll/reservation/external_key/:key/authorize'),
    answer: (sandbox, [key = ''], { context }) => sandbox.loans.authorize(key, context),
  },
  {
    operation: 'reservation_query',
    method: 'GET',
    path: exactly('/private_payroll/reservation/external_key/:key'),
    answer: (sandbox, [key = ''], { query }) =>
      sandbox.loans.queryReservations(key, Math.max(1, Number(query.get('page') ?? '1') || 1)),
  },
  {
    operation: 'change_disbursement_date',
    method: 'POST',
    path: exactly('/debt/:key/change_disbursement_date'),
    answer: (sandbox, [key = ''], { body, context }) =>
      sandbox.loans.changeDisbursementDate(key, body, context),
  },
  {
    operation: 'cancel_permanently',
    method: 'POST',
    path: exactly('/debt/:key/cancel_permanently'),
    answer: (sandbox, [key = ''], { context }) => sandbox.loans.cancelPermanently(key, context),
  },
  {
    operation: 'list_notifications',
    method: 'GET',
    path: exactly('/notification/events'),
    answer: (sandbox, _, { query }) => sandbox.listNotifications(query),
  },
  {
    operation: 'resend_notification',
    method: 'PATCH',
    path: exactly('/notification/events/:key/callbacks/:key'),
    answer: (sandbox, [eventKey = '', callbackKey = '']) => sandbox.resend(eventKey, callbackKey),
  },
  {
    operation: 'set_filter',
    method: 'PATCH',
    path: exactly('/private_payroll_auction/requester_configuration/custom_data'),
    answer: (sandbox, _, { body }) => sandbox.setFilter(body),
  },
  {
    operation: 'mock_request',
    method: 'POST',
    path: exactly('/mock/private_payroll_auction/issuer_proposal_request'),
    answer: (sandbox, _, { body }) => sandbox.mockRequest(body),
  },
  { operation: 'ping', method: 'GET', path: exactly('/test/ping'), answer: () => ok({ ping: 'pong' }) },
  ...['GET', 'POST'].map((method) => ({
    operation: 'test',
    method,
    path: exactly('/test(?:/:key)?'),
    answer: (_sandbox: QiSandbox, _parameters: readonly string[], { body }: RoutedCall) =>
      ok({ success: true, received: body }),
  })),
];
