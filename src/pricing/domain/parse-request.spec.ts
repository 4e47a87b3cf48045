import { Decimal, parseJson, type JsonObject } from '../../kernel';
import { parseQuoteRequest } from './index';

const COMMON = `"disbursement_date": "2025-03-21", "interest_base": "calendar_days", "monthly_interest_rate": 0.02`;
const MONTHLY = `"number_of_installments": 12, "first_due_date": "2025-05-15"`;
const FLOW = `"installments": [{"due_date": "2025-05-15", "total_amount": 100.10}]`;

function read(...members: string[]): ReturnType<typeof parseQuoteRequest> {
  return parseQuoteRequest(parseJson(`{${members.join(',')}}`));
}

function problems(...members: string[]): string[] {
  const reading = read(...members);
  return reading.kind === 'ok' ? [] : reading.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('the four shapes', () => {
  test.each<[string, string[], object]>([
    [
      'instalments',
      [FLOW],
      { kind: 'installments', installments: [{ dueDate: '2025-05-15', totalAmount: new Decimal('100.1') }] },
    ],
    [
      'an equal instalment',
      [`"installment_face_value": "350.25"`, MONTHLY],
      {
        kind: 'installment_face_value',
        installmentFaceValue: new Decimal('350.25'),
        numberOfInstallments: 12,
        firstDueDate: '2025-05-15',
      },
    ],
    [
      'a payout',
      [`"disbursed_issue_amount": 5000`, MONTHLY],
      {
        kind: 'disbursed_issue_amount',
        disbursedIssueAmount: new Decimal(5000),
        numberOfInstallments: 12,
        firstDueDate: '2025-05-15',
      },
    ],
    [
      'a target up to bounds',
      [`"target_disbursed_amount": 50`, FLOW],
      {
        kind: 'target_disbursed_amount',
        targetDisbursedAmount: new Decimal(50),
        installments: [{ dueDate: '2025-05-15', totalAmount: new Decimal('100.1') }],
      },
    ],
  ])('%s', (_name, members, shape) => {
    expect(read(COMMON, ...members)).toEqual({
      kind: 'ok',
      request: {
        disbursementDate: '2025-03-21',
        interestBase: 'calendar_days',
        rate: { kind: 'monthly', value: new Decimal('0.02') },
        contractFees: [],
        rebates: [],
        shape,
      },
    });
  });

  test('an annual rate, fees and rebates, numbers as text', () => {
    const reading = read(
      `"disbursement_date": "2025-03-21", "interest_base": "calendar_days_365", "annual_interest_rate": "1"`,
      `"contract_fees": [{"fee_type": "tac", "amount_type": "percentage", "amount": "0.6"}]`,
      `"rebates": [{"fee_type": "spread", "amount_type": "absolute", "amount": 0}]`,
      FLOW,
    );
    expect(reading).toMatchObject({
      kind: 'ok',
      request: {
        interestBase: 'calendar_days_365',
        rate: { kind: 'annual', value: new Decimal(1) },
        contractFees: [{ feeType: 'tac', amountType: 'percentage', amount: new Decimal('0.6') }],
        rebates: [{ feeType: 'spread', amountType: 'absolute', amount: new Decimal(0) }],
      },
    });
  });

  test.each<[string, string[]]>([
    ['a rate of zero', [COMMON.replace('0.02', '0'), FLOW]],
    ['a rate of one', [COMMON.replace('0.02', '1'), FLOW]],
    ['one instalment', [COMMON, `"installment_face_value": 1`, MONTHLY.replace('12', '1')]],
    ['the longest term', [COMMON, `"installment_face_value": 1`, MONTHLY.replace('12', '480')]],
    ['one cent', [COMMON, `"installment_face_value": 0.01`, MONTHLY]],
    ['a thousand million', [COMMON, `"installment_face_value": 1000000000`, MONTHLY]],
    ['due the day after', [COMMON, FLOW.replace('2025-05-15', '2025-03-22')]],
    ['a fee of 100%', [COMMON, FLOW, fees('percentage', '100')]],
    ['a fee with ten decimals', [COMMON, FLOW, fees('percentage', '0.1234567891')]],
  ])('%s is accepted', (_name, members) => {
    expect(problems(...members)).toEqual([]);
  });
});

function fees(type: string, amount: string): string {
  return `"contract_fees": [{"fee_type": "tac", "amount_type": "${type}", "amount": ${amount}}]`;
}

describe('every impossible case is refused with the path of the field', () => {
  const face = `"installment_face_value": 100`;
  test.each<[string, string[], string[]]>([
    [
      'rate below 0',
      [COMMON.replace('0.02', '-0.01'), FLOW],
      ['monthly_interest_rate: must be a fraction between 0 and 1'],
    ],
    [
      'rate above 1',
      [COMMON.replace('0.02', '1.01'), FLOW],
      ['monthly_interest_rate: must be a fraction between 0 and 1'],
    ],
    [
      'annual rate above 1',
      [COMMON.replace('"monthly_interest_rate": 0.02', '"annual_interest_rate": 1.2'), FLOW],
      ['annual_interest_rate: must be a fraction between 0 and 1'],
    ],
    [
      'no rate',
      [COMMON.replace(', "monthly_interest_rate": 0.02', ''), FLOW],
      ['monthly_interest_rate: or annual_interest_rate is required'],
    ],
    [
      'two rates',
      [COMMON, `"annual_interest_rate": 0.3`, FLOW],
      ['annual_interest_rate: cannot be given together with monthly_interest_rate'],
    ],
    [
      'a rate that is not a number',
      [COMMON.replace('0.02', '"2%"'), FLOW],
      ['monthly_interest_rate: must be a decimal number'],
    ],
    [
      'term below 1',
      [COMMON, face, MONTHLY.replace('12', '0')],
      ['number_of_installments: must be a whole number from 1 to 480'],
    ],
    [
      'term above the cap',
      [COMMON, face, MONTHLY.replace('12', '481')],
      ['number_of_installments: must be a whole number from 1 to 480'],
    ],
    [
      'half a term',
      [COMMON, face, MONTHLY.replace('12', '1.5')],
      ['number_of_installments: must be a whole number from 1 to 480'],
    ],
    ['no term', [COMMON, face, `"first_due_date": "2025-05-15"`], ['number_of_installments: is required']],
    [
      'due before disbursement',
      [COMMON, face, MONTHLY.replace('2025-05-15', '2025-03-20')],
      ['first_due_date: must be after disbursement_date'],
    ],
    [
      'due on the day of disbursement',
      [COMMON, face, MONTHLY.replace('2025-05-15', '2025-03-21')],
      ['first_due_date: must be after disbursement_date'],
    ],
    [
      'a date that does not exist',
      [COMMON, face, MONTHLY.replace('2025-05-15', '2025-02-30')],
      ['first_due_date: must be a date that exists, as YYYY-MM-DD'],
    ],
    [
      'a date that is a number',
      [COMMON, face, MONTHLY.replace('"2025-05-15"', '20250515')],
      ['first_due_date: must be a date that exists, as YYYY-MM-DD'],
    ],
    [
      'no date',
      [COMMON.replace('"disbursement_date": "2025-03-21", ', ''), FLOW],
      ['disbursement_date: is required'],
    ],
    [
      'a negative amount',
      [COMMON, `"installment_face_value": -1`, MONTHLY],
      ['installment_face_value: must be greater than zero'],
    ],
    [
      'an amount of zero',
      [COMMON, `"disbursed_issue_amount": 0`, MONTHLY],
      ['disbursed_issue_amount: must be greater than zero'],
    ],
    [
      'an amount beyond reason',
      [COMMON, `"disbursed_issue_amount": 1000000000.01`, MONTHLY],
      ['disbursed_issue_amount: must be at most 1000000000'],
    ],
    [
      'an amount of NaN',
      [COMMON, `"disbursed_issue_amount": "NaN"`, MONTHLY],
      ['disbursed_issue_amount: must be a decimal number'],
    ],
    [
      'an infinite amount',
      [COMMON, `"disbursed_issue_amount": 1e400`, MONTHLY],
      ['disbursed_issue_amount: must be a decimal number'],
    ],
    [
      'an amount that is true',
      [COMMON, `"disbursed_issue_amount": true`, MONTHLY],
      ['disbursed_issue_amount: must be a decimal number'],
    ],
    [
      'three decimals',
      [COMMON, `"disbursed_issue_amount": 10.001`, MONTHLY],
      ['disbursed_issue_amount: must have at most 2 decimals'],
    ],
    [
      'a point that may be of thousands',
      [COMMON, `"disbursed_issue_amount": "1.500"`, MONTHLY],
      ['disbursed_issue_amount: must have at most 2 decimals as written: "1.500" may be thousands'],
    ],
    [
      'no shape',
      [COMMON],
      [
        'installments: or one of installment_face_value, disbursed_issue_amount, target_disbursed_amount is required',
      ],
    ],
    [
      'two amounts',
      [COMMON, face, `"disbursed_issue_amount": 10`, MONTHLY],
      ['disbursed_issue_amount: cannot be given together with installment_face_value: a quote has one shape'],
    ],
    [
      'an amount and instalments',
      [COMMON, face, MONTHLY, FLOW],
      ['installments: cannot be given together with installment_face_value: a quote has one shape'],
    ],
    [
      'instalments and a term',
      [COMMON, FLOW, MONTHLY],
      [
        'number_of_installments: has no place beside installments',
        'first_due_date: has no place beside installments',
      ],
    ],
    ['a target without bounds', [COMMON, `"target_disbursed_amount": 10`], ['installments: is required']],
    [
      'a target of zero',
      [COMMON, `"target_disbursed_amount": 0`, FLOW],
      ['target_disbursed_amount: must be greater than zero'],
    ],
    ['no instalments', [COMMON, `"installments": []`], ['installments: must not be empty']],
    ['instalments that are no list', [COMMON, `"installments": {}`], ['installments: must be a list']],
    [
      'an instalment that is no object',
      [COMMON, `"installments": [1]`],
      ['installments.0: must be an object'],
    ],
    [
      'instalments out of order',
      [COMMON, FLOW.replace(']', ', {"due_date": "2025-05-15", "total_amount": 1}]')],
      ['installments.1.due_date: must be after the due date before it'],
    ],
    [
      'a first instalment before disbursement',
      [COMMON, FLOW.replace('2025-05-15', '2025-03-21')],
      ['installments.0.due_date: must be after disbursement_date'],
    ],
    [
      'an instalment with everything wrong',
      [COMMON, `"installments": [{"due_date": "x", "total_amount": 0, "tax": 1}]`],
      [
        'installments.0.tax: is not a known field',
        'installments.0.due_date: must be a date that exists, as YYYY-MM-DD',
        'installments.0.total_amount: must be greater than zero',
      ],
    ],
    [
      'unknown base',
      [COMMON.replace('calendar_days', 'workdays'), FLOW],
      ['interest_base: must be one of calendar_days, calendar_days_365'],
    ],
    [
      'a misspelt field',
      [COMMON, FLOW, `"contract_fee": []`],
      ['contract_fee: is not a field of a quote request'],
    ],
    ['fees that are no list', [COMMON, FLOW, `"rebates": 1`], ['rebates: must be a list']],
    ['a fee that is no object', [COMMON, FLOW, `"rebates": [null]`], ['rebates.0: must be an object']],
    [
      'a fee without a type',
      [COMMON, FLOW, `"rebates": [{"amount_type": "absolute", "amount": 1}]`],
      ['rebates.0.fee_type: must be a non-empty text'],
    ],
    [
      'a fee with an empty type',
      [COMMON, FLOW, `"rebates": [{"fee_type": "", "amount_type": "absolute", "amount": 1}]`],
      ['rebates.0.fee_type: must be a non-empty text'],
    ],
    [
      'a fee of an unknown kind',
      [COMMON, FLOW, fees('fraction', '1')],
      ['contract_fees.0.amount_type: must be percentage or absolute'],
    ],
    [
      'a fee without an amount',
      [COMMON, FLOW, `"rebates": [{"fee_type": "tac", "amount_type": "absolute"}]`],
      ['rebates.0.amount: is required'],
    ],
    [
      'a fee with more',
      [COMMON, FLOW, `"rebates": [{"fee_type": "tac", "amount_type": "absolute", "amount": 1, "to": 2}]`],
      ['rebates.0.to: is not a known field'],
    ],
    [
      'a negative fee',
      [COMMON, FLOW, fees('absolute', '-1')],
      ['contract_fees.0.amount: must not be negative'],
    ],
    [
      'a fee in tenths of cents',
      [COMMON, FLOW, fees('absolute', '1.001')],
      ['contract_fees.0.amount: must have at most 2 decimals'],
    ],
    [
      'a fee whose point may be of thousands',
      [COMMON, FLOW, fees('absolute', '"1.500"')],
      ['contract_fees.0.amount: must have at most 2 decimals as written: "1.500" may be thousands'],
    ],
    [
      'a fee above 100%',
      [COMMON, FLOW, fees('percentage', '100.01')],
      ['contract_fees.0.amount: must be percent points between 0 and 100'],
    ],
    [
      'a percentage below 0',
      [COMMON, FLOW, fees('percentage', '-0.01')],
      ['contract_fees.0.amount: must be percent points between 0 and 100'],
    ],
    [
      'a percentage too fine',
      [COMMON, FLOW, fees('percentage', '0.12345678912')],
      ['contract_fees.0.amount: must have at most 10 decimals'],
    ],
  ])('%s', (_name, members, expected) => {
    expect(problems(...members)).toEqual(expected);
  });

  test('every problem is named at once', () => {
    expect(
      problems(
        `"disbursement_date": "2025-13-01"`,
        `"interest_base": null`,
        `"disbursed_issue_amount": "1,5"`,
      ),
    ).toEqual([
      'disbursement_date: must be a date that exists, as YYYY-MM-DD',
      'monthly_interest_rate: or annual_interest_rate is required',
      'interest_base: must be one of calendar_days, calendar_days_365',
      'disbursed_issue_amount: must be a decimal number',
      'number_of_installments: is required',
      'first_due_date: is required',
    ]);
  });

  test.each(['[]', '1', '"x"', 'null'])('a body of %s', (text) => {
    expect(parseQuoteRequest(parseJson(text))).toEqual({
      kind: 'invalid',
      problems: [{ path: '', message: 'must be a JSON object' }],
    });
  });

  test('lists have an end', () => {
    const rows = (count: number): JsonObject[] => Array.from({ length: count }, () => ({}));
    const tooMany = parseQuoteRequest({ installments: rows(481), contract_fees: rows(21) });
    expect(tooMany.kind === 'invalid' && tooMany.problems).toEqual(
      expect.arrayContaining([
        { path: 'installments', message: 'must have at most 480 entries' },
        { path: 'contract_fees', message: 'must have at most 20 entries' },
      ]),
    );
  });
});
