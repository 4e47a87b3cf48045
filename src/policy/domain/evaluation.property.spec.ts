import fc from 'fast-check';
import { naiveResults, naiveRow } from '../../../test/support/naive-policy';
import { compiledPolicy, DECIDED_ON } from '../../../test/support/policies';
import { runs } from '../../../test/support/repetitions';
import {
  AMOUNTS,
  BLOCKED_CPFS,
  policyDocuments,
  requestFacts,
  TERMS,
} from '../../../test/support/random-policies';
import { evaluateRules, priceRows, type CompiledPolicy } from './compile-policy';
import type { PolicyDocument } from './document';
import type { Facts } from './fields';

const { numRuns: POLICIES } = runs(300, 1_000);
const REQUESTS_PER_POLICY = 100;

const lists = { cpfs: BLOCKED_CPFS };
const external = new Map([['cpfs', { sha256: '', has: (cpf: string) => BLOCKED_CPFS.includes(cpf) }]]);

function compiledResults(compiled: CompiledPolicy, facts: Facts): Record<string, string> {
  const verdicts = (['request', 'offer'] as const)
    .flatMap((stage) => evaluateRules(compiled, stage, facts, DECIDED_ON))
    .filter(({ ruleId }) => ruleId !== 'limits.minimum_margin');
  return Object.fromEntries(verdicts.map(({ ruleId, result }) => [ruleId, result]));
}

/** Rows of the bands that hold an offer: one, or none where there is no price. */
function compiledRows(
  compiled: CompiledPolicy,
  facts: Facts,
  amount: string,
  term: number,
): readonly string[] {
  const prices = priceRows(compiled, facts);
  if (prices.kind === 'none') return [];
  return prices.value
    .filter(({ installments: { min, max } }) => min <= term && term <= max)
    .filter(({ amount: { min, below } }) => min.lte(amount) && (below === undefined || below.gt(amount)))
    .map(({ id }) => id);
}

describe('the compiled policy', () => {
  it(`agrees with a naive interpreter on ${String(POLICIES * REQUESTS_PER_POLICY)} pairs of policy and request`, () => {
    const seen = new Set<string>();
    const requests = fc.array(requestFacts, {
      minLength: REQUESTS_PER_POLICY,
      maxLength: REQUESTS_PER_POLICY,
    });
    fc.assert(
      fc.property(policyDocuments, requests, (json, someFacts) => {
        const document = json as unknown as PolicyDocument;
        const [table] = document.tables;
        const compiled = compiledPolicy(json, external);
        someFacts.forEach((facts, at) => {
          const [amount, term] = [AMOUNTS[at % AMOUNTS.length] ?? '', TERMS[at % TERMS.length] ?? 0];
          const row = table && naiveRow(table, facts, amount, term);
          const expected = { ...naiveResults(document, facts, DECIDED_ON, lists), rows: row ?? '' };
          const found = {
            ...compiledResults(compiled, facts),
            rows: compiledRows(compiled, facts, amount, term).join(),
          };
          for (const value of Object.values(expected)) seen.add(/^p\d/.test(value) ? 'row' : value);
          if (!sameMembers(found, expected)) expect(found).toEqual(expected);
        });
      }),
      { numRuns: POLICIES, seed: 20260818 },
    );
    expect([...seen].sort()).toEqual(['', 'flag', 'indeterminate', 'pass', 'review', 'row']);
  }, 600_000);
});

/** A comparison in which nothing is formatted: it runs a hundred thousand times. */
function sameMembers(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
