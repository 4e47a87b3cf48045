import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calendarDate, Cpf, Decimal } from '../../../src/kernel';
import { UNKNOWN_BORROWER } from '../../../src/exposure/domain';
import { judgeFederalPayroll, type FederalPayrollTerms } from '../../../src/origination/domain/products/federal-payroll';
import { readFederalPayrollData } from '../../../src/origination/products/federal-payroll/federal-payroll-data';
import { besidePayroll, paysOffIn, storedContract, storedPayrollOffer } from '../../../src/origination/products/federal-payroll/stored-payroll';
import { loadReferenceData } from '../../../src/policy';
import { capsOn } from '../../../src/policy/domain';
import { PricingContext, readPricingData } from '../../../src/pricing';
import { readMarginNews } from '../../../src/qi';
import { readPayrollSimulation } from '../../../src/qi/read-federal-payroll';
import { A_PRICE_TABLE, compiledPolicy, federalPayrollJson, policyJson } from '../../support/policies';
import { payload, payloadText } from '../qi/payloads';

/** QI's printed simulation of SIAPE through all that the product makes of the printed margin. */

interface Case {
  readonly id: string;
  readonly request: {
    readonly disbursement_date: string;
    readonly first_due_date: string;
    readonly monthly_interest_rate: number;
    readonly installment_face_value: number;
    readonly number_of_installments: number;
    readonly contract_fees: readonly object[];
    readonly rebates: readonly object[];
  };
  readonly expected: Readonly<Record<string, unknown>>;
}
const all = JSON.parse(readFileSync(join(__dirname, 'simulations.json'), 'utf8')) as readonly Case[];
const [printedCase, ...others] = all.filter(({ id }) => id.startsWith('federal-payroll-'));
if (printedCase === undefined || others.length > 0) throw new Error('not one case of SIAPE');
const { request, expected } = printedCase;

const pricing = new PricingContext(readPricingData('config'));
const DAY = calendarDate(request.disbursement_date);

/** A policy with the printed rate and fees, and nothing against anybody. */
function policy() {
  const amounts = (fees: readonly object[]) => fees.map((fee) => ({ ...fee, amount: '1' }));
  const row = {
    id: 'impressa',
    when: { offered_installments: 'any' },
    then: { monthly_interest_rate: String(request.monthly_interest_rate) },
  };
  const table = { ...A_PRICE_TABLE, columns: ['offered_installments'], rows: [row] };
  const fees = { contract_fees: amounts(request.contract_fees), rebates: amounts(request.rebates) };
  const section = federalPayrollJson({
    tables: [table],
    limits: {
      amount: { minimum: '0.01', maximum: '150000.00' },
      installments: { minimum: 1, maximum: 144 },
      minimum_margin: '0',
    },
    pricing: {
      fee_tables: [{ id: 'impressa', label: 'Impressa', table: 'precos', ...fees }],
      days_to_expiration: 7,
    },
    settings: { snapshot_max_age_hours: 24, disbursement_business_days: 0 },
  });
  return compiledPolicy(policyJson({ products: { federal_payroll: section } }));
}

/** What the product makes of the printed margin and the printed wish, on the printed day. */
function verdict(caps: FederalPayrollTerms['caps']) {
  const webhook = readMarginNews(payload('federal-payroll/04-webhook-balance-success-loan-and-card'));
  const news = webhook.kind === 'read' ? webhook.news : undefined;
  if (news?.kind !== 'received' || news.snapshot.product !== 'federal_payroll') throw new Error('no margin');
  const now = new Date(`${DAY}T15:00:00Z`);
  const dueDay = Number(request.first_due_date.slice(-2));
  const competence = calendarDate(`${request.first_due_date.slice(0, 7)}-01`);
  return judgeFederalPayroll(
    {
      cpf: Cpf.parse('25256363506') ?? raise('not a CPF'),
      birthDate: calendarDate('1980-02-01'),
      isPep: false,
      channel: 'console',
      receivedAt: now,
      links: news.snapshot.links,
      refinanced: [],
      standing: UNKNOWN_BORROWER,
      now,
    },
    {
      kind: 'installment',
      amount: new Decimal(request.installment_face_value),
      installments: request.number_of_installments,
    },
    {
      policy: { version: '1', compiled: policy() },
      now,
      caps,
      pricing,
      calendar: pricing.data.holidays,
      disbursementBusinessDays: 0,
      data: { ...readFederalPayrollData(), dueDay },
      payroll: { months: [{ cutOff: calendarDate('2023-03-31'), competence }], assumedCutOffDay: 12 },
      limitDays: 3,
    },
  );
}

