import { z } from 'zod';
import { readCel } from './cel';
import {
  date,
  fieldOf,
  id,
  operator,
  ptBr,
  reasonCode,
  reporter,
  sentence,
  strangeTo,
  type Context,
  type Scope,
} from './document-parts';
import type { FieldName } from './fields';
import { readOperand, type Operand } from './operands';
import type { Operator } from './operators';
import type { Product } from './product';
import { readScalar } from './scalars';

/** One field held against one operand: what must be so. */
export interface Comparison {
  readonly field: FieldName;
  readonly op: Operator;
  readonly value: Operand;
}
/** What must hold of a request or an offer. Groups do not nest: a deeper thought deserves a derived field. */
export type Condition =
  | Comparison
  | { readonly all: readonly Comparison[] }
  | { readonly any: readonly Comparison[] }
  /** The way out for what the operators cannot say: a restricted expression, pointed out to the approver. */
  | { readonly cel: string };

const MAX_GROUP = 20;
const MAX_EXPRESSION = 500;

function condition(scope: Scope) {
  const { product } = scope;
  const comparison = z
    .strictObject({ field: fieldOf(product), op: operator, value: z.unknown() })
    .transform(({ field: name, op, value }, ctx): Comparison => {
      return { field: name, op, value: readOperand(name, op, value, scope, reporter(ctx, 'value')) };
    });
  const group = z.array(comparison).min(1, 'o grupo está vazio').max(MAX_GROUP);
  const shapes = {
    all: z.strictObject({ all: group }),
    any: z.strictObject({ any: group }),
    cel: z.strictObject({
      cel: z
        .string()
        .trim()
        .superRefine((text, ctx) => {
          checkCel(text, scope, ctx);
        }),
    }),
  };
  return z.unknown().transform((raw, ctx): Condition => {
    const keys = typeof raw === 'object' && raw !== null ? Object.keys(raw) : [];
    const kind = (['all', 'any', 'cel'] as const).find((key) => keys.includes(key));
    const shape = kind === undefined ? comparison : shapes[kind];
    const parsed = shape.safeParse(raw, ptBr);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) reporter(ctx)(issue.message, issue.path.filter(isKey), raw);
    return z.NEVER;
  });
}
function checkCel(text: string, { product, stored }: Scope, ctx: Context): void {
  const reading = text.length > MAX_EXPRESSION ? undefined : readCel(text);
  if (reading === undefined)
    reporter(ctx)(`a expressão tem mais de ${String(MAX_EXPRESSION)} letras`, [], null);
  else if (!reading.ok) reporter(ctx)(reading.message, [], text);
  else {
    for (const name of reading.condition.fields) reportStrange(product, name, ctx);
    for (const { field: name, text: value } of stored ? [] : reading.condition.compared) {
      const fits = readScalar(name, value);
      if (!fits.ok) reporter(ctx)(`"${value}" não serve para ${name}: ${fits.message}`, [], text);
    }
  }
}
function reportStrange(product: Product, name: FieldName, ctx: Context): void {
  const problem = strangeTo(product, name);
  if (problem !== undefined) reporter(ctx)(problem, [], name);
}
const isKey = (key: PropertyKey): key is string | number => typeof key !== 'symbol';

export function ruleSchema(scope: Scope) {
  return z.strictObject({
    id,
    code: reasonCode,
    sentence,
    require: condition(scope),
    severity: z.enum(['decline', 'review', 'flag']).default('decline'),
    on_missing: z.enum(['decline', 'pass']).default('decline'),
    effective: z.strictObject({ from: date.optional(), until: date.optional() }).optional(),
  });
}

/** The comparisons a condition is made of; none can be told of an expression. */
export function comparisonsIn(require: Condition): readonly Comparison[] {
  if ('all' in require) return require.all;
  if ('any' in require) return require.any;
  return 'cel' in require ? [] : [require];
}
