import { randomUUID } from 'node:crypto';
import { StandstillWatch } from '../../src/operation/standstill-watch.service';
import { refuseRow } from '../support/refused-row';
import { SETTINGS, type Settings } from '../../src/platform';
import { GapBook } from '../../src/reconciliation/gap-book.service';
import { createWorld, disbursed, refusedFor, signedBy, type World } from './operation-world';

let world: World;
let watch: StandstillWatch;
beforeAll(async () => {
  world = await createWorld({ sweep_ms: 3_600_000 });
  watch = world.app.get(StandstillWatch);
});
afterAll(() => world.close());

/** As if all of it had happened so many hours earlier. */
async function age(key: string, hours: number): Promise<void> {
  await world.dataSource.query(
    `UPDATE operation SET status_since = status_since - $2 * interval '1 hour', opened_at = opened_at - $2 * interval '1 hour'
     WHERE credit_operation_key = $1`,
    [key, hours],
  );
  await world.dataSource.query(
    `UPDATE task SET opened_at = opened_at - $2 * interval '1 hour' WHERE credit_operation_key = $1`,
    [key, hours],
  );
}

const TASKS_GONE = (keys: readonly string[]): string => `
  WITH gone AS (SELECT id FROM task WHERE credit_operation_key IN ('${keys.join(`', '`)}')),
    history AS (DELETE FROM task_history WHERE task_id IN (SELECT id FROM gone))
  DELETE FROM task WHERE id IN (SELECT id FROM gone)`;

/** Loans without an order, as the page of a restore counts them. */
async function stillUnknown(): Promise<number> {
  const { body } = await world.call('ana', 'GET', '/recoveries');
  return (body['now'] as { loans_unlinked: number }).loans_unlinked;
}

