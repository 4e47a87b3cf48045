import { guaranteeTrouble } from './guarantee-trouble';
import type { MarginStatus } from './margin-state';
import type { OperationStatus } from './operation-state';
import { loanProduct } from './products';
import type { Endings } from './two-endings';

const fgts = loanProduct('fgts');
const siape = loanProduct('federal_payroll');
const open: Endings = { status: 'signed', margin: null };
const at = (minute: number) => new Date(Date.UTC(2026, 10, 27, 12, minute));
const refused = (minute: number, ...codes: string[]) => ({
  kind: 'reservation_refused',
  summary: { failures: codes.map((code) => ({ code, reason: undefined })) },
  recordedAt: at(minute),
});
const signed = { kind: 'signed', summary: {}, recordedAt: at(0) };

describe('the trouble with a guarantee', () => {
  it('is none until it is refused', () => {
    expect(guaranteeTrouble([signed], fgts, open)).toBeNull();
  });

  it('says since when, how often, and why in the end', () => {
    const events = [
      signed,
      refused(1, 'fgts_unauthorized_institution'),
      refused(7, 'fgts_on_locked_date_range'),
    ];
    expect(guaranteeTrouble(events, fgts, open)).toEqual({
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
    ['unexplained', ['expired_portability'], siape],
    ['unexplained', ['unauthorized_institution', 'expired_portability'], siape],
    ['given_up', ['expired_portability', 'consent_refused'], siape],
  ])('is %s after %j', (outcome, codes, product = fgts) => {
    expect(guaranteeTrouble([refused(1, ...codes)], product, open)?.outcome).toBe(outcome);
  });

  it.each<[outcome: string, status: OperationStatus, margin: MarginStatus | null]>([
    ['tried_again', 'reservation_retrying', null],
    ['given_up', 'canceling', null],
    ['given_up', 'canceled_permanently', null],
    ['given_up', 'disbursement_failed', null],
    // Nothing is paid that was not bound.
    ['bound', 'disbursed', null],
    ['tried_again', 'signed', 'retrying'],
    ['given_up', 'reservation_failed', 'retrying'],
    ['given_up', 'canceled_permanently', 'retrying'],
    ['tried_again', 'disbursed', 'retrying'],
  ])('is %s of a loan that is %s, its margin %s, after what QI tries again', (outcome, status, margin) => {
    const [product, code] =
      margin === null ? [fgts, 'fgts_unauthorized_institution'] : [siape, 'unauthorized_institution'];
    expect(guaranteeTrouble([refused(1, code)], product, { status, margin })?.outcome).toBe(outcome);
  });

  it('is over when it was bound after all, until it is refused again', () => {
    const bound = { kind: 'reservation_confirmed', summary: {}, recordedAt: at(2) };
    const [first, second] = [refused(1, 'fgts_unauthorized_institution'), refused(3, 'fgts_period_rejected')];
    expect(guaranteeTrouble([first, bound], fgts, open)?.outcome).toBe('bound');
    expect(guaranteeTrouble([first, bound, second], fgts, open)?.outcome).toBe('given_up');
  });

  it('has no words for what cannot be read', () => {
    expect(guaranteeTrouble([{ ...signed, kind: 'reservation_refused' }], fgts, open)?.reasons).toEqual([]);
  });
});
