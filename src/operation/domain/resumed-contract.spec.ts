import { factOfResubmission } from './resumed-contract';

const told = (...kinds: readonly string[]) =>
  kinds.map((kind) => ({ kind, effect: 'applied', summary: { code: 'waiting_signature' } }));
const noted = (what: string) => ({ kind: 'noted', effect: 'noted', summary: { what } });
const refused = { kind: 'disbursement_failed', effect: 'applied', summary: { code: 'pix_refusal' } };

describe('a cancelled contract that was sent again', () => {
  it.each([
    ['was never signed', told('issued', 'disbursement_failed'), 'resubmitted_unsigned'],
    ['was signed', told('issued', 'signed', 'disbursement_failed'), 'resubmitted_signed'],
    ['was signed, which was heard late', told('disbursement_failed', 'signed'), 'resubmitted_signed'],
    ['was signed, as QI noted', [noted('signed'), ...told('disbursement_failed')], 'resubmitted_signed'],
    ['was to be signed anew', told('signed', 'signature_failed'), 'resubmitted_unsigned'],
    ['was to be authorized', told('signed', 'authorization_requested'), 'resubmitted_unauthorized'],
    ['was authorized', told('authorization_requested', 'authorization_accepted'), 'resubmitted_authorized'],
    ['was authorized in QI’s portal', [noted('authorized')], 'resubmitted_authorized'],
    [
      'was refused its guarantee, and so authorized, though nobody heard that',
      told('authorization_requested', 'reservation_refused', 'disbursement_failed'),
      'resubmitted_authorized',
    ],
    ['was reserved', told('authorization_requested', 'reservation_confirmed'), 'resubmission_accepted'],
    ['was refused by a bank, whatever else is missing', [refused], 'resubmission_accepted'],
  ])('%s', (_, timeline, fact) => {
    expect(factOfResubmission(timeline, null, false)).toBe(fact);
  });

  it('is not to be authorized again where our own authorization was taken, or may have been', () => {
    expect(factOfResubmission(told('authorization_requested'), null, true)).toBe('resubmitted_authorized');
  });

  it.each([
    ['resubmission_accepted', null],
    ['resubmitted_unsigned', 'held'],
  ] as const)('with a bound guarantee and unheard of a signature: %s with the margin %s', (fact, margin) => {
    const timeline = told('reservation_confirmed', 'disbursement_failed');
    expect(factOfResubmission(timeline, margin, false)).toBe(fact);
  });
});
