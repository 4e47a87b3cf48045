import fc from 'fast-check';
import { isJsonObject, parseJson, stringifyJson, type JsonObject } from '../kernel';
import { Fields } from './fields';

function fields(json: string): Fields {
  const object = parseJson(json);
  if (!isJsonObject(object)) throw new TypeError('not an object');
  return new Fields(object);
}

/** The value read from `{"x": <json>}`, as text, and the problems noted. */
function read(
  json: string,
  reader: (from: Fields) => unknown,
): { value: unknown; problems: readonly string[] } {
  const from = fields(`{"x":${json}}`);
  const value = reader(from);
  const problems = from.problems.map(({ path, problem }) => `${path} ${problem}`);
  return { value: value === undefined ? undefined : JSON.parse(JSON.stringify(value)), problems };
}

describe('nothing, in all its spellings', () => {
  const readers: [string, (from: Fields) => unknown][] = [
    ['key', (from) => from.key('x')],
    ['text', (from) => from.text('x')],
    ['word', (from) => from.word('x')],
    ['decimal', (from) => from.decimal('x')],
    ['rate', (from) => from.rate('x')],
    ['count', (from) => from.count('x')],
    ['flag', (from) => from.flag('x')],
    ['date', (from) => from.date('x')],
    ['tableCode', (from) => from.tableCode('x')],
    ['cpf', (from) => from.cpf('x')],
    ['personName', (from) => from.personName('x')],
    ['children', (from) => from.children('x')],
  ];
  test.each(readers)('%s', (_, reader) => {
    for (const json of ['null', '""', '"  "', '"None"', '"none"']) {
      expect(read(json, reader)).toEqual({ value: undefined, problems: [] });
    }
    expect(reader(fields('{}'))).toBeUndefined();
    // What every object inherits is not a field.
    expect(reader(fields('{"y":1}'))).toBeUndefined();
  });
});

describe('decimals', () => {
  test.each([
    ['2100', '2100'],
    ['5000.00', '5000'],
    ['176.6603785598479778', '176.6603785598479778'],
    ['-0.01', '-0.01'],
    ['1e3', '1000'],
    ['"2100.50"', '2100.5'],
    ['" 10 "', '10'],
  ])('%s', (json, value) => {
    expect(read(json, (from) => from.decimal('x'))).toEqual({ value, problems: [] });
  });

  test.each([
    'true',
    '[]',
    '{}',
    '"1,50"',
    '"1.234,56"',
    '"1e3"',
    '"NaN"',
    '"R$ 10"',
    '1e999',
    `1${'0'.repeat(60)}`,
    '1000000000000',
    '"-1000000000000.00"',
  ])('%s is none', (json) => {
    expect(read(json, (from) => from.decimal('x'))).toEqual({
      value: undefined,
      problems: ['x is not a decimal number'],
    });
  });
});

test.each([
  ['0.0346', '0.0346'],
  ['"0.0346"', '0.0346'],
  ['"1,9544%"', '0.019544'],
  ['"26.1457%"', '0.261457'],
  ['"31,6323 %"', '0.316323'],
])('the rate %s', (json, value) => {
  expect(read(json, (from) => from.rate('x'))).toEqual({ value, problems: [] });
});

test.each(['1000', '"100000%"', '"1e3"'])('the rate %s is none', (json) => {
  expect(read(json, (from) => from.rate('x')).problems).toEqual(['x is not a rate']);
});

describe('counts', () => {
  test.each([
    ['10', 10],
    ['"10"', 10],
    ['64.0', 64],
    ['0', 0],
  ])('%s', (json, value) => {
    expect(read(json, (from) => from.count('x'))).toEqual({ value, problems: [] });
  });
  test.each(['10.5', '-1', '10001', '1e9', '"ten"', 'true', '[1]'])('%s is none', (json) => {
    expect(read(json, (from) => from.count('x')).problems).toEqual(['x is not a whole number']);
  });
});

describe('flags are JSON booleans', () => {
  test.each([
    ['true', true],
    ['false', false],
  ])('%s', (json, value) => {
    expect(read(json, (from) => from.flag('x'))).toEqual({ value, problems: [] });
  });
  test.each(['"true"', '"False"', '1', '0', '[]', '{}'])('%s is none', (json) => {
    expect(read(json, (from) => from.flag('x'))).toEqual({
      value: undefined,
      problems: ['x is not true or false'],
    });
  });
});

