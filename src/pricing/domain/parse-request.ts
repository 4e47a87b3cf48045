import {
  Decimal,
  isJsonObject,
  isWholeCents,
  parseCalendarDate,
  parseDecimal,
  parseReais,
  type CalendarDate,
  type JsonObject,
  type JsonValue,
} from '../../kernel';
import { FEE_DECIMALS, type Fee } from './fees';
import { INTEREST_BASES, type GivenRate, type InterestBase } from './rates';
import type { FlowInstallment, QuoteRequest, QuoteShape } from './request';

export interface RequestProblem {
  /** Dotted path of the field: `installments.0.due_date`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

export type QuoteRequestReading =
  | { readonly kind: 'ok'; readonly request: QuoteRequest }
  | { readonly kind: 'invalid'; readonly problems: readonly RequestProblem[] };

export const MAX_INSTALLMENTS = 480;
const MAX_AMOUNT = new Decimal(1_000_000_000);
const MAX_FEES = 20;

const SHAPE_FIELDS = ['installment_face_value', 'disbursed_issue_amount', 'target_disbursed_amount'] as const;
const MONTHLY_FIELDS = ['number_of_installments', 'first_due_date'] as const;
const KNOWN_FIELDS = new Set<string>([
  'disbursement_date',
  'monthly_interest_rate',
  'annual_interest_rate',
  'interest_base',
  'contract_fees',
  'rebates',
  'installments',
  ...SHAPE_FIELDS,
  ...MONTHLY_FIELDS,
]);

/** Reads a quote request as `POST /quotes` and `npm run quote` take it; names every problem, not only the first. */
export function parseQuoteRequest(json: JsonValue): QuoteRequestReading {
  if (!isJsonObject(json))
    return { kind: 'invalid', problems: [{ path: '', message: 'must be a JSON object' }] };
  const reader = new RequestReader(json);
  const request = reader.read();
  return reader.problems.length === 0 && request !== null
    ? { kind: 'ok', request }
    : { kind: 'invalid', problems: reader.problems };
}

/** Each method reports what is wrong and returns null, so that one pass finds every problem. */
class RequestReader {
  readonly problems: RequestProblem[] = [];

  constructor(private readonly body: JsonObject) {}

  read(): QuoteRequest | null {
    for (const field of Object.keys(this.body)) {
      if (!KNOWN_FIELDS.has(field)) this.problem(field, 'is not a field of a quote request');
    }
    const disbursementDate = this.date(this.body, 'disbursement_date', '');
    const rate = this.rate();
    const interestBase = this.interestBase();
    const contractFees = this.fees('contract_fees');
    const rebates = this.fees('rebates');
    const shape = this.shape(disbursementDate);
    if (disbursementDate === null || rate === null || interestBase === null) return null;
    return shape && { disbursementDate, rate, interestBase, contractFees, rebates, shape };
  }

  private rate(): GivenRate | null {
    const [hasMonthly, hasAnnual] = [this.has('monthly_interest_rate'), this.has('annual_interest_rate')];
    if (hasMonthly && hasAnnual) {
      return this.problem('annual_interest_rate', 'cannot be given together with monthly_interest_rate');
    }
    if (!hasMonthly && !hasAnnual) {
      return this.problem('monthly_interest_rate', 'or annual_interest_rate is required');
    }
    const kind = hasAnnual ? 'annual' : 'monthly';
    const field = `${kind}_interest_rate`;
    const value = this.decimal(this.body, field, '');
    if (value === null) return null;
    if (value.lt(0) || value.gt(1)) return this.problem(field, 'must be a fraction between 0 and 1');
    return { kind, value };
  }

  private interestBase(): InterestBase | null {
    const given = this.body['interest_base'];
    const known = INTEREST_BASES.find((base) => base === given);
    return known ?? this.problem('interest_base', `must be one of ${INTEREST_BASES.join(', ')}`);
  }

