import { readCompareSearch, readExploreSearch, readRateSearch, readResultSearch } from './search';

describe('the addresses of the pages about results', () => {
  it.each([readResultSearch, readCompareSearch, readExploreSearch, readRateSearch])(
    'take no text as a day, nor a day that no calendar has',
    (read) => {
      expect(read({ de: 'ontem', ate: '2026-02-31' })).toEqual({});
      expect(read({ de: '2026-99-99', ate: '2026-02-28' })).toEqual({ ate: '2026-02-28' });
    },
  );
});
