import { waitFor } from '../support/wait-for';
import { cpf, FEDERAL_PAYROLL, ProposalWorld } from './proposal-world';

/** SIAPE is closed now, whenever now is: it opens an hour from now, or closed an hour ago. */
const hour = Number(
  new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Sao_Paulo',
    hour: '2-digit',
    hourCycle: 'h23',
  }).format(),
);
const closed =
  hour < 22
    ? { opens_at_hour: hour + 2, closes_at_hour: 24, business_days_only: false }
    : { opens_at_hour: 0, closes_at_hour: hour - 1, business_days_only: false };

let desk: ProposalWorld;
beforeAll(async () => {
  const contract = { federal_payroll: { servants: 'everybody' } } as const;
  const engine = { federal_payroll: closed };
  desk = await ProposalWorld.start({ contract }, {}, { ...FEDERAL_PAYROLL, engine });
});
afterAll(() => desk.end());

it('outside the hours a query is queued and shown, and nobody knocks at the door', async () => {
  const document = cpf();
  const answer = await desk.tryToOpen(document);
  const { proposal_id: id, not_before: opens } = answer.body as { proposal_id: string; not_before: string };
  expect(new Date(opens) > new Date()).toBe(true);
  const waiting = await desk.read(id);
  expect(waiting).toMatchObject({
    status: 'querying',
    queued_until: opens,
    next_actions: ['cancel_query', 'withdraw'],
  });
  // What was due before the door closed, as after an answer that was lost, waits as well.
  await desk.world.sql.query(
    `UPDATE proposal_command SET status = 'unknown', not_before = now() WHERE proposal_id = $1`,
    [id],
  );
  await waitFor('the query to be put off', async () => {
    const { rows } = await desk.world.sql.query<{ put_off: boolean }>(
      `SELECT not_before > now() AND attempts = 0 AS put_off FROM proposal_command WHERE proposal_id = $1`,
      [id],
    );
    return rows[0]?.put_off === true ? true : undefined;
  });
  expect(desk.world.sandbox.control.ledger().balance_queries).toEqual([]);
});

it('is given up at once, for QI never had it', async () => {
  const id = await desk.open(cpf());
  expect((await desk.read(id)).queued_until).not.toBeNull();
  expect(await desk.act(id, 'cancel_query')).toMatchObject({
    status: 202,
    body: { status: 'balance_failed' },
  });
  expect(await desk.read(id)).toMatchObject({ failure: { code: 'query_canceled' }, queued_until: null });
});
