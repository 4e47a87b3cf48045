import {
  calendarDateAt,
  Decimal,
  isJsonObject,
  parseCalendarDate,
  type JsonObject,
  type JsonValue,
} from '../src/kernel';
import type { Loan, ReservationTry } from './loan';
import * as payload from './payloads';

/** What the commands about a loan are answered with, and what is wrong with their bodies. */

export function authorized(loan: Loan): JsonObject {
  const today = calendarDateAt(loan.openedAt);
  return {
    reservation_key: loan.reservations.at(-1)?.reservationKey ?? loan.creditOperationKey,
    document_number: loan.borrower.documentNumber,
    registration_number: loan.request['issuer_registration_number'] ?? null,
    employer_document_number: loan.request['employer_document_number'] ?? null,
    external_key: loan.creditOperationKey,
    contract_number: loan.contractNumber,
    inclusion_date: today,
    disbursement_date: today,
    contract_data: {
      amount: loan.payout.amount,
      installments: new Decimal(loan.payout.dueDates.length),
      interest_rate: loan.monthlyInterestRate,
    },
    reservation_data: {
      installment_value: loan.payout.installment,
      margin_value: loan.request['consigned_credit_balance'] ?? null,
    },
    reservation_status: 'authorized',
  };
}

export function reservationRow(loan: Loan, reservation: ReservationTry): JsonObject {
  const term = loan.payout.dueDates.length;
  const receiptOf = (type: string): JsonObject =>
    payload.receipt(type, reservation.at, loan.contractNumber, loan.payout.installment, term);
  const date = calendarDateAt(reservation.at);
  return {
    reservation_key: reservation.reservationKey,
    document_number: loan.borrower.documentNumber,
    registration_number: loan.request['issuer_registration_number'] ?? null,
    employer_name: null,
    admission_date: null,
    employer_document_number: loan.request['employer_document_number'] ?? null,
    external_key: loan.creditOperationKey,
    contract_number: loan.contractNumber,
    inclusion_date: date,
    disbursement_date: date,
    contract_data: {
      periods: loan.payout.dueDates.map((dueDate) => ({
        amount: loan.payout.installment,
        due_date: dueDate,
      })),
      total_amount: loan.payout.installment.times(term),
      contract_number: loan.contractNumber,
      disbursed_amount: loan.payout.amount,
      disbursement_date: date,
      disbursement_end_date: date,
      monthly_interest_rate: loan.monthlyInterestRate,
    },
    reservation_type: 'new_credit',
    reservation_status: reservation.status,
    protocols:
      reservation.status === 'reserved'
        ? { reservation: receiptOf('reservation'), documents_inclusion: receiptOf('documents_inclusion') }
        : {},
  };
}

export function resubmissionProblems(body: JsonObject, today: string): string[] {
  const problems: string[] = [];
  const date = body['disbursement_date'];
  const parsed = typeof date === 'string' ? parseCalendarDate(date) : undefined;
  if (parsed === undefined) problems.push('disbursement_date: not a date');
  else if (parsed < today) problems.push('disbursement_date: in the past');
  const list = body['disbursement_bank_accounts'];
  if (list !== undefined && !Array.isArray(list)) problems.push('disbursement_bank_accounts: not a list');
  accounts(body).forEach((account, i) => {
    for (const field of ['branch_number', 'account_number', 'account_digit', 'document_number', 'name']) {
      const value = isJsonObject(account) ? account[field] : undefined;
      if (typeof value !== 'string' || value === '')
        problems.push(`disbursement_bank_accounts.${i}.${field}: required`);
    }
  });
  return problems;
}

function accounts(body: JsonObject): readonly JsonValue[] {
  const list = body['disbursement_bank_accounts'];
  return Array.isArray(list) ? list : [];
}

export function everyAccountIsTheBorrowers(body: JsonObject, loan: Loan): boolean {
  return accounts(body).every((account) => {
    const document = isJsonObject(account) ? account['document_number'] : undefined;
    return (
      typeof document === 'string' &&
      document.replace(/\D/g, '').padStart(11, '0') === loan.borrower.documentNumber
    );
  });
}

/** The answer renames the request's fields, as printed. */
export function resubmitted(body: JsonObject, at: Date): JsonObject {
  return {
    disbursement_date: body['disbursement_date'] ?? null,
    disbursement_accounts: accounts(body)
      .filter(isJsonObject)
      .map((account) => ({
        account_branch: account['branch_number'] ?? null,
        account_digit: account['account_digit'] ?? null,
        account_number: account['account_number'] ?? null,
        account_type: account['account_type'] ?? null,
        amount_receivable: null,
        created_at: at.toISOString().slice(0, 19),
        digitable_line: null,
        disbursement_type: 'ted',
        document_number: account['document_number'] ?? null,
        financial_institutions_code_number: account['bank_code'] ?? null,
        is_pix_disbursement: false,
        ispb: account['ispb_number'] ?? null,
        name: account['name'] ?? null,
        percentage_receivable: account['percentage_receivable'] ?? null,
        retry_counter: new Decimal(0),
        transaction_key: null,
        webhook_key: null,
      })),
  };
}
