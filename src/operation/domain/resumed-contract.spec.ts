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
    ['was to be authorized', told('authorization_requested'), 'resubmission_accepted'],
    ['was authorized in QI’s portal', [noted('authorized')], 'resubmission_accepted'],
    ['was refused by a bank, whatever else is missing', [refused], 'resubmission_accepted'],
  ])('%s', (_, timeline, fact) => {
    expect(factOfResubmission(timeline, null)).toBe(fact);
  });

  it.each([
    ['resubmission_accepted', null],
    ['resubmitted_unsigned', 'held'],
  ] as const)('with a bound guarantee and unheard of a signature: %s with the margin %s', (fact, margin) => {
    expect(factOfResubmission(told('reservation_confirmed', 'disbursement_failed'), margin)).toBe(fact);
  });
});
