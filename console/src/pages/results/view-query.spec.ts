import { goneFrom } from './search';
import { searchOfView, viewQueryOf } from './view-query';

describe('a saved view', () => {
  it.each([
    [{}, 'by=policy&measures=win_rate&days=30'],
    [{ linhas: 'rate', colunas: 'term', medida: 'won', dias: '7' }, 'by=rate%2Cterm&measures=won&days=7'],
    [{ linhas: 'rate', colunas: 'rate', dias: '8' }, 'by=rate&measures=win_rate&days=30'],
    [
      { linhas: 'day', medida: 'won', dias: '7', de: '2026-11-01', ate: '2026-11-28' },
      'by=day&measures=won&from=2026-11-01&to=2026-11-28',
    ],
  ])('of %j is the question that the page asks, and opens as the same page', (search, query) => {
    expect(viewQueryOf(search)).toBe(query);
    expect(viewQueryOf(searchOfView(query))).toBe(query);
  });

  it('names what is gone', () => {
    expect(goneFrom(searchOfView('by=policy,vintage&measures=won&days=30'))).toContain('“vintage”');
    expect(goneFrom(searchOfView('by=policy&measures=profit&days=30'))).toContain('“profit”');
    expect(goneFrom(searchOfView('by=policy&measures=won&days=30'))).toBeUndefined();
  });
});
