import fc from 'fast-check';
import { readTime } from './datetimes';

const instant = (iso: string, zoned: boolean) => ({ kind: 'date_time', instant: new Date(iso), zoned });

test.each([
  ['with Z', '2025-03-20T14:47:43Z', instant('2025-03-20T14:47:43Z', true)],
  ['with an offset', '2025-03-20T11:49:43-03:00', instant('2025-03-20T14:49:43Z', true)],
  ['with an offset without colon', '2025-03-20T11:49:43-0300', instant('2025-03-20T14:49:43Z', true)],
  ['with a blank and no zone', '2025-04-09 20:00:19', instant('2025-04-09T20:00:19Z', false)],
  ['with T and no zone', '2022-12-26T13:36:16', instant('2022-12-26T13:36:16Z', false)],
  ['with microseconds', '2025-03-18T14:52:07.123456', instant('2025-03-18T14:52:07.123Z', false)],
  ['with microseconds and Z', '2023-06-30T18:52:27.885731Z', instant('2023-06-30T18:52:27.885Z', true)],
  ['day first', '30/01/2026 20:21:22', instant('2026-01-30T20:21:22Z', false)],
  ['a day', '2025-02-06', { kind: 'date', text: '2025-02-06' }],
  ['a month', '2026-03', { kind: 'month', text: '2026-03' }],
  ['with blanks around it', ' 2026-03 ', { kind: 'month', text: '2026-03' }],
])('reads the printed form %s', (_, text, expected) => {
  expect(readTime(text)).toEqual(expected);
});

test.each([
  '',
  'None',
  'yesterday',
  '2025-02-30',
  '2025-13',
  '2025-02-30T10:00:00Z',
  '2025-03-20T24:30:00Z',
  '2025-03-20T14:60:00Z',
  '2025-03-20T14:47Z',
  '2025-03-20T14:47:43+25:00',
  '01/30/2026 20:21:22',
  '1742482063',
  '2025-03-20T14:47:43Z; DROP TABLE',
])('is not a time: %j', (text) => {
  expect(readTime(text)).toBeUndefined();
});

test('any instant survives being printed and read', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      (date) => {
        expect(readTime(date.toISOString())).toEqual({ kind: 'date_time', instant: date, zoned: true });
      },
    ),
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.stringMatching(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{4})?$/),
      ),
      (text) => {
        readTime(text);
      },
    ),
  );
});
