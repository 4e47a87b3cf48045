import { assert, Decimal, Personal } from '../../kernel';
import { verdictsOn } from './compile-book';
import { evaluateRules, limitsFor, priceRows, productPolicy, type CompiledPolicy } from './compile-policy';
import type { PolicyDocument, PolicyTestCase } from './document';
import {
  FIELD_NAMES,
  fieldDefinition,
  isFieldName,
  termField,
  type Facts,
  type FieldName,
  type Stage,
} from './fields';
import type { Limits } from './limits';
import type { TableResult } from './match-table';
import { bandFor, type PriceBand } from './price-table';
import { reasonsOf, type Reason, type RuleVerdict } from './rule';
import { scalarOf } from './scalars';
import type { FactJson } from './test-case-schema';

export type AssessmentOutcome = 'accept' | 'review' | 'decline';

/** What a policy says of given facts, before any search for an offer that fits. */
export interface Assessment {
  readonly outcome: AssessmentOutcome;
  readonly reasons: readonly Reason[];
  /** Row that prices the amount and term offered, or asked where there is no offer. */
  readonly row: string | undefined;
}

/** Rules, limits and price row for a case's facts. Rules on an offer take part once the facts hold one. */
function assess(compiled: CompiledPolicy, one: PolicyTestCase, facts: Facts): Assessment {
  const { verdicts, limits, prices } = consult(compiled, one, facts);
  const all = [
    ...reasonsOf(stagesOf(facts).flatMap(verdicts)),
    ...(limits.kind === 'none' ? limits.reasons : []),
    ...(prices.kind === 'none' ? prices.reasons : []),
  ];
  const reasons = [
    ...new Map(all.map((reason) => [`${reason.code} ${reason.ruleId ?? ''}`, reason])).values(),
  ];
  const row = prices.kind === 'match' ? rowFor(prices.value, facts, one.product) : undefined;
  return { outcome: outcomeOf(reasons), reasons, row };
}

function stagesOf(facts: Facts): readonly Stage[] {
  const hasOffer = FIELD_NAMES.some(
    (name) => facts[name] !== undefined && fieldDefinition(name).stage === 'offer',
  );
  return hasOffer ? ['request', 'offer'] : ['request'];
}

interface Consulted {
  readonly verdicts: (stage: Stage) => readonly RuleVerdict[];
  readonly limits: TableResult<Limits>;
  readonly prices: TableResult<readonly PriceBand[]>;
}

/** What the part of a policy that a case is about says of its facts. */
function consult(
  compiled: CompiledPolicy,
  { product, on, window, expect }: PolicyTestCase,
  facts: Facts,
): Consulted {
  if (product === undefined)
    return {
      verdicts: (stage) => evaluateRules(compiled, stage, facts, on, window),
      limits: limitsFor(compiled, facts, window),
      prices: priceRows(compiled, facts, window),
    };
  const policy = productPolicy(compiled, product);
  const named = policy?.feeTables.find(({ id }) => id === expect.fee_table);
  const feeTable = named ?? policy?.feeTables[0];
  assert(policy && feeTable, 'parsing has refused a case of a product without a section');
  return {
    verdicts: (stage) => verdictsOn(policy.rules[stage], facts, on),
    limits: policy.limits(facts),
    prices: feeTable.prices(facts),
  };
}

function outcomeOf(reasons: readonly Reason[]): AssessmentOutcome {
  if (reasons.some(({ severity }) => severity === 'decline')) return 'decline';
  return reasons.some(({ severity }) => severity === 'review') ? 'review' : 'accept';
}

function rowFor(
  bands: readonly PriceBand[],
  facts: Facts,
  product: PolicyTestCase['product'],
): string | undefined {
  const amount = facts.offered_amount ?? facts.requested_amount;
  const asked = product === 'fgts' ? facts.available_periods : facts.requested_installments;
  const term = facts[termField(product ?? 'private_payroll')] ?? asked;
  return amount === undefined || term === undefined ? undefined : bandFor(bands, amount, term)?.id;
}

