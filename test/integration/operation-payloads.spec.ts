import { Decimal } from '../../src/kernel';
import { readEnvelope, readOperationEvent } from '../../src/qi';
import type { OperationEvent } from '../../src/operation/domain';
import { payload } from '../contracts/qi/payloads';
import { createWorld, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** The webhook as printed, its envelope taken off, read by the one reader. */
function printed(name: string): OperationEvent {
  const reading = readOperationEvent(readEnvelope(payload(name)).document);
  if (reading.kind !== 'read') throw new Error(`${name} is ${reading.kind}`);
  return reading.event;
}

describe('a webhook as the manuals print it', () => {
  it.each<[string, string, string[], string | null]>([
    ['operation/01-webhook-credit-operation-signed', 'signed', [], null],
    [
      'operation/02-webhook-credit-operation-canceled-signature-failure',
      'signature_failed',
      [],
      'face_validation_score',
    ],
    [
      'operation/03-webhook-reservation-status-pending-requester-authorization',
      'awaiting_authorization',
      ['authorization_review'],
      null,
    ],
    ['reservation/03-webhook-collateral-constituted-true-wrapped', 'reserved', [], null],
    [
      'reservation/04-webhook-collateral-constituted-false',
      'reservation_retrying',
      [],
      'monthly_interest_rate_exceeds_active_proposal',
    ],
    ['reservation/05-webhook-debt-disbursed', 'disbursed', [], null],
    [
      'reservation/06-webhook-debt-canceled-ted-refusal',
      'disbursement_failed',
      ['disbursement_failed'],
      'ted_refusal',
    ],
    [
      'reservation/07-webhook-debt-canceled-pix-refusal',
      'disbursement_failed',
      ['disbursement_failed'],
      'pix_refusal',
    ],
    ['reservation/10-webhook-debt-canceled-permanently', 'canceled_permanently', [], null],
  ])('%s leaves the loan %s with the tasks %j and the code %s', async (name, status, tasks, code) => {
    const key = `printed ${name}`;
    await world.hear(key, printed(`private-payroll-${name}`));
    expect(await world.openTasks(key)).toEqual(tasks);
    const { body } = await world.call('ana', 'GET', `/operations/${encodeURIComponent(key)}`);
    expect(body).toMatchObject({ status, failure_code: code, origin: null });
  });

  it("shows the payment and the schedule, and not the receiver's account", async () => {
    const key = 'printed disbursement';
    await world.hear(key, printed('private-payroll-reservation/05-webhook-debt-disbursed'));
    const { body } = await world.call('ana', 'GET', `/operations/${encodeURIComponent(key)}`);
    const [event] = body['events'] as { summary: { payments: unknown[]; installments: unknown[] } }[];
    expect(event?.summary.payments).toEqual([
      {
        amount: '2444.15',
        end_to_end_id: 'E32402502202601291954msTASDFEGS',
        transaction_key: 'e89dc7af-165d-4534-b345-11345625d2c6',
        timestamp: '2026-01-29T20:03:44',
      },
    ]);
    expect(event?.summary.installments).toHaveLength(6);
    expect(JSON.stringify(body)).not.toMatch(/Mattos|71234489|99999999999/);
  });

  it('tells a person of a schedule that is not the one that was won or ordered, whoever is heard first', async () => {
    const payment = printed('private-payroll-reservation/05-webhook-debt-disbursed');
    const amount = { disbursedIssueAmount: new Decimal('2444.15') };
    for (const [count, tasks] of [
      [6, []],
      [10, ['contradiction']],
    ] as const) {
      const [before, after] = [`won over ${count}`, `paid and then won over ${count}`];
      await world.win(before, { ...amount, numberOfInstallments: count });
      await world.hear(before, payment);
      await world.hear(after, payment);
      await world.win(after, { ...amount, numberOfInstallments: count });
      for (const key of [before, after]) expect(await world.openTasks(key)).toEqual(tasks);
    }
    const ordered = { ...amount, numberOfInstallments: 6 };
    const plan = [{ due_date: '2026-04-28', total_amount: '180.75' }];
    await world.issue('ordered so', 'federal_payroll', { ...ordered, plan });
    await world.hear('ordered so', payment);
    expect(await world.openTasks('ordered so')).not.toContain('contradiction');
    await world.issue('ordered for May', 'federal_payroll', {
      ...ordered,
      plan: [{ due_date: '2026-05-28', total_amount: '180.75' }],
    });
    await world.hear('ordered for May', payment);
    expect(await world.openTasks('ordered for May')).toContain('contradiction');
  });

  it('walks a whole loan of printed webhooks to its payment', async () => {
    const key = 'printed loan';
    for (const name of [
      'operation/01-webhook-credit-operation-signed',
      'operation/03-webhook-reservation-status-pending-requester-authorization',
      'reservation/04-webhook-collateral-constituted-false',
      'reservation/03-webhook-collateral-constituted-true-wrapped',
      'reservation/06-webhook-debt-canceled-ted-refusal',
      'reservation/05-webhook-debt-disbursed',
    ])
      await world.hear(key, printed(`private-payroll-${name}`));
    expect(await world.statusOf(key)).toBe('disbursed');
    expect(await world.openTasks(key)).toEqual([]);
  });
});
