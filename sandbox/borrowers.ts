import { addDays, addMonths, Decimal, toCents, type CalendarDate, type JsonObject } from '../src/kernel';
import { drawCnpj, drawCpf } from './identifiers';
import { installmentOf, type LoanTerms } from './arithmetic';
import type { Behaviour } from './behaviour';
import type { Random } from './random';

const FIRST = [
  'VALENTINA',
  'JOÃO',
  'MARIA',
  'JOSÉ',
  'ANA',
  'CARLOS',
  'LUCIANA',
  'PEDRO',
  'CONCEIÇÃO',
  'RAFAEL',
] as const;
const MIDDLE = ['APARECIDA', 'DE', 'DOS', 'DA', 'HENRIQUE', 'REGINA', 'LUÍS', 'CRISTINA'] as const;
const LAST = [
  'SANTOS',
  'SILVA',
  'OLIVEIRA',
  'SOUZA',
  'ARAÚJO',
  'CAVALCANTI',
  'GONÇALVES',
  'PEREIRA',
  'LIMA',
] as const;
const TERMS = [6, 12, 18, 24, 24, 36, 36, 48] as const;

/** Table 18 of eSocial: leaves during which the employer, or INSS through it, goes on paying. */
const PAID_LEAVES = [15, 16, 17, 18] as const;
/** Sickness, unpaid leave, prison, military service, retirement by disability. */
const UNPAID_LEAVES = [1, 3, 6, 11, 21, 29] as const;
/** Table 19 of eSocial: dismissal with and without cause, resignation, agreement, end of contract. */
const TERMINATIONS = [1, 2, 6, 7, 33] as const;

const DISPENSABLE = [
  'birth_date',
  'admission_date',
  'consigned_credit_balance',
  'document_number',
  'eligible',
  'alerts',
] as const;

export type BorrowerKind = keyof Behaviour['borrowers'];

/**
 * The `issuer_proposal_request_data` of one request, in the shapes that arrive in practice: most of them biddable, the
 * rest with one thing each that a careful lender must see.
 */
export function drawRequest(
  random: Random,
  kind: BorrowerKind,
  terms: Omit<LoanTerms, 'numberOfInstallments' | 'monthlyInterestRate'>,
): JsonObject {
  const today = terms.disbursementDate;
  const admission = addDays(addMonths(today, -random.integer(18, 140)), -random.integer(0, 27));
  const asked = askedLoan(random, terms);
  const request: JsonObject = {
    issuer_registration_number: random.pick([
      random.digits(6),
      `MAT${random.digits(5)}`,
      `${random.digits(11)}-A`,
    ]),
    birth_date: addDays(addMonths(today, -12 * random.integer(22, 58)), -random.integer(0, 330)),
    ...asked,
    admission_date: admission,
    eligible: true,
    ...employer(random),
    document_number: drawCpf(random),
    political_exposition: 'not_exposed',
    name: [random.pick(FIRST), random.pick(MIDDLE), random.pick(LAST)].join(' '),
    alerts: [],
  };
  const drawn = { ...request, ...peculiarity(random, kind, today, admission) };
  // What is missing is null in one half of the cases and absent in the other.
  return kind === 'incomplete' && random.chance(0.5) ? withoutNulls(drawn) : drawn;
}

function withoutNulls(request: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null));
}

/** An amount, a term, and a margin that mostly holds the instalment, sometimes barely and sometimes not. */
function askedLoan(
  random: Random,
  terms: Omit<LoanTerms, 'numberOfInstallments' | 'monthlyInterestRate'>,
): JsonObject {
  const numberOfInstallments = random.pick(TERMS);
  const amount = new Decimal(
    random.integer(8, random.chance(0.7) ? 70 : 180) * 100 + random.pick([0, 0, 0, 50, 37.5]),
  );
  const monthlyInterestRate = new Decimal('0.035');
  const installment = installmentOf(
    { ...terms, numberOfInstallments, monthlyInterestRate },
    { disbursedIssueAmount: amount },
  );
  const room = random.weighted({ '0.80': 8, '0.97': 7, '1.10': 25, '1.60': 40, '3.00': 20 });
  const jitter = new Decimal(random.integer(0, 100)).div(1000);
  return {
    disbursed_issue_amount: amount,
    number_of_installments: new Decimal(numberOfInstallments),
    consigned_credit_balance: toCents(installment.times(new Decimal(room).plus(jitter))),
  };
}