/** What one stored test case came to. */
export interface PolicyTestResult {
  readonly name: string;
  readonly passed: boolean;
  /** Every reason in words, with what was seen and what is required. */
  readonly explained: readonly Reason[];
  readonly expected: {
    readonly outcome: AssessmentOutcome;
    readonly reasons: readonly string[];
    readonly row: string | undefined;
  };
  readonly actual: PolicyTestResult['expected'];
}

/** Runs the test cases that the policy carries. */
export function runPolicyTests(compiled: CompiledPolicy): readonly PolicyTestResult[] {
  const cases = new Map(compiled.policy.test_cases.map((one) => [one.name, one]));
  return compiled.policy.test_cases.map((one) => {
    const assessment = assess(compiled, one, factsOf(one, cases));
    const actual = {
      outcome: assessment.outcome,
      reasons: sortedDistinct(assessment.reasons.map(({ code }) => code)),
      row: assessment.row,
    };
    const { outcome, reasons, row } = one.expect;
    const expected = { outcome, reasons: sortedDistinct(reasons), row: row ?? actual.row };
    const passed = JSON.stringify(expected) === JSON.stringify(actual);
    return { name: one.name, passed, explained: assessment.reasons, expected, actual };
  });
}

const sortedDistinct = (codes: readonly string[]): readonly string[] => [...new Set(codes)].sort();

/** A case's own facts over those of the case it starts from. */
function factsOf(one: PolicyTestCase, cases: ReadonlyMap<string, PolicyTestCase>): Facts {
  const base = one.like === undefined ? undefined : cases.get(one.like);
  assert(one.like === undefined || base !== undefined, 'parsing has refused a case that starts from nowhere');
  const start = base === undefined ? {} : factsOf(base, cases);
  return { ...start, ...factsFromJson(one.facts) };
}

/** Facts as a test case writes them, already read and typed by `parsePolicy`; null means not known. */
export function factsFromJson(json: Readonly<Record<string, FactJson>>): Partial<Facts> {
  const entries = Object.entries(json).flatMap(([name, value]) =>
    isFieldName(name) ? [[name, factFromJson(name, value)] as const] : [],
  );
  return Object.fromEntries(entries);
}

function factFromJson(name: FieldName, value: FactJson): unknown {
  if (value === null) return undefined;
  if (typeof value === 'object') return value;
  const scalar = scalarOf(name, value);
  return fieldDefinition(name).personal === true ? Personal.text(String(scalar)) : scalar;
}

/** Stand where a personal value stood: a test case is part of a policy, and policies hold no personal data. */
const STAND_INS: Readonly<Partial<Record<FieldName, string>>> = {
  borrower_cpf: '11144477735',
  employer_document: '11222333000181',
};

/** Whether a value of a field is somebody's CPF: an employer may be a company or a person. */
export function isPerson(field: FieldName, value: string): boolean {
  return fieldDefinition(field).personal === true && /^\d{11}$/.test(value);
}

/** Whom test cases name, the invented ones aside. */
export function peopleInCases({
  test_cases: cases,
}: Pick<PolicyDocument, 'test_cases'>): readonly { readonly name: string; readonly person: string }[] {
  const invented = Object.values(STAND_INS);
  return cases.flatMap(({ name, facts }) =>
    Object.entries(facts)
      .filter(([field, value]) => isFieldName(field) && isPerson(field, String(value)))
      .map(([, value]) => ({ name, person: String(value) }))
      .filter(({ person }) => !invented.includes(person)),
  );
}

/** Facts as a test case writes them. What is not known is left out; a personal value becomes an invented one. */
export function factsAsCase(facts: Facts): Readonly<Record<string, FactJson>> {
  const entries = FIELD_NAMES.flatMap((name): readonly (readonly [string, FactJson])[] => {
    const value: unknown = facts[name];
    if (value === undefined) return [];
    if (value instanceof Personal) return [[name, STAND_INS[name] ?? null]];
    if (Decimal.isDecimal(value)) return [[name, value.toFixed()]];
    return [[name, value as FactJson]];
  });
  return Object.fromEntries(entries);
}
