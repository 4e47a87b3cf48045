import { BALANCE_ERRORS, balanceOutcome, ENDORSEMENT_ERRORS, endorsementOutcome } from './outcomes';

describe('FGTS outcomes', () => {
  it('are the seven and the twelve of the manual, of which QI retries two', () => {
    expect(Object.keys(BALANCE_ERRORS)).toHaveLength(7);
    expect(Object.keys(ENDORSEMENT_ERRORS)).toHaveLength(12);
    expect(Object.keys(ENDORSEMENT_ERRORS).filter((word) => ENDORSEMENT_ERRORS[word]?.retried)).toEqual([
      'fgts_unauthorized_institution',
      'fgts_on_locked_date_range',
    ]);
  });

  it.each([
    ['08765432100', 'success', 'success'],
    ['88765432100', 'empty', 'success'],
    ['92065432196', 'inexistent_anniversary_membership', 'caixa_error'],
    ['11165432191', 'success', 'unauthorized_institution'],
    ['11165432188', 'success', 'success'],
  ])('a query of %s is %s by its first digits and %s by its last', (cpf, first, last) => {
    expect(balanceOutcome(cpf, 'first_digits')).toBe(first);
    expect(balanceOutcome(cpf, 'last_two_digits')).toBe(last);
    expect(balanceOutcome(cpf, 'none')).toBe('success');
  });

  it.each([
    ['0', 'endorsed'],
    ['3', 'endorsed'],
    ['4', 'as configured'],
    ['7', 'as configured'],
    ['8', 'fgts_insufficient_balance'],
    ['900', 'fgts_invalid_given_period'],
    ['901', 'fgts_unauthorized_institution'],
    ['911', 'fgts_fgts_accounts_not_found'],
    ['912', 'fgts_invalid_given_period'],
  ])('an endorsement of %s is %s', (prefix, outcome) => {
    expect(endorsementOutcome(prefix.padEnd(11, '0'), 'as configured')).toBe(outcome);
  });
});
