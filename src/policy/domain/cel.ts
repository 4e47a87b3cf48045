import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { Decimal, parseDecimal } from '../../kernel';
import { FIELD_NAMES, fieldDefinition, isFieldName, type FieldName, type FieldType } from './fields';

/** A field and one text that it is held against. */
export interface ComparedText {
  readonly field: FieldName;
  readonly text: string;
}

/** A condition written in CEL, checked: which fields it reads, and the function that it is. */
export interface CelCondition {
  readonly fields: readonly FieldName[];
  /** The texts that a field is held against, as they are written. */
  readonly compared: readonly ComparedText[];
  /** @param values a value for each of `fields`, as `celValue` gives it. @throws when the result is not a truth value. */
  readonly test: (values: Readonly<Record<string, unknown>>) => boolean;
}
export type CelReading =
  | { readonly ok: true; readonly condition: CelCondition }
  | { readonly ok: false; readonly message: string };

const CEL_TYPES: Readonly<Record<FieldType, string>> = {
  amount: 'Decimal',
  rate: 'Decimal',
  integer: 'int',
  date: 'string',
  code: 'string',
  code_list: 'list<string>',
  boolean: 'bool',
  text: 'string',
};

const environment = makeEnvironment();

/** Every field but the personal ones, with its type; nothing undeclared, no binary floats, small expressions only. */
function makeEnvironment(): Environment {
  const made = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: true,
    limits: { maxAstNodes: 100, maxDepth: 12, maxListElements: 50, maxMapEntries: 0, maxCallArguments: 2 },
  });
  made.registerType('Decimal', { ctor: Decimal, fields: {} });
  made.registerFunction('decimal(string): Decimal', (text: string) => new Decimal(text));
  made.registerOperator('Decimal < Decimal', (a: Decimal, b: Decimal) => a.lt(b));
  made.registerOperator('Decimal <= Decimal', (a: Decimal, b: Decimal) => a.lte(b));
  made.registerOperator('Decimal > Decimal', (a: Decimal, b: Decimal) => a.gt(b));
  made.registerOperator('Decimal >= Decimal', (a: Decimal, b: Decimal) => a.gte(b));
  made.registerOperator('Decimal == Decimal', (a: Decimal, b: Decimal) => a.eq(b));
  made.registerOperator('Decimal + Decimal', (a: Decimal, b: Decimal) => a.plus(b));
  made.registerOperator('Decimal - Decimal', (a: Decimal, b: Decimal) => a.minus(b));
  made.registerOperator('Decimal * Decimal', (a: Decimal, b: Decimal) => a.times(b));
  for (const name of FIELD_NAMES) {
    const { type, personal } = fieldDefinition(name);
    if (personal !== true) made.registerVariable(name, CEL_TYPES[type]);
  }
  return made;
}

/** Reads a condition in CEL, or says in Portuguese why it cannot stand in a policy. */
export function readCel(text: string): CelReading {
  const checked = environment.check(text);
  if (!checked.valid) return refuse(checked.error?.message.split('\n')[0] ?? 'não se lê');
  if (checked.type !== 'bool') return refuse(`o resultado é ${checked.type ?? '?'}, e não bool`);
  const parsed = environment.parse(text);
  const found: Findings = { fields: new Set(), compared: [], problems: [] };
  inspect(parsed.ast, found, new Map());
  const [problem] = found.problems;
  if (problem !== undefined) return refuse(problem);
  if (found.fields.size === 0) return refuse('não lê nenhum campo');
  const test = (values: Readonly<Record<string, unknown>>): boolean => {
    const result: unknown = parsed({ ...values });
    if (typeof result !== 'boolean') throw new TypeError('a CEL condition did not give a truth value');
    return result;
  };
  return { ok: true, condition: { fields: [...found.fields].sort(), compared: found.compared, test } };
}

const refuse = (why: string): CelReading => ({ ok: false, message: `expressão CEL recusada: ${why}` });

/** A fact as CEL takes it: whole numbers are its `int`. */
export function celValue(fact: unknown): unknown {
  return typeof fact === 'number' ? BigInt(fact) : fact;
}

interface Findings {
  readonly fields: Set<FieldName>;
  readonly compared: ComparedText[];
  readonly problems: string[];
}

/** What cannot fail while it is evaluated: no division, no indexing, no conversion of what is not known yet. */
const OPERATORS: ReadonlySet<string> = new Set([
  'list',
  '&&',
  '||',
  '!_',
  '?:',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  'in',
]);
/** What a text is either equal to or not, so that one of another form decides nothing. */
const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=', 'in']);
/**
 * Dates are texts here, ordered letter by letter: one of another form stands before or after every real one. So does an amount with a
 * point of thousands, and a percentage where a fraction is meant.
 */
