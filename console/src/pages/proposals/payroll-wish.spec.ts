import { NO_PAYROLL_WISH, payrollWishOf } from './payroll-wish';

const wish = (changes: Partial<typeof NO_PAYROLL_WISH>, link?: string) =>
  payrollWishOf({ ...NO_PAYROLL_WISH, ...changes }, link);

it.each([
  ['the most, on a link', wish({}, '17000/4387'), { kind: 'maximum', link: '17000/4387' }],
  [
    'an amount over months',
    wish({ kind: 'target', amount: '5.000,50', installments: '48' }),
    { kind: 'target', amount: '5000.50', installments: 48 },
  ],
  ['a post without end', wish({ ends: 'never' }), { kind: 'maximum', contract_ends_on: null }],
  [
    'a post that ends',
    wish({ ends: 'on', endsOn: '30/06/2028' }),
    { kind: 'maximum', contract_ends_on: '2028-06-30' },
  ],
  [
    'a contract of our own',
    wish({ replaces: 'own', operationKey: ' op-1 ' }),
    { kind: 'maximum', refinancing: [{ kind: 'own', operation_key: 'op-1' }] },
  ],
  [
    'a contract of another institution',
    wish({
      replaces: 'incoming',
      contractNumber: '526985/WU',
      institution: '00.000.000/0001-91',
      dueBalance: '9.000,00',
      deadline: '60',
      oldInstallment: '300',
    }),
    {
      kind: 'maximum',
      refinancing: [
        {
          kind: 'incoming',
          original_contract_number: '526985/WU',
          original_financial_institution_document_number: '00000000000191',
          due_balance: '9000.00',
          original_deadline: 60,
          installment: '300',
        },
      ],
    },
  ],
  [
    'what is not understood, for the service to say so',
    wish({ kind: 'installment', amount: 'muito', installments: 'anos' }),
    { kind: 'installment', amount: 'muito', installments: 'anos' },
  ],
])('says %s as the API wants it', (_, said, expected) => {
  expect(said).toEqual(expected);
});