  private shape(disbursementDate: CalendarDate | null): QuoteShape | null {
    const [field, ...further] = SHAPE_FIELDS.filter((name) => this.has(name));
    for (const name of further) {
      this.problem(name, `cannot be given together with ${String(field)}: a quote has one shape`);
    }
    if (field === undefined && !this.has('installments')) {
      return this.problem('installments', `or one of ${SHAPE_FIELDS.join(', ')} is required`);
    }
    if (field === undefined || field === 'target_disbursed_amount')
      return this.listed(field, disbursementDate);
    return this.monthly(field, disbursementDate);
  }

  private listed(
    target: 'target_disbursed_amount' | undefined,
    disbursementDate: CalendarDate | null,
  ): QuoteShape | null {
    this.refuseFields(MONTHLY_FIELDS, 'has no place beside installments');
    const targetAmount = target === undefined ? null : this.amount(this.body, target, '');
    const installments = this.installments(disbursementDate);
    if (installments === null) return null;
    if (target === undefined) return { kind: 'installments', installments };
    return targetAmount && { kind: target, targetDisbursedAmount: targetAmount, installments };
  }

  private monthly(
    field: 'installment_face_value' | 'disbursed_issue_amount',
    disbursementDate: CalendarDate | null,
  ): QuoteShape | null {
    this.refuseFields(['installments'], `cannot be given together with ${field}: a quote has one shape`);
    const amount = this.amount(this.body, field, '');
    const numberOfInstallments = this.term();
    const firstDueDate = this.date(this.body, 'first_due_date', '');
    if (firstDueDate !== null && disbursementDate !== null && firstDueDate <= disbursementDate) {
      this.problem('first_due_date', 'must be after disbursement_date');
    }
    if (amount === null || numberOfInstallments === null || firstDueDate === null) return null;
    return field === 'installment_face_value'
      ? { kind: field, installmentFaceValue: amount, numberOfInstallments, firstDueDate }
      : { kind: field, disbursedIssueAmount: amount, numberOfInstallments, firstDueDate };
  }

  private term(): number | null {
    const field = 'number_of_installments';
    const value = this.decimal(this.body, field, '');
    if (value === null) return null;
    if (!value.isInteger() || value.lt(1) || value.gt(MAX_INSTALLMENTS)) {
      return this.problem(field, `must be a whole number from 1 to ${MAX_INSTALLMENTS}`);
    }
    return Number(value.toFixed());
  }

  private installments(disbursementDate: CalendarDate | null): FlowInstallment[] | null {
    const rows = this.list('installments', MAX_INSTALLMENTS);
    if (rows === null) return null;
    if (rows.length === 0) return this.problem('installments', 'must not be empty');
    let previous = disbursementDate;
    return rows.flatMap((row, index) => {
      const path = `installments.${index}`;
      const installment = this.installment(row, path);
      if (installment === null) return [];
      if (previous !== null && installment.dueDate <= previous) {
        const other = index === 0 ? 'disbursement_date' : 'the due date before it';
        this.problem(`${path}.due_date`, `must be after ${other}`);
      }
      previous = installment.dueDate;
      return [installment];
    });
  }

  private installment(row: JsonValue, path: string): FlowInstallment | null {
    if (!isJsonObject(row)) return this.problem(path, 'must be an object');
    this.refuseUnknown(row, ['due_date', 'total_amount'], path);
    const dueDate = this.date(row, 'due_date', `${path}.`);
    const totalAmount = this.amount(row, 'total_amount', `${path}.`);
    return dueDate && totalAmount && { dueDate, totalAmount };
  }

  private fees(field: 'contract_fees' | 'rebates'): Fee[] {
    const rows = this.has(field) ? this.list(field, MAX_FEES) : undefined;
    return (rows ?? []).flatMap((row, index) => this.fee(row, `${field}.${index}`) ?? []);
  }

