import type { Random } from '../../sandbox/random';

type Ways = readonly [readonly string[], ...(readonly string[])[]];

/** What QI will do with a borrower's query, signature, guarantee and payment, attempt by attempt; what is not said goes well. */
export function fateOf(random: Random, product: 'fgts' | 'federal_payroll'): object {
  const drawn = (share: number, ways: Ways): readonly string[] =>
    random.chance(share) ? random.pick(ways) : [];
  const alike = {
    signature: drawn(0.25, [
      ['never'],
      ['expired'],
      ['face_validation_score'],
      ['face_validation_score', 'signed'],
    ]),
    payment: drawn(0.3, [['ted_refusal'], ['pix_refusal'], ['pix_refusal', 'ted_refusal'], ['never']]),
    refund: random.chance(0.2) ? 'never' : 'paid',
  };
  if (product === 'fgts')
    return {
      ...alike,
      balance: drawn(0.2, [['never'], ['never', 'success'], ['unauthorized_institution'], ['caixa_error']]),
      endorsement: drawn(0.35, [
        ['never'],
        ['fgts_unauthorized_institution', 'endorsed'],
        ['fgts_on_locked_date_range', 'fgts_on_locked_date_range', 'fgts_on_locked_date_range'],
        ['fgts_insufficient_balance'],
        ['fgts_period_rejected'],
      ]),
    };
  return {
    ...alike,
    balance: drawn(0.2, [['never'], ['never', 'success'], ['unauthorized_institution']]),
    reservation: drawn(0.3, [
      ['never'],
      ['unauthorized_institution', 'pending_consent'],
      ['waiting_for_origin_contract_closure', 'unauthorized_institution', 'unauthorized_institution'],
      ['invalid_balance'],
    ]),
    consent: drawn(0.35, [['refused'], ['expired'], ['never']]),
  };
}
