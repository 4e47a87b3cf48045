import { z } from 'zod';
import { Decimal } from '../../kernel';
import {
  amount,
  atMostPlaces,
  decimal,
  id,
  integer,
  reporter,
  type Context,
  type Scope,
} from './document-parts';

/*
 * Limits and prices, alike in the section of every product.
 */

const EXPECTED = 'esperado um número em texto: pontos percentuais ("4.17") ou reais';
const points = decimal(EXPECTED, atMostPlaces(8));

const feeParts = z.strictObject(
  {
    fee_type: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'esperado um tipo de tarifa da QI, como spread'),
    amount_type: z.enum(['percentage', 'absolute']),
    amount: z.string({ error: EXPECTED }),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type'
        ? 'esperada uma tarifa: tipo, percentage ou absolute, e valor; em planilha "tac absolute 50", e "; " entre duas'
        : undefined,
  },
);

/** A fee of the contract, or a rebate: what pricing can take of either. */
export function fee({ stored }: Pick<Scope, 'stored'>) {
  return feeParts.transform((written, ctx) => {
    const report = reporter(ctx, 'amount');
    const isReais = written.amount_type === 'absolute' && !stored;
    const reading = (isReais ? amount : points).safeParse(written.amount);
    for (const { message } of reading.error?.issues ?? []) report(message, [], written.amount);
    if (!reading.success) return z.NEVER;
    if (!stored && written.amount_type === 'percentage' && new Decimal(reading.data).gt(100))
      report('uma tarifa em pontos percentuais vai até "100"', [], reading.data);
    return { ...written, amount: reading.data };
  });
}
export const daysToExpiration = integer(1, 60);
/** Of a loan that is paid back in withdrawals, each of them is one. */
export const installmentCount = integer(1, 144);

/** The name of a table of the same section. */
export function tableReference(kind: 'price' | 'limits' | 'loss', { tables }: Scope) {
  return id.superRefine((name, ctx) => {
    if (tables.get(name) !== kind) reporter(ctx)(`não há tabela do tipo ${kind} com este nome`, [], name);
  });
}

function notReversed(
  { minimum, maximum }: { readonly minimum: string | number; readonly maximum: string | number },
  ctx: Context,
): void {
  if (new Decimal(minimum).gt(maximum)) reporter(ctx)('o mínimo é maior que o máximo', ['maximum'], maximum);
}

/** The ranges within which something may be offered at all. */
export function rangesSchema(scope: Scope) {
  return {
    amount: z.strictObject({ minimum: amount, maximum: amount }).superRefine(notReversed),
    installments: z
      .strictObject({ minimum: installmentCount, maximum: installmentCount })
      .superRefine(notReversed),
    /** A table that narrows the ranges above by segment. */
    table: tableReference('limits', scope).optional(),
  };
}

/** Those of a loan that is deducted from pay. */
export function payrollLimitsSchema(scope: Scope) {
  return z.strictObject({
    ...rangesSchema(scope),
    /** Below this margin, in reais, nothing is offered. */
    minimum_margin: amount,
  });
}

/** What an offer costs: the table of its rates, and what goes with every row that does not say otherwise. */
export function priceParts(scope: Scope) {
  return { table: tableReference('price', scope), rebates: z.array(fee(scope)).max(5) };
}
