import { BID_STATUSES, bidSourcesOf } from './bid-status';

describe('the life of a bid', () => {
  it('lets an answer that comes late correct what nobody knew', () => {
    for (const from of ['sending', 'unknown', 'unproven'] as const)
      for (const to of ['accepted', 'rejected'] as const) expect(bidSourcesOf(to)).toContain(from);
  });

  it('lets the word of QI on the very key prove that it was sent', () => {
    for (const to of ['accepted', 'rejected'] as const) expect(bidSourcesOf(to)).toContain('intended');
  });

  it('never sends again what may have been taken', () => {
    expect(bidSourcesOf('sending')).toEqual(['intended']);
    expect(bidSourcesOf('intended')).toEqual(['sending']);
  });

  it('changes nothing that QI has answered', () => {
    const answered = ['accepted', 'rejected', 'withdrawn'] as const;
    for (const to of BID_STATUSES) for (const from of answered) expect(bidSourcesOf(to)).not.toContain(from);
  });
});
