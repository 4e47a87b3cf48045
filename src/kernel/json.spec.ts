import fc from 'fast-check';
import { Decimal } from './decimal';
import { canonicalJson, canonicalText, isJsonObject, parseJson, stringifyJson, type JsonValue } from './json';

describe('JSON with exact decimals', () => {
  it.each([
    '0.1',
    '2100',
    '10000.00',
    '0.000066416',
    '1e3',
    '-0.005',
    '9007199254740993',
    '0.30000000000000004',
  ])('reads %s without loss', (text) => {
    const value = parseJson(text);
    expect(Decimal.isDecimal(value) && value.eq(text)).toBe(true);
  });

  it.each(['1e999999999', '1e-999999999', `0.${'1'.repeat(60)}`])(
    'keeps a number too large for an amount as text: %s',
    (text) => {
      expect(parseJson(text)).toBe(text);
    },
  );

  it.each(['', '{', '{"a":1,}', 'undefined', 'NaN', '01', "{'a':1}", '['.repeat(100_000)])(
    'is a SyntaxError when it is not JSON',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('writes decimals as number literals, digit for digit', () => {
    const body = { amount: new Decimal('2100.10'), rate: new Decimal('0.0249'), large: new Decimal('1e22') };
    expect(stringifyJson(body)).toBe('{"amount":2100.1,"rate":0.0249,"large":10000000000000000000000}');
    expect(() => stringifyJson(undefined)).toThrow(TypeError);
  });

  it('has no way to the prototype of what it reads', () => {
    const value = parseJson('{"__proto__": {"polluted": true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(isJsonObject(value)).toBe(true);
  });

  it('knows an object from everything else', () => {
    expect([{}, [], null, 'a', true, new Decimal(1)].map((value) => isJsonObject(value))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('the canonical form', () => {
  const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc.string(),
      fc.integer().map((cents) => new Decimal(cents).dividedBy(100)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value;

  it('is one text per meaning', () => {
    expect(canonicalJson(parseJson('{"b": [1.50, 1e2], "a": {"y": null, "x": "é"}}'))).toBe(
      canonicalJson(parseJson('{"a":{"x":"\\u00e9","y":null},"b":[1.5,100.00]}')),
    );
  });

  it('keeps apart what differs: order in a list, text and number', () => {
    const texts = ['[1,2]', '[2,1]', '["1",2]', '{"1":2}', '[[1],2]', '[null]', '[false]', '[]'];
    expect(new Set(texts.map((text) => canonicalJson(parseJson(text)))).size).toBe(texts.length);
  });

  it('reads back as itself', () => {
    fc.assert(
      fc.property(value, (json) => {
        expect(canonicalJson(parseJson(canonicalJson(json)))).toBe(canonicalJson(json));
      }),
    );
  });
});

describe('the canonical text of a value', () => {
  const decimal = fc
    .tuple(fc.integer(), fc.integer({ min: 0, max: 9 }))
    .map(([digits, scale]) => new Decimal(digits).div(new Decimal(10).pow(scale)));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      decimal,
      fc.date({ noInvalidDate: true }),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z_A-Z é]{1,8}$/), tie('any'), { maxKeys: 4 }),
    ),
  })).any;

  it('is that of its JSON, to the byte', () => {
    const same = fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'É', 'aa'), value), (object) => {
      expect(canonicalText(object)).toBe(canonicalJson(parseJson(JSON.stringify(object))));
    });
    fc.assert(same, { numRuns: 2_000 });
  });

  it('is refused to what has no JSON form', () => {
    expect(() => canonicalText(undefined)).toThrow('no JSON form');
    expect(() => canonicalText(() => 1)).toThrow(TypeError);
  });
});
