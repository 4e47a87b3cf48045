import { assert } from '../../kernel';
import { celValue, readCel } from './cel';
import { showRange, showScalar, showScalars, type Scalar } from './display';
import type { Comparison, Condition } from './rule-schema';
import { fieldDefinition, type Facts, type FieldName } from './fields';
import type { Operand, RangeOperand } from './operands';
import { operatorDefinition, type Operator } from './operators';
import { codesReader, factReader, factShower, type ReadFact } from './read-fact';
import { compareScalars, scalarOf } from './scalars';

/** True, false, or undefined: it cannot be known, because a fact is missing. */
export type Truth = boolean | undefined;

/** Membership in a named list, wherever the list is kept. */
export interface NamedSet {
  readonly label: string;
  readonly has: (value: string) => boolean;
}
export type NamedSets = ReadonlyMap<string, NamedSet>;

export interface CompiledCondition {
  readonly test: (facts: Facts) => Truth;
  /** Fields whose absence made the condition unknowable. */
  readonly missing: (facts: Facts) => readonly FieldName[];
  readonly observed: (facts: Facts) => string;
  /** What must hold, in Portuguese. */
  readonly required: string;
  readonly fields: readonly FieldName[];
}

/** Turns a condition into closures, once, so that an evaluation looks nothing up and parses nothing. */
export function compileCondition(condition: Condition, sets: NamedSets): CompiledCondition {
  if ('all' in condition) {
    const parts = condition.all.map((part) => compileComparison(part, sets));
    return { ...group(parts, ' e '), test: allOf(parts.map((part) => part.test)) };
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => compileComparison(part, sets));
    return { ...group(parts, ' ou '), test: anyOf(parts.map((part) => part.test)) };
  }
  return 'cel' in condition ? compileCel(condition.cel) : compileComparison(condition, sets);
}

/** Unknown as soon as one field it reads is missing, even where CEL could decide without it. */
function compileCel(text: string): CompiledCondition {
  const reading = readCel(text);
  assert(reading.ok, 'parsing has refused an expression that cannot be read');
  const { fields, test } = reading.condition;
  const readers = fields.map((field): readonly [FieldName, ReadFact<unknown>] => [
    field,
    fieldDefinition(field).type === 'code_list' ? codesReader(field) : factReader(field),
  ]);
  const parts = fields.map((field) => ({ label: fieldDefinition(field).label, show: factShower(field) }));
  return {
    test: (facts) => {
      const values: Record<string, unknown> = {};
      for (const [field, read] of readers) {
        const fact = read(facts);
        if (fact === undefined) return undefined;
        values[field] = celValue(fact);
      }
      return test(values);
    },
    missing: (facts) => readers.filter(([, read]) => read(facts) === undefined).map(([field]) => field),
    observed: (facts) => parts.map(({ label, show }) => `${label}: ${show(facts)}`).join('; '),
    required: text,
    fields,
  };
}

/** False as soon as one is false; else unknown as soon as one is; else true. */
function allOf(tests: readonly CompiledCondition['test'][]): CompiledCondition['test'] {
  return (facts) => {
    let truth: Truth = true;
    for (const test of tests) {
      const one = test(facts);
      if (one === false) return false;
      if (one === undefined) truth = undefined;
    }
    return truth;
  };
}

/** True as soon as one is true; else unknown as soon as one is; else false. */
function anyOf(tests: readonly CompiledCondition['test'][]): CompiledCondition['test'] {
  return (facts) => {
    let truth: Truth = false;
    for (const test of tests) {
      const one = test(facts);
      if (one === true) return true;
      if (one === undefined) truth = undefined;
    }
    return truth;
  };
}

function group(parts: readonly CompiledCondition[], word: string): Omit<CompiledCondition, 'test'> {
  const labelled = (part: CompiledCondition, text: string): string => {
    const [field] = part.fields;
    return field === undefined ? text : `${fieldDefinition(field).label}: ${text}`;
  };
  return {
    missing: (facts) => [...new Set(parts.flatMap((part) => part.missing(facts)))],
    observed: (facts) => parts.map((part) => labelled(part, part.observed(facts))).join('; '),
    required: parts.map((part) => labelled(part, part.required)).join(word),
    fields: [...new Set(parts.flatMap((part) => part.fields))],
  };
}

