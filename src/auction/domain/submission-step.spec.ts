import type { SubmissionAnswer } from './proposal';
import { leavesItOpen, nextSubmissionStep } from './submission-step';

type Answer = Exclude<SubmissionAnswer, { kind: 'accepted' }>;

const rules = { maxUnclear: 3, baseMs: 100, maxMs: 250, leftMs: 30_000, repeatUnknown: false };
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
    ['refused for the margin', rejected('margin'), 1, 0, { kind: 'rejected', refit: true }],
    ['refused for anything else', rejected('other'), 1, 0, { kind: 'rejected', refit: false }],
    [
      'refused after an unclear first',
      rejected('margin'),
      2,
      1,
      { kind: 'unknown', why: 'refused_after_unclear' },
    ],
    ['not taken, first', notTaken(), 1, 0, { kind: 'repeat', waitMs: 100 }],
    ['not taken, second: waits longer', notTaken(), 2, 0, { kind: 'repeat', waitMs: 200 }],
    ['not taken, told to wait', notTaken(900), 1, 0, { kind: 'repeat', waitMs: 900 }],
    [
      'not taken, told to wait beyond the limit',
      notTaken(30_000),
      1,
      0,
      { kind: 'give_up', why: 'retry_after_limit' },
    ],
    [
      'not taken after an unclear first, told to wait beyond the limit',
      notTaken(60_000),
      2,
      1,
      { kind: 'unknown', why: 'retry_after_limit' },
    ],
    ['not taken, as often as there is time for', notTaken(), 100, 0, { kind: 'repeat', waitMs: 250 }],
    ['not taken, though earlier ones may be', notTaken(), 3, 2, { kind: 'repeat', waitMs: 250 }],
    ['server error', serverError, 1, 0, { kind: 'repeat', waitMs: 100 }],
    ['server error after many that were not taken', serverError, 9, 0, { kind: 'repeat', waitMs: 250 }],
    ['server error, last', serverError, 3, 2, { kind: 'unknown', why: 'http_503' }],
    ['no answer', noAnswer, 1, 0, { kind: 'unknown', why: 'timeout' }],
  ] as const)('%s', (_, answer, attempt, unclear, expected) => {
    expect(nextSubmissionStep(answer, attempt, unclear, rules)).toEqual(expected);
  });

  it('says what QI said where there is no time for another, unless QI has set the time', () => {
    const late = { ...rules, leftMs: 90 };
    const steps = [notTaken(), notTaken(90), serverError].map((answer) =>
      nextSubmissionStep(answer, 1, 0, late),
    );
    expect(steps).toEqual([
      { kind: 'give_up', why: 'refused' },
      { kind: 'give_up', why: 'retry_after_limit' },
      { kind: 'unknown', why: 'http_503' },
    ]);
  });

  it('says so too of an answer that comes when its time is over', () => {
    const over = { ...rules, leftMs: -1 };
    const steps = [notTaken(), notTaken(90), serverError].map((answer) =>
      nextSubmissionStep(answer, 1, 0, over),
    );
    expect(steps).toEqual([
      { kind: 'give_up', why: 'refused' },
      { kind: 'give_up', why: 'retry_after_limit' },
      { kind: 'unknown', why: 'http_503' },
    ]);
  });

  it('repeats a lost answer only by setting', () => {
    expect(nextSubmissionStep(noAnswer, 1, 0, { ...rules, repeatUnknown: true })).toEqual({
      kind: 'repeat',
      waitMs: 100,
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
