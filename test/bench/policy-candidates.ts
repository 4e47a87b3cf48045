import { ZenEngine } from '@gorules/zen-engine';
import { Environment } from '@marcbachmann/cel-js';
import { Engine, type RuleProperties } from 'json-rules-engine';
import { calendarDate, Decimal } from '../../src/kernel';
import { evaluateRules, nothingKnownOf, priceRows, reasonsOf, type Facts } from '../../src/policy/domain';
import { compiledPolicy, policyJson } from '../support/policies';

const NOTHING_KNOWN = nothingKnownOf('private_payroll');

/** One request as every engine but ours takes it: plain numbers. */
export interface Application {
  readonly age: number;
  readonly ageAtEnd: number;
  readonly tenure: number;
  readonly employer: string;
  readonly leaves: readonly string[];
  readonly exposition: string;
  readonly amount: number;
  readonly term: number;
  readonly ratio: number;
  readonly eligible: boolean;
}

/** What each engine must answer: every reason, and the rate of the first row that matches. */
export interface Answer {
  readonly reasons: readonly string[];
  readonly rate: string | undefined;
}

export interface Candidate {
  readonly name: string;
  /** Answers all applications, with whatever trace the engine has. */
  readonly answerAll: (applications: readonly Application[]) => Promise<readonly Answer[]>;
}

export const BLOCKED_EMPLOYERS = Array.from({ length: 20 }, (_, at) => String(10_000_000 + at * 7));
const BLOCKED_LEAVES = ['03', '06', '11'];
const EXPOSITIONS = ['not_exposed', 'former'];

interface PriceRow {
  readonly id: string;
  readonly tenure: readonly [number, number];
  readonly amount: readonly [number, number];
  readonly term: readonly [number, number];
  readonly rate: string;
}

const BANDS = {
  tenure: [0, 12, 24, 36, 60, 600],
  amount: [0, 3000, 10_000, 30_001],
  term: [1, 13, 49],
};
const spans = (bounds: readonly number[]): readonly (readonly [number, number])[] =>
  bounds.slice(1).map((below, at) => [bounds[at] ?? 0, below]);

/** Thirty rows: five bands of tenure, three of amount, two of term; the other two inputs take one value each. */
const ROWS: readonly PriceRow[] = spans(BANDS.tenure).flatMap((tenure, i) =>
  spans(BANDS.amount).flatMap((amount, j) =>
    spans(BANDS.term).map((term, k) => ({
      id: `r${String(i)}${String(j)}${String(k)}`,
      tenure,
      amount,
      term,
      rate: `0.0${String(350 - 20 * i - 10 * j + 5 * k)}`,
    })),
  ),
);

// --- the answer by hand, against which all are held ----------------------------------------------------------

export function answerByHand(one: Application): Answer {
  const reasons: string[] = [];
  if (one.age < 18) reasons.push('AGE');
  if (one.ageAtEnd > 70) reasons.push('AGE_AT_END');
  if (one.tenure < 6) reasons.push('TENURE');
  if (BLOCKED_EMPLOYERS.includes(one.employer)) reasons.push('EMPLOYER');
  if (one.leaves.some((code) => BLOCKED_LEAVES.includes(code))) reasons.push('LEAVE');
  if (!EXPOSITIONS.includes(one.exposition)) reasons.push('EXPOSITION');
  if (one.amount < 500 || one.amount > 30_000) reasons.push('AMOUNT');
  if (one.ratio > 1) reasons.push('RATIO');
  const inside = (value: number, [from, below]: readonly [number, number]) => value >= from && value < below;
  const row = ROWS.find(
    ({ tenure, amount, term }) =>
      inside(one.tenure, tenure) && inside(one.amount, amount) && inside(one.term, term),
  );
  const priced = one.eligible && one.exposition === 'not_exposed';
  return { reasons: reasons.sort(), rate: priced ? row?.rate : undefined };
}

