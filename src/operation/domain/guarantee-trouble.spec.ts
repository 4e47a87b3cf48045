import { guaranteeTrouble } from './guarantee-trouble';
import { loanProduct } from './products';

const fgts = loanProduct('fgts');
const at = (minute: number) => new Date(Date.UTC(2026, 10, 27, 12, minute));
const refused = (minute: number, ...codes: string[]) => ({
  kind: 'reservation_refused',
  summary: { failures: codes.map((code) => ({ code, reason: undefined })) },
  recordedAt: at(minute),
});
const signed = { kind: 'signed', summary: {}, recordedAt: at(0) };

describe('the trouble with a guarantee', () => {
  it('is none until it is refused', () => {
    expect(guaranteeTrouble([signed], fgts)).toBeNull();
  });

  it('says since when, how often, and why in the end', () => {
    const events = [
      signed,
      refused(1, 'fgts_unauthorized_institution'),
      refused(7, 'fgts_on_locked_date_range'),
    ];
    expect(guaranteeTrouble(events, fgts)).toEqual({
      refusals: 2,
      since: at(1),
      last: at(7),
      reasons: [{ code: 'fgts_on_locked_date_range', refusal: fgts.refusals['fgts_on_locked_date_range'] }],
      outcome: 'tried_again',
    });
  });

  it.each([
    ['given_up', ['fgts_period_rejected']],
    ['given_up', ['fgts_unauthorized_institution', 'fgts_period_rejected', 'unheard_of']],
    ['unexplained', ['fgts_unauthorized_institution', 'unheard_of']],
    ['unexplained', ['toString']],
    ['unexplained', []],
  ])('is %s after %j', (outcome, codes) => {
    expect(guaranteeTrouble([refused(1, ...codes)], fgts)?.outcome).toBe(outcome);
  });

  it('is over when it was bound after all, until it is refused again', () => {
    const bound = { kind: 'reservation_confirmed', summary: {}, recordedAt: at(2) };
    const [first, second] = [refused(1, 'fgts_unauthorized_institution'), refused(3, 'fgts_period_rejected')];
    expect(guaranteeTrouble([first, bound], fgts)?.outcome).toBe('bound');
    expect(guaranteeTrouble([first, bound, second], fgts)?.outcome).toBe('given_up');
  });

  it('has no words for what cannot be read', () => {
    expect(guaranteeTrouble([{ ...signed, kind: 'reservation_refused' }], fgts)?.reasons).toEqual([]);
  });
});
