import { acknowledgementOf } from './acknowledgement';

const NOW = new Date('2026-08-18T12:00:00Z');
const content = (quietMs: number, ...answers: ('plain' | 'signed')[]) => ({
  answers,
  lastAt: new Date(NOW.getTime() - quietMs),
});

describe('the acknowledgement QI takes', () => {
  it.each([
    ['not_known_yet', []],
    ['not_known_yet', [content(999, 'plain')]],
    ['plain', [content(1_000, 'plain')]],
    ['plain', [content(1_000, 'plain'), content(2_000, 'plain')]],
    // QI's own requests go on meanwhile.
    ['plain', [content(1_000, 'plain'), content(10, 'plain')]],
    ['not_known_yet', [content(500, 'plain', 'signed')]],
    ['signed', [content(1_000, 'plain', 'signed')]],
    ['signed', [content(1_000, 'plain', 'signed'), content(1_000, 'signed')]],
    ['neither', [content(1_000, 'plain', 'signed', 'signed')]],
    // There is no key to sign with.
    ['neither', [content(500, 'plain', 'plain')]],
    ['neither', [content(500, 'plain', 'plain'), content(1_000, 'plain')]],
    ['signed', [content(1_000, 'plain', 'signed'), content(10, 'signed')]],
  ] as const)('is %s', (expected, contents) => {
    expect(acknowledgementOf(contents, NOW, 1_000)).toBe(expected);
  });
});