function employer(random: Random): JsonObject {
  const kind = random.weighted({ numeric: 86, alphanumeric: 8, root: 2, household: 4 });
  if (kind === 'household')
    return { employer_document_type: 'cpf', employer_document_number: drawCpf(random) };
  const cnpj = drawCnpj(random, kind === 'alphanumeric');
  return {
    employer_document_type: random.pick(['cnpj', 'cnpj', 'cnpj', 'CNPJ']),
    employer_document_number: kind === 'root' ? cnpj.slice(0, 8) : cnpj,
  };
}

function peculiarity(
  random: Random,
  kind: BorrowerKind,
  today: CalendarDate,
  admission: CalendarDate,
): JsonObject {
  switch (kind) {
    case 'clean':
      return {};
    case 'harmless_history':
      return { alerts: [harmlessAlert(random, today, admission)] };
    case 'running_leave':
      return {
        alerts: [
          leave(
            random,
            random.pick(UNPAID_LEAVES),
            addDays(today, -random.integer(5, 60)),
            runningEnd(random, today),
          ),
        ],
      };
    case 'termination':
      return { alerts: [termination(random, addDays(today, random.integer(-20, 30)))] };
    case 'ineligible':
      return { eligible: false };
    case 'politically_exposed':
      return { political_exposition: random.pick(['exposed', 'politically_exposed']) };
    case 'short_tenure':
      return { admission_date: addDays(today, -random.integer(1, 80)) };
    case 'incomplete':
      return { [random.pick(DISPENSABLE)]: null };
    case 'odd':
      return oddity(random, today);
  }
}

function oddity(random: Random, today: CalendarDate): JsonObject {
  return random.pick<() => JsonObject>([
    () => ({ document_number: '12345678901' }),
    () => ({ birth_date: '1973-02-30' }),
    () => ({ admission_date: addMonths(today, 2) }),
    () => ({ consigned_credit_balance: new Decimal(-10) }),
    () => ({ number_of_installments: new Decimal(0) }),
    () => ({ consigned_credit_balance: '1.234,56' }),
    () => ({
      alerts: [
        {
          alert_type: 'suspension',
          description: 'Suspensão',
          reference_date: today,
          event_id: random.digits(6),
        },
      ],
    }),
    () => ({ guarantee: { type: 'fgts', fgts_balance: new Decimal(1234.5), percentage: new Decimal(10) } }),
  ])();
}

function harmlessAlert(random: Random, today: CalendarDate, admission: CalendarDate): JsonObject {
  return random.pick<() => JsonObject>([
    () => leave(random, random.pick(UNPAID_LEAVES), addMonths(today, -14), addMonths(today, -13)),
    () => leave(random, random.pick(PAID_LEAVES), addDays(today, -5), addDays(today, 15)),
    () => termination(random, addDays(admission, -random.integer(30, 400))),
  ])();
}

/** A running leave ends later, or nobody knows when: absent, null and empty all occur. */
function runningEnd(random: Random, today: CalendarDate): string | null | undefined {
  return random.pick([addDays(today, 30), addDays(today, 90), null, '', undefined]);
}

function leave(
  random: Random,
  code: number,
  start: CalendarDate,
  end: string | null | undefined,
): JsonObject {
  return {
    alert_type: 'leave',
    description: 'Afastamento',
    reference_date: start,
    event_id: random.digits(6),
    leave_reason_code: codeAsPrinted(random, code),
    leave_start_date: start,
    ...(end === undefined ? {} : { leave_end_date: end }),
  };
}

function termination(random: Random, date: CalendarDate): JsonObject {
  return {
    alert_type: 'termination',
    description: 'Desligamento',
    reference_date: addDays(date, -30),
    event_id: random.digits(6),
    termination_reason_code: codeAsPrinted(random, random.pick(TERMINATIONS)),
    termination_date: date,
    notice_period_start_date: addDays(date, -30),
    notice_period_end_date: date,
  };
}

/** The manual prints integers; eSocial's own codes are zero-padded text. */
function codeAsPrinted(random: Random, code: number): Decimal | string {
  return random.pick<Decimal | string>([
    new Decimal(code),
    new Decimal(code),
    String(code).padStart(2, '0'),
    String(code),
  ]);
}
