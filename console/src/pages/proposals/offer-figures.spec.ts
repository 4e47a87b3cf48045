import { isShownBeside, offeredFigures, type Figures } from './offer-figures';

const figures: Figures = {
  disbursement_date: '2026-12-01',
  issue_amount: '1000.00',
  disbursed_issue_amount: '900.00',
  iof_amount: '10.00',
  contract_fee_amount: '0.00',
  total_amount: '1200.00',
  cet: '0.0190',
  annual_cet: '0.253410',
  periods: [{ due_date: '2027-04-01', amount: '1200.00' }],
  options: [
    { disbursement_date: '2026-12-01', disbursed_issue_amount: '900.00', cet: '0.0190' },
    { disbursement_date: '2026-12-02', disbursed_issue_amount: '900.50', cet: '0.0189' },
  ],
};

describe('what a client is told', () => {
  it('is what we say as long as QI says nothing', () => {
    expect(offeredFigures(figures, null)).toEqual(figures);
    expect(offeredFigures(figures, { periods: [], options: [] })).toEqual(figures);
  });

  it('is what QI says, of each day of payment too', () => {
    const qi = {
      disbursed_issue_amount: '850.00',
      options: [{ disbursement_date: '2026-12-02', disbursed_issue_amount: '850.50' }],
    };
    expect(offeredFigures(figures, qi)).toEqual({
      ...figures,
      disbursed_issue_amount: '850.00',
      options: [
        figures.options[0],
        { disbursement_date: '2026-12-02', disbursed_issue_amount: '850.50', cet: '0.0189' },
      ],
    });
  });

  it('is seen beforehand by whoever lets it through, also what is not compared', () => {
    const qi = { contract_fee_amount: '43.17', total_amount: '1200.00', annual_cet: '0.253414' };
    expect(isShownBeside('contract_fee_amount', figures, qi)).toBe(true);
    for (const alike of ['total_amount', 'annual_cet', 'iof_amount', 'periods'] as const)
      expect(isShownBeside(alike, figures, qi)).toBe(false);
  });
});
