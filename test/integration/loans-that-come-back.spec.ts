import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  isClosed,
  MARGIN_STATUSES,
  OPERATION_FACTS,
  OPERATION_STATUSES,
  type Endings,
} from '../../src/operation/domain';
import type {
  MarginStatus,
  OperationEvent,
  OperationFact,
  OperationStatus,
} from '../../src/operation/domain';
import { comesBack, putsAtRisk } from '../../src/operation/domain/two-endings';
import { CAME_BACK, isAtRisk } from '../../src/operation/came-back';
import { ComebackWatch } from '../../src/operation/comeback-watch.service';
import { OperationLife } from '../../src/operation/operation-life.service';
import { TaskDesk } from '../../src/operation/task-desk.service';
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

describe('a SIAPE loan that came back under a release before', () => {
  const sweep = () => world.app.get(ComebackWatch).sweep();

  it.each<[string, Left, string[]]>([
    ['its debt was cancelled', { kind: 'disbursement_failed', to: 'disbursement_failed' }, []],
    ['it is being cancelled', { kind: 'cancellation_accepted', to: 'canceling' }, []],
    ['its margin is bound', { kind: 'reservation_confirmed', to: 'reservation_failed', margin: 'held' }, []],
    ['it was paid, of which nobody was told,', { kind: 'disbursed', to: 'disbursed' }, ['contradiction']],
  ])('counts again where %s, once', async (_, left, tasks) => {
    const key = await issued(EXPIRED);
    await leave(key, left);
    expect(await atRisk(key)).toEqual(FREE);
    await sweep();
    expect([await atRisk(key), await world.openTasks(key)]).toEqual([COUNTED, tasks]);
    await sweep();
    expect([await atRisk(key), await historyOf(key)]).toEqual([COUNTED, tasks.length]);
  });

  it('counts again though it went on since, with the amount that it is owed with by now', async () => {
    const key = await issued(EXPIRED);
    await leave(key, { kind: 'disbursement_failed', to: 'disbursement_failed' });
    await advance(key, 'resubmitted_unsigned');
    await hear(key, { kind: 'signed', evidence: { signers: [], hasSignedContract: false } });
    await world.dataSource.query(
      `UPDATE operation SET disbursed_issue_amount = 2222 WHERE credit_operation_key = $1`,
      [key],
    );
    await sweep();
    expect(await atRisk(key)).toEqual({ ...COUNTED, amount: '2222' });
    await hear(key, { kind: 'canceled_permanently' });
    await sweep();
    expect(await atRisk(key)).toMatchObject({ status: 'released', why: 'canceled_permanently' });
  });

  it('stays free where it was closed again, is cancelled for good, paid off, or never came back', async () => {
    const failed: Left = { kind: 'disbursement_failed', to: 'disbursement_failed' };
    const [again, canceled, paidOff, never] = [
      await issued(EXPIRED),
      await issued(EXPIRED),
      await issued(EXPIRED),
      await issued(EXPIRED),
    ];
    for (const key of [again, canceled, paidOff]) await leave(key, failed);
    await leave(again, { kind: 'canceled_unsecured', from: 'disbursement_failed', to: 'reservation_failed' });
    await hear(canceled, { kind: 'canceled_permanently' });
    await hear(paidOff, { kind: 'noted', what: 'settled' });
    await sweep();
    for (const key of [again, canceled, paidOff, never])
      expect([await atRisk(key), await historyOf(key)]).toEqual([FREE, 0]);
  });

  it('is told to people, once, where another loan has taken its link meanwhile', async () => {
    const key = await issued(EXPIRED);
    await leave(key, { kind: 'disbursed', to: 'disbursed' });
    world.claimed.add(key);
    await sweep();
    const told = await contradictionOf(key);
    expect(told).toContain('com a operação em "Averbação recusada"');
    expect(told).toContain('outra operação do cliente já usa o mesmo vínculo');
    await world.dataSource.query(
      `UPDATE task SET status = 'resolved', resolution = 'conferido', resolved_by = 'ana', resolved_at = now()
       WHERE credit_operation_key = $1`,
      [key],
    );
    await sweep();
    expect([await atRisk(key), await contradictionOf(key)]).toEqual([COUNTED, undefined]);
  });

  it('that is paid and closed takes nothing any more: another loan may have its link since', async () => {
    const key = await issued(EXPIRED);
    await leave(key, { kind: 'disbursed', to: 'disbursed', margin: 'released' });
    world.claimed.add(key);
    await sweep();
    expect(await atRisk(key)).toEqual(COUNTED);
    expect(await contradictionOf(key)).not.toContain('já usa o mesmo vínculo');
  });

  it('is counted by one of two processes that look at once, and one odd loan does not hold up the others', async () => {
    const [odd, other] = [await issued(EXPIRED), await issued(EXPIRED)];
    for (const key of [odd, other]) await leave(key, { kind: 'cancellation_accepted', to: 'canceling' });
    world.claimed.add(odd);
    const opening = jest
      .spyOn(TaskDesk.prototype, 'openContradiction')
      .mockRejectedValueOnce(new Error('odd'));
    await expect(sweep()).rejects.toThrow(odd);
    opening.mockRestore();
    expect([await atRisk(odd), await atRisk(other)]).toEqual([FREE, COUNTED]);
    await Promise.all([sweep(), sweep()]);
    expect([await atRisk(odd), await historyOf(odd)]).toEqual([COUNTED, 1]);
  });

  it('is found by the same words as a step that counts again', async () => {
    const standings = OPERATION_STATUSES.flatMap((status) =>
      [null, ...MARGIN_STATUSES].map((margin) => ({ status, margin })),
    );
    const steps = standings.flatMap((from) => standings.map((to) => ({ from, to })));
    const rows = await world.dataSource.query<{ risk: boolean; back: boolean }[]>(
      `SELECT ${isAtRisk('to_status', 'to_margin')} AS risk, ${CAME_BACK} AS back
       FROM jsonb_to_recordset($1) AS told (n int, from_status text, from_margin text, to_status text, to_margin text)
       ORDER BY n`,
      [
        JSON.stringify(
          steps.map(({ from, to }, n) => ({
            n,
            from_status: from.status,
            from_margin: from.margin,
            to_status: to.status,
            to_margin: to.margin,
          })),
        ),
      ],
    );
    expect(rows).toEqual(steps.map(({ from, to }) => ({ risk: putsAtRisk(to), back: comesBack(from, to) })));
  });
});

