import { changeBehaviour, defaultBehaviour } from './behaviour';
import { ledgerText, resumeLedger } from './ledger-file';
import { QiSandbox } from './sandbox';
import { VirtualTimeline } from './virtual-timeline';
import { Decimal, parseJson, type JsonObject } from '../src/kernel';

const BEGIN = new Date('2026-08-03T12:00:00Z');
const NEVER = new Date('2027-01-01T00:00:00Z');

interface Run {
  readonly qi: QiSandbox;
  readonly timeline: VirtualTimeline;
  /** Types and statuses of the webhooks so far. */
  readonly told: () => string[];
}

function run(begin: Date): Run {
  const identity = {
    scheme: 'none',
    apiClientKey: 'x',
    privateKey: undefined,
    partnerPublicKey: undefined,
  } as const;
  const behaviour = changeBehaviour(defaultBehaviour(), {
    webhooks: { url: null, retries: 0 },
    rivals: { presence: 0 },
  });
  const timeline = new VirtualTimeline(begin);
  const qi = new QiSandbox(1, identity, behaviour, () => undefined, timeline);
  const told = (): string[] =>
    qi.delivery.journal.entries.map(
      ({ webhookType, status }) => `${webhookType.split('.').at(-1) ?? ''} ${status}`,
    );
  return { qi, timeline, told };
}

function propose({ qi }: Run, key: string): void {
  const body = parseJson(
    '{"request_control_key":"8a0f2b9e-6a5b-4a53-9a57-5f0e0a8c1d11","monthly_interest_rate":0.02,"number_of_installments":12,"disbursed_issue_amount":1000.00,"purchaser_document_number":"11222333000181","days_to_expiration":7,"rebates":[]}',
  ) as JsonObject;
  expect(qi.auctions.propose(key, body, qi.contextOf('none')).status).toBe(200);
}

/** Carries out what is due, until something is true. */
function goOn({ timeline }: Run, until: () => boolean): void {
  while (!until() && timeline.step(NEVER));
}

test('a later run goes on with auctions and loans where they stood, and opens others than the earlier one', () => {
  const before = run(BEGIN);
  const request = { consigned_credit_balance: 5000 };
  const slowly = { step_seconds: 7_200 };
  const won = before.qi.openAuction({ request, loan: { disbursement: ['disbursed'], ...slowly }, ...slowly });
  propose(before, won.key);
  goOn(before, () => before.qi.loans.all().some(({ state }) => state === 'pending_requester_authorization'));
  const open = before.qi.openAuction({ request });
  propose(before, open.key);

  const after = run(before.timeline.now());
  resumeLedger(after.qi, ledgerText(before.qi));
  goOn(after, () => after.qi.auctions.find(open.key)?.status === 'finished');
  expect(after.told()).toContain('end_of_auction won');
  const loan = after.qi.loans.find(won.creditOperationKey ?? '');
  expect(loan?.payout.amount).toEqual(new Decimal(1000));
  expect(after.qi.loans.authorize(loan?.creditOperationKey ?? '', after.qi.contextOf('none')).status).toBe(
    202,
  );
  goOn(after, () => loan?.state === 'disbursed');
  expect(loan?.state).toBe('disbursed');
  // At the pace of its own run, not in hours.
  expect(after.timeline.now().getTime() - before.timeline.now().getTime()).toBeLessThan(120_000);
  expect(after.qi.openAuction({}).request['document_number']).not.toBe(won.request['document_number']);
});

test('what is over is not kept', () => {
  const before = run(BEGIN);
  const auction = before.qi.openAuction({ loan: { disbursement: ['disbursed'] } });
  propose(before, auction.key);
  goOn(before, () => before.qi.loans.all().some(({ state }) => state === 'pending_requester_authorization'));
  before.qi.loans.authorize(auction.creditOperationKey ?? '', before.qi.contextOf('none'));
  goOn(before, () => false);
  for (const event of before.qi.delivery.journal.entries) event.callbackStatus = 'sent';
  expect(JSON.parse(ledgerText(before.qi))).toMatchObject({
    opened: 1,
    auctions: [],
    loans: [],
    undelivered: [],
  });
});

test.each(['never', 'canceled_permanently'] as const)(
  'a loan that failed to be signed ends in a later run, by the partner or by QI: %s',
  (unsigned_ends) => {
    const before = run(BEGIN);
    const auction = before.qi.openAuction({ loan: { signature: 'face_validation_score' } });
    propose(before, auction.key);
    goOn(before, () => before.qi.loans.all().some(({ state }) => state === 'signature_failed'));
    const after = run(before.timeline.now());
    after.qi.changeBehaviour({ contract: { unsigned_ends } });
    resumeLedger(after.qi, ledgerText(before.qi));
    if (unsigned_ends === 'never') {
      goOn(after, () => false);
      expect(after.told()).not.toContain('debt canceled_permanently');
      const key = auction.creditOperationKey ?? '';
      expect(after.qi.loans.cancelPermanently(key, after.qi.contextOf('none')).status).toBe(200);
    }
    goOn(after, () => false);
    expect(after.told()).toContain('debt canceled_permanently');
  },
);

test('a file that is none is refused', () => {
  expect(() => {
    resumeLedger(run(BEGIN).qi, '{"format":2}');
  }).toThrow('format');
});