// --- ours ----------------------------------------------------------------------------------------------------

const rule = (code: string, field: string, op: string, value: unknown) => ({
  id: code.toLowerCase(),
  code,
  sentence: '{observed}; exigido {required}.',
  require: { field, op, value },
});
const range = ([from, below]: readonly [number, number]) => ({ from, below });
const amounts = ([from, below]: readonly [number, number]) => ({ from: String(from), below: String(below) });

export function ours(): Candidate {
  const compiled = compiledPolicy(
    policyJson({
      rules: [
        rule('AGE', 'borrower_age', 'gte', 18),
        rule('AGE_AT_END', 'age_at_last_installment', 'lte', 70),
        rule('TENURE', 'tenure_months', 'gte', 6),
        rule('EMPLOYER', 'employer_root', 'not_in', BLOCKED_EMPLOYERS),
        rule('LEAVE', 'running_leave_codes', 'none_of', BLOCKED_LEAVES),
        rule('EXPOSITION', 'political_exposition', 'in', EXPOSITIONS),
        rule('AMOUNT', 'requested_amount', 'between', { from: '500', below: '30000.01' }),
        rule('RATIO', 'installment_to_margin', 'lte', '1'),
      ],
      tables: [
        {
          id: 'precos',
          kind: 'price',
          label: 'Preços',
          columns: [
            'tenure_months',
            'requested_amount',
            'requested_installments',
            'political_exposition',
            'eligible',
          ],
          rows: ROWS.map(({ id, tenure, amount, term, rate }) => ({
            id,
            when: {
              tenure_months: range(tenure),
              requested_amount: amounts(amount),
              requested_installments: range(term),
              political_exposition: ['not_exposed'],
              eligible: [true],
            },
            then: { monthly_interest_rate: rate },
          })),
          no_match: { code: 'NO_PRICE', sentence: 'Sem preço.' },
        },
      ],
    }),
  );
  const on = calendarDate('2026-08-18');
  const known = new WeakMap<readonly Application[], readonly Facts[]>();
  return {
    name: 'Arremate (full trace, exact decimals)',
    answerAll: (applications) => {
      const facts = known.get(applications) ?? applications.map(factsOf);
      known.set(applications, facts);
      const answers = facts.map((one): Answer => {
        const verdicts = [
          ...evaluateRules(compiled, 'request', one, on),
          ...evaluateRules(compiled, 'offer', one, on),
        ];
        const prices = priceRows(compiled, one);
        const [band] = prices.kind === 'match' ? prices.value : [];
        const reasons = reasonsOf(verdicts).map(({ code }) => code);
        return { reasons: reasons.sort(), rate: band?.monthlyInterestRate.toFixed(4) };
      });
      return Promise.resolve(answers);
    },
  };
}

function factsOf(one: Application): Facts {
  return {
    ...NOTHING_KNOWN,
    borrower_age: one.age,
    age_at_last_installment: one.ageAtEnd,
    tenure_months: one.tenure,
    employer_root: one.employer,
    running_leave_codes: one.leaves,
    political_exposition: one.exposition,
    requested_amount: new Decimal(one.amount),
    requested_installments: one.term,
    installment_to_margin: new Decimal(one.ratio),
    eligible: one.eligible,
    margin: new Decimal(1000),
  };
}

// --- @marcbachmann/cel-js ------------------------------------------------------------------------------------

const quoted = (values: readonly string[]) => `[${values.map((value) => `"${value}"`).join(', ')}]`;
const REASONS_IN_CEL: Readonly<Record<string, string>> = {
  AGE: 'age < 18',
  AGE_AT_END: 'ageAtEnd > 70',
  TENURE: 'tenure < 6',
  EMPLOYER: `employer in ${quoted(BLOCKED_EMPLOYERS)}`,
  LEAVE: `leaves.exists(code, code in ${quoted(BLOCKED_LEAVES)})`,
  EXPOSITION: `!(exposition in ${quoted(EXPOSITIONS)})`,
  AMOUNT: 'amount < 500.0 || amount > 30000.0',
  RATIO: 'ratio > 1.0',
};

