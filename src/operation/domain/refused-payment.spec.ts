import { latestRefusedPayment } from './refused-payment';

const told = (summary: Record<string, unknown>, effect = 'applied', kind = 'disbursement_failed') => ({
  kind,
  effect,
  summary,
});
const account = { bank: '341', branch: '0001', number: '***007' };
const pix = told({ code: 'pix_refusal', cause: 'invalid_document_number', reason: 'de outro titular' });
const ted = told({ code: 'ted_refusal', cause: 'agencia_conta_invalida', refused_account: account });

describe('the latest refusal of a payment', () => {
  it.each([
    ['a PIX to somebody else’s account', [pix], { isOfAnotherHolder: true, account: undefined }],
    ['a TED, with the account that refused', [pix, ted], { isOfAnotherHolder: false, account }],
    ['told again when the loan had gone on', [pix, { ...ted, effect: 'overtaken' }], { code: 'pix_refusal' }],
    [
      'without a cause, as older releases kept it',
      [told({ code: 'ted_refusal' })],
      { isOfAnotherHolder: false },
    ],
  ])('%s', (_, events, refused) => {
    expect(latestRefusedPayment(events)).toMatchObject(refused);
  });

  it.each([
    ['nothing was refused', []],
    ['the debt was cancelled for another reason since', [pix, told({ code: 'unspecified' })]],
  ])('none: %s', (_, events) => {
    expect(latestRefusedPayment(events)).toBeUndefined();
  });
});
