import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { isClosed, OPERATION_FACTS, type Endings } from '../../src/operation/domain';
import type { OperationEvent, OperationFact } from '../../src/operation/domain';
import { OperationLife } from '../../src/operation/operation-life.service';
import { wrongCounters } from '../support/bids';
import { times } from '../support/repetitions';
import { createWorld, disbursed, paymentRefused, refusedFor, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
afterEach(async () => {
  expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
});

const NOT_BOUND = paymentRefused('not_collateral_constituted');
const NOT_SIGNED = paymentRefused('waiting_signature');
const EXPIRED = refusedFor('consent_expired');

async function issued(...told: readonly OperationEvent[]): Promise<string> {
  const key = randomUUID();
  await world.issue(key, 'federal_payroll');
  await hear(key, ...told);
  return key;
}

async function hear(key: string, ...told: readonly OperationEvent[]): Promise<void> {
  for (const event of told) await world.hear(key, event, undefined, 'federal_payroll');
}

async function atRisk(key: string): Promise<unknown> {
  const [row] = await world.dataSource.query<{ status: string; why: string | null; amount: string }[]>(
    `SELECT exposure.status, status_reason AS why, exposure.amount FROM exposure JOIN operation USING (request_control_key)
     WHERE credit_operation_key = $1`,
    [key],
  );
  return row;
}
const COUNTED = { status: 'committed', why: null, amount: '2100' };
const FREE = { status: 'released', why: 'reservation_failed', amount: '2100' };

async function contradictionOf(key: string): Promise<string | undefined> {
  const [task] = await world.dataSource.query<{ message: string }[]>(
    `SELECT message FROM task WHERE credit_operation_key = $1 AND kind = 'contradiction' AND status <> 'resolved'`,
    [key],
  );
  return task?.message;
}

describe('a SIAPE loan that was closed unpaid and comes back', () => {
  it.each<[string, OperationEvent, string, string[]]>([
    ['its debt was cancelled for another reason', NOT_SIGNED, 'disbursement_failed', ['disbursement_failed']],
    ['it is paid', disbursed, 'disbursed', ['contradiction']],
    ['its margin is bound', { kind: 'reservation_confirmed' }, 'reservation_failed', ['contradiction']],
  ])('counts again when QI says that %s', async (_, event, status, tasks) => {
    const key = await issued(NOT_BOUND, EXPIRED);
    expect(await atRisk(key)).toEqual(FREE);
    await hear(key, event);
    expect([await world.statusOf(key), await atRisk(key), await world.openTasks(key)]).toEqual([
      status,
      COUNTED,
      tasks,
    ]);
  });

  it('counts again while a cancellation that was asked for before is under way, and no more after it', async () => {
    const key = await issued(EXPIRED);
    await advance(key, 'cancellation_accepted');
    expect([await world.statusOf(key), await atRisk(key)]).toEqual(['canceling', COUNTED]);
    await hear(key, { kind: 'canceled_permanently' });
    expect(await atRisk(key)).toEqual({ ...FREE, why: 'canceled_permanently' });
  });

  it('counts the same in whichever order QI tells that it was not signed and not consented to', async () => {
    const [one, other] = [await issued(NOT_SIGNED, EXPIRED), await issued(EXPIRED, NOT_SIGNED)];
    for (const key of [one, other]) {
      await advance(key, 'resubmitted_unsigned');
      expect([await world.statusOf(key), await atRisk(key)]).toEqual(['awaiting_signature', COUNTED]);
    }
  });

  it('counts with the amount that it is owed with by now', async () => {
    const key = await issued(EXPIRED);
    await world.dataSource.query(
      `UPDATE operation SET disbursed_issue_amount = 2222 WHERE credit_operation_key = $1`,
      [key],
    );
    await hear(key, NOT_SIGNED);
    expect(await atRisk(key)).toMatchObject({ status: 'committed', amount: '2222' });
  });

  it('counts no more for that once QI has said that nothing is owed of it', async () => {
    const key = await issued(EXPIRED, { kind: 'noted', what: 'settled' });
    await hear(key, NOT_SIGNED);
    expect(await atRisk(key)).toEqual(FREE);
  });

  it('is told to people beside what else is, where another loan has taken its link meanwhile', async () => {
    const key = await issued(EXPIRED);
    world.claimed.add(key);
    await hear(key, disbursed);
    const told = await contradictionOf(key);
    expect(told).toContain('com a operação em "Averbação recusada"');
    expect(told).toContain('outra operação do cliente já usa o mesmo vínculo');
    expect(await atRisk(key)).toEqual(COUNTED);
  });
});

async function advance(key: string, fact: OperationFact): Promise<void> {
  const life = world.app.get(OperationLife);
  await world.dataSource.transaction(async (tx) => {
    const operation = await life.lock(tx, key);
    if (operation !== undefined) await life.advance(tx, operation, fact, { kind: 'noted' });
  });
}

describe('a loan that no auction has brought', () => {
  const LOANS = times(40, 3_000);
  const happening = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...OPERATION_FACTS) },
    { weight: 1, arbitrary: fc.constantFrom('linked', 'paid_off') },
  );

  it(
    `counts with what it is owed while money may go out of it, in ${LOANS} orders of what is heard`,
    async () => {
      const seen = new Set<unknown>();
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('federal_payroll', 'federal_payroll', 'fgts'),
          fc.array(happening, { minLength: 2, maxLength: 14 }),
          async (product, happenings) => {
            const key = randomUUID();
            let [isLinked, isPaidOff] = [false, false];
            await world.hear(key, { kind: 'noted', what: 'waiting_signature' }, undefined, product);
            for (const each of happenings) {
              if (each === 'linked') await world.issue(key, product);
              else if (each === 'paid_off') await world.hear(key, { kind: 'noted', what: 'settled' });
              else await advance(key, each);
              isLinked ||= each === 'linked';
              isPaidOff ||= each === 'paid_off';
              const { status, margin } = await endingsOf(key);
              const mayPay =
                status === 'disbursed' ||
                (status !== 'canceled_permanently' && !isClosed({ status, margin }));
              seen.add(`${status} ${String(margin)}`);
              const counted = mayPay && !isPaidOff ? COUNTED : { status: 'released', amount: '2100' };
              if (isLinked) expect(await atRisk(key)).toMatchObject(counted);
              else expect(await atRisk(key)).toBeUndefined();
            }
            expect(await wrongCounters(world.dataSource.manager)).toEqual([]);
          },
        ),
        { numRuns: LOANS },
      );
      expect(seen.size).toBeGreaterThan(20);
    },
    LOANS * 2_000,
  );
});

async function endingsOf(key: string): Promise<Endings> {
  const [row] = await world.dataSource.query<[Endings]>(
    `SELECT status, margin_status AS margin FROM operation WHERE credit_operation_key = $1`,
    [key],
  );
  return row;
}