  private fee(row: JsonValue, path: string): Fee | null {
    if (!isJsonObject(row)) return this.problem(path, 'must be an object');
    this.refuseUnknown(row, ['fee_type', 'amount_type', 'amount'], path);
    const { fee_type: feeType, amount_type: amountType } = row;
    if (typeof feeType !== 'string' || feeType === '') {
      return this.problem(`${path}.fee_type`, 'must be a non-empty text');
    }
    if (amountType !== 'percentage' && amountType !== 'absolute') {
      return this.problem(`${path}.amount_type`, 'must be percentage or absolute');
    }
    const amount = this.decimal(row, 'amount', `${path}.`);
    if (amount === null) return null;
    const problem =
      amountType === 'percentage'
        ? percentageProblem(amount)
        : (amountProblem(amount, true) ?? pointProblem(row.amount));
    return problem === undefined ? { feeType, amountType, amount } : this.problem(`${path}.amount`, problem);
  }

  private amount(object: JsonObject, field: string, prefix: string): Decimal | null {
    const value = this.decimal(object, field, prefix);
    if (value === null) return null;
    const problem = amountProblem(value, false) ?? pointProblem(object[field]);
    return problem === undefined ? value : this.problem(`${prefix}${field}`, problem);
  }

  /** A JSON number, or the same written as text. */
  private decimal(object: JsonObject, field: string, prefix: string): Decimal | null {
    const given = object[field];
    if (given === undefined) return this.problem(`${prefix}${field}`, 'is required');
    if (Decimal.isDecimal(given)) return given;
    const read = typeof given === 'string' ? parseDecimal(given) : undefined;
    return read ?? this.problem(`${prefix}${field}`, 'must be a decimal number');
  }

  private date(object: JsonObject, field: string, prefix: string): CalendarDate | null {
    const given = object[field];
    if (given === undefined) return this.problem(`${prefix}${field}`, 'is required');
    const read = typeof given === 'string' ? parseCalendarDate(given) : undefined;
    return read ?? this.problem(`${prefix}${field}`, 'must be a date that exists, as YYYY-MM-DD');
  }

  private list(field: string, most: number): JsonValue[] | null {
    const given = this.body[field];
    if (given === undefined) return this.problem(field, 'is required');
    if (!Array.isArray(given)) return this.problem(field, 'must be a list');
    return given.length <= most ? given : this.problem(field, `must have at most ${most} entries`);
  }

  private refuseFields(fields: readonly string[], message: string): void {
    for (const field of fields) if (this.has(field)) this.problem(field, message);
  }

  private refuseUnknown(row: JsonObject, known: readonly string[], path: string): void {
    for (const field of Object.keys(row)) {
      if (!known.includes(field)) this.problem(`${path}.${field}`, 'is not a known field');
    }
  }

  private has(field: string): boolean {
    return this.body[field] !== undefined;
  }

  private problem(path: string, message: string): null {
    this.problems.push({ path, message });
    return null;
  }
}

function amountProblem(amount: Decimal, mayBeZero: boolean): string | undefined {
  if (amount.lt(0) || (amount.isZero() && !mayBeZero)) {
    return mayBeZero ? 'must not be negative' : 'must be greater than zero';
  }
  if (amount.gt(MAX_AMOUNT)) return `must be at most ${MAX_AMOUNT.toFixed()}`;
  return isWholeCents(amount) ? undefined : 'must have at most 2 decimals';
}

/** Of a text whose point may be one of thousands, which the decimal that was read of it shows no more. */
function pointProblem(given: JsonValue | undefined): string | undefined {
  return typeof given === 'string' && parseReais(given) === undefined
    ? 'must have at most 2 decimals as written: "1.500" may be thousands'
    : undefined;
}

function percentageProblem(percentage: Decimal): string | undefined {
  if (percentage.lt(0) || percentage.gt(100)) return 'must be percent points between 0 and 100';
  return percentage.decimalPlaces() <= FEE_DECIMALS
    ? undefined
    : `must have at most ${FEE_DECIMALS} decimals`;
}
