import { z } from 'zod';
import { date, id, label, reporter, strangeTo, type Scope } from './document-parts';
import { fieldDefinition, isFieldName } from './fields';
import { readValues, type Report } from './operands';
import { PRODUCTS, type DirectProduct } from './product';
import { readScalar, type ScalarJson } from './scalars';

/** A fact of a test case in its one written form; null takes away what another case gave. */
export type FactJson = ScalarJson | readonly string[] | null;

/** Left out where it is private payroll: documents that know no other product are written as they always were. */
const product = z
  .enum(PRODUCTS)
  .optional()
  .transform((name): DirectProduct | undefined => (name === 'private_payroll' ? undefined : name));

export const testCaseSchema = ({ stored }: Pick<Scope, 'stored'>) =>
  z
    .strictObject({
      name: label,
      product,
      /** Another case whose facts this one starts from. */
      like: label.optional(),
      on: date,
      window: z.enum(['on_time', 'late']).default('on_time'),
      facts: z.record(z.string(), z.unknown()),
      expect: z.strictObject({
        outcome: z.enum(['accept', 'review', 'decline']),
        reasons: z.array(z.string()).default([]),
        /** The row that prices the case; of a product with several fee tables, that of the one named. */
        row: id.optional(),
        fee_table: id.optional(),
      }),
    })
    .transform((one, ctx) => {
      const report = reporter(ctx, 'facts');
      const entries = Object.entries(one.facts).map(([name, raw]) => [
        name,
        readFactJson(name, raw, { stored, product: one.product ?? 'private_payroll' }, report),
      ]);
      return { ...one, facts: Object.fromEntries(entries) as Readonly<Record<string, FactJson>> };
    });

function readFactJson(
  name: string,
  raw: unknown,
  scope: Pick<Scope, 'stored' | 'product'>,
  report: Report,
): FactJson {
  if (!isFieldName(name)) report('este campo não existe no dicionário', [name], null);
  else if (strangeTo(scope.product, name) !== undefined)
    report(strangeTo(scope.product, name) ?? '', [name], null);
  else if (raw === null) return null;
  else if (fieldDefinition(name).type === 'code_list') {
    const below: Report = (message, path, value) => {
      report(message, [name, ...path], value);
    };
    if (Array.isArray(raw)) return readValues(name, raw, scope, below).map(String);
    below('esperada uma lista de códigos', [], raw);
  } else {
    const reading = readScalar(name, raw, scope.stored);
    if (reading.ok) return reading.value;
    report(reading.message, [name], raw);
  }
  return null;
}
