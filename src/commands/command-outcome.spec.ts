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

describe('a lost answer that is asked about', () => {
  const limits = {
    retry_base_ms: 1_000,
    retry_max_ms: 60_000,
    concurrency: 1,
    poll_ms: 1,
    tell_after_attempts: 99,
  };
  const found: CommandAnswer = { kind: 'accepted', httpStatus: 200, body: '' };

  async function after(
    finding: 'found_nothing' | 'not_taken' | 'unclear',
    { attempts, foundNothing }: Pick<CommandJob, 'attempts' | 'foundNothing'>,
  ): Promise<string[]> {
    const done: string[] = [];
    const owner = {
      lock: () => Promise.resolve('loan'),
      whenUnknown: () => 'inquire',
      findingOf: () => finding,
      intendedAgain: () => Promise.resolve(),
    };
    const book = {
      liveOf: () => Promise.resolve({ ...job, attempts }),
      countFoundNothing: () => Promise.resolve(done.push('counted')),
      postpone: (_tx: unknown, _id: string, status: string, waitMs: number) =>
        Promise.resolve(done.push(`${status} for ${String(waitMs)}`)),
    };
    const outcome = new CommandOutcome(
      owner as unknown as CommandOwner<string, string>,
      book as unknown as CommandBook<string>,
      limits,
    );
    await outcome.record(tx, { ...job, call: 'inquire', attempts, foundNothing }, found);
    return done;
  }

  it('is asked about as soon as any other once QI answers, however often it did not', async () => {
    expect(await after('unclear', { attempts: 16, foundNothing: 0 })).toEqual(['unknown for 60000']);
    expect(await after('found_nothing', { attempts: 17, foundNothing: 0 })).toEqual([
      'counted',
      'unknown for 2000',
    ]);
    expect(await after('found_nothing', { attempts: 18, foundNothing: 1 })).toEqual([
      'counted',
      'unknown for 4000',
    ]);
  });

  it('is sent again soon once it is believed that QI has nothing of it, and that this was no call it did not take shows', async () => {
    expect(await after('not_taken', { attempts: 24, foundNothing: 7 })).toEqual([
      'counted',
      'intended for 1000',
    ]);
  });
});
