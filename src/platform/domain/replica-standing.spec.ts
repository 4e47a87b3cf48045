import { replicaStanding } from './replica-standing';

const at = (seconds: number, generation = 'g') => ({
  generation,
  at: new Date(1_800_000_000_000 + seconds * 1_000),
});

it.each([
  ['has everything', at(10), at(10), { kind: 'usable', lagMs: 0 }],
  ['is behind within the limit', at(15), at(10), { kind: 'usable', lagMs: 5_000 }],
  ['is further behind', at(16), at(10), { kind: 'late', lagMs: 6_000 }],
  ['was advanced between the two questions', at(10), at(11), { kind: 'usable', lagMs: 0 }],
  ['has another history', at(10), at(10, 'other'), { kind: 'another_database' }],
] as const)('a replica that %s', (_, primary, replica, standing) => {
  expect(replicaStanding(primary, replica, 5_000)).toEqual(standing);
});
