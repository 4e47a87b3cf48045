import { loanProduct } from '../../src/operation/domain';
import { BALANCE_FAILURES } from '../../src/origination/domain/products/fgts';
import { waitFor } from '../support/wait-for';
import { cpf, ProposalWorld, type Proposal } from './proposal-world';

/**
 * Every way in which the manual's sandbox lets a query or an endorsement end, by the first digits of the CPF: all of them at
 * once in one world, and where each comes to rest.
 */
const ATTEMPTS = 3;
let fgts: ProposalWorld;
beforeAll(async () => {
  fgts = await ProposalWorld.start({
    contract: { fgts: { endorsement_retry_steps: 1, endorsement_attempts: ATTEMPTS } },
  });
});
afterAll(() => fgts.end());

const ASKED_AGAIN_BY_ITSELF = [
  'ongoing_operation',
  'on_locked_date_range',
  'processing_pending_changes',
  'caixa_error',
];
/** Manual 004, the sandbox's table of balance queries. */
const FAILING: readonly (readonly [prefix: string, code: string])[] = [
  ['90', 'ongoing_operation'],
  ['91', 'unauthorized_institution'],
  ['92', 'inexistent_anniversary_membership'],
  ['920', 'inexistent_anniversary_membership'],
  ['93', 'on_locked_date_range'],
  ['94', 'anniversary_membership_egress'],
  ['95', 'processing_pending_changes'],
  ['950', 'processing_pending_changes'],
  ['96', 'caixa_error'],
  ['97', 'caixa_error'],
  ['98', 'caixa_error'],
  ['99', 'caixa_error'],
];
const ANSWERED = ['0', '1', '2', '3', '4', '5', '6', '7'];

it('a balance query ends as the first digits of the CPF say, each in words and with what may be done', async () => {
  const open = async (prefix: string): Promise<readonly [string, string]> => [
    prefix,
    await fgts.open(cpf(prefix)),
  ];
  const opened = new Map(
    await Promise.all([...FAILING.map(([prefix]) => prefix), ...ANSWERED, '8'].map(open)),
  );
  const ended = (prefix: string, status: string): Promise<Proposal> =>
    fgts.becomes(opened.get(prefix) ?? '', status);

  for (const [prefix, code] of FAILING) {
    const { failure, next_actions, simulations } = await ended(prefix, 'balance_failed');
    const { meaning, advice } = BALANCE_FAILURES[code] ?? {};
    expect({ prefix, failure, isAskedAgain: failure?.retry_at != null }).toMatchObject({
      prefix,
      failure: { code, meaning, advice },
      isAskedAgain: ASKED_AGAIN_BY_ITSELF.includes(code),
    });
    expect({ next_actions, simulations }).toEqual({
      next_actions: ['query_balance', 'withdraw'],
      simulations: [],
    });
  }
  for (const prefix of ANSWERED) {
    const { balance, simulations } = await ended(prefix, 'offered');
    expect({
      prefix,
      periods: balance?.periods.length,
      differences: simulations.map((each) => each.differences),
    }).toEqual({ prefix, periods: 10, differences: simulations.map(() => []) });
  }
  const { balance, next_actions, events } = await ended('8', 'not_eligible');
  expect({ periods: balance?.periods, next_actions }).toEqual({
    periods: [],
    next_actions: ['query_balance', 'simulate', 'withdraw'],
  });
  expect(JSON.stringify(events.at(-1)?.summary)).toContain('NO_WITHDRAWAL_AVAILABLE');
  expect(Object.keys(BALANCE_FAILURES).sort()).toEqual([...new Set(FAILING.map(([, code]) => code))].sort());
});

interface Operation {
  readonly status: string;
  readonly failure_code: string | null;
  readonly guarantee: {
    readonly refusals: number;
    readonly refused_since: string;
    readonly last_refused_at: string;
    readonly reasons: readonly { readonly code: string; readonly meaning: string; readonly advice: string }[];
    readonly outcome: string;
  } | null;
  readonly next_actions: readonly { readonly action: string; readonly needs_two_people: boolean }[];
}