function raise(what: string): never {
  throw new Error(what);
}

it('is offered to nobody since there is a cap on rates', () => {
  const today = capsOn(loadReferenceData('config').caps.federal_payroll, calendarDate('2026-11-27'));
  expect(JSON.stringify(verdict(today))).toContain('RATE_ABOVE_LEGAL_CAP');
});

describe('the printed simulation beside ours', () => {
  const judged = verdict({ rate: undefined, installments: undefined });
  if (judged.kind !== 'offers') throw new Error(JSON.stringify(judged));
  const [ours = raise('no offer')] = judged.offers.map(storedPayrollOffer);
  const offer = { ...ours, figures: ours.figures ?? raise(JSON.stringify(ours.problem)) };
  const printed = payloadText('federal-payroll/07-response-debt-simulation-finished');
  const besides = (body: string) => {
    const theirs = readPayrollSimulation(body);
    if (theirs === undefined) throw new Error('QI says nothing');
    return besidePayroll(offer, theirs);
  };

  it('is what is offered, to the cent', () => {
    const money = (field: string): string => Number(expected[field]).toFixed(2);
    expect(offer.figures).toMatchObject({
      disbursement_date: request.disbursement_date,
      first_due_date: request.first_due_date,
      first_due_is_verified: true,
      installment_face_value: request.installment_face_value.toFixed(2),
      number_of_installments: request.number_of_installments,
      issue_amount: money('issue_amount'),
      disbursed_issue_amount: money('disbursed_issue_amount'),
      iof_amount: money('iof_amount'),
      contract_fee_amount: money('contract_fee_amount'),
      cet: Number(expected['cet']).toFixed(4),
      annual_cet: Number(expected['annual_cet']).toFixed(6),
    });
  });

  it('differs in nothing: one of our four days is printed, and it agrees', () => {
    const { qi, differences } = besides(printed);
    expect(differences).toEqual([]);
    expect(qi).toMatchObject({ disbursed_issue_amount: '191.49', cet: '0.0346', options: [{ iof_amount: '1.36' }] });
    expect(offer.figures.options.map(({ disbursement_date: day }) => day)).toEqual(
      ['14', '15', '16', '17'].map((day) => `2023-03-${day}`),
    );
  });

  const contract = {
    kind: 'own',
    operationKey: 'old',
    installment: new Decimal(100),
    dueBalance: new Decimal(100),
    dueNow: new Decimal(90),
  } as const;
  const refinancing = { ...offer, asked: { refinanced: [storedContract(contract)] } };

  it.each([
    ['on the day of payment', '91.49', []],
    ['today', '101.49', []],
    ['on neither', '101.51', ['final_disbursement_amount']],
    ['not at all', '191.49', ['final_disbursement_amount']],
  ])('a contract that QI values %s', (_, final, differing) => {
    const theirs = readPayrollSimulation(printed);
    if (theirs === undefined) throw new Error('QI says nothing');
    const { differences } = besidePayroll(refinancing, { ...theirs, finalDisbursementAmount: new Decimal(final) });
    expect(differences).toEqual(differing);
  });

  it.each([
    ['of ours', '101.00', ['90', '100']],
    ['of QI’s, which a person has let through', '91.00', ['90', '100.49']],
  ])('keeps with the loan what the old contracts cost by the change %s', (_, final, span) => {
    const theirs = readPayrollSimulation(printed) ?? raise('QI says nothing');
    const compared = besidePayroll(refinancing, { ...theirs, finalDisbursementAmount: new Decimal(final) });
    expect(Object.values(paysOffIn(compared)).map(String)).toEqual(span);
    expect(paysOffIn(offer)).toBe(false);
  });

  it.each([
    ['a cent less in hand', /"disbursed_issue_amount": 191.49/g, '"disbursed_issue_amount": 191.48', 'disbursed_issue_amount'],
    ['another day of payment', /"disbursement_date": "2023-03-14"/g, '"disbursement_date": "2023-03-20"', 'disbursement_date'],
    ['another instalment', /"total_amount": 100/g, '"total_amount": 100.01', 'installments'],
    ['another first due date', /"due_date": "2023-04-07"/g, '"due_date": "2023-05-01"', 'installments'],
    ['a dearer cost', /"cet": 0.0346/g, '"cet": 0.0347', 'cet'],
  ])('%s is a difference', (_, what, instead, field) => {
    expect(besides(printed.replaceAll(what, instead)).differences).toContain(field);
  });
});
