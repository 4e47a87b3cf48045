import { filterOf, readHistorySearch, tellsWhoWins } from './history-search';

describe('the search in the address', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(
      readHistorySearch({ status: 'won', term_from: 12, evil: 'x', reason: '', policy: { a: 1 } }),
    ).toEqual({
      status: 'won',
      term_from: '12',
    });
  });

  it('takes no text as a day or a number: an address may be typed', () => {
    expect(
      readHistorySearch({
        de: 'ontem',
        ate: '2026-02-31',
        term_from: '12x',
        term_to: '24',
        rate_from: 'alta',
        rate_to: '0.02495',
        amount_from: '1.000,00',
        amount_to: 5000,
      }),
    ).toEqual({ term_to: '24', rate_to: '0.02495', amount_to: '5000' });
    expect(readHistorySearch({ de: '2026-99-99', ate: '2026-02-28' })).toEqual({ ate: '2026-02-28' });
  });

  it('covers whole days of São Paulo, the last one included', () => {
    expect(filterOf({ de: '2026-02-28', ate: '2026-02-28', status: 'won' })).toEqual({
      status: 'won',
      received_from: '2026-02-28T00:00:00-03:00',
      received_before: '2026-03-01T00:00:00-03:00',
    });
  });
});

it.each([
  [undefined, true],
  ['won,lost', true],
  ['expired,lost,won', true],
  ['lost', false],
  ['won,expired', false],
])('of auctions that are %s the rate of winning is told: %s', (status, isTold) => {
  expect(tellsWhoWins(status === undefined ? {} : { status })).toBe(isTold);
});