test.each([
  ['"2025-02-28"', '2025-02-28', []],
  ['"2025-02-30"', undefined, ['x is not a date']],
  ['"2025-02-11T00:00:00"', undefined, ['x is not a date']],
  ['20250211', undefined, ['x is not a date']],
  ['"0001-01-01"', undefined, ['x is not a date']],
])('the date %s', (json, value, problems) => {
  expect(read(json, (from) => from.date('x'))).toEqual({ value, problems });
});

test.each([
  ['3', '03', []],
  ['"3"', '03', []],
  ['"03"', '03', []],
  ['"003"', '03', []],
  ['17', '17', []],
  ['0', '00', []],
  ['101', '101', []],
  ['3.5', undefined, ['x is not a table code']],
  ['-1', undefined, ['x is not a table code']],
  ['"A1"', undefined, ['x is not a table code']],
  ['true', undefined, ['x is not a table code']],
])('the table code %s', (json, value, problems) => {
  expect(read(json, (from) => from.tableCode('x'))).toEqual({ value, problems });
});

test.each([
  ['"504.856.400-66"', '50485640066'],
  ['"50485640066"', '50485640066'],
  ['737823780', '00737823780'],
  ['"12345678900"', '12345678900'],
])('the CPF %s', (json, digits) => {
  expect(fields(`{"x":${json}}`).cpf('x')?.reveal()).toBe(digits);
});

test.each(['"645236363652"', '"CPF"', '1.5', 'true', '{}'])('%s is not a CPF', (json) => {
  expect(read(json, (from) => from.cpf('x'))).toEqual({ value: undefined, problems: ['x is not a CPF'] });
});

test.each(['"."', '".."', '"a\\u0000b"', '"a\\nb"', `"${'k'.repeat(129)}"`, '{}', '[]', 'true'])(
  'the identifier %s cannot be used',
  (json) => {
    const { value, problems } = read(json, (from) => from.key('x'));
    expect(value).toBeUndefined();
    expect(problems).toHaveLength(1);
  },
);

test('text that PostgreSQL cannot store or that is no word is not taken', () => {
  expect(read('"a\\u0000"', (from) => from.text('x')).problems).toHaveLength(1);
  expect(read(`"${'a'.repeat(501)}"`, (from) => from.text('x')).problems).toHaveLength(1);
  expect(read('1.5', (from) => from.text('x')).problems).toEqual(['x is not text']);
  expect(read('-1', (from) => from.text('x')).problems).toEqual(['x is not text']);
  expect(read('42', (from) => from.text('x'))).toEqual({ value: '42', problems: [] });
});

test('the first name that is filled counts', () => {
  expect(fields('{"a":null,"b":"2"}').text('a', 'b')).toBe('2');
  expect(fields('{"a":"1","b":"2"}').text('a', 'b')).toBe('1');
  expect(fields('{"b":"2"}').text('a', 'b')).toBe('2');
});

test('problems carry the path from the top and never the value', () => {
  const from = fields('{"data":{"list":[{"birth_date":"secret"},7]}}');
  const entries = from.child('data').children('list') ?? [];
  expect(entries.map((entry) => entry.date('birth_date'))).toEqual([undefined, undefined]);
  expect(from.problems).toEqual([
    { path: 'data.list[1]', problem: 'is not an object' },
    { path: 'data.list[0].birth_date', problem: 'is not a date' },
  ]);
});

test('a missing object is an empty one', () => {
  expect(fields('{}').child('data').text('x')).toBeUndefined();
  const wrong = fields('{"data":"text"}');
  expect(wrong.child('data').text('x')).toBeUndefined();
  expect(wrong.problems).toEqual([{ path: 'data', problem: 'is not an object' }]);
});

test('a decimal is read digit for digit, whatever it is', () => {
  const amount = fc
    .tuple(fc.bigInt({ min: 1n - 10n ** 12n, max: 10n ** 12n - 1n }), fc.integer({ min: 0, max: 9 }))
    .map(([whole, tenth]) => `${whole}.${tenth}`);
  fc.assert(
    fc.property(amount, (text) => {
      const object: JsonObject = { x: text };
      const asNumber = fields(`{"x":${text}}`).decimal('x');
      const asText = new Fields(object).decimal('x');
      expect(asNumber?.equals(asText ?? 0)).toBe(true);
      expect(stringifyJson({ x: asNumber })).toBe(stringifyJson({ x: asText }));
    }),
  );
});
