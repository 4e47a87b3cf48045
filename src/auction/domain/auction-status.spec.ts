import { AUCTION_STATUSES, awaitsOutcome, sourcesOf, type AuctionStatus } from './auction-status';

describe('auction statuses', () => {
  it('are all reachable from open (parked nonsense and auctions that ended before they came are born so)', () => {
    const reached = new Set<AuctionStatus>(['open']);
    for (let before = 0; before !== reached.size;) {
      before = reached.size;
      for (const to of AUCTION_STATUSES) if (sourcesOf(to).some((from) => reached.has(from))) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...AUCTION_STATUSES].sort());
  });

  it('are left only by those that are not final', () => {
    const left = new Set(AUCTION_STATUSES.flatMap(sourcesOf));
    expect([...left].sort()).toEqual(['bid', 'bidding', 'expired', 'open', 'unknown']);
  });

  it('never lead back to a second bid', () => {
    expect(sourcesOf('bidding')).toEqual(['open']);
    expect(sourcesOf('open')).toEqual([]);
  });

  it.each([
    ['bid', true],
    ['unknown', true],
    ['bidding', true],
    ['expired', true],
    ['declined', false],
    ['won', false],
  ] as const)('%s awaits an outcome: %s', (status, expected) => {
    expect(awaitsOutcome(status)).toBe(expected);
  });
});
