import type { FieldType } from './fields';

/** What an operator is compared with. */
export type OperandShape = 'scalar' | 'range' | 'set';

interface OperatorDefinition {
  readonly types: readonly FieldType[];
  readonly operand: OperandShape;
  /** The requirement in Portuguese; {x} is the operand. */
  readonly words: string;
}

const ORDERED: readonly FieldType[] = ['amount', 'rate', 'integer', 'date'];
const NAMED: readonly FieldType[] = ['code', 'text'];

/**
 * The whole rule language besides all/any groups. The list is closed on purpose: what it cannot say
 * becomes a derived field in code, with tests, not a new operator.
 */
export const OPERATORS = {
  eq: { types: [...ORDERED, ...NAMED, 'boolean'], operand: 'scalar', words: '{x}' },
  ne: { types: [...ORDERED, ...NAMED], operand: 'scalar', words: 'diferente de {x}' },
  lt: { types: ORDERED, operand: 'scalar', words: 'menos de {x}' },
  lte: { types: ORDERED, operand: 'scalar', words: 'no máximo {x}' },
  gt: { types: ORDERED, operand: 'scalar', words: 'mais de {x}' },
  gte: { types: ORDERED, operand: 'scalar', words: 'no mínimo {x}' },
  between: { types: ORDERED, operand: 'range', words: '{x}' },
  in: { types: NAMED, operand: 'set', words: 'um destes: {x}' },
  not_in: { types: NAMED, operand: 'set', words: 'nenhum destes: {x}' },
  any_of: { types: ['code_list'], operand: 'set', words: 'algum destes: {x}' },
  none_of: { types: ['code_list'], operand: 'set', words: 'nenhum destes: {x}' },
  only_of: { types: ['code_list'], operand: 'set', words: 'somente: {x}' },
} as const satisfies Readonly<Record<string, OperatorDefinition>>;

export type Operator = keyof typeof OPERATORS;

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(OPERATORS, name);
}

export function operatorDefinition(operator: Operator): OperatorDefinition {
  return OPERATORS[operator];
}
