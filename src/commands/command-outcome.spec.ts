import type { EntityManager } from 'typeorm';
import type { CommandAnswer } from './command-answer';
import type { CommandBook, CommandJob } from './command-book';
import { CommandOutcome } from './command-outcome';
import type { CommandOwner } from './command-owner';

const tx = {} as EntityManager;
const job: CommandJob = {
  ...{ id: 'c', subject: 'loan', action: 'authorize', actor: 'ana', attempts: 7, foundNothing: 0 },
  ...{ sentBefore: new Date(), call: 'send', mayHaveTaken: false, answerLost: true },
};

function world(end: 'accepted' | 'withdrawn', liveAttempts = job.attempts) {
  const done: string[] = [];
  const owner = {
    lock: () => Promise.resolve('loan'),
    endOf: () => end,
    overtaken: (_tx: unknown, subject: string) => Promise.resolve(done.push(`${subject} told`)),
  };
  const book = {
    liveOf: () => Promise.resolve({ ...job, attempts: liveAttempts }),
    keepAnswer: (_tx: unknown, id: string, { httpStatus }: CommandAnswer) =>
      Promise.resolve(done.push(`${id} kept ${String(httpStatus)}`)),
    settle: (_tx: unknown, id: string, status: string, by: string) =>
      Promise.resolve(done.push([id, status, by].join(' '))),
  };
  const outcome = new CommandOutcome(
    owner as unknown as CommandOwner<string, string>,
    book as unknown as CommandBook<string>,
    { concurrency: 1, poll_ms: 1, retry_base_ms: 1, retry_max_ms: 1, tell_after_attempts: 5 },
  );
  return { done, outcome };
}

describe('a command that is settled by where its subject stands', () => {
  it.each<[string, CommandAnswer]>([
    ['lost', { kind: 'unknown', why: 'timeout', httpStatus: undefined }],
    ['not taken', { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 }],
  ])('is so for its owner too, when an answer is %s', async (_, answer) => {
    const { done, outcome } = world('accepted');
    await outcome.record(tx, job, answer);
    expect(done).toEqual(['c accepted webhook', 'loan told']);
  });

  it('is so for its owner too, when whoever sent it died', async () => {
    const { done, outcome } = world('withdrawn');
    await outcome.markLost(tx, 'loan', job);
    expect(done).toEqual(['c withdrawn overtaken', 'loan told']);
  });
});

describe('a late answer to a command that another process has taken over', () => {
  it.each<[string, CommandAnswer, readonly string[]]>([
    ['a yes to what cannot be read', { kind: 'unknown', why: 'no debt', httpStatus: 202 }, ['c kept 202']],
    ['a failure', { kind: 'unknown', why: 'HTTP 503', httpStatus: 503 }, []],
    ['none', { kind: 'unknown', why: 'timeout', httpStatus: undefined }, []],
    ['a refusal', { kind: 'not_taken', why: 'HTTP 429', httpStatus: 429 }, []],
  ])('is kept where it is a yes: %s', async (_, answer, kept) => {
    const { done, outcome } = world('accepted', job.attempts + 1);
    await outcome.record(tx, job, answer);
    expect(done).toEqual(kept);
  });
});
