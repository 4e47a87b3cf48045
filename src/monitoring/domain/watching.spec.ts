import { biddingWhile, looksUntil, type Looks, type Watching } from './watching';

const NOW = new Date('2026-11-27T15:00:00Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);
const RULES = { stopAfterMs: 60_000, lookEveryMs: 5_000, resumes: true };

const seen = (change: Partial<Watching> = {}): Watching => ({
  now: NOW,
  seenAt: ago(10),
  listeningSince: ago(600),
  lookingSince: undefined,
  bidding: { isStopped: false, isStoppedByUs: false, changedAt: ago(6_000) },
  ...change,
});
const stopped = (by: 'us' | 'a person', at: number): Partial<Watching> => ({
  bidding: { isStopped: true, isStoppedByUs: by === 'us', changedAt: ago(at) },
});

describe('bidding, by whether somebody watches', () => {
  it.each<[string, Watching, typeof RULES, ReturnType<typeof biddingWhile>]>([
    ['somebody does', seen(), RULES, 'stays'],
    ['nobody has for a minute', seen({ seenAt: ago(60) }), RULES, 'stops'],
    ['nobody ever has', seen({ seenAt: undefined }), RULES, 'stops'],
    ['nobody need', seen({ seenAt: undefined }), { ...RULES, stopAfterMs: 0 }, 'stays'],
    ['we have just started', seen({ seenAt: ago(9_000), listeningSince: ago(59) }), RULES, 'stays'],
    ['the database was away until now', seen({ seenAt: ago(90), lookingSince: ago(59) }), RULES, 'stays'],
    ['nobody has since it is back', seen({ seenAt: ago(90), lookingSince: ago(60) }), RULES, 'stops'],
    ['no process lives to tell', seen({ seenAt: ago(90), listeningSince: undefined }), RULES, 'stays'],
    [
      'a person has just let it go on',
      seen({ seenAt: ago(90), bidding: { isStopped: false, isStoppedByUs: false, changedAt: ago(30) } }),
      RULES,
      'stays',
    ],
    ['stopped already', seen({ seenAt: ago(90), ...stopped('a person', 500) }), RULES, 'stays'],
    ['somebody watches again', seen(stopped('us', 30)), RULES, 'resumes'],
    ['the last sign is older than the stop', seen(stopped('us', 5)), RULES, 'stays'],
    ['it is not to resume by itself', seen(stopped('us', 30)), { ...RULES, resumes: false }, 'stays'],
    ['a person stopped it', seen(stopped('a person', 30)), RULES, 'stays'],
  ])('%s', (_, watching, rules, expected) => {
    expect(biddingWhile(watching, rules)).toBe(expected);
  });
});

describe('since when looks have followed each other', () => {
  it.each<[string, Looks | undefined, Date | undefined]>([
    ['the first one', undefined, undefined],
    ['as they should', { since: undefined, last: ago(5) }, undefined],
    ['less than half the time was lost', { since: undefined, last: ago(35) }, undefined],
    ['more than half of it was lost', { since: undefined, last: ago(36) }, NOW],
    ['as they should after a gap', { since: ago(90), last: ago(5) }, ago(90)],
    ['after another gap', { since: ago(90), last: ago(36) }, NOW],
  ])('%s', (_, before, since) => {
    expect(looksUntil(NOW, before, RULES)).toEqual({ since, last: NOW });
  });
});
