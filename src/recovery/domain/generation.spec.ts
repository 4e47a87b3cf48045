import { signOfRestore, type DatabaseState, type Mark } from './generation';

const seen: Mark = { generation: 'a', counter: 500 };
const TIMELINE = '7/00000001';
const at = (counter: number, generation = 'a', timeline = TIMELINE) => ({ generation, counter, timeline });
const state = (changes: Partial<DatabaseState> = {}): DatabaseState => ({
  mark: at(510),
  timeline: TIMELINE,
  endedGenerations: [],
  silentMs: 1_000,
  hasHistory: true,
  ...changes,
});
const rules = { failoverKeepsCommits: false, unwitnessedAfterMs: 300_000 };
const PROMOTED = '7/00000002';
const UPGRADED = '8/00000001';

describe('what tells a restored database from a restarted one', () => {
  it.each<[string, Mark | undefined, Partial<DatabaseState>, string | undefined]>([
    ['a restart, and others went on meanwhile', seen, {}, undefined],
    ['a restart right after the last look', seen, { mark: at(500) }, undefined],
    ['a machine that was off for a day', seen, { silentMs: 86_400_000 }, undefined],
    ['a copy from before', seen, { mark: at(499) }, 'behind'],
    ['a copy from before anybody counted', seen, { mark: undefined }, 'other_history'],
    ['an empty database in its place', seen, { mark: undefined, hasHistory: false }, 'other_history'],
    [
      'a restore that others have noticed',
      seen,
      { mark: at(2, 'b'), endedGenerations: ['x', 'a'] },
      undefined,
    ],
    [
      'a copy from before a known restore',
      seen,
      { mark: at(9_999, 'z'), endedGenerations: ['y'] },
      'other_history',
    ],
    ['a standby was promoted', seen, { timeline: PROMOTED }, 'new_timeline'],
    ['another cluster that holds it all', seen, { timeline: UPGRADED }, undefined],
    ['the first start on an empty database', undefined, { mark: undefined, hasHistory: false }, undefined],
    ['the first start of this release', undefined, { mark: undefined }, undefined],
    ['a new machine beside others that run', undefined, {}, undefined],
    ['a new machine, and the database stood still', undefined, { silentMs: 300_001 }, 'unwitnessed'],
    ['the same before any webhook', undefined, { silentMs: 300_001, hasHistory: false }, undefined],
    ['a new machine after a failover', undefined, { timeline: PROMOTED }, 'new_timeline'],
    ['a new machine on another cluster', undefined, { timeline: UPGRADED }, 'unwitnessed'],
  ])('%s', (_, mark, changes, sign) => {
    expect(signOfRestore(mark, state(changes), rules)).toBe(sign);
  });

  it('believes a new timeline where every failover keeps what was committed, and a lower counter nowhere', () => {
    const trusting = { ...rules, failoverKeepsCommits: true };
    expect(signOfRestore(seen, state({ timeline: PROMOTED }), trusting)).toBeUndefined();
    expect(signOfRestore(seen, state({ timeline: PROMOTED, mark: at(1) }), trusting)).toBe('behind');
  });
});
