import { Registry } from 'prom-client';
import { pino } from 'pino';
import type { Proposal, SubmissionAnswer } from '../auction';
import type { SendingPermit } from '../platform';
import { Decimal, systemClock } from '../kernel';
import type { Settings } from '../platform';
import { BreakerProposalDesk } from './breaker-proposal-desk';
import type { QiProposalDesk } from './qi-proposal-desk';

const proposal: Proposal = {
  issuerProposalRequestKey: 'r-1',
  requestControlKey: 'c-1',
  amount: { kind: 'disbursed_issue_amount', value: new Decimal(1) },
  monthlyInterestRate: new Decimal('0.02'),
  numberOfInstallments: 1,
  purchaserDocumentNumber: '01272247000120',
  daysToExpiration: 1,
  rebates: [],
};

const serverError: SubmissionAnswer = { kind: 'server_error', httpStatus: 500, body: '' };
const noAnswer: SubmissionAnswer = { kind: 'no_answer', why: 'ECONNRESET' };
const rejected: SubmissionAnswer = {
  kind: 'rejected',
  why: 'other',
  httpStatus: 404,
  code: undefined,
  description: undefined,
  body: '',
};

const notTaken = {
  kind: 'not_taken',
  httpStatus: undefined,
  retryAfterMs: undefined,
  body: '',
} as const;

const HALF_OPEN_MS = 50;

/** A breaker of three failures before a desk that answers as told. */
function breaker() {
  const registry = new Registry();
  const calls: Proposal[] = [];
  let answer: SubmissionAnswer | Promise<SubmissionAnswer> = serverError;
  const desk: Pick<QiProposalDesk, 'submit'> = {
    submit: (handedIn, asked) => {
      const why = asked.refusal();
      if (why !== undefined) return Promise.resolve({ ...notTaken, why });
      calls.push(handedIn);
      return Promise.resolve(answer);
    },
  };
  const settings = { engine: { qi: { breaker_failures: 3, breaker_half_open_ms: HALF_OPEN_MS } } };
  const subject = new BreakerProposalDesk(
    desk as QiProposalDesk,
    settings as Settings,
    systemClock,
    pino({ level: 'silent' }),
    registry,
  );
  return {
    calls,
    heldBackMs: () => subject.heldBackMs(),
    submit: (next: SubmissionAnswer | Promise<SubmissionAnswer>, refusal?: string) => {
      answer = next;
      const permit: SendingPermit = { until: new Date(0), refusal: () => refusal };
      return subject.submit(proposal, permit);
    },
    isOpen: async () => (await registry.getSingleMetricAsString('arremate_qi_circuit_open')).endsWith(' 1'),
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, HALF_OPEN_MS + 20));

test('after so many failures in a row nothing is sent, and the answer says that it was not taken', async () => {
  const { calls, submit, isOpen } = breaker();
  for (const answer of [serverError, noAnswer, serverError]) expect(await submit(answer)).toEqual(answer);
  expect(await isOpen()).toBe(true);
  expect(await submit(rejected)).toEqual({
    kind: 'not_taken',
    why: 'circuit_open',
    httpStatus: undefined,
    retryAfterMs: expect.closeTo(HALF_OPEN_MS, -2) as number,
    body: '',
  });
  expect(calls).toHaveLength(3);
});

test('it says for how long nothing is sent, so that whoever waits need not ask', async () => {
  const { heldBackMs, submit } = breaker();
  expect(heldBackMs()).toBe(0);
  for (let failures = 0; failures < 3; failures += 1) await submit(serverError);
  expect(heldBackMs()).toBeGreaterThan(0);
  expect(heldBackMs()).toBeLessThanOrEqual(HALF_OPEN_MS);
  await pause();
  expect(heldBackMs()).toBe(0);
  await submit(rejected);
  expect(heldBackMs()).toBe(0);
});

test('a refusal is an answer: it breaks the row of failures', async () => {
  const { calls, submit, isOpen } = breaker();
  for (const answer of [serverError, serverError, rejected, serverError, serverError]) await submit(answer);
  expect(await isOpen()).toBe(false);
  expect(calls).toHaveLength(5);
});

test('one trial call decides: closed again after an answer, open again after a failure', async () => {
  const { calls, submit, isOpen } = breaker();
  for (let failures = 0; failures < 3; failures += 1) await submit(serverError);
  await pause();
  expect(await submit(serverError)).toEqual(serverError);
  expect(await submit(rejected)).toMatchObject({ kind: 'not_taken' });
  expect(calls).toHaveLength(4);
  await pause();
  expect(await submit(rejected)).toEqual(rejected);
  expect(await isOpen()).toBe(false);
  expect(await submit(rejected)).toEqual(rejected);
  expect(calls).toHaveLength(6);
});

test('a trial that hangs holds up nobody: others are told at once, and one of them tries after the same pause', async () => {
  const { calls, submit, isOpen } = breaker();
  for (let failures = 0; failures < 3; failures += 1) await submit(serverError);
  await pause();
  let give: (late: SubmissionAnswer) => void = () => undefined;
  const hanging = submit(new Promise<SubmissionAnswer>((resolve) => (give = resolve)));
  expect(await submit(rejected)).toMatchObject({ kind: 'not_taken', why: 'circuit_open' });
  await pause();
  expect(await submit(rejected)).toEqual(rejected);
  expect(await isOpen()).toBe(false);
  expect(calls).toHaveLength(5);

  give(noAnswer);
  expect(await hanging).toEqual(noAnswer);
  expect(await isOpen()).toBe(false);
});

test('what was sent before the circuit opened does not close it: it is no trial', async () => {
  const { submit, isOpen } = breaker();
  let give: (late: SubmissionAnswer) => void = () => undefined;
  const early = submit(new Promise<SubmissionAnswer>((resolve) => (give = resolve)));
  for (let failures = 0; failures < 3; failures += 1) await submit(serverError);
  give(rejected);
  expect(await early).toEqual(rejected);
  expect(await isOpen()).toBe(true);
});

test('a trial whose permit is refused was none: the circuit stays open, and the next call tries', async () => {
  const { calls, submit, isOpen } = breaker();
  for (let failures = 0; failures < 3; failures += 1) await submit(serverError);
  await pause();
  expect(await submit(rejected, 'mark_too_old')).toMatchObject({ why: 'mark_too_old' });
  expect(await isOpen()).toBe(true);
  expect(await submit(rejected)).toEqual(rejected);
  expect(await isOpen()).toBe(false);
  expect(calls).toHaveLength(4);
});

test('a permit that is refused says nothing of QI', async () => {
  const { calls, submit, isOpen } = breaker();
  for (let refusals = 0; refusals < 5; refusals += 1)
    expect(await submit(serverError, 'mark_too_old')).toMatchObject({
      kind: 'not_taken',
      why: 'mark_too_old',
    });
  expect(await isOpen()).toBe(false);
  expect(calls).toHaveLength(0);
});

test('what found no time left says nothing of QI', async () => {
  const { submit, isOpen } = breaker();
  const late = { ...notTaken, why: 'too_late_to_send' };
  for (let times = 0; times < 5; times += 1) expect(await submit(late)).toEqual(late);
  expect(await isOpen()).toBe(false);
});
