import { dayFirst, isoMicroseconds, isoWithoutZone, isoZ, localWithZ, spaced } from './printed-time';

describe('printed times', () => {
  const instant = new Date('2025-03-20T14:49:43.123Z');

  it.each([
    [isoZ, '2025-03-20T14:49:43Z'],
    [localWithZ, '2025-03-20T11:49:43Z'],
    [spaced, '2025-03-20 14:49:43'],
    [isoWithoutZone, '2025-03-20T14:49:43'],
    [isoMicroseconds, '2025-03-20T14:49:43.123000'],
    [dayFirst, '20/03/2025 11:49:43'],
  ])('%p', (print, text) => {
    expect(print(instant)).toBe(text);
  });

  it('knows the day before in Sao Paulo', () => {
    expect(localWithZ(new Date('2026-01-01T01:00:00Z'))).toBe('2025-12-31T22:00:00Z');
  });
});
