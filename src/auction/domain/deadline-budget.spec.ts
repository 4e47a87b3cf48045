import { MINUTE_MS } from '../../kernel';
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
    for (let i = 0; i < 9; i += 1) window.add(10, 0);
    expect(window.expectedMs(0)).toBe(500);
    window.add(10, 0);
    expect(window.expectedMs(0)).toBe(10);
  });

  it('gives the percentile and forgets what is old', () => {
    const window = new LatencyWindow(500, 0.9, 10);
    for (let ms = 1; ms <= 10; ms += 1) window.add(ms, 0);
    expect(window.expectedMs(0)).toBe(9);
    for (let i = 0; i < 10; i += 1) window.add(3, 0);
    expect(window.expectedMs(0)).toBe(3);
  });

  it('lets an auction of 30 seconds be tried again some time after QI was too slow for it', () => {
    const window = new LatencyWindow(500, 0.95);
    const begin = (atMs: number) =>
      deadlineBudget(before(30_000), limitAt, { ...terms, expectedLatencyMs: window.expectedMs(atMs) }).kind;
    for (let i = 0; i < 10; i += 1) window.add(40_000, i * 1_000);
    expect(begin(10_000)).toBe('too_late');
    expect(begin(10 * MINUTE_MS)).toBe('enough');
    expect(window.expectedMs(10 * MINUTE_MS)).toBe(500);
  });

  it('goes by those of the last two minutes, as each of them grows old', () => {
    const window = new LatencyWindow(500, 1);
    for (let i = 0; i < 10; i += 1) window.add(40_000, 0);
    window.add(900, MINUTE_MS);
    expect(window.expectedMs(2 * MINUTE_MS - 1)).toBe(40_000);
    expect(window.expectedMs(2 * MINUTE_MS)).toBe(900);
    expect(window.expectedMs(3 * MINUTE_MS)).toBe(500);
  });
});