function compileComparison({ field, op, value }: Comparison, sets: NamedSets): CompiledCondition {
  const test =
    fieldDefinition(field).type === 'code_list'
      ? testCodes(codesReader(field), op, compileSet(field, value, sets).has)
      : testScalar(factReader(field), field, op, value, sets);
  return {
    test,
    missing: (facts) => (test(facts) === undefined ? [field] : []),
    observed: factShower(field),
    required: operatorDefinition(op).words.replace('{x}', () => showOperand(field, value, sets)),
    fields: [field],
  };
}

function testCodes(
  read: ReadFact<readonly string[]>,
  op: Operator,
  has: (code: string) => boolean,
): CompiledCondition['test'] {
  const lacks = (code: string): boolean => !has(code);
  switch (op) {
    case 'any_of':
      return (facts) => read(facts)?.some(has);
    case 'none_of':
      return (facts) => read(facts)?.every(lacks);
    case 'only_of':
      return (facts) => read(facts)?.every(has);
    default:
      assert(false, `operator ${op} on a list of codes`);
  }
}

function testScalar(
  read: ReadFact<Scalar>,
  field: FieldName,
  op: Operator,
  value: Operand,
  sets: NamedSets,
): CompiledCondition['test'] {
  if (op === 'in' || op === 'not_in') {
    const { has } = compileSet(field, value, sets);
    const wanted = op === 'in';
    return known(read, (fact) => has(String(fact)) === wanted);
  }
  if (op === 'between') {
    assert(isRange(value), 'between takes a range');
    const from = value.from === undefined ? undefined : scalarOf(field, value.from);
    const below = value.below === undefined ? undefined : scalarOf(field, value.below);
    return known(
      read,
      (fact) =>
        (from === undefined || compareScalars(fact, from) >= 0) &&
        (below === undefined || compareScalars(fact, below) < 0),
    );
  }
  assert(typeof value !== 'object', `operator ${op} takes one value`);
  const operand = scalarOf(field, value);
  switch (op) {
    case 'eq':
      return known(read, (fact) => equal(fact, operand));
    case 'ne':
      return known(read, (fact) => !equal(fact, operand));
    case 'lt':
      return known(read, (fact) => compareScalars(fact, operand) < 0);
    case 'lte':
      return known(read, (fact) => compareScalars(fact, operand) <= 0);
    case 'gt':
      return known(read, (fact) => compareScalars(fact, operand) > 0);
    case 'gte':
      return known(read, (fact) => compareScalars(fact, operand) >= 0);
    default:
      assert(false, `operator ${op} on a single value`);
  }
}

/** The one door of three-valued logic: no test ever sees a missing value. */
function known(read: ReadFact<Scalar>, test: (fact: Scalar) => boolean): CompiledCondition['test'] {
  return (facts) => {
    const fact = read(facts);
    return fact === undefined ? undefined : test(fact);
  };
}

function equal(a: Scalar, b: Scalar): boolean {
  return typeof a === 'boolean' ? a === b : compareScalars(a, b) === 0;
}

function compileSet(field: FieldName, value: Operand, sets: NamedSets): NamedSet {
  if (typeof value === 'object' && 'list' in value) {
    const set = sets.get(value.list);
    assert(set !== undefined, `list ${value.list} of field ${field} is not there`);
    return { label: set.label, has: (text) => set.has(text) };
  }
  assert(Array.isArray(value), `field ${field} needs a set`);
  const members = new Set(value.map(String));
  return { label: '', has: (text) => members.has(text) };
}

function isRange(value: Operand): value is RangeOperand {
  return typeof value === 'object' && !Array.isArray(value) && !('list' in value);
}

function showOperand(field: FieldName, value: Operand, sets: NamedSets): string {
  if (typeof value !== 'object') return showScalar(field, scalarOf(field, value));
  if ('list' in value) return `lista "${sets.get(value.list)?.label ?? value.list}"`;
  if (!isRange(value)) {
    return showScalars(
      field,
      value.map((one) => scalarOf(field, one)),
    );
  }
  const end = (json: RangeOperand['from']): Scalar | undefined =>
    json === undefined ? undefined : scalarOf(field, json);
  return showRange(field, end(value.from), end(value.below));
}
