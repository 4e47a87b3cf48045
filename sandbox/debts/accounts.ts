import { Decimal, type JsonObject, type JsonValue } from '../../src/kernel';
import { documentOf, isText, listOf, objectOf, textOf } from '../fields';

/** Where a debt is to be paid to. */
export interface DisbursementAccount {
  readonly documentNumber: string;
  readonly byPix: boolean;
  readonly pixKey: string | undefined;
  readonly sent: JsonObject;
}

const BANK_FIELDS = ['branch_number', 'account_number', 'account_digit'] as const;

/** An account by PIX key, or by bank data; undefined when a field is missing. */
export function readAccount(value: JsonValue | undefined): DisbursementAccount | undefined {
  const sent = objectOf(value);
  if (!isText(sent['document_number']) || !isText(sent['name'])) return undefined;
  const byKey = sent['pix_transfer_type'] === 'key';
  const bank =
    isText(sent['ispb_number']) || isText(sent['bank_code']) || Decimal.isDecimal(sent['bank_code']);
  const complete = byKey
    ? isText(sent['pix_key'])
    : bank && BANK_FIELDS.every((field) => isText(sent[field]));
  if (!complete) return undefined;
  return {
    documentNumber: documentOf(sent['document_number']),
    byPix: byKey || sent['pix_transfer_type'] === 'manual' || sent['transfer_method'] === 'pix',
    pixKey: byKey ? textOf(sent['pix_key']) : undefined,
    sent,
  };
}

/** All of a list; undefined when it is empty or one of them is incomplete. */
export function readAccounts(value: JsonValue | undefined): readonly DisbursementAccount[] | undefined {
  const read = listOf(value).map(readAccount);
  const accounts = read.filter((account) => account !== undefined);
  return accounts.length > 0 && accounts.length === read.length ? accounts : undefined;
}

/** Why the bank would send the money back, if it would: it pays to nobody but the borrower. */
export function refusalFor(account: DisbursementAccount, borrowerDocument: string): string | undefined {
  const ofOther =
    account.documentNumber !== borrowerDocument ||
    (account.pixKey !== undefined && /^\d{11}$/.test(account.pixKey) && account.pixKey !== borrowerDocument);
  if (!ofOther) return undefined;
  return account.byPix ? 'pix_refusal' : 'ted_refusal';
}
