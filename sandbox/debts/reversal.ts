import { calendarDateAt, type JsonObject } from '../../src/kernel';
import { isoWithoutZone, spaced } from '../printed-time';
import type { Debt, Reversal } from './debt';

/** The borrower's withdrawal from a paid debt, as QI's public pages print it; the manuals say nothing of it. */

export function reversalAnswer(debt: Debt, reversal: Reversal): JsonObject {
  const amount = debt.paid?.pricing.disbursedIssueAmount ?? null;
  const copyPaste = `00020126930014br.gov.bcb.pix2571qrcode.sandbox/cobv/${reversal.qrCodeKey}`;
  return {
    amount: amount === null ? null : amount.toFixed(2),
    copy_paste_pix: copyPaste,
    debt_key: debt.key,
    expiration_date: reversal.expirationDate,
    payer_document_number: debt.borrower.documentNumber,
    payer_name: debt.borrower.name,
    qr_code_key: reversal.qrCodeKey,
    reversal_key: reversal.key,
    status: reversal.status,
    cancel_qr_code: {
      qr_code_url: `https://sandbox.qitech.com.br/qrcode/${reversal.qrCodeKey}`,
      digitable_line: copyPaste,
      amount,
      expiration: reversal.expirationDate,
    },
  };
}

/** Sent when the money is back. */
export function reversalNews(debt: Debt, reversal: Reversal, at: Date): JsonObject {
  const amount = debt.paid?.pricing.disbursedIssueAmount ?? null;
  return {
    webhook_type: 'reversal',
    key: debt.key,
    credit_operation_key: debt.key,
    event_datetime: spaced(at),
    status: reversal.status,
    contract_number: debt.contractNumber,
    reversal: {
      status: reversal.status,
      amount,
      amount_to_send: amount,
      is_total: true,
      is_operation_canceled: true,
      reversal_key: reversal.key,
      created_at: isoWithoutZone(at),
      date: calendarDateAt(at),
    },
  };
}
