import { isSoonAnswered } from './under-way';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const command = (status: 'intended' | 'sending' | 'unknown', seconds: number, attempts = 0) => ({
  status,
  attempts,
  not_before: new Date(NOW + seconds * 1000).toISOString(),
});

describe('a request under way', () => {
  it.each([
    ['about to leave', command('intended', 0), true],
    ['that waits a moment for its turn', command('intended', 5), true],
    ['that is being sent', command('sending', -60), true],
    ['whose answer is lost', command('unknown', 0), false],
    ['that waits minutes for its turn', command('intended', 480), false],
    ['that should have left long ago', command('intended', -120), false],
    ['that was tried and is tried again', command('intended', 5, 3), false],
  ] as const)('%s', (_, underWay, isSoon) => {
    expect(isSoonAnswered(underWay, NOW)).toBe(isSoon);
  });
});
