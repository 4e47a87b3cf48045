import { byValue } from './by-value';

it.each([
  [
    ['13', null, '7', '1'],
    ['1', '7', '13', null],
  ],
  [
    ['0.03', '0.022'],
    ['0.022', '0.03'],
  ],
  [
    ['2026-11-02', '2026-10-31'],
    ['2026-10-31', '2026-11-02'],
  ],
  [
    ['won', 'bid', null],
    ['bid', 'won', null],
  ],
])('the columns %j stand as %j', (keys, ordered) => {
  expect([...keys].sort(byValue)).toEqual(ordered);
});
