import { PRINTED, quoted } from '../../../test/support/printed-quote';
import { calendarDate, Decimal } from '../../kernel';
import { quoteToJson } from './index';

test('amounts to the cent, schedule figures to 10 decimals, all as text', () => {
  expect(quoteToJson(quoted(PRINTED))).toEqual({
    disbursement_date: '2023-03-14',
    first_due_date: '2023-04-07',
    number_of_installments: 2,
    installment_face_value: '100.00',
    issue_amount: '194.80',
    disbursed_issue_amount: '191.49',
    assignment_amount: '196.75',
    contract_fee_amount: '1.95',
    contract_fees: [{ fee_type: 'tac', amount_type: 'percentage', amount: '1', fee_amount: '1.95' }],
    external_contract_fee_amount: '1.95',
    net_external_contract_fee_amount: '1.77',
    external_contract_fees: [
      {
        fee_type: 'spread',
        amount_type: 'percentage',
        amount: '1',
        fee_amount: '1.95',
        tax_amount: '0.18',
        net_fee_amount: '1.77',
      },
    ],
    iof_amount: '1.36',
    base_iof: '0.6244304300',
    additional_iof: '0.7402400000',
    cet: '0.0346',
    annual_cet: '0.5040756795',
    annual_cet_exact: '0.5042012917',
    total_pre_fixed_amount: '5.1970908045',
    prefixed_interest_rate: {
      annual_rate: '0.27572219',
      daily_rate: '0.00067665',
      monthly_rate: '0.02050000',
      interest_base: 'calendar_days',
    },
    installments: [
      {
        installment_number: 1,
        due_date: '2023-04-07',
        business_due_date: '2023-04-10',
        calendar_days: 24,
        workdays: 17,
        due_principal: '194.8000000000',
        pre_fixed_amount: '3.1882715773',
        principal_amortization_amount: '96.8117284227',
        tax_amount: '0.1905254815',
        total_amount: '100.00',
      },
      {
        installment_number: 2,
        due_date: '2023-05-07',
        business_due_date: '2023-05-08',
        calendar_days: 30,
        workdays: 18,
        due_principal: '97.9882715773',
        pre_fixed_amount: '2.0088192272',
        principal_amortization_amount: '97.9911807728',
        tax_amount: '0.4339049485',
        total_amount: '100.00',
      },
    ],
  });
});

test('a rate finer than 8 decimals is printed whole; unequal instalments have no face value', () => {
  const installments = [
    { dueDate: calendarDate('2023-04-07'), totalAmount: new Decimal(1) },
    { dueDate: calendarDate('2023-05-07'), totalAmount: new Decimal(2) },
  ];
  const rate = { kind: 'monthly', value: new Decimal('0.0205000001') } as const;
  const json = quoteToJson(quoted({ ...PRINTED, rate, shape: { kind: 'installments', installments } }));
  expect(json.installment_face_value).toBeNull();
  expect(json.prefixed_interest_rate.monthly_rate).toBe('0.0205000001');
});

test('listed instalments that happen to be equal have a face value', () => {
  const installments = ['2023-04-07', '2023-05-07'].map((date) => ({
    dueDate: calendarDate(date),
    totalAmount: new Decimal(100),
  }));
  const listed = quoted({ ...PRINTED, shape: { kind: 'installments', installments } });
  expect(quoteToJson(listed)).toEqual(quoteToJson(quoted(PRINTED)));
  expect(listed.dueDates).toEqual(['2023-04-07', '2023-05-07']);
});