describe('loans that nothing happens to', () => {
  it('are reported once, until they move on and stand still again', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, signedBy());
    await watch.sweep();
    expect(await world.openTasks(key)).toEqual([]);
    await age(key, 5);
    await watch.sweep();
    await watch.sweep();
    expect(await world.openTasks(key)).toEqual(['late']);

    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
    const [task] = body['items'] as { id: string; message: string; amount_at_stake: string }[];
    expect(task).toMatchObject({ amount_at_stake: '2100' });
    await world.call('ana', 'POST', `/tasks/${task?.id ?? ''}/resolve`, { note: 'QI vai responder' });
    await watch.sweep();
    expect(await world.openTasks(key)).toEqual([]);

    await world.hear(key, { kind: 'reservation_confirmed' });
    await age(key, 24 * 10);
    await watch.sweep();
    expect(await world.openTasks(key)).toEqual(['late']);
    await world.hear(key, disbursed);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('because QI does not take our authorization are reported; those that wait for a person have their task', async () => {
    const [policys, persons] = [randomUUID(), randomUUID()];
    world.desk.isDown = true;
    for (const [key, cpf] of [
      [policys, undefined],
      [persons, '11144477735'],
    ] as const) {
      await world.win(key);
      await world.hear(key, signedBy(cpf));
      await world.hear(key, { kind: 'authorization_requested' });
      await age(key, 9);
    }
    await watch.sweep();
    expect(await world.openTasks(policys)).toEqual(['late']);
    expect(await world.openTasks(persons)).toEqual(['authorization_review']);
    world.desk.isDown = false;
  });

  it('and that no auction claims are reported, and linked later', async () => {
    const key = randomUUID();
    await world.hear(key, signedBy());
    await age(key, 1);
    await watch.sweep();
    expect(await world.openTasks(key)).toEqual(['unlinked_operation']);
    await world.win(key);
    expect(await world.openTasks(key)).toEqual([]);
  });

  it('and that were paid without anybody here having ordered them wait for a person, told before or after', async () => {
    const [before, after, canceled] = [randomUUID(), randomUUID(), randomUUID()];
    for (const key of [before, canceled]) {
      await world.hear(key, signedBy());
      await age(key, 1);
    }
    await watch.sweep();
    await world.hear(before, disbursed);
    await world.hear(canceled, { kind: 'canceled_permanently' });
    await world.hear(after, disbursed);
    await age(after, 1);
    await watch.sweep();
    expect(await world.openTasks(before)).toEqual(['unlinked_operation']);
    expect(await world.openTasks(after)).toEqual(['unlinked_operation']);
    expect(await world.openTasks(canceled)).toEqual([]);
    const both = await stillUnknown();
    await world.win(after);
    expect(await world.openTasks(after)).toEqual([]);
    expect(await stillUnknown()).toBe(both - 1);
    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${before}`);
    const [task] = body['items'] as { id: string }[];
    await world.call('ana', 'POST', `/tasks/${task?.id ?? ''}/resolve`, { note: 'é da parceira ao lado' });
    expect(await stillUnknown()).toBe(both - 2);
    await watch.sweep();
    expect(await world.openTasks(before)).toEqual([]);
  });

  it('are reported although one of them cannot be', async () => {
    const keys = [randomUUID(), randomUUID(), randomUUID()];
    for (const key of keys) {
      await world.win(key);
      await world.hear(key, signedBy());
      await age(key, 5);
    }
    for (const odd of keys) {
      const undo = await refuseRow(world.asOwner, {
        table: 'task',
        column: 'credit_operation_key',
        value: odd,
      });
      await expect(watch.sweep()).rejects.toThrow(`loan ${odd}, late: odd row`);
      await undo();
      for (const key of keys) expect(await world.openTasks(key)).toEqual(key === odd ? [] : ['late']);
      await world.asOwner(TASKS_GONE(keys));
    }
  });

  it('because nobody can explain why they were refused come back when their task was ended and nothing came', async () => {
    const [parked, siape] = [randomUUID(), randomUUID()];
    await world.win(parked);
    await world.hear(parked, signedBy());
    await world.hear(parked, refusedFor('says_something_new'));
    await world.issue(siape, 'federal_payroll');
    await world.hear(siape, signedBy(), undefined, 'federal_payroll');
    await world.hear(siape, refusedFor('expired_portability'), undefined, 'federal_payroll');
    const sweepDaysLater = async (days: number) => {
      world.moveClock(days);
      await watch.sweep();
      world.moveClock(-days);
    };
    const loans = [parked, siape];
    await sweepDaysLater(8);
    for (const key of loans) expect(await world.openTasks(key)).toEqual(['reservation_unexplained']);
    for (const key of loans) {
      const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
      const [task] = body['items'] as { id: string }[];
      await world.call('ana', 'POST', `/tasks/${task?.id ?? ''}/resolve`, { note: 'a QI tenta de novo' });
    }
    await sweepDaysLater(1);
    for (const key of loans) expect(await world.openTasks(key)).toEqual([]);
    await sweepDaysLater(8);
    expect(await world.openTasks(parked)).toEqual(['late']);
    expect(await world.openTasks(siape)).toEqual(['margin_unsettled']);
    await world.hear(parked, { kind: 'reservation_confirmed' });
    await world.hear(siape, { kind: 'reservation_confirmed' }, undefined, 'federal_payroll');
    for (const key of loans) expect(await world.openTasks(key)).toEqual([]);
  });

  it('are asked about, also those of which nobody knows what QI does next', async () => {
    const key = randomUUID();
    await world.win(key);
    await world.hear(key, refusedFor('says_something_new'));
    await age(key, 24);
    await new GapBook(world.dataSource, world.app.get<Settings>(SETTINGS)).findInOurBooks();
    const gaps = await world.dataSource.query<unknown[]>(
      `SELECT kind FROM reconciliation_gap WHERE key = $1 AND closed_at IS NULL`,
      [key],
    );
    expect(gaps).toEqual([{ kind: 'operation_without_news' }]);
  });

  it('are looked for by one instance at a time', async () => {
    const key = randomUUID();
    await world.hear(key, signedBy());
    await age(key, 1);
    const opened = await Promise.all([watch.sweep(), watch.sweep(), watch.sweep()]);
    expect(opened.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    const rows = await world.dataSource.query<unknown[]>(
      `SELECT FROM task_history h JOIN task t ON t.id = h.task_id WHERE t.credit_operation_key = $1 AND h.action = 'opened'`,
      [key],
    );
    expect(rows).toHaveLength(1);
  });
});