export function cel(): Candidate {
  const environment = new Environment();
  for (const name of ['age', 'ageAtEnd', 'tenure', 'term']) environment.registerVariable(name, 'int');
  for (const name of ['amount', 'ratio']) environment.registerVariable(name, 'double');
  for (const name of ['employer', 'exposition']) environment.registerVariable(name, 'string');
  environment.registerVariable('leaves', 'list<string>').registerVariable('eligible', 'bool');
  const reasons = Object.entries(REASONS_IN_CEL).map(([code, text]) => ({
    code,
    fires: environment.parse(text),
  }));
  const rows = ROWS.map(({ tenure, amount, term, rate }) => {
    const [low, high] = [amount[0].toFixed(1), amount[1].toFixed(1)];
    const text =
      `tenure >= ${String(tenure[0])} && tenure < ${String(tenure[1])} && amount >= ${low} && amount < ${high} && ` +
      `term >= ${String(term[0])} && term < ${String(term[1])} && exposition == "not_exposed" && eligible`;
    return { rate, matches: environment.parse(text) };
  });
  const known = new WeakMap<readonly Application[], readonly object[]>();
  return {
    name: '@marcbachmann/cel-js (no trace)',
    answerAll: (applications) => {
      const contexts =
        known.get(applications) ??
        applications.map((one) => ({
          ...one,
          age: BigInt(one.age),
          ageAtEnd: BigInt(one.ageAtEnd),
          tenure: BigInt(one.tenure),
          term: BigInt(one.term),
        }));
      known.set(applications, contexts);
      const answers = contexts.map((context): Answer => ({
        reasons: reasons
          .filter(({ fires }) => fires({ ...context }) === true)
          .map(({ code }) => code)
          .sort(),
        rate: rows.find(({ matches }) => matches({ ...context }) === true)?.rate,
      }));
      return Promise.resolve(answers);
    },
  };
}

// --- @gorules/zen-engine -------------------------------------------------------------------------------------

const REASONS_IN_ZEN: Readonly<Record<string, string>> = {
  AGE: 'age < 18',
  AGE_AT_END: 'ageAtEnd > 70',
  TENURE: 'tenure < 6',
  EMPLOYER: `employer in ${quoted(BLOCKED_EMPLOYERS)}`,
  LEAVE: `some(leaves, # in ${quoted(BLOCKED_LEAVES)})`,
  EXPOSITION: `exposition not in ${quoted(EXPOSITIONS)}`,
  AMOUNT: 'amount < 500 or amount > 30000',
  RATIO: 'ratio > 1',
};

function zenGraph(): object {
  const table = (id: string, hitPolicy: string, inputs: object[], outputs: object[], rules: object[]) => ({
    id,
    name: id,
    type: 'decisionTableNode',
    content: { hitPolicy, inputs, outputs, rules, passThrough: false },
  });
  const edge = (sourceId: string, targetId: string) => ({
    id: `${sourceId}-${targetId}`,
    sourceId,
    targetId,
    type: 'edge',
  });
  const input = (field: string) => ({ id: field, name: field, field });
  const inside = ([from, below]: readonly [number, number]) => `[${String(from)}..${String(below)})`;
  return {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode' },
      table(
        'reasons',
        'collect',
        [{ id: 'when', name: 'when' }],
        [{ id: 'code', name: 'code', field: 'code' }],
        Object.entries(REASONS_IN_ZEN).map(([code, when]) => ({ _id: code, when, code: `"${code}"` })),
      ),
      { ...collected('reasonList', 'reasons') },
      table(
        'price',
        'first',
        ['tenure', 'amount', 'term', 'exposition', 'eligible'].map(input),
        [{ id: 'rate', name: 'rate', field: 'rate' }],
        ROWS.map(({ id, tenure, amount, term, rate }) => ({
          _id: id,
          tenure: inside(tenure),
          amount: inside(amount),
          term: inside(term),
          exposition: '"not_exposed"',
          eligible: 'true',
          rate: `"${rate}"`,
        })),
      ),
      { id: 'out', name: 'out', type: 'outputNode' },
    ],
    edges: [
      edge('in', 'reasons'),
      edge('reasons', 'reasonList'),
      edge('reasonList', 'out'),
      edge('in', 'price'),
      edge('price', 'out'),
    ],
  };
}

