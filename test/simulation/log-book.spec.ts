import { LogBook } from './log-book';

describe('what the simulated processes log', () => {
  const words = new Set(['52998224725']);

  it('is searched line by line, however many came since the last search', () => {
    const log = new LogBook();
    log.logger.info({ borrower: '52998224725' }, 'a request came');
    for (let line = 0; line < 5_000; line += 1) log.logger.info({ line }, 'something else');
    expect(log.holding(words)).toEqual(['log: a request came']);
  });

  it('is searched once, and what was found is not forgotten', () => {
    const log = new LogBook();
    log.logger.info({ borrower: '52998224725' }, 'a request came');
    expect(log.holding(new Set())).toEqual([]);
    log.logger.info({ borrower: '52998224725' }, 'another one');
    expect(log.holding(words)).toEqual(['log: another one']);
    expect(log.holding(words)).toEqual(['log: another one']);
  });
});
