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
    expect(guaranteeTrouble([signed], 'authorized', fgts)).toBeNull();
  });

  it('says since when, how often, and why in the end', () => {
    const events = [
      signed,
      refused(1, 'fgts_unauthorized_institution'),
      refused(7, 'fgts_on_locked_date_range'),
    ];
    expect(guaranteeTrouble(events, 'reservation_retrying', fgts)).toEqual({
      refusals: 2,
      since: at(1),
      last: at(7),
      reasons: [{ code: 'fgts_on_locked_date_range', refusal: fgts.refusals['fgts_on_locked_date_range'] }],
      isTriedAgain: true,
    });
  });

  it('is over, and remembered, when QI has given up or succeeded', () => {
    const events = [refused(1, 'fgts_period_rejected')];
    expect(guaranteeTrouble(events, 'reservation_failed', fgts)?.isTriedAgain).toBe(false);
    expect(guaranteeTrouble(events, 'disbursed', fgts)?.isTriedAgain).toBe(false);
  });

  it('has no words for what no manual names', () => {
    expect(guaranteeTrouble([refused(1, 'toString')], 'parked', fgts)?.reasons).toEqual([
      { code: 'toString', refusal: undefined },
    ]);
    expect(guaranteeTrouble([{ ...signed, kind: 'reservation_refused' }], 'parked', fgts)?.reasons).toEqual(
      [],
    );
  });
});
