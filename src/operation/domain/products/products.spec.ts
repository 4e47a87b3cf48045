import { factOf } from '../operation-state';
import type { OperationEvent } from '../operation-event';
import { loanProduct, understood } from '.';

/** Manual 004, table of cancellations: what QI does after each. */
const ENDORSEMENT: readonly (readonly [code: string, qi: 'retries' | 'cancels'])[] = [
  ['fgts_invalid_given_period', 'cancels'],
  ['fgts_unauthorized_institution', 'retries'],
  ['fgts_processing_pending_changes', 'cancels'],
  ['fgts_on_locked_date_range', 'retries'],
  ['fgts_insufficient_balance', 'cancels'],
  ['fgts_inexistent_anniversary_membership', 'cancels'],
  ['fgts_period_rejected', 'cancels'],
  ['fgts_deletion_request', 'cancels'],
  ['fgts_protocol_removed', 'cancels'],
  ['fgts_insufficient_balance_available', 'cancels'],
  ['fgts_insufficient_balance_for_guarantee', 'cancels'],
  ['fgts_fgts_accounts_not_found', 'cancels'],
];
const canceled = (code: string): OperationEvent => ({
  kind: 'disbursement_failed',
  failure: { code, reason: undefined },
});

describe('a cancelled debt', () => {
  const fgts = loanProduct('fgts');
  const factOfCanceled = (code: string) => factOf(understood(canceled(code), fgts), fgts);
  it('has twelve reasons of the endorsement at Caixa', () => {
    expect(ENDORSEMENT.map(([code]) => code).sort()).toEqual(Object.keys(fgts.refusals).sort());
  });

  it.each(ENDORSEMENT)('of FGTS with %s is a refused endorsement, and QI %s', (code, qi) => {
    expect(factOfCanceled(code)).toBe(
      qi === 'retries' ? 'reservation_refused_for_now' : 'reservation_refused_for_good',
    );
  });

  it('of FGTS with a code of the endorsement that no manual names waits for a person', () => {
    expect(factOfCanceled('fgts_says_something_new')).toBe('reservation_refused_unexplained');
  });

  it.each(['pix_refusal', 'ted_refusal', 'unspecified', 'waiting_signature', 'toString'])(
    'of FGTS with %s is a payment that failed',
    (code) => {
      expect(factOfCanceled(code)).toBe('disbursement_failed');
    },
  );

  it('of private payroll is a payment that failed, whatever its code', () => {
    const product = loanProduct('private_payroll');
    expect(understood(canceled('margin_exceeded'), product).kind).toBe('disbursement_failed');
  });
});

describe('a product', () => {
  it.each(['private_payroll', 'fgts', 'federal_payroll'])('%s says what each refusal means', (name) => {
    for (const { meaning, advice } of Object.values(loanProduct(name).refusals)) {
      expect(meaning).toMatch(/^[A-ZÀ-Ú].{15,}\.$/);
      expect(advice).toMatch(/^[A-ZÀ-Ú].{15,}\.$/);
    }
  });

  it('that nobody knows is treated as the one that the auctions are of', () => {
    expect(loanProduct('constructor')).toBe(loanProduct('private_payroll'));
  });
});