/** Puts the collected codes under a name of their own. */
function collected(id: string, _from: string): object {
  return {
    id,
    name: id,
    type: 'expressionNode',
    content: {
      expressions: [{ id: 'codes', key: 'codes', value: 'map($root, #.code)' }],
      passThrough: false,
    },
  };
}

export function zen(withTrace: boolean): Candidate {
  const decision = new ZenEngine().createDecision(zenGraph());
  return {
    name: `@gorules/zen-engine (${withTrace ? 'its trace' : 'no trace'})`,
    answerAll: async (applications) => {
      const answers: Answer[] = [];
      for (const one of applications) {
        const { result } = (await decision.evaluate(one, { trace: withTrace })) as {
          result: { codes?: readonly string[]; rate?: string };
        };
        answers.push({ reasons: [...(result.codes ?? [])].sort(), rate: result.rate });
      }
      return answers;
    },
  };
}

// --- json-rules-engine ---------------------------------------------------------------------------------------

export function jsonRulesEngine(): Candidate {
  const engine = new Engine([], { allowUndefinedFacts: false });
  engine.addOperator('hasAnyOf', (value: readonly string[], wanted: readonly string[]) =>
    value.some((code) => wanted.includes(code)),
  );
  const condition = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });
  const reasons: Readonly<Record<string, object>> = {
    AGE: { all: [condition('age', 'lessThan', 18)] },
    AGE_AT_END: { all: [condition('ageAtEnd', 'greaterThan', 70)] },
    TENURE: { all: [condition('tenure', 'lessThan', 6)] },
    EMPLOYER: { all: [condition('employer', 'in', BLOCKED_EMPLOYERS)] },
    LEAVE: { all: [condition('leaves', 'hasAnyOf', BLOCKED_LEAVES)] },
    EXPOSITION: { all: [condition('exposition', 'notIn', EXPOSITIONS)] },
    AMOUNT: { any: [condition('amount', 'lessThan', 500), condition('amount', 'greaterThan', 30_000)] },
    RATIO: { all: [condition('ratio', 'greaterThan', 1)] },
  };
  for (const [type, conditions] of Object.entries(reasons)) {
    engine.addRule({ conditions, event: { type } } as RuleProperties);
  }
  const between = (fact: string, [from, below]: readonly [number, number]) => [
    condition(fact, 'greaterThanInclusive', from),
    condition(fact, 'lessThan', below),
  ];
  for (const { tenure, amount, term, rate } of ROWS) {
    const all = [
      ...between('tenure', tenure),
      ...between('amount', amount),
      ...between('term', term),
      condition('exposition', 'equal', 'not_exposed'),
      condition('eligible', 'equal', true),
    ];
    engine.addRule({ conditions: { all }, event: { type: 'price', params: { rate } } });
  }
  return {
    name: 'json-rules-engine (its results)',
    answerAll: async (applications) => {
      const answers: Answer[] = [];
      for (const one of applications) {
        const { events } = await engine.run({ ...one });
        const price = events.find(({ type }) => type === 'price')?.params?.rate as string | undefined;
        const codes = events.map(({ type }) => type).filter((type) => type !== 'price');
        answers.push({ reasons: codes.sort(), rate: price });
      }
      return answers;
    },
  };
}
