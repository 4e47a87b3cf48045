import { Decimal } from '../../src/kernel';
import { isText } from '../fields';
import type { DisbursementAccount } from './accounts';
import type { Product } from './debt';

/** Whether the product's manual prints an account like this when a debt is made (002; 004). */
export function isPrintedFor(product: Product, { sent }: DisbursementAccount): boolean {
  if (sent['pix_transfer_type'] === 'key') return true;
  return product === 'fgts'
    ? isText(sent['ispb_number']) || (isText(sent['bank_code']) && sent['pix_transfer_type'] === 'manual')
    : isText(sent['bank_code']) && isText(sent['account_type']);
}

/**
 * Whether accounts are printed like this when they are changed: by PIX, to a key or into an account, and all of the money.
 * What the product's manual wants of an account is wanted of it here too.
 */
export function arePrintedAnew(product: Product, accounts: readonly DisbursementAccount[]): boolean {
  const shares = accounts
    .map(({ sent }) => sent['percentage_receivable'])
    .filter((share) => Decimal.isDecimal(share));
  return (
    Decimal.sum(0, ...shares).eq(100) &&
    accounts.every(
      (account) =>
        account.sent['pix_transfer_type'] === 'key' ||
        (account.sent['pix_transfer_type'] === 'manual' &&
          isText(account.sent['bank_code']) &&
          isPrintedFor(product, account)),
    )
  );
}
