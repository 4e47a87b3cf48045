import { refusedBeside, refusedCancellationIn } from './refusals';
import { CONSENTED_AFTER_ALL, commandRejectedReason, type TaskReason } from './task';

const refused = (action: 'cancel_permanently' | 'resubmit_disbursement', description: string): TaskReason =>
  commandRejectedReason(action, { code: undefined, description });
const cancellation = refused('cancel_permanently', 'not\nnow');
const payment = (description: string) => refused('resubmit_disbursement', description);
const WORDS = 'A QI recusou o cancelamento definitivo: not now.';
const told = (...reasons: TaskReason[]) =>
  reasons.reduce<TaskReason | undefined>((standing, added) => refusedBeside(standing, added), undefined);

describe('what QI has refused of a loan', () => {
  it('is the last of it, in one line', () => {
    expect(told(payment('no'), payment('bad\n day'))).toEqual({
      code: 'resubmit_disbursement_rejected',
      message: 'A QI recusou o reenvio do desembolso: bad day',
    });
  });

  it.each([
    [[payment('no'), cancellation]],
    [[cancellation, payment('no')]],
    [[cancellation, payment('bad day'), payment('no')]],
    [[cancellation, payment('no'), cancellation]],
  ])('keeps a cancellation beside it, and first, whatever the order', (reasons) => {
    expect(told(...reasons)).toEqual({
      code: 'cancel_permanently_rejected',
      message: `${WORDS}\nA QI recusou o reenvio do desembolso: no`,
    });
  });

  it('is of one cancellation, of which the last is told', () => {
    expect(told(cancellation, CONSENTED_AFTER_ALL)).toEqual(CONSENTED_AFTER_ALL);
  });

  it('is the cancellation alone once something else was taken', () => {
    const both = told(cancellation, payment('no'));
    expect(both && refusedCancellationIn(both)).toEqual({ code: cancellation.code, message: WORDS });
    expect(refusedCancellationIn(payment('no'))).toBeUndefined();
  });
});
