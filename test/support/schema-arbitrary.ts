import fc, { type Arbitrary } from 'fast-check';

/** A JSON schema as OpenAPI 3.1 writes it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Stands for itself until the body is text: numbers that JavaScript cannot hold. */
const RAW = 'raw-number:';
const raw = (digits: string): string => `${RAW}${digits}`;

/** JSON text in which the raw numbers are numbers. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value).replace(new RegExp(`"${RAW}([^"]*)"`, 'g'), '$1');
}

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

/** What nobody means to send, wherever something else is expected. */
export const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  raw('-0'),
  raw('1e400'),
  raw('-1e400'),
  raw('1e-400'),
  raw('9'.repeat(400)),
  9_007_199_254_740_993,
  2_147_483_648,
  -2_147_483_649,
  raw('9223372036854775808'),
  '',
  ' ',
  'x'.repeat(100_000),
  'á'.repeat(3_000),
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udfffb',
  '\ufeff\u202e\u200b',
  '٣٤٥',
  "'; DROP TABLE auction; --",
  '$1',
  '%00%0d%0a',
  '../../../../etc/passwd',
  '-0',
  'NaN',
  'Infinity',
  '1e400',
  '9'.repeat(400),
  '0.'.concat('3'.repeat(400)),
  '2026-02-30',
  '2026-02-30T25:61:61Z',
  '0000-00-00T00:00:00Z',
  '0001-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  [],
  [null],
  {},
  { __proto__: null, constructor: { prototype: { polluted: true } } },
  JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  nested(50),
  Array.from({ length: 3_000 }, (_, i) => i),
];

/** Values that mostly fit the schema; never an address outside this machine. */
export function arbitraryOf(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  depth = 0,
): Arbitrary<unknown> {
  const of = (part: JsonSchema): Arbitrary<unknown> => arbitraryOf(part, schemas, depth + 1);
  if (depth > 12) return fc.constant(null);
  if (schema.$ref !== undefined) return of(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(of));
  if (schema.allOf !== undefined)
    return fc
      .tuple(...schema.allOf.map(of))
      .map((parts) => parts.reduce<object>((all, part) => ({ ...all, ...(part as object) }), {}));
  const [type] = [schema.type ?? []].flat();
  switch (type) {
    case 'object':
      return objectOf(schema, of);
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3),
      });
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 500, 2_147_483_647) });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 1_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.constantFrom<unknown>('text', 1, { a: 1 }, [1], null);
  }
}

function objectOf(schema: JsonSchema, of: (part: JsonSchema) => Arbitrary<unknown>): Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {});
  const known = fc.record(Object.fromEntries(members.map(([name, part]) => [name, of(part)])), {
    requiredKeys: [...(schema.required ?? [])],
  });
  if (typeof schema.additionalProperties !== 'object') return known;
  const further = fc.dictionary(fc.constantFrom('a', 'status', 'x_1'), of(schema.additionalProperties), {
    maxKeys: 2,
  });
  return fc.tuple(known, further).map(([one, other]) => ({ ...other, ...one }));
}

/** Made once each: fast-check tries its dangerous words on every arbitrary that it makes of a pattern. */
const texts = new Map<string, Arbitrary<string>>();

function textOf(schema: JsonSchema): Arbitrary<string> {
  const key = JSON.stringify([schema.format, schema.pattern, schema.minLength, schema.maxLength]);
  const text = texts.get(key) ?? newTextOf(schema);
  texts.set(key, text);
  return text;
}

function newTextOf({ format, pattern, minLength = 0, maxLength = 40 }: JsonSchema): Arbitrary<string> {
  switch (format ?? '') {
    case 'uuid':
      return fc.uuid();
    case 'uri':
      return fc.constantFrom('http://127.0.0.1:9/a', 'https://127.0.0.1:9/b?c=d');
    case 'date-time':
      return fc
        .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
    case 'date':
      return fc
        .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10));
  }
  const anyText = fc.oneof(
    fc.constantFrom('texto', '0.0249', '1500.00', '52998224725', 'Ação nº 1'),
    fc.string({ unit: 'grapheme', maxLength: Math.min(maxLength, 40) }),
  );
  const fitted = anyText.map((text) => text.padEnd(minLength, 'x').slice(0, maxLength));
  if (pattern === undefined) return fitted;
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 60 });
  } catch {
    return fitted; // a pattern that fast-check cannot write
  }
}

/** The value with one part of it replaced, left out or added. */
export function spoiled(value: unknown): Arbitrary<unknown> {
  const hostile = fc.constantFrom(...HOSTILE);
  if (Array.isArray(value)) {
    const parts: readonly unknown[] = value;
    const inside = parts.map((part, i) =>
      fc.oneof(hostile, spoiled(part)).map((bad) => parts.toSpliced(i, 1, bad)),
    );
    return fc.oneof(hostile, ...inside);
  }
  if (typeof value !== 'object' || value === null) return hostile;
  const inside = Object.entries(value).flatMap(([name, part]) => [
    fc.oneof(hostile, spoiled(part)).map((bad) => ({ ...value, [name]: bad })),
    fc.constant(Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))),
  ]);
  return fc.oneof(
    hostile,
    hostile.map((bad) => ({ ...value, unasked: bad })),
    ...inside,
  );
}
