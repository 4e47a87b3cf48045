import type { SubmissionAnswer } from './proposal';
import { leavesItOpen, nextSubmissionStep } from './submission-step';

type Answer = Exclude<SubmissionAnswer, { kind: 'accepted' }>;

const rules = { maxAttempts: 3, baseMs: 100, maxMs: 250, leftMs: 30_000, repeatUnknown: false };
const rejected = (why: 'margin' | 'other'): Answer => ({
  kind: 'rejected',
  why,
  httpStatus: 400,
  code: 'QIT000001',
  description: 'no',
  body: '',
});
const notTaken = (retryAfterMs?: number): Answer => ({
  kind: 'not_taken',
  why: 'refused',
  httpStatus: undefined,
  retryAfterMs,
  body: '',
});
const serverError: Answer = { kind: 'server_error', httpStatus: 503, body: '' };
const noAnswer: Answer = { kind: 'no_answer', why: 'timeout' };

describe('nextSubmissionStep', () => {
  it.each([
    ['refused for the margin', rejected('margin'), 1, false, { kind: 'rejected', refit: true }],
    ['refused for anything else', rejected('other'), 1, false, { kind: 'rejected', refit: false }],
    [
      'refused after an unclear first',
      rejected('margin'),
      2,
      true,
      { kind: 'unknown', why: 'refused_after_unclear' },
    ],
    ['not taken, first', notTaken(), 1, false, { kind: 'repeat', waitMs: 100 }],
    ['not taken, second: waits longer', notTaken(), 2, false, { kind: 'repeat', waitMs: 200 }],
    ['not taken, told to wait', notTaken(900), 1, false, { kind: 'repeat', waitMs: 900 }],
    [
      'not taken, told to wait beyond the limit',
      notTaken(30_000),
      1,
      false,
      { kind: 'give_up', why: 'retry_after_limit' },
    ],
    [
      'not taken after an unclear first, told to wait beyond the limit',
      notTaken(60_000),
      2,
      true,
      { kind: 'unknown', why: 'retry_after_limit' },
    ],
    ['not taken, last', notTaken(), 3, false, { kind: 'give_up', why: 'refused' }],
    [
      'not taken at last, but an earlier one may be',
      notTaken(),
      3,
      true,
      { kind: 'unknown', why: 'refused' },
    ],
    ['server error', serverError, 1, false, { kind: 'repeat', waitMs: 100 }],
    ['server error, last', serverError, 3, true, { kind: 'unknown', why: 'http_503' }],
    ['no answer', noAnswer, 1, false, { kind: 'unknown', why: 'timeout' }],
  ] as const)('%s', (_, answer, attempt, mayBeLive, expected) => {
    expect(nextSubmissionStep(answer, attempt, mayBeLive, rules)).toEqual(expected);
  });

  it('repeats a lost answer only by setting', () => {
    expect(nextSubmissionStep(noAnswer, 1, false, { ...rules, repeatUnknown: true })).toEqual({
      kind: 'repeat',
      waitMs: 100,
    });
  });

  it('bounds the wait', () => {
    expect(nextSubmissionStep(serverError, 9, false, { ...rules, maxAttempts: 10 })).toEqual({
      kind: 'repeat',
      waitMs: 250,
    });
  });

  it('knows which answers leave a bid open', () => {
    expect([rejected('other'), notTaken(), serverError, noAnswer].map(leavesItOpen)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
