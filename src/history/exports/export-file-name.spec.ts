import { exportFileName } from './export-file-name';

it('names a file by when it was asked for, as the clocks of people showed it', () => {
  const lateInTheEvening = new Date('2026-12-01T02:00:00Z');
  expect(exportFileName('figures', 'csv', lateInTheEvening)).toBe('visao-2026-11-30-23-00.csv');
  expect(exportFileName('auctions', 'xlsx', lateInTheEvening)).toBe('leiloes-2026-11-30-23-00.xlsx');
});
