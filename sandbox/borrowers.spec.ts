import { calendarDate, Decimal, hasValidCpfCheckDigits, isValidCnpj, type JsonObject } from '../src/kernel';
import { installmentOf } from './arithmetic';
import { drawRequest, type BorrowerKind } from './borrowers';
import { Random } from './random';

const calendar = {
  disbursementDate: calendarDate('2026-03-10'),
  firstDueDate: calendarDate('2026-05-20'),
  interestBase: 'calendar_days',
} as const;

const drawMany = (kind: BorrowerKind, count = 300): JsonObject[] =>
  Array.from({ length: count }, (_, i) => drawRequest(new Random(i, 'borrower'), kind, calendar));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): Decimal => (Decimal.isDecimal(value) ? value : new Decimal(NaN));

describe('drawRequest', () => {
  const clean = drawMany('clean', 600);

  it('gives documents that pass their check digits, in every shape of employer', () => {
    const shapes = new Set<string>();
    for (const request of clean) {
      expect(hasValidCpfCheckDigits(text(request['document_number']))).toBe(true);
      const employer = text(request['employer_document_number']);
      const type = text(request['employer_document_type']).toLowerCase();
      if (type === 'cpf') expect(hasValidCpfCheckDigits(employer)).toBe(true);
      else if (employer.length === 14) expect(isValidCnpj(employer)).toBe(true);
      shapes.add(`${type} ${employer.length} ${/[A-Z]/.test(employer) ? 'letters' : 'digits'}`);
    }
    expect([...shapes].sort()).toEqual([
      'cnpj 14 digits',
      'cnpj 14 letters',
      'cnpj 8 digits',
      'cpf 11 digits',
    ]);
  });

  it('asks for loans of which most fit the margin, some barely and some not', () => {
    const rooms = clean.map((request) => {
      const terms = {
        ...calendar,
        numberOfInstallments: Number(number(request['number_of_installments']).toFixed()),
        monthlyInterestRate: new Decimal('0.035'),
      };
      const asked = installmentOf(terms, { disbursedIssueAmount: number(request['disbursed_issue_amount']) });
      return number(request['consigned_credit_balance']).div(asked);
    });
    const share = (test: (room: Decimal) => boolean): number => rooms.filter(test).length / rooms.length;
    expect(share((room) => room.gte(1))).toBeGreaterThan(0.75);
    expect(share((room) => room.lt(1))).toBeGreaterThan(0.05);
    expect(share((room) => room.gte(1) && room.lt('1.25'))).toBeGreaterThan(0.1);
  });

  it('draws the same borrower from the same seed', () => {
    expect(drawMany('odd', 20)).toEqual(drawMany('odd', 20));
  });

  it.each<[BorrowerKind, (request: JsonObject) => boolean]>([
    ['clean', (request) => request['eligible'] === true && Array.isArray(request['alerts'])],
    ['ineligible', (request) => request['eligible'] === false],
    ['politically_exposed', (request) => request['political_exposition'] !== 'not_exposed'],
    ['short_tenure', (request) => text(request['admission_date']) > '2025-12-15'],
    [
      'running_leave',
      (request) =>
        onlyAlert(request)['alert_type'] === 'leave' && isOpen(onlyAlert(request)['leave_end_date']),
    ],
    ['termination', (request) => text(onlyAlert(request)['termination_date']) > '2026-02-15'],
    ['incomplete', (request) => COMPLETE.some((field) => (request[field] ?? null) === null)],
  ])('%s is what it is called', (kind, holds) => {
    const requests = drawMany(kind);
    expect(requests.filter((request) => !holds(request))).toEqual([]);
  });

  it('prints eSocial codes as numbers, as padded text and as bare text', () => {
    const codes = drawMany('running_leave').map((request) => onlyAlert(request)['leave_reason_code']);
    expect(codes.some((code) => Decimal.isDecimal(code))).toBe(true);
    expect(codes).toEqual(expect.arrayContaining(['03', '3']));
  });
});

const COMPLETE = [
  'birth_date',
  'admission_date',
  'consigned_credit_balance',
  'document_number',
  'eligible',
  'alerts',
];

const isOpen = (end: unknown): boolean => typeof end !== 'string' || end === '' || end > '2026-03-10';

function onlyAlert(request: JsonObject): JsonObject {
  const alerts = request['alerts'];
  const [alert] = Array.isArray(alerts) ? alerts : [];
  return typeof alert === 'object' && alert !== null && !Array.isArray(alert) ? (alert as JsonObject) : {};
}
