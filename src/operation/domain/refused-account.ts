import type { RefusedAccount } from './refused-payment';

/** An account as a person typed it, or QI printed it: dashes, dots and left zeros as they came. */
export interface TypedAccount {
  /** Bank code or ISPB, whatever is known. */
  readonly banks: readonly string[];
  readonly branch: string;
  readonly number: string;
  readonly digit: string;
}

/**
 * Whether somebody typed the account that refused the payment, in whatever way it is written. Of the refused one only the
 * last digits are kept, so that another account of the same branch with the same last digits looks the same.
 */
export function looksRefused(typed: TypedAccount, refused: RefusedAccount): boolean {
  if (refused.branch === null || refused.number === null) return false;
  const tail = plainAccount(refused.number);
  return (
    tail !== '' &&
    !isOfAnotherBank(typed.banks, refused.bank) &&
    plainBranch(typed.branch) === plainBranch(refused.branch) &&
    waysToWrite(typed).some((number) => number.endsWith(tail))
  );
}

/** A code of three digits and an ISPB of eight cannot be held against each other. */
function isOfAnotherBank(typed: readonly string[], refused: string | null): boolean {
  if (refused === null) return false;
  const alike = typed.filter((bank) => isIspb(bank) === isIspb(refused));
  return alike.length > 0 && !alike.some((bank) => withoutZeros(bank) === withoutZeros(refused));
}

const isIspb = (bank: string): boolean => bank.length > 3;

/** "0001-9" is branch 1: its check digit is written or not. */
const plainBranch = (branch: string): string =>
  withoutZeros((branch.split('-')[0] ?? '').replaceAll(/\D/g, ''));

/** The digit may stand in a field of its own, after a dash in the number, or in both. */
function waysToWrite({ number, digit }: TypedAccount): readonly string[] {
  const whole = plainAccount(number + digit);
  return number.includes('-') ? [whole, plainAccount(number)] : [whole];
}

/** Banks write a check digit of ten as X, P or 0. */
const plainAccount = (number: string): string =>
  number.toUpperCase().replaceAll(/[XP]/g, '0').replaceAll(/\D/g, '');

const withoutZeros = (digits: string): string => digits.replace(/^0+/, '');
