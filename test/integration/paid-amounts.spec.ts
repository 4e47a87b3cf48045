import { randomUUID } from 'node:crypto';
import { Decimal } from '../../src/kernel';
import type { OperationEvent } from '../../src/operation/domain';
import { waitFor } from '../support/wait-for';
import { createWorld, disbursed, paymentRefused, type World } from './operation-world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Of a contract of R$ 2,100.00. */
const paid = (...amounts: (string | undefined)[]): OperationEvent => ({
  kind: 'disbursed',
  payments: amounts.map((amount) => ({
    amount: amount === undefined ? undefined : new Decimal(amount),
    endToEndId: undefined,
    transactionKey: randomUUID(),
    timestampText: undefined,
  })),
  installments: [],
});

interface TaskSeen {
  readonly kind: string;
  readonly status: string;
  readonly reason_code: string;
}

async function told(key: string): Promise<unknown> {
  const { body } = await world.call('ana', 'GET', `/operations/${key}`);
  const [row] = await world.dataSource.query<{ at_risk: string | null }[]>(
    `SELECT (SELECT sum(amount) FROM exposure WHERE request_control_key = o.request_control_key
       AND exposure.status <> 'released')::text AS at_risk FROM operation o WHERE credit_operation_key = $1`,
    [key],
  );
  return {
    owed: body['disbursed_issue_amount'],
    paid: body['paid_amount'],
    at_risk: row?.at_risk,
    tasks: (body['tasks'] as TaskSeen[]).flatMap(({ kind, status, reason_code: code }) =>
      kind === 'contradiction' ? [[status, code].join(' ')] : [],
    ),
  };
}
async function wordsOf(key: string): Promise<string | undefined> {
  const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
  return (body['items'] as { kind: string; message: string }[]).find(({ kind }) => kind === 'contradiction')
    ?.message;
}
const issued = async (product = 'fgts'): Promise<string> => {
  const key = randomUUID();
  await world.issue(key, product);
  return key;
};
const asOwed = (sum: string | null) => ({ owed: '2100', paid: sum, at_risk: '2100', tasks: [] });