const ORDERS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
const ORDERED: ReadonlySet<FieldType> = new Set(['date', 'amount', 'rate']);
const FUNCTIONS: ReadonlySet<string> = new Set(['size', 'decimal']);
const METHODS: ReadonlySet<string> = new Set(['size', 'startsWith', 'endsWith', 'contains']);
const COMPREHENSIONS: ReadonlySet<string> = new Set(['all', 'exists']);

/** Names that an enclosing comprehension gives to items, and the list whose items they are. */
type Bound = ReadonlyMap<string, ASTNode>;

function inspect(node: ASTNode, found: Findings, bound: Bound): void {
  if (node.op === 'id') inspectName(node.args, found, bound);
  else if (node.op === 'call') inspectCall(node.args, found, bound);
  else if (node.op === 'rcall') inspectMethod(node.args, found, bound);
  else if (node.op !== 'value') {
    if (!OPERATORS.has(node.op)) found.problems.push(`"${node.op}" não é permitido`);
    const children = [node.args].flat(2).filter(isNode);
    found.compared.push(...comparedTexts(node.op, children, bound));
    for (const child of children) inspect(child, found, bound);
  } else if (typeof node.args === 'number') {
    found.problems.push('escreva números com decimais como decimal("0.01")');
  }
}

/** The texts of one side that a field of the other must have the form of. */
function comparedTexts(op: string, sides: readonly ASTNode[], bound: Bound): readonly ComparedText[] {
  if (!EQUALITIES.has(op) && !ORDERS.has(op)) return [];
  const [left = [], right = []] = sides.map((side) => partsOf(side, bound));
  const compared = [...heldAgainst(left, right), ...heldAgainst(right, left)];
  return EQUALITIES.has(op)
    ? compared
    : compared.filter(({ field }) => ORDERED.has(fieldDefinition(field).type));
}

/** A list is its items, and a name of a comprehension any item of its list. */
function partsOf(side: ASTNode, bound: Bound): readonly ASTNode[] {
  const meant = (side.op === 'id' && bound.get(side.args)) || side;
  return meant.op === 'list' ? meant.args.flatMap((part) => partsOf(part, bound)) : [meant];
}

function heldAgainst(parts: readonly ASTNode[], others: readonly ASTNode[]): readonly ComparedText[] {
  const texts = others.flatMap(textIn);
  return parts.flatMap(({ op, args }) =>
    op === 'id' && isFieldName(args) ? texts.map((text) => ({ field: args, text })) : [],
  );
}

/** The text that a node is, or that it makes a decimal of. */
function textIn(node: ASTNode): readonly string[] {
  if (node.op === 'value') return typeof node.args === 'string' ? [node.args] : [];
  return node.op === 'call' && node.args[0] === 'decimal' ? node.args[1].flatMap(textIn) : [];
}

function inspectName(name: string, found: Findings, bound: Bound): void {
  if (bound.has(name)) return;
  if (isFieldName(name)) found.fields.add(name);
  else found.problems.push(`o campo ${name} não existe`);
}

function inspectCall(
  [name, args]: readonly [string, readonly ASTNode[]],
  found: Findings,
  bound: Bound,
): void {
  if (!FUNCTIONS.has(name)) found.problems.push(`a função ${name} não é permitida`);
  const [first] = args;
  const literal = first?.op === 'value' && typeof first.args === 'string' ? first.args : undefined;
  if (name === 'decimal' && (literal === undefined || parseDecimal(literal) === undefined)) {
    found.problems.push('decimal(..) toma um número entre aspas, como decimal("0.01")');
  }
  for (const argument of args) inspect(argument, found, bound);
}

function inspectMethod(
  [name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]],
  found: Findings,
  bound: Bound,
): void {
  inspect(receiver, found, bound);
  const [item, body] = args;
  if (!COMPREHENSIONS.has(name)) {
    if (!METHODS.has(name)) found.problems.push(`a função ${name} não é permitida`);
    for (const argument of args) inspect(argument, found, bound);
  } else if (bound.size > 0) {
    found.problems.push(`${name} não pode estar dentro de outro all ou exists`);
  } else if (item?.op === 'id' && body !== undefined && !isFieldName(item.args)) {
    inspect(body, found, new Map([[item.args, receiver]]));
  } else {
    found.problems.push(`${name} toma um nome novo e uma condição`);
  }
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
