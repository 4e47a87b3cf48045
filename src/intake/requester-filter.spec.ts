import { Decimal, parseJson, stringifyJson, type JsonObject } from '../kernel';
import { filterDifferences, writeRequesterFilter, type RequestLimits } from './requester-filter';

const none = { min: undefined, max: undefined };
const OPEN: RequestLimits = {
  amount: none,
  installments: none,
  minimumMargin: undefined,
  minimumDaysEmployed: undefined,
  age: none,
};
const FULL: RequestLimits = {
  amount: { min: new Decimal('500.00'), max: new Decimal('30000.5') },
  installments: { min: 6, max: 48 },
  minimumMargin: new Decimal(50),
  minimumDaysEmployed: 179,
  age: { min: 18, max: undefined },
};

describe("QI's filter", () => {
  it('names every field, and null where there is no limit', () => {
    expect(
      JSON.parse(stringifyJson(writeRequesterFilter(OPEN, { active: true, dailyCap: undefined }))),
    ).toEqual({
      status: 'active',
      custom_data: {
        disbursed_issue_amount: null,
        number_of_installments: null,
        consigned_credit_balance: null,
        days_since_employment: null,
        age: null,
        received_daily_proposals: null,
        alert_preferences: null,
      },
    });
  });

  it('writes limits as JSON numbers, digit for digit', () => {
    expect(stringifyJson(writeRequesterFilter(FULL, { active: false, dailyCap: 2_000 }))).toBe(
      '{"status":"inactive","custom_data":{' +
        '"disbursed_issue_amount":{"min":500,"max":30000.5},' +
        '"number_of_installments":{"min":6,"max":48},' +
        '"consigned_credit_balance":{"min":50,"max":null},' +
        '"days_since_employment":{"min":179},' +
        '"age":{"min":18,"max":null},' +
        '"received_daily_proposals":{"max":2000},' +
        '"alert_preferences":null}}',
    );
  });
});

describe('the difference of two filters', () => {
  const full = writeRequesterFilter(FULL, { active: true, dailyCap: undefined });

  it('is everything when there was none', () => {
    expect(filterDifferences(undefined, full).map(({ path, before }) => [path, before])).toEqual(
      [
        'status',
        'custom_data.disbursed_issue_amount.min',
        'custom_data.disbursed_issue_amount.max',
        'custom_data.number_of_installments.min',
        'custom_data.number_of_installments.max',
        'custom_data.consigned_credit_balance.min',
        'custom_data.days_since_employment.min',
        'custom_data.age.min',
      ].map((path) => [path, null]),
    );
  });

  it('is nothing between two spellings of one filter', () => {
    const spelled = parseJson(stringifyJson(full).replace('"min":500,', '"min":500.00,')) as JsonObject;
    expect(filterDifferences(spelled, full)).toEqual([]);
  });

  it('names what came, what went and what changed', () => {
    const limits = { ...FULL, age: { min: undefined, max: 70 }, minimumMargin: new Decimal(60) };
    expect(filterDifferences(full, writeRequesterFilter(limits, { active: false, dailyCap: 5 }))).toEqual([
      { path: 'status', before: 'active', after: 'inactive' },
      { path: 'custom_data.consigned_credit_balance.min', before: '50', after: '60' },
      { path: 'custom_data.age.min', before: '18', after: null },
      { path: 'custom_data.age.max', before: null, after: '70' },
      { path: 'custom_data.received_daily_proposals.max', before: null, after: '5' },
    ]);
  });
});
