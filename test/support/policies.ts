import { calendarDate, Cpf, Decimal, Personal } from '../../src/kernel';
import {
  compilePolicy,
  nothingKnownOf,
  parsePolicy,
  type CompiledPolicy,
  type ExternalLists,
  type Facts,
  type Policy,
  type PolicyProblem,
} from '../../src/policy/domain';

/** The day on which the policies of tests decide. */
export const DECIDED_ON = calendarDate('2026-08-18');

export const A_RULE = {
  id: 'idade',
  code: 'AGE_BELOW_MINIMUM',
  sentence: 'Idade de {observed}; exigido {required}.',
  require: { field: 'borrower_age', op: 'gte', value: 18 },
};

export const A_PRICE_TABLE = {
  id: 'precos',
  kind: 'price',
  label: 'Preços',
  columns: ['tenure_months', 'offered_installments'],
  rows: [
    {
      id: 'novos',
      when: { tenure_months: { below: 12 }, offered_installments: { from: 6, below: 25 } },
      then: { monthly_interest_rate: '0.0349' },
    },
    {
      id: 'antigos',
      when: { tenure_months: { from: 12 }, offered_installments: 'any' },
      then: { monthly_interest_rate: '0.0249', days_to_expiration: 3 },
    },
  ],
  no_match: { code: 'NO_PRICE', sentence: 'Sem preço.' },
};

/** A small sound document, as JSON; a test changes the part it is about. */
export function policyJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    format: 1,
    name: 'Política de teste',
    rules: [A_RULE],
    tables: [A_PRICE_TABLE],
    limits: {
      amount: { minimum: '500.00', maximum: '30000.00' },
      installments: { minimum: 6, maximum: 48 },
      minimum_margin: '0',
    },
    pricing: {
      table: 'precos',
      rebates: [{ fee_type: 'spread', amount_type: 'percentage', amount: '4.17' }],
      days_to_expiration: 7,
    },
    fitting: { strategies: ['keep_amount'], safety_tolerance: '0.05' },
    late_bidding: { enabled: false },
    exposure: { per_borrower: null, per_employer: null, per_day: null, total: null },
    pacing: { bids_per_minute: null, bids_per_hour: null, bids_per_day: null },
    authorization: {
      mode: 'manual',
      minimum_face_validation_score: 80,
      minimum_document_face_match_score: 80,
      required_liveness: 'live',
      reject_fraud_flag: true,
      sampled_share: '0.05',
    },
    ...changes,
  };
}

/** A small sound section for FGTS: two fee tables, of which one is for larger amounts alone. */
export function fgtsJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const price = (id: string, columns: readonly string[], rows: readonly object[]) => ({
    ...A_PRICE_TABLE,
    id,
    columns,
    rows,
  });
  const row = (id: string, when: object, rate: string) => ({
    id,
    when,
    then: { monthly_interest_rate: rate },
  });
  return {
    rules: [
      A_RULE,
      {
        ...A_RULE,
        id: 'custo',
        code: 'CET_ABOVE_MAXIMUM',
        require: { field: 'offered_monthly_cet', op: 'lte', value: '0.03' },
      },
    ],
    tables: [
      price(
        'precos',
        ['offered_periods'],
        [
          row('um', { offered_periods: { below: 2 } }, '0.0179'),
          row('mais', { offered_periods: { from: 2 } }, '0.0175'),
        ],
      ),
      price('com-tarifa', ['offered_amount'], [row('alto', { offered_amount: { from: '500' } }, '0.0160')]),
    ],
    limits: { amount: { minimum: '75.00', maximum: '1500.00' }, installments: { minimum: 1, maximum: 5 } },
    pricing: {
      fee_tables: [
        { id: 'padrao', label: 'Padrão', table: 'precos', contract_fees: [], rebates: [] },
        {
          id: 'tarifa',
          label: 'Com tarifa',
          table: 'com-tarifa',
          contract_fees: [{ fee_type: 'tac', amount_type: 'absolute', amount: '15.00' }],
          rebates: [],
        },
      ],
      days_to_expiration: 7,
    },
    settings: { snapshot_max_age_hours: 24, disbursement_business_days: 1 },
    ...changes,
  };
}

/** A small sound section for federal payroll, with a table of functional situations. */
export function federalPayrollJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { pricing } = fgtsJson() as { pricing: { fee_tables: readonly object[] } };
  const decision = (id: string, codes: unknown, what: string) => ({
    id,
    when: { functional_situation: codes },
    then: { decision: what },
  });
  return {
    ...fgtsJson(),
    rules: [A_RULE],
    tables: [
      {
        ...A_PRICE_TABLE,
        columns: ['offered_installments'],
        rows: [
          {
            ...A_PRICE_TABLE.rows[0],
            when: { offered_installments: 'any' },
            then: { monthly_interest_rate: '0.018' },
          },
        ],
      },
      {
        id: 'situacoes',
        kind: 'eligibility',
        label: 'Situações',
        hit: 'first',
        columns: ['functional_situation'],
        reason: { code: 'SITUATION', sentence: 'Situação {functional_situation}.' },
        no_match: { code: 'SITUATION_UNKNOWN', sentence: 'Situação sem linha.' },
        rows: [
          decision('sim', ['1', '2'], 'allow'),
          decision('talvez', ['12'], 'review'),
          decision('nao', ['66'], 'decline'),
        ],
      },
    ],
    limits: {
      amount: { minimum: '500', maximum: '90000' },
      installments: { minimum: 6, maximum: 144 },
      minimum_margin: '30',
    },
    pricing: { ...pricing, fee_tables: pricing.fee_tables.slice(0, 1) },
    ...changes,
  };
}

export function problemsOf(json: unknown): readonly PolicyProblem[] {
  const parsed = parsePolicy(json);
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

/** The policy of a document that must be sound. */
export function soundPolicy(json: unknown): Policy {
  const parsed = parsePolicy(json);
  if (parsed.kind === 'ok') return parsed.policy;
  throw new Error(`not a sound policy: ${JSON.stringify(parsed.problems, null, 1)}`);
}

export function compiledPolicy(json: unknown, lists?: ExternalLists): CompiledPolicy {
  return compilePolicy(soundPolicy(json), lists);
}

/** Someone whom any sensible policy accepts. */
export const GOOD_BORROWER: Facts = {
  ...nothingKnownOf('private_payroll'),
  eligible: true,
  cpf_valid: true,
  borrower_cpf: Cpf.parse('00737823780'),
  borrower_age: 53,
  political_exposition: 'not_exposed',
  employer_document_type: 'cnpj',
  employer_document_valid: true,
  employer_document: Personal.text('29113956000181'),
  employer_root: '29113956',
  admission_date: calendarDate('2020-03-10'),
  tenure_months: 77,
  requested_amount: new Decimal(2100),
  requested_installments: 10,
  requested_installment: new Decimal(210),
  margin: new Decimal(10_000),
  running_leave_codes: [],
  upcoming_leave_codes: [],
  days_until_leave_end: 0,
  notice_period_running: false,
  present_job_terminated: false,
  termination_codes: [],
  has_past_termination: false,
  hour_of_day: 10,
  window_left_seconds: 100,
  borrower_live_offers: 0,
  employer_live_offers: 0,
  borrower_exposure: new Decimal(0),
  employer_exposure: new Decimal(0),
};
