import type { CommandAnswer } from '../../src/commands';
import { readAuthorizationEvidence } from '../../src/operation/domain';
import type { ReservationDesk } from '../../src/operation';
import { FakeReservationDesk } from '../support/fake-reservation-desk';
import { ourSide, startServer, within, type Answer, type LoopbackServer } from './qi/other-side';

/** How QI treats the next command. */
type Treatment = 'taken' | 'taken_and_lost' | 'lost' | 'refused';

/** A desk, and a hand on QI behind it. */
interface Counter {
  readonly desk: ReservationDesk;
  treat(action: 'authorize' | 'cancel_permanently', treatment: Treatment): void;
  goDown(): Promise<void>;
  close(): Promise<void>;
}

const KEY = '9e06ca79-3610-4794-8312-9663e0343f6b';
const LOAN = {
  creditOperationKey: KEY,
  auctionProposalKey: null,
  issuerProposalRequestKey: null,
  origin: null,
  isBeforeReservation: false,
};
const REFUSAL = { code: 'QIT000001', description: 'Reservation not found' };

function fakeCounter(): Promise<Counter> {
  const desk = new FakeReservationDesk();
  const planned: Record<Exclude<Treatment, 'taken'>, CommandAnswer | 'lost' | 'lost_untaken'> = {
    taken_and_lost: 'lost',
    lost: 'lost_untaken',
    refused: { kind: 'rejected', httpStatus: 400, ...REFUSAL, body: JSON.stringify(REFUSAL) },
  };
  return Promise.resolve({
    desk,
    treat: (action, treatment) => {
      if (treatment !== 'taken') desk.plan(action, planned[treatment]);
    },
    goDown: () => {
      desk.isDown = true;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

async function realCounter(): Promise<Counter> {
  const server: LoopbackServer = await startServer();
  let reservation_status = 'pending_requester_authorization';
  let next: Treatment = 'taken';
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await server.close();
    open = false;
  };
  server.behave(({ method, url }, socket): Answer | undefined => {
    if (method === 'GET')
      return { body: JSON.stringify({ data: [{ reservation_status }], pagination: { next_page: null } }) };
    if (next === 'refused') return { status: 400, body: JSON.stringify(REFUSAL) };
    if (next !== 'lost') reservation_status = url.endsWith('/authorize') ? 'authorized' : 'canceled';
    if (next === 'taken') return { body: '{}' };
    socket.resetAndDestroy();
    return undefined;
  });
  return {
    desk: ourSide({ baseUrl: server.baseUrl }).reservations,
    treat: (_action, treatment) => (next = treatment),
    goDown: close,
    close,
  };
}

/** What the operation relies on, true of the desk in memory and of the one that speaks HTTP. */
describe.each([
  ['the desk in memory', fakeCounter],
  ["QI's desk over HTTP", realCounter],
])('%s', (_name, start) => {
  let counter: Counter;
  beforeEach(async () => {
    counter = await start();
  });
  afterEach(() => counter.close());

  const authorize = () => counter.desk.authorize(KEY, within(2_000));
  const evidence = async (): Promise<string> => {
    const answer = await counter.desk.findReservations(KEY, 2_000);
    return answer.kind === 'accepted' ? readAuthorizationEvidence(answer.body) : answer.kind;
  };

  it('says that QI took a command, and finds it afterwards', async () => {
    expect(await evidence()).toBe('not_authorized');
    expect(await authorize()).toMatchObject({ kind: 'accepted', httpStatus: 200 });
    expect(await evidence()).toBe('authorized');
  });

  it("keeps QI's words when it refuses, and nothing has happened", async () => {
    counter.treat('authorize', 'refused');
    expect(await authorize()).toEqual({
      kind: 'rejected',
      httpStatus: 400,
      ...REFUSAL,
      body: JSON.stringify(REFUSAL),
    });
    expect(await evidence()).toBe('not_authorized');
  });

  it('does not claim to know what became of a command whose answer was lost', async () => {
    counter.treat('authorize', 'lost');
    expect(await authorize()).toMatchObject({ kind: 'unknown' });
    expect(await evidence()).toBe('not_authorized');
    counter.treat('authorize', 'taken_and_lost');
    expect(await authorize()).toMatchObject({ kind: 'unknown' });
    expect(await evidence()).toBe('authorized');
  });

  it('knows that nothing was taken when nobody listens', async () => {
    await counter.goDown();
    expect(await authorize()).toMatchObject({ kind: 'not_taken' });
    expect(await counter.desk.cancelPermanently(LOAN, within(2_000))).toMatchObject({ kind: 'not_taken' });
    expect(await counter.desk.resubmitDisbursement({ creditOperationKey: KEY, product: 'private_payroll' }, {}, within(2_000))).toMatchObject({ kind: 'not_taken' });
    expect(await evidence()).toBe('not_taken');
  });

  it('makes an unclear case of a reservation that was cancelled', async () => {
    expect(await counter.desk.cancelPermanently(LOAN, within(2_000))).toMatchObject({ kind: 'accepted' });
    expect(await evidence()).toBe('unclear');
  });
});
