import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Decimal,
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../../src/kernel';
import {
  parseQuoteRequest,
  PricingContext,
  quote,
  quoteToJson,
  readPricingData,
  type Quote,
} from '../../../src/pricing';
import { renderQuoteTable } from './quote-table';

const data = readPricingData('config');
const cases = (parseJson(readFileSync(join(__dirname, 'simulations.json'), 'utf8')) as JsonObject[]).map(
  (each) => ({
    id: text(each['id']),
    source: text(each['source']),
    request: each['request'] as JsonObject,
    expected: each['expected'] as JsonObject,
  }),
);

/** Amounts and CET are equal; figures computed with full precision agree to 1e-9. */
const CLOSE = '0.000000001';
const TO_THE_CENT = [
  'issue_amount',
  'disbursed_issue_amount',
  'assignment_amount',
  'contract_fee_amount',
  'external_contract_fee_amount',
  'net_external_contract_fee_amount',
  'iof_amount',
];
const CLOSE_FIGURES = ['base_iof', 'additional_iof', 'total_pre_fixed_amount'];
const SCHEDULE_FIGURES = [
  'due_principal',
  'pre_fixed_amount',
  'principal_amortization_amount',
  'tax_amount',
  'total_amount',
];
const SCHEDULE_FACTS = ['installment_number', 'due_date', 'business_due_date', 'calendar_days', 'workdays'];

function priced(request: JsonObject): Quote {
  const reading = parseQuoteRequest(request);
  if (reading.kind === 'invalid') throw new Error(JSON.stringify(reading.problems));
  const result = quote(reading.request, new PricingContext(data));
  if (result.kind === 'refused') throw new Error(result.refusal.message);
  return result.quote;
}

function asJson(request: JsonObject): JsonObject {
  return parseJson(JSON.stringify(quoteToJson(priced(request)))) as JsonObject;
}

function text(value: JsonValue | undefined): string {
  if (Decimal.isDecimal(value)) return value.toFixed();
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** QI writes a rate as a fraction or, in issued contracts, as a text like "31,6323%". */
function rate(value: JsonValue | undefined): Decimal {
  const given = text(value);
  return given.endsWith('%')
    ? new Decimal(given.slice(0, -1).replace(',', '.')).div(100)
    : new Decimal(given);
}

function number(value: JsonValue | undefined): Decimal {
  return new Decimal(text(value));
}

function rows(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

test('there are cases to compare with', () => {
  expect(cases).toHaveLength(5);
});

describe.each(cases)('$id', ({ request, expected }) => {
  // Priced inside each test: mutation testing tells apart only what tests do, not what loading a file does.
  const ours = (): JsonObject => asJson(request);

  test.each(TO_THE_CENT)('%s equals to the cent', (field) => {
    expect(number(ours()[field]).toFixed(2)).toBe(number(expected[field]).toFixed(2));
  });

  test.each(CLOSE_FIGURES.filter((field) => Decimal.isDecimal(expected[field])))('%s to 1e-9', (field) => {
    expect(number(ours()[field]).minus(number(expected[field])).abs().lte(CLOSE)).toBe(true);
  });

  test('rates to all printed decimals', () => {
    expect(rateTexts(ours()['prefixed_interest_rate'])).toEqual(rateTexts(expected['prefixed_interest_rate']));
  });

  test('CET equals; annual CET to 1e-9, or to the four decimals of a percent text', () => {
    const cet = expected['cet'];
    expect(number(ours()['cet']).toFixed(4)).toBe(rate(cet).toFixed(4));
    if (Decimal.isDecimal(cet)) {
      expect(number(ours()['annual_cet']).minus(rate(expected['annual_cet'])).abs().lte(CLOSE)).toBe(true);
    } else {
      expect(number(ours()['annual_cet_exact']).toFixed(6)).toBe(rate(expected['annual_cet']).toFixed(6));
    }
  });

  test('fees and rebates, one by one', () => {
    expect(rows(ours()['contract_fees']).map((fee) => number(fee['fee_amount']).toFixed(2))).toEqual(
      (expected['contract_fees'] as JsonValue[]).map((amount) => number(amount).toFixed(2)),
    );
    const money = (list: JsonValue | undefined): string[][] =>
      rows(list).map((fee) =>
        ['fee_amount', 'tax_amount', 'net_fee_amount'].map((field) => number(fee[field]).toFixed(2)),
      );
    expect(money(ours()['external_contract_fees'])).toEqual(money(expected['external_contract_fees']));
  });

  test('every line of the schedule: dates and days equal, figures to 1e-9', () => {
    const [ourRows, theirRows] = [rows(ours()['installments']), rows(expected['installments'])];
    const facts = (list: JsonObject[]): string[][] =>
      list.map((row) => SCHEDULE_FACTS.map((fact) => text(row[fact])));
    expect(facts(ourRows)).toEqual(facts(theirRows));
    expect(furthestApart(ourRows, theirRows).lte(CLOSE)).toBe(true);
  });
});

function furthestApart(ourRows: JsonObject[], theirRows: JsonObject[]): Decimal {
  const differences = theirRows.flatMap((row, index) =>
    SCHEDULE_FIGURES.map((field) => number(ourRows[index]?.[field]).minus(number(row[field])).abs()),
  );
  return Decimal.max(...differences);
}

function rateTexts(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return {
    ...Object.fromEntries(
      ['annual_rate', 'daily_rate', 'monthly_rate'].map((field) => [field, number(value[field]).toFixed(8)]),
    ),
    interest_base: text(value['interest_base']),
  };
}

describe('docs/pricing.md', () => {
  test.each([
    ['simulations', () => simulationTable()],
    ['example', () => `\`\`\`text\n${renderQuoteTable(priced(cases[0]?.request ?? {}))}\`\`\``],
  ])('the %s are those of this code (UPDATE_DOCS=1 rewrites them)', (name, content) => {
    const file = join(__dirname, '../../../docs/pricing.md');
    const document = readFileSync(file, 'utf8');
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [head, rest] = document.split(begin);
    const tail = rest?.split(end)[1];
    if (head === undefined || tail === undefined) throw new Error(`docs/pricing.md has no ${begin}`);
    const fresh = `${head}${begin}\n\n${content()}\n\n${end}${tail}`;
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, fresh);
    else expect(document).toBe(fresh);
  });
});

function simulationTable(): string {
  const fields = [...TO_THE_CENT, 'cet', 'annual_cet', 'annual_cet_exact', 'total_pre_fixed_amount'];
  const lines = cases.flatMap(({ id, source, request, expected }) => {
    const ours = asJson(request);
    const cells = fields.map((field) => {
      const printed = expected[field === 'annual_cet_exact' ? 'annual_cet' : field];
      const isText = typeof printed === 'string';
      const comparable = field === 'annual_cet' ? !isText : field !== 'annual_cet_exact' || isText;
      return ['', field, comparable ? text(printed) : 'not printed', text(ours[field])];
    });
    const apart = furthestApart(rows(ours['installments']), rows(expected['installments']));
    const schedule = ['', 'schedule: largest difference', '', apart.toFixed(16).replace(/0+$/, '')];
    return [[`**${id}**`, source, '', ''], ...cells, schedule];
  });
  return alignedTable([['case', 'figure', 'QI prints', 'quote'], ...lines]);
}

function alignedTable(lines: string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const draw = (cells: string[]): string => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [headings = [], ...rest] = lines;
  return [draw(headings), draw(widths.map((width) => '-'.repeat(width))), ...rest.map(draw)].join('\n');
}