describe('what QI pays', () => {
  it('as the contract says, in one part or in several, is nothing to look at', async () => {
    for (const event of [paid('2100.00'), paid('700.00', '700.00', '700.00')]) {
      const key = await issued();
      await world.hear(key, event);
      expect(await told(key)).toEqual(asOwed('2100.00'));
    }
  });

  it.each([
    ['nothing', []],
    ['less than all', ['1000.00', undefined]],
  ])('is not held against the contract where its receipts say %s', async (_, amounts) => {
    const key = await issued();
    await world.hear(key, paid(...amounts));
    expect(await told(key)).toEqual(asOwed(null));
  });

  it('as on the next day, with the same instalments, is what is owed from then on', async () => {
    const key = await issued();
    await world.hear(key, paid('2101.30'));
    expect(await told(key)).toEqual({ owed: '2101.3', paid: '2101.30', at_risk: '2101.3', tasks: [] });
  });

  it('as nothing explains is told with both amounts, and the greater is at risk', async () => {
    const [more, less] = [await issued(), await issued()];
    await world.hear(more, paid('2400.00'));
    await world.hear(less, paid('2000.00'));
    const tasks = ['open paid_otherwise'];
    expect(await told(more)).toEqual({ owed: '2100', paid: '2400.00', at_risk: '2400', tasks });
    expect(await told(less)).toEqual({ owed: '2100', paid: '2000.00', at_risk: '2100', tasks });
    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${more}`);
    expect(body['items']).toMatchObject([
      { message: expect.stringMatching(/2\.400,00.*2\.100,00/) as string },
    ]);
  });

  it('of a loan of the auction is held against its bid, though the money is faster than the win', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await world.win(one);
    await world.hear(one, paid('2000.00'));
    await world.hear(other, paid('2000.00'));
    expect(await told(other)).toMatchObject({ owed: null, tasks: [] });
    await world.win(other);
    for (const key of [one, other])
      expect(await told(key)).toMatchObject({
        owed: '2100',
        paid: '2000.00',
        tasks: ['open paid_otherwise'],
      });
  });

  it('in two pieces of news is told until the rest has come', async () => {
    const key = await issued();
    await world.hear(key, paid('600.00'));
    expect(await told(key)).toMatchObject({ tasks: ['open paid_otherwise'] });
    await world.hear(key, paid('1500.00'));
    expect(await told(key)).toEqual({ ...asOwed('2100.00'), tasks: ['resolved paid_otherwise'] });
  });

  it('in many pieces of news is told of each sum, until the last has come', async () => {
    const key = await issued();
    for (const amount of ['600.00', '700.00']) {
      await world.hear(key, paid(amount));
      expect(await told(key)).toMatchObject({ tasks: ['open paid_otherwise'] });
    }
    await world.hear(key, paid('800.00'));
    expect(await told(key)).toEqual({ ...asOwed('2100.00'), tasks: ['resolved paid_otherwise'] });
  });

  it('in full at last closes no task that was about something else before', async () => {
    const key = randomUUID();
    const acceptedInstead = { amount: new Decimal('1900.00'), isCertain: true };
    await world.issue(key, 'fgts', { acceptedInstead });
    expect(await told(key)).toMatchObject({ tasks: ['open other_debt'] });
    const before = await wordsOf(key);
    await world.hear(key, paid('600.00'));
    expect(await told(key)).toMatchObject({ tasks: ['open other_debt'] });
    expect(await wordsOf(key)).toMatch(/1\.900,00.*A QI pagou R\$.600,00/);
    await world.hear(key, paid('1500.00'));
    expect(await told(key)).toMatchObject({ tasks: ['open other_debt'] });
    expect(await wordsOf(key)).toBe(before);
  });

  it('in full at last closes no task that was about something else meanwhile', async () => {
    const key = await issued();
    await world.hear(key, paid('600.00'));
    await world.hear(key, { kind: 'canceled_permanently' });
    expect(await told(key)).toMatchObject({ tasks: ['open canceled_permanently_in_disbursed'] });
    expect(await wordsOf(key)).toMatch(/A QI pagou R\$.600,00/);
    await world.hear(key, paid('700.00'));
    expect(await wordsOf(key)).toMatch(/A QI pagou R\$.1\.300,00/);
    await world.hear(key, paid('800.00'));
    const tasks = ['open canceled_permanently_in_disbursed'];
    expect(await told(key)).toMatchObject({ paid: '2100.00', tasks });
    expect(await wordsOf(key)).not.toContain('A QI pagou');
  });

  it('while it was being cancelled, and not in full, is told beside that', async () => {
    const key = await issued();
    const { body } = await world.call('ana', 'POST', `/operations/${key}/cancel_permanently`);
    await world.call('bia', 'POST', `/approvals/${String(body['approval_id'])}/approve`);
    await waitFor('the cancellation', async () =>
      (await world.statusOf(key)) === 'canceling' ? true : undefined,
    );
    await world.hear(key, paid('600.00'));
    expect(await told(key)).toMatchObject({ tasks: ['open disbursed_in_canceling'] });
    expect(await wordsOf(key)).toMatch(/A QI pagou R\$.600,00/);
    await world.hear(key, paid('1500.00'));
    expect(await told(key)).toMatchObject({ tasks: ['open disbursed_in_canceling'] });
    expect(await wordsOf(key)).not.toContain('A QI pagou');
  });

  it('of one that pays other contracts off is the rest, which depends on the day', async () => {
    const key = randomUUID();
    await world.issue(key, 'federal_payroll', { paysOff: true });
    await world.hear(key, paid('312.45'));
    expect(await told(key)).toEqual(asOwed('312.45'));
  });

  it('of one whose change the borrower has accepted is that change, or the whole', async () => {
    for (const [amount, tasks] of [
      ['312.45', []],
      ['2100.00', []],
      ['0.01', ['open paid_otherwise']],
    ] as const) {
      const key = randomUUID();
      const due = new Decimal('1787.55');
      await world.issue(key, 'federal_payroll', { paysOff: { least: due, most: due } });
      await world.hear(key, paid(amount));
      expect(await told(key)).toEqual({ ...asOwed(amount), tasks });
      if (tasks.length > 0) expect(await wordsOf(key)).toMatch(/com troco de R\$.312,45/);
    }
  });
});

describe('a new day of payment', () => {
  const resubmitted = async (...amounts: string[]): Promise<string> => {
    const key = await issued();
    for (const amount of amounts) await resubmit(key, amount);
    return key;
  };
  const answered = async (key: string, amount: string): Promise<void> => {
    const body = JSON.stringify({ key, status: 'signature_finished', data: { disbursed_issue_amount: '#' } });
    world.desk.plan('resubmit_disbursement', {
      kind: 'accepted',
      httpStatus: 200,
      body: body.replace('"#"', amount),
    });
    await world.call('ana', 'POST', `/operations/${key}/resubmit_disbursement`, {
      disbursement_date: '2040-01-03',
    });
  };
  const resubmit = async (key: string, amount: string): Promise<void> => {
    await world.hear(key, paymentRefused('pix_refusal'));
    await answered(key, amount);
    await waitFor('the new amount', async () => {
      const { body: operation } = await world.call('ana', 'GET', `/operations/${key}`);
      return operation['disbursed_issue_amount'] === String(Number(amount)) ? true : undefined;
    });
  };
  const contradictionOf = async (key: string): Promise<{ id: string; version: number }> => {
    const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
    const tasks = body['items'] as { kind: string; id: string; version: number }[];
    const task = tasks.find(({ kind }) => kind === 'contradiction');
    if (task === undefined) throw new Error('nothing contradicts');
    return task;
  };
  const end = (id: string, seen: object) =>
    world.call('ana', 'POST', `/tasks/${id}/resolve`, { note: 'novo aceite colhido', ...seen });
  const acceptedAnew = async (key: string): Promise<void> => {
    const { id, version } = await contradictionOf(key);
    expect(await end(id, { version })).toMatchObject({ status: 200 });
  };
  it('changes what is owed by what QI has calculated for it, and then paid', async () => {
    const key = await resubmitted('2118.07');
    expect(await told(key)).toEqual({ owed: '2118.07', paid: null, at_risk: '2118.07', tasks: [] });
    await world.hear(key, paid('2118.07'));
    expect(await told(key)).toMatchObject({ owed: '2118.07', paid: '2118.07', tasks: [] });
  });

  it('that brings the borrower less wants another acceptance', async () => {
    const key = await resubmitted('2050.00');
    expect(await told(key)).toEqual({
      ...{ owed: '2050', at_risk: '2050', paid: null },
      tasks: ['open pays_less'],
    });
  });

  it('is held against what was accepted, not against the day before it', async () => {
    const key = await resubmitted('2118.07', '2110.00');
    expect(await told(key)).toEqual({ owed: '2110', paid: null, at_risk: '2110', tasks: [] });
  });

  it('that brings less, and then enough, wants no other acceptance any more', async () => {
    const key = await resubmitted('2050.00', '2040.00');
    expect(await told(key)).toMatchObject({ tasks: ['open pays_less'] });
    expect(await wordsOf(key)).toMatch(/R\$.2\.040,00, menos que os R\$.2\.100,00 aceitos/);
    expect(await wordsOf(key)).not.toContain('2.050,00');
    await resubmit(key, '2105.00');
    expect(await told(key)).toMatchObject({ owed: '2105', tasks: ['resolved pays_less'] });
    // That it ended by itself is no acceptance of what it said.
    await resubmit(key, '2060.00');
    expect(await wordsOf(key)).toMatch(/R\$.2\.060,00, menos que os R\$.2\.100,00 aceitos/);
  });

  it('is held against what the task said when a person ended it, not against the least of all', async () => {
    const key = await resubmitted('2050.00', '2040.00', '2080.00');
    await acceptedAnew(key);
    await resubmit(key, '2045.00');
    expect(await wordsOf(key)).toMatch(/R\$.2\.045,00, menos que os R\$.2\.080,00 aceitos/);
  });

  it('is accepted in the words that a person has read, not in those that have come since', async () => {
    const key = await resubmitted('2050.00');
    const { id, version } = await contradictionOf(key);
    await resubmit(key, '1900.00');
    expect(await end(id, { version })).toMatchObject({
      status: 409,
      body: { type: 'urn:arremate:problem:task_changed' },
    });
    expect(await end(id, {})).toMatchObject({ status: 422, body: { errors: [{ path: 'version' }] } });
    const all = { action: 'resolve', task_ids: [id] };
    for (const [seen, reason] of [
      [{ [id]: version }, 'task_changed'],
      [undefined, 'invalid'],
    ] as const)
      expect(await world.call('ana', 'POST', '/tasks/bulk', { ...all, versions: seen })).toMatchObject({
        body: { results: [{ task_id: id, outcome: 'refused', reason }] },
      });
    await resubmit(key, '1950.00');
    expect(await told(key)).toMatchObject({ owed: '1950', tasks: ['open pays_less'] });
    expect(await wordsOf(key)).toMatch(/R\$.1\.950,00, menos que os R\$.2\.100,00 aceitos/);

    const now = { [id]: (await contradictionOf(key)).version };
    expect(await world.call('ana', 'POST', '/tasks/bulk', { ...all, versions: now })).toMatchObject({
      body: { done: 1 },
    });
    await resubmit(key, '1940.00');
    expect(await wordsOf(key)).toMatch(/R\$.1\.940,00, menos que os R\$.1\.950,00 aceitos/);
  });

  it('may be told of before it is known what is owed', async () => {
    const key = randomUUID();
    await world.hear(key, paymentRefused('pix_refusal'));
    await answered(key, '2050.00');
    await waitFor(
      'the answer',
      async () => (await world.statusOf(key)) !== 'disbursement_failed' || undefined,
    );
    await world.win(key);
    await resubmit(key, '2040.00');
    expect(await wordsOf(key)).toMatch(/R\$.2\.040,00, menos que os R\$.2\.100,00 aceitos/);
  });

  it('is held against what was accepted anew', async () => {
    const key = await resubmitted('2050.00');
    await acceptedAnew(key);
    await resubmit(key, '2055.00');
    expect(await told(key)).toMatchObject({ tasks: ['resolved pays_less'] });
    await resubmit(key, '2045.00');
    expect(await wordsOf(key)).toMatch(/menos que os R\$.2\.050,00 aceitos/);
  });
});

it('is told in the same way again, however often the same payment is', async () => {
  const key = await issued();
  await world.hear(key, disbursed);
  await world.hear(key, disbursed);
  expect(await told(key)).toEqual(asOwed('2100.00'));
});
