import { z } from 'zod';
import { amount, distinct, field, id, integer, label, rate, reporter, type Scope } from './document-parts';
import { economicsSection } from './economics-schema';
import { fieldDefinition } from './fields';
import { learningSection } from './learning-schema';
import { readValues, type DeclaredLists } from './operands';
import { decidingParts, federalPayrollSection, fgtsSection } from './product-section-schema';
import type { DirectProduct, Product } from './product';
import { daysToExpiration, payrollLimitsSchema, priceParts, tableReference } from './section-parts';
import { testCaseSchema } from './test-case-schema';

const MAX_TEST_CASES = 1000;

const list = ({ stored }: Pick<Scope, 'stored'>) =>
  z
    .strictObject({ name: id, of: field, label, entries: z.array(z.unknown()).max(10_000).optional() })
    .transform(({ entries, ...rest }, ctx) => {
      if (entries === undefined) return rest;
      const report = reporter(ctx, 'entries');
      if (fieldDefinition(rest.of).personal === true && entries.length > 0) {
        report(
          'dados pessoais não podem ficar na política: mantenha a lista fora dela (sem "entries")',
          [],
          null,
        );
        return rest;
      }
      return { ...rest, entries: readValues(rest.of, entries, { stored }, report).map(String) };
    });

/** What the rest of a document may say and refer to; read first, so that one pass reports every problem. */
export interface Declarations extends Pick<Scope, 'stored'> {
  readonly lists: DeclaredLists;
  readonly tables: Readonly<Record<Product, ReadonlyMap<string, string>>>;
}

const cap = amount.nullable();
const pace = integer(1, 10_000_000).nullable();
const score = integer(0, 1000);

/** The shape of a policy document, given what it declares. docs/policy.md explains every part. */
export function policySchema(declared: Declarations) {
  const scopeOf = (product: Product): Scope => ({
    stored: declared.stored,
    product,
    lists: declared.lists,
    tables: declared.tables[product],
  });
  const scope = scopeOf('private_payroll');
  return z.strictObject({
    format: integer(1, 1),
    name: label,
    description: z.string().max(4000).default(''),
    lists: z
      .array(list(scope))
      .max(100)
      .superRefine(distinct((item) => item.name))
      .default([]),
    ...decidingParts(scope),
    limits: payrollLimitsSchema(scope),
    pricing: z.strictObject({ ...priceParts(scope), days_to_expiration: daysToExpiration }),
    fitting: z.strictObject({
      strategies: z
        .array(z.enum(['keep_amount', 'keep_installment', 'max_amount', 'decline']))
        .min(1)
        .superRefine(distinct((name) => name)),
      /** Reais kept free below the margin, against differences between QI's arithmetic and ours. */
      safety_tolerance: amount,
    }),
    late_bidding: z.discriminatedUnion('enabled', [
      z.strictObject({ enabled: z.literal(false) }),
      z.strictObject({
        enabled: z.literal(true),
        limits: payrollLimitsSchema(scope),
        table: tableReference('price', scope),
      }),
    ]),
    exposure: z.strictObject({ per_borrower: cap, per_employer: cap, per_day: cap, total: cap }),
    pacing: z.strictObject({ bids_per_minute: pace, bids_per_hour: pace, bids_per_day: pace }),
    /** What a bid is worth to the house; without it bids have no margin. It decides nothing. */
    economics: z.lazy(() => economicsSection(scope)).optional(),
    /** Within what rates may be learnt from wins and losses; without it every rate is the table's. */
    learning: z.lazy(() => learningSection(scope)).optional(),
    authorization: z.strictObject({
      mode: z.enum(['automatic', 'manual']),
      minimum_face_validation_score: score,
      minimum_document_face_match_score: score,
      required_liveness: z.string().regex(/^[a-z_]{1,40}$/),
      reject_fraud_flag: z.boolean(),
      /** Share of automatic authorisations that a person looks at all the same. */
      sampled_share: rate(scope),
    }),
    /** What decides about loans that no auction brings; a product without a section is not offered. */
    products: z
      .strictObject({
        // Lazy: the schema of a section is made only where a document has it.
        fgts: z.lazy(() => fgtsSection(scopeOf('fgts'))).optional(),
        federal_payroll: z.lazy(() => federalPayrollSection(scopeOf('federal_payroll'))).optional(),
      })
      .transform((products) => (Object.keys(products).length === 0 ? undefined : products))
      .optional(),
    test_cases: z
      .array(testCaseSchema(scope))
      .max(MAX_TEST_CASES)
      .superRefine(distinct((item) => item.name))
      .default([]),
  });
}

/** A policy as written, every part read and typed, every number in its one written form. */
export type PolicyDocument = z.output<ReturnType<typeof policySchema>>;
export type Rule = PolicyDocument['rules'][number];
export type Table = PolicyDocument['tables'][number];
export type PriceTable = Extract<Table, { kind: 'price' }>;
export type LimitsTable = Extract<Table, { kind: 'limits' }>;
export type EligibilityTable = Extract<Table, { kind: 'eligibility' }>;
export type LossTable = Extract<Table, { kind: 'loss' }>;
export type PolicyTestCase = PolicyDocument['test_cases'][number];
/** The section of a product without an auction. */
export type ProductSection<P extends DirectProduct = DirectProduct> = NonNullable<
  NonNullable<PolicyDocument['products']>[P]
>;
export type BiddingWindow = PolicyTestCase['window'];

export function isPriceTable(table: Table): table is PriceTable {
  return table.kind === 'price';
}
export function isLimitsTable(table: Table): table is LimitsTable {
  return table.kind === 'limits';
}
export function isEligibilityTable(table: Table): table is EligibilityTable {
  return table.kind === 'eligibility';
}

export function isLossTable(table: Table): table is LossTable {
  return table.kind === 'loss';
}

/** The lists whose values stand in the document. */
export function inlineLists({
  lists,
}: Pick<PolicyDocument, 'lists'>): ReadonlyMap<string, readonly string[]> {
  return new Map(lists.flatMap((item) => ('entries' in item ? [[item.name, item.entries]] : [])));
}
