import { isOpenAt } from './hours';

describe('SIAPE', () => {
  it.each([
    ['Friday at 06:59', '2026-11-27T09:59:59Z', false],
    ['Friday at 07:00', '2026-11-27T10:00:00Z', true],
    ['Friday at 23:59', '2026-11-28T02:59:59Z', true],
    ['Saturday at 00:00', '2026-11-28T03:00:00Z', false],
    ['Sunday at noon', '2026-11-29T15:00:00Z', false],
    ['a holiday at noon', '2026-11-20T15:00:00Z', false],
  ])('on %s of Sao Paulo is open: %s, %s', (_, instant, open) => {
    expect(isOpenAt(new Date(instant))).toBe(open);
  });
});
