import { parseJson } from '../../kernel';
import { federalPayrollWishesGiven, federalPayrollWishesJson } from '../domain/products/federal-payroll';
import { fgtsWishes, fgtsWishesJson } from '../domain/products/fgts';
import { readWishes } from './read-wishes';

/** As a body arrives: numbers are exact decimals. */
const fgts = (text: string) => readWishes(fgtsWishes, fgtsWishesJson, parseJson(text));
const payroll = (text: string) =>
  readWishes(federalPayrollWishesGiven, federalPayrollWishesJson, parseJson(text));

it.each([
  ['a number', fgts('{"kind":"target","amount":1234.5}'), { kind: 'target', amount: '1234.50' }],
  ['text', fgts('{"kind":"target","amount":"1234.56"}'), { kind: 'target', amount: '1234.56' }],
  [
    'whole numbers',
    payroll('{"kind":"installment","amount":200,"installments":48}'),
    { kind: 'installment', amount: '200.00', installments: 48 },
  ],
])('reads %s into what lies on disk', (_, read, wishes) => {
  expect(read).toEqual({ kind: 'read', wishes });
});

it.each([
  [fgts('{"kind":"target","amount":0.10000000000000001}'), 'wishes.amount'],
  [payroll('{"kind":"maximum","installments":48.5}'), 'wishes.installments'],
  [payroll('"most"'), 'wishes'],
])('loses no digit, and names what is wrong: %#', (read, path) => {
  expect(read).toMatchObject({ kind: 'invalid', problems: [{ path }] });
});

const OWN = '{"kind":"own","operation_key":"op-1"}';
const incoming = (number: string, institution = '00000000000191') =>
  `{"kind":"incoming","original_contract_number":"${number}","due_balance":9000,"original_deadline":60,
    "original_financial_institution_document_number":"${institution}","installment":300}`;
const refinancing = (...contracts: readonly string[]) =>
  payroll(`{"kind":"maximum","refinancing":[${contracts.join()}]}`);

it.each([
  ['of ours', [OWN, OWN]],
  ['of another institution', [incoming('526985/WU'), OWN, incoming('526985/WU')]],
  ['written otherwise', [incoming('526985/WU'), incoming(' 526985/wu ')]],
])('frees the instalment of a contract %s once', (_, contracts) => {
  expect(refinancing(...contracts)).toMatchObject({
    kind: 'invalid',
    problems: [{ path: 'wishes.refinancing', message: 'informe cada contrato uma só vez' }],
  });
});

it('takes no CNPJ whose digits are not right: the debt of another institution would be paid off', () => {
  expect(refinancing(OWN, incoming('1', '00000000000192'))).toEqual({
    kind: 'invalid',
    problems: [
      {
        path: 'wishes.refinancing.1.original_financial_institution_document_number',
        message: 'o CNPJ não existe: os dígitos não conferem',
      },
    ],
  });
});

it('takes several contracts, those of two institutions under one number too', () => {
  const contracts = [OWN, incoming('1'), incoming('2'), incoming('1', '00360305000104')];
  expect(refinancing(...contracts)).toMatchObject({ kind: 'read' });
});

it('reads again what it wrote', () => {
  const wishes = {
    kind: 'target',
    amount: '5000.00',
    installments: 48,
    link: '17000/4387',
    contract_ends_on: null,
    refinancing: [
      { kind: 'own', operation_key: 'op-1' },
      {
        kind: 'incoming',
        original_contract_number: '526985/WU',
        original_financial_institution_document_number: '00000000000191',
        due_balance: '9000.00',
        original_deadline: 60,
        installment: '300.00',
      },
    ],
  };
  expect(readWishes(federalPayrollWishesGiven, federalPayrollWishesJson, wishes)).toEqual({
    kind: 'read',
    wishes,
  });
});
