import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemException } from '../platform';
import { parseJson } from '../kernel';
import { PricingDataService } from './pricing-data.service';
import { runQuote } from './quote.command';
import { QuotesController } from './quotes.controller';

const CASE = `{
  "disbursement_date": "2023-03-14", "interest_base": "calendar_days", "monthly_interest_rate": 0.0205,
  "contract_fees": [{"fee_type": "tac", "amount_type": "percentage", "amount": 1}],
  "rebates": [{"fee_type": "spread", "amount_type": "percentage", "amount": 1}],
  "installment_face_value": 100.0, "number_of_installments": 2, "first_due_date": "2023-04-07"
}`;

describe('npm run quote', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'quote-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function run(text: string | undefined): { code: number; out: string; errors: string[] } {
    const file = join(directory, 'case.json');
    if (text !== undefined) writeFileSync(file, text);
    const [out, errors]: [string[], string[]] = [[], []];
    const code = runQuote(file, { out: (part) => out.push(part), error: (line) => errors.push(line) });
    return { code, out: out.join(''), errors };
  }

  test('prints one JSON object', () => {
    const { code, out, errors } = run(CASE);
    expect([code, errors]).toEqual([0, []]);
    expect(JSON.parse(out)).toMatchObject({ issue_amount: '194.80', cet: '0.0346' });
  });

  test.each<[string, string | undefined, RegExp[]]>([
    [
      'impossible figures',
      CASE.replace('0.0205', '2').replace('100.0', '1.001'),
      [
        /^monthly_interest_rate: must be a fraction between 0 and 1$/,
        /^installment_face_value: must have at most 2 decimals$/,
      ],
    ],
    ['fees that eat the loan', CASE.replace('"amount": 1}', '"amount": 100}'), [/^contract_fees: /]],
    ['a list', '[]', [/^body: must be a JSON object$/]],
    ['no JSON', '{"a": ', [/case\.json: /]],
    ['no file', undefined, [/case\.json: /]],
  ])('%s: exit 2, one line per problem, nothing on the output', (_name, text, lines) => {
    const { code, out, errors } = run(text);
    expect([code, out]).toEqual([2, '']);
    expect(errors).toHaveLength(lines.length);
    lines.forEach((line, index) => {
      expect(errors[index]).toMatch(line);
    });
  });
});

describe('POST /quotes', () => {
  const controller = new QuotesController(new PricingDataService());

  test('answers with the quote', () => {
    expect(controller.create(parseJson(CASE))).toMatchObject({ issue_amount: '194.80', cet: '0.0346' });
  });

  test.each<[string, string | undefined, object[]]>([
    ['no body', undefined, [{ path: '', message: 'must be a JSON object' }]],
    [
      'a case that cannot be',
      CASE.replace('0.0205', '-1'),
      [{ path: 'monthly_interest_rate', message: 'must be a fraction between 0 and 1' }],
    ],
    [
      'a day without tax rates',
      CASE.replace('2023-03-14', '2019-03-14'),
      [{ path: 'disbursement_date', message: 'no tax rates are on file for 2019-03-14' }],
    ],
  ])('%s: 422 with the path of each field', (_name, text, errors) => {
    const ask = (): unknown => controller.create(text === undefined ? undefined : parseJson(text));
    expect(ask).toThrow(ProblemException);
    try {
      ask();
    } catch (error) {
      expect(error instanceof ProblemException && [error.getStatus(), error.problem]).toEqual([
        422,
        { type: 'invalid_quote', title: 'The case cannot be priced', errors },
      ]);
    }
  });
});
