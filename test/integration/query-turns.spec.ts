import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { startSandbox, type Sandbox } from '../../sandbox';
import { SenderGround } from '../../src/commands';
import { ORIGINATION_LIMITS, type OriginationLimits } from '../../src/origination/origination-limits';
import { ProposalCommandBook } from '../../src/origination/proposal-command-book';
import { ProposalCommandSender } from '../../src/origination/proposal-command-sender';
import { ProposalCommands } from '../../src/origination/proposal-commands';
import { QueryTurns } from '../../src/origination/query-turns.service';
import { RestoreSteps } from '../../src/recovery';
import { accountOf, personOf } from '../support/borrower';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld } from './access-world';

/** Lenders have quotas: the queries of all processes leave one after the other. */
let world: AccessWorld;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
  world = await createAccessWorld({ ARREMATE_ROLE: 'web', QI_BASE_URL: sandbox.url });
});
afterAll(async () => {
  await world.close();
  await sandbox.close();
});

const sql = <Row>(statement: string, values: unknown[] = []): Promise<Row[]> =>
  world.dataSource.query<Row[]>(statement, values);

async function asked(): Promise<void> {
  const cpf = newCpf();
  const wanted = { product: 'fgts', document_number: cpf, person: personOf(cpf), account: accountOf(cpf) };
  expect(await world.master('POST', '/api/v1/proposals', wanted)).toMatchObject({ status: 202 });
}

/** A process that sends, beside the one for the web. */
function worker(): ProposalCommandSender {
  const [owner, book] = [world.app.get(ProposalCommands), world.app.get(ProposalCommandBook)];
  const web = world.app.get(SenderGround, { strict: false });
  const settings = { ...web.settings, ARREMATE_ROLE: 'all' } as const;
  const limits = { ...world.app.get<OriginationLimits>(ORIGINATION_LIMITS), poll_ms: 3_000 };
  const { dataSource, instances, recovery, draining, clock, logger } = web;
  const [metrics, steps] = [new Registry(), new RestoreSteps()];
  const ground = new SenderGround(
    ...([dataSource, instances, recovery, steps, draining, settings, clock, logger, metrics] as const),
  );
  return new ProposalCommandSender(owner, book, limits, ground);
}

it('leave one a second after a pause, too, in which the places of many have passed', async () => {
  for (let n = 0; n < 12; n += 1) await asked();
  await sql(`UPDATE proposal_command SET not_before = now() - interval '15 seconds'`);
  const sender = worker();
  sender.onApplicationBootstrap();
  sender.nudge();
  await pause(9_000);
  await sender.onModuleDestroy();
  const sent = await sql<{ at: Date }>(
    `SELECT sent_at AS at FROM proposal_command WHERE action = 'query_balance' AND sent_at IS NOT NULL ORDER BY sent_at`,
  );
  const gaps = sent.slice(1).map(({ at }, before) => at.getTime() - (sent[before]?.at.getTime() ?? 0));
  // Nor does one that is ready wait for the next look, three seconds later, or lose its place for coming on time.
  expect(gaps.filter((gap) => gap < 850)).toEqual([]);
  expect(sent.length).toBeGreaterThanOrEqual(7);
});

it('keep their places in the row, though the one before left late', async () => {
  const turn = () =>
    world.dataSource.transaction((tx) => world.app.get(QueryTurns).turn(tx, 'federal_payroll'));
  const rowUntil = () => sql(`SELECT row_until FROM query_turn WHERE product = 'federal_payroll'`);
  expect(await turn()).toBe(0);
  const first = await turn();
  for (let n = 0; n < 20; n += 1) await turn();
  const row = await rowUntil();
  await sql(
    `UPDATE query_turn SET free_at = free_at + interval '450 milliseconds' WHERE product = 'federal_payroll'`,
  );
  await pause(first);
  const left = await turn();
  expect(left).toBeLessThan(450);
  await pause(left);
  if (left > 0) expect(await turn()).toBe(0);
  expect(await rowUntil()).toEqual(row);
});
