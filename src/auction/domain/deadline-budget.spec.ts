import { LatencyWindow, deadlineBudget } from './deadline-budget';

const limitAt = new Date('2026-01-05T12:00:30.000Z');
const terms = { networkMarginMs: 250, expectedLatencyMs: 500 };
const before = (ms: number): Date => new Date(limitAt.getTime() - ms);

describe('deadlineBudget', () => {
  it.each([
    [30_000, { kind: 'enough', timeoutMs: 29_750 }],
    [750, { kind: 'enough', timeoutMs: 500 }],
    [749, { kind: 'too_late' }],
    [0, { kind: 'too_late' }],
    [-1, { kind: 'too_late' }],
  ])('%d ms before the limit', (ms, expected) => {
    expect(deadlineBudget(before(ms), limitAt, terms)).toEqual(expected);
  });

  it('never gives a call no time, however fast QI is', () => {
    expect(deadlineBudget(before(250), limitAt, { networkMarginMs: 250, expectedLatencyMs: 0 })).toEqual({
      kind: 'too_late',
    });
  });
});

describe('LatencyWindow', () => {
  it('assumes until it knows', () => {
    const window = new LatencyWindow(500, 0.95);
    for (let i = 0; i < 9; i += 1) window.add(10);
    expect(window.expectedMs()).toBe(500);
    window.add(10);
    expect(window.expectedMs()).toBe(10);
  });

  it('gives the percentile and forgets what is old', () => {
    const window = new LatencyWindow(500, 0.9, 10);
    for (let ms = 1; ms <= 10; ms += 1) window.add(ms);
    expect(window.expectedMs()).toBe(9);
    for (let i = 0; i < 10; i += 1) window.add(3);
    expect(window.expectedMs()).toBe(3);
  });
});
