import { everyMinute, isAlone } from './minutes';

describe('minutes', () => {
  it('in which nothing happened stand between those in which something did', () => {
    const [first, last] = [{ minute: '2026-08-18T12:59:00.000Z' }, { minute: '2026-08-18T13:01:00.000Z' }];
    expect(everyMinute([first, last])).toEqual([
      { minute: first.minute, row: first },
      { minute: '2026-08-18T13:00:00.000Z', row: undefined },
      { minute: last.minute, row: last },
    ]);
    expect(everyMinute([])).toEqual([]);
  });

  it.each([
    ['the only one', [5], 0, true],
    ['the first with a gap behind it', [5, null, 6, 7], 0, true],
    ['the first with a neighbour', [5, 6], 0, false],
    ['the last with a neighbour', [null, 5, 6], 2, false],
    ['one between gaps', [null, 5, null], 1, true],
  ])('%s', (_, values, at, expected) => {
    expect(isAlone(values, at)).toBe(expected);
  });
});
