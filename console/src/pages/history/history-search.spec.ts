import { filterOf, readHistorySearch } from './history-search';

describe('the search in the address', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(
      readHistorySearch({ status: 'won', term_from: 12, evil: 'x', reason: '', policy: { a: 1 } }),
    ).toEqual({
      status: 'won',
      term_from: '12',
    });
  });

  it('covers whole days of São Paulo, the last one included', () => {
    expect(filterOf({ de: '2026-02-28', ate: '2026-02-28', status: 'won' })).toEqual({
      status: 'won',
      received_from: '2026-02-28T00:00:00-03:00',
      received_before: '2026-03-01T00:00:00-03:00',
    });
  });
});