const read = async (key: string): Promise<Operation> =>
  (await fgts.world.service.get(`/api/v1/operations/${key}`)).body as Operation;

/** @throws Error with where it stands instead */
async function rests(key: string, isThere: (operation: Operation) => boolean): Promise<Operation> {
  let last: Operation | undefined;
  const look = async (): Promise<Operation | undefined> => {
    last = await read(key);
    return isThere(last) ? last : undefined;
  };
  return waitFor('the endorsement to end', look, { timeoutMs: 15_000, everyMs: 100 }).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    },
  );
}

/** The sandbox refuses an endorsement for the reason that the two digits behind the 9 choose, in the manual's order. */
const REFUSALS = Object.entries(loanProduct('fgts').refusals).map(([code, refusal], at) => ({
  code,
  refusal,
  prefix: `9${String(at).padStart(2, '0')}`,
}));

it('an endorsement is refused in twelve ways, tried again by QI or not, and none of them frees anything', async () => {
  expect(REFUSALS).toHaveLength(12);
  const issue = async (prefix: string) => {
    const document = cpf(prefix);
    await fgts.plan(document, { balance: ['success', 'success'] });
    return { document, ...(await fgts.issue(document)) };
  };
  const [refused, poor, endorsed] = await Promise.all([
    Promise.all(REFUSALS.map(async (each) => ({ ...each, ...(await issue(each.prefix)) }))),
    issue('8'),
    Promise.all(['0', '1', '2', '3', '4', '5', '6', '7'].map(issue)),
  ]);

  for (const { key } of endorsed) await fgts.world.operationBecomes(key, 'disbursed');
  const ofPoor = await rests(poor.key, ({ status }) => status === 'reservation_failed');
  expect(ofPoor.failure_code).toBe('fgts_insufficient_balance');

  for (const { code, refusal, key, document } of refused) {
    const isTried = refusal.qi === 'retries';
    const operation = await rests(key, ({ guarantee }) => guarantee !== null);
    const { guarantee, next_actions } = operation;
    expect({ code, status: operation.status, failure_code: operation.failure_code }).toEqual({
      code,
      status: isTried ? 'reservation_retrying' : 'reservation_failed',
      failure_code: code,
    });
    expect(guarantee).toMatchObject({
      refusals: 1,
      refused_since: guarantee?.last_refused_at,
      reasons: [{ code, meaning: refusal.meaning, advice: refusal.advice }],
      outcome: isTried ? 'tried_again' : 'given_up',
    });
    // QI tells a cancellation once. What it tries afterwards it tells when it succeeds.
    await waitFor('QI to have tried', () =>
      fgts.debtsOf(document)[0]?.collateral.attempts.length === (isTried ? ATTEMPTS : 1) ? true : undefined,
    );
    expect(next_actions).toMatchObject([{ action: 'cancel_permanently', needs_two_people: true }]);
  }
  await nothingIsFree(refused);
}, 90_000);

/** What a refused loan has taken of the borrower's is taken still: for us, and in QI's books. */
async function nothingIsFree(
  refused: readonly { readonly id: string; readonly document: string }[],
): Promise<void> {
  const { rows } = await fgts.world.sql.query<{ held: number }>(
    `SELECT count(*)::int AS held FROM proposal WHERE id = ANY ($1) AND holds_claim`,
    [refused.map(({ id }) => id)],
  );
  expect(rows).toEqual([{ held: refused.length }]);
  for (const { document } of refused) {
    expect(fgts.debtsOf(document)).toMatchObject([{ state: 'canceled', collateral: { state: 'refused' } }]);
  }
  const again = await Promise.all(
    refused.map(async ({ document }) => {
      const { events } = await fgts.becomes(await fgts.open(document), 'not_eligible');
      return events.at(-1)?.summary;
    }),
  );
  const message = expect.stringContaining('já há um contrato nosso com saques até') as string;
  expect(again).toEqual(refused.map(() => ({ problem: { path: 'periods', message }, reasons: [] })));
  expect(fgts.world.sandbox.control.ledger().violations).toEqual([]);
}
