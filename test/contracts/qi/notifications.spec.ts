import type { NotificationQuery } from '../../../src/reconciliation';
import { ourSide, startServer, type Answer, type LoopbackServer } from './other-side';

const WINDOW = { from: new Date('2026-08-01T10:00:00.250Z'), to: new Date('2026-08-15T09:59:59.250Z') };
const QUERY: NotificationQuery = { window: WINDOW, originKey: undefined, onlyFailed: false, page: 1 };

let server: LoopbackServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const desk = () => ourSide({ baseUrl: server.baseUrl }).notifications;
const answer = (body: unknown, status = 200): void => {
  server.behave((): Answer => ({ status, body: JSON.stringify(body) }));
};

/** As QI's documentation prints it, with what else it might say. */
const LISTED = {
  event_key: 'e-1',
  event_type: 'debt_disbursed',
  status: 'processed',
  origin_enumerator: 'debt',
  origin_key: 'o-1',
  callbacks: [
    { callback_key: 'c-1', callback_status: 'failed' },
    { callback_key: 'c-2', callback_status: 'SENT' },
  ],
};

describe('the list of notifications', () => {
  it.each<[string, Partial<NotificationQuery>, Record<string, string>]>([
    ['whole seconds, none left out', {}, {}],
    ['one origin', { originKey: 'o 1' }, { origin_key: 'o 1' }],
    ['only what failed', { onlyFailed: true }, { callback_status: 'failed' }],
    ['a later page', { page: 3 }, { page: '3' }],
  ])('is asked for by %s', async (_what, change, parameters) => {
    answer({ data: [] });
    await desk().list({ ...QUERY, ...change }, 2_000);
    const [request] = server.requests;
    const url = new URL(request?.url ?? '', server.baseUrl);
    expect([request?.method, url.pathname]).toEqual(['GET', '/notification/events']);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      start_datetime: '2026-08-01T10:00:00Z',
      end_datetime: '2026-08-15T10:00:00Z',
      ...parameters,
    });
  });

  it('is read as printed; a row without its key is left out, whatever is missing stays unknown', async () => {
    answer({ data: [LISTED, { event_type: 'x' }, { event_key: 'e-2', callbacks: null }] });
    expect(await desk().list(QUERY, 2_000)).toMatchObject({
      kind: 'listed',
      notifications: [
        {
          eventKey: 'e-1',
          originKey: 'o-1',
          callbacks: [
            { key: 'c-1', status: 'failed' },
            { key: 'c-2', status: 'sent' },
          ],
          occurredAt: undefined,
        },
        { eventKey: 'e-2', originKey: undefined, callbacks: [] },
      ],
    });
  });

  it.each([
    ['a next page', 25, { current_page: 1, next_page: 2, rows_per_page: 25 }, false, true],
    ['no next page', 25, { current_page: 1, next_page: null, rows_per_page: 25 }, true, false],
    ['a full page and no word of a next one', 25, { current_page: 1, rows_per_page: 25 }, false, true],
    ['a page that is not full', 24, { current_page: 1, rows_per_page: 25 }, true, false],
    ['an empty page', 0, { current_page: 2, rows_per_page: 25 }, true, false],
    ['nothing about pages', 3, undefined, false, false],
  ])('with %s: the end is known', async (_what, rows, pagination, isLast, isFull) => {
    answer({ data: Array.from({ length: rows }, (_, i) => ({ event_key: `e-${i}` })), pagination });
    expect(await desk().list(QUERY, 2_000)).toMatchObject({ kind: 'listed', isLast, isFull });
  });

  it.each([
    [{ title: 'window too long' }, 400, 'refused'],
    [{ no: 'list' }, 200, 'refused'],
    [{}, 503, 'unavailable'],
    [{}, 429, 'unavailable'],
  ])('answered %j with HTTP %d is %s', async (body, status, kind) => {
    answer(body, status);
    expect(await desk().list(QUERY, 2_000)).toMatchObject({ kind });
  });
});

describe('sending again', () => {
  it('names the event and its callback, in the path as set and in the body', async () => {
    const { notifications } = ourSide({
      baseUrl: server.baseUrl,
      notifications: { listPath: 'x', resendPath: 'resend/{callback_key}/of/{event_key}' },
    });
    expect(await notifications.resend('e/1', 'c-1', 2_000)).toEqual({ kind: 'resent' });
    const [request] = server.requests;
    expect([request?.method, request?.url]).toEqual(['PATCH', '/resend/c-1/of/e%2F1']);
    expect(JSON.parse(String(request?.body))).toEqual({ event_key: 'e/1', callback_key: 'c-1' });
  });

  it.each([
    [404, 'refused'],
    [500, 'unavailable'],
  ])('answered with HTTP %d is %s', async (status, kind) => {
    answer({}, status);
    expect(await desk().resend('e', 'c', 2_000)).toMatchObject({ kind });
  });

  it('is unavailable when nobody listens', async () => {
    const { notifications } = ourSide({ baseUrl: 'http://127.0.0.1:9' });
    expect(await notifications.resend('e', 'c', 2_000)).toMatchObject({ kind: 'unavailable' });
  });
});
