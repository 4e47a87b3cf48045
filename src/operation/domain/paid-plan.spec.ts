import { orderedIn, planDifference, type OwedPlan } from './paid-plan';

const told = (...installments: { due_date?: string; total_amount?: string }[]) => ({ installments });
const months = (count: number, total_amount?: string) =>
  told(
    ...Array.from({ length: count }, (_, month) => ({
      due_date: `2027-0${month + 1}-28`,
      ...(total_amount !== undefined && { total_amount }),
    })),
  );
const difference = (plan: Partial<OwedPlan>, ...payments: Record<string, unknown>[]) =>
  planDifference(payments, { count: null, ordered: [], ...plan })?.message;

describe('the instalments that come with a payment', () => {
  it.each<[string, Partial<OwedPlan>, Record<string, unknown>[]]>([
    ['none printed', { count: 10 }, [told(), {}]],
    ['as many as were won, of other amounts', { count: 6 }, [months(6, '180.75')]],
    ['of a loan that nobody has ordered', {}, [months(6, '180.75')]],
    [
      'equal ones, as ordered',
      { count: 6, ordered: [{ due_date: '2027-01-28', total_amount: '180.76' }] },
      [months(6, '180.75')],
    ],
    [
      'each as ordered, in another order',
      {
        count: 2,
        ordered: [
          { due_date: '2027-01-01', total_amount: '500' },
          { due_date: '2028-01-01', total_amount: '400' },
        ],
      },
      [
        told(
          { due_date: '2028-01-01', total_amount: '400.00' },
          { due_date: '2027-01-01', total_amount: '500.00' },
        ),
      ],
    ],
    ['as ordered in the news that came last', { count: 6 }, [months(3), months(6), {}]],
    ['without figures', { count: 1, ordered: [{ due_date: '2027-01-01', total_amount: '500' }] }, [told({})]],
  ])('are as owed: %s', (_, plan, payments) => {
    expect(difference(plan, ...payments)).toBeUndefined();
  });

  it('of another number are told, of a won loan too', () => {
    expect(difference({ count: 10 }, months(6))).toMatch(/informou 6 parcelas, e o contrato é de 10\./);
  });

  it('of another amount or day are told of a loan that we ordered', () => {
    const ordered = [
      { due_date: '2027-01-28', total_amount: '500' },
      { due_date: '2027-03-01', total_amount: '500' },
    ];
    expect(difference({ count: 2, ordered }, months(2, '500'))).toMatch(
      /a 2ª parcela para 28\/02\/2027, e a pedida vence em 01\/03\/2027/,
    );
    expect(difference({ count: 3, ordered: ordered.slice(0, 1) }, months(3, '500.02'))).toMatch(
      /a 1ª parcela de R\$.500,02, e a pedida é de R\$.500,00/,
    );
  });

  it('are held against what the issue keeps', () => {
    const plan = [{ due_date: '2027-01-28', total_amount: '500' }];
    expect(orderedIn([{}, { plan }])).toEqual(plan);
    expect(orderedIn([{ product: 'fgts' }])).toEqual([]);
  });
});
