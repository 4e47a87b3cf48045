import { printed } from '../support/webhooks';
import { waitFor } from '../support/wait-for';
import { AuctionWorld } from './auction-world';

/** Every webhook that the manuals print of a loan, one after the other, and where each leads. */
const OPERATION = 'private-payroll-operation';
const RESERVATION = 'private-payroll-reservation';

describe('the printed webhooks', () => {
  let world: AuctionWorld;
  beforeAll(async () => {
    world = await AuctionWorld.start();
  });
  afterAll(() => world.end());

  it('a request of 2025 is stored, and its limit has passed', async () => {
    const webhook = printed('private-payroll-auction/01-webhook-new-issuer-proposal-request.json');
    expect(await world.push(webhook)).toBe(200);
    await world.auctionBecomes(String(webhook['key']), 'missed');
  });

  it('the end of an auction that never arrived waits for it', async () => {
    const webhook = printed('private-payroll-auction/06-webhook-end-of-auction-won.json');
    expect(await world.push(webhook)).toBe(200);
    await waitFor('the event to wait', async () => {
      const { rows } = await world.sql.query<{ correlation_key: string }>(
        `SELECT correlation_key FROM webhook_event WHERE event_key = $1 AND status = 'waiting'`,
        [webhook['key']],
      );
      return rows[0]?.correlation_key;
    });
  });

  it.each([
    [`${OPERATION}/01-webhook-credit-operation-signed.json`, '<credit_operation_key>', 'signed'],
    [
      `${OPERATION}/02-webhook-credit-operation-canceled-signature-failure.json`,
      'e8e28023-fa00-4d12-a410-ede4157957ea',
      'signature_failed',
    ],
    [
      `${OPERATION}/03-webhook-reservation-status-pending-requester-authorization.json`,
      '<credit_operation_key>',
      'awaiting_authorization',
    ],
    [
      `${RESERVATION}/01-webhook-reservation-status-pending-requester-authorization.json`,
      '<Debt Key>',
      'awaiting_authorization',
    ],
    [`${RESERVATION}/03-webhook-collateral-constituted-true-wrapped.json`, '<UUID>', 'reserved'],
    [
      `${RESERVATION}/04-webhook-collateral-constituted-false.json`,
      '72926c65-35a5-4060-b5ec-af8661d8546a',
      'reservation_retrying',
    ],
    [`${RESERVATION}/05-webhook-debt-disbursed.json`, '8351238-1272-46b2-292b-7161a05c5161', 'disbursed'],
    [`${RESERVATION}/06-webhook-debt-canceled-ted-refusal.json`, '<Debt Key>', 'disbursement_failed'],
    [`${RESERVATION}/07-webhook-debt-canceled-pix-refusal.json`, '<Debt Key>', 'disbursement_failed'],
    [`${RESERVATION}/10-webhook-debt-canceled-permanently.json`, '<Debt Key>', 'canceled_permanently'],
  ])('%s leads operation %s to %s', async (file, key, status) => {
    expect(await world.push(printed(file))).toBe(200);
    await world.operationBecomes(key, status);
  });

  it.each([
    ['10-response-debt-issue-waiting-signature.json', 'not_asked'],
    ['11-webhook-collateral-pending-consent.json', 'pending_consent'],
    ['12-webhook-collateral-constituted-true.json', 'held'],
  ])('federal-payroll/%s leads the margin of its operation to %s', async (file, margin) => {
    const webhook = printed(`federal-payroll/${file}`);
    expect(await world.push({ ...webhook, key: 'a debt of the federal payroll' })).toBe(200);
    await waitFor(`the margin to be ${margin}`, async () => {
      const { rows } = await world.sql.query<{ margin: string; status: string }>(
        `SELECT margin_status AS margin, status FROM operation WHERE credit_operation_key = $1`,
        ['a debt of the federal payroll'],
      );
      return rows[0]?.margin === margin && rows[0].status === 'awaiting_signature' ? true : undefined;
    });
  });
});
