import { readFileSync } from 'node:fs';
import { parsePolicy, pricesAlike, type Policy } from './index';

const SEED = readFileSync('config/policies/default.json', 'utf8');

interface Draft {
  name: string;
  rules: { severity?: string }[];
  test_cases: object[];
  limits: { minimum_margin: string; amount: { maximum: string } };
  fitting: { safety_tolerance: string };
  pricing: { days_to_expiration: number };
  tables: { rows: { then: { monthly_interest_rate?: string } }[] }[];
}

function changed(change: (draft: Draft) => void): Policy {
  const draft = JSON.parse(SEED) as Draft;
  change(draft);
  const parsed = parsePolicy(draft);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}
const seed = changed(() => undefined);

it.each<[string, (draft: Draft) => void]>([
  ['a name', (draft) => (draft.name = 'outro')],
  [
    'another rule',
    (draft) => {
      draft.rules.forEach((rule) => (rule.severity = 'flag'));
    },
  ],
  ['no test case', (draft) => (draft.test_cases = [])],
])('%s changes no price', (_, change) => {
  expect(pricesAlike(seed, changed(change))).toBe(true);
});

it.each<[string, (draft: Draft) => void]>([
  ['the largest amount', (draft) => (draft.limits.amount.maximum = '7000.00')],
  ['the tolerance', (draft) => (draft.fitting.safety_tolerance = '9.99')],
  ['the validity of offers', (draft) => (draft.pricing.days_to_expiration = 3)],
  [
    'one rate',
    (draft) => {
      const row = draft.tables.flatMap(({ rows }) => rows).find(({ then }) => then.monthly_interest_rate);
      if (row) row.then.monthly_interest_rate = '0.0358';
    },
  ],
])('%s may change one', (_, change) => {
  expect(pricesAlike(seed, changed(change))).toBe(false);
});