/** What a release before wrote of what it heard: the loan moved, and nothing was counted, taken or told. */
interface Left {
  readonly kind: string;
  readonly from?: OperationStatus;
  readonly to: OperationStatus;
  readonly margin?: MarginStatus;
}

async function leave(key: string, { kind, from, to, margin = 'refused' }: Left): Promise<void> {
  await world.dataSource.query(
    `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, from_margin, to_margin,
       recorded_at)
     SELECT credit_operation_key, $2, 'applied', $3, $4, margin_status, $5, now() - interval '1 year' FROM operation
     WHERE credit_operation_key = $1`,
    [key, kind, from ?? 'reservation_failed', to, margin],
  );
  const isOver = isClosed({ status: to, margin });
  await world.dataSource.query(
    `UPDATE operation SET status = $2, margin_status = $3, ended_at = CASE WHEN $4 THEN now() END
     WHERE credit_operation_key = $1`,
    [key, to, margin, isOver],
  );
}

/** How often something was told of it. */
async function historyOf(key: string): Promise<number> {
  const rows = await world.dataSource.query<unknown[]>(
    `SELECT FROM task_history JOIN task ON task.id = task_id
     WHERE credit_operation_key = $1 AND kind = 'contradiction' AND action IN ('opened', 'renewed')`,
    [key],
  );
  return rows.length;
}

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
