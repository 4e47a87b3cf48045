import type { RefusedAccount } from './refused-payment';

/** An account as a person typed it, or QI printed it: dashes, dots and left zeros as they came. */
export interface TypedAccount {
  /** Bank code or ISPB, whatever is known. */
  readonly banks: readonly string[];
  readonly branch: string;
  readonly number: string;
  readonly digit: string;
}

/** What is kept of the account that refused a payment. */
export interface KeptAccount {
  readonly account: RefusedAccount | undefined;
  /** Of its number, keyed; undefined of what an earlier release kept, and where QI does not print the number. */
  readonly accountIndex: string | undefined;
}

/** ends_alike: by what is known it may be the same one, or another with the same last digits. */
export type Likeness = 'same' | 'ends_alike' | 'another';

/**
 * How the account that somebody typed, in whatever way it is written, is like the one that refused the payment.
 * @param indexOf the keyed index of a number as `accountNumber` has it
 */
export function likenessTo(
  { account, accountIndex }: KeptAccount,
  typed: TypedAccount,
  indexOf: (number: string) => string,
): Likeness {
  if (account?.branch == null || isOfAnotherBank(typed.banks, account.bank)) return 'another';
  if (plainBranch(typed.branch) !== plainBranch(account.branch)) return 'another';
  const numbers = waysToWrite(typed);
  if (accountIndex !== undefined)
    return numbers.some((number) => indexOf(withoutZeros(number)) === accountIndex) ? 'same' : 'another';
  const tail = plainAccount(account.number ?? '');
  return tail !== '' && numbers.some((number) => number.endsWith(tail)) ? 'ends_alike' : 'another';
}

/** Number and digit of an account as QI prints them, in the one way in which they are compared; undefined of a masked one. */
export function accountNumber(number: string, digit: string): string | undefined {
  if (/[^\dXP.\-\s]/i.test(number + digit)) return undefined;
  const hasItsDigit = digit !== '' && number.includes('-') && number.split('-').at(-1) === digit;
  const plain = withoutZeros(plainAccount(hasItsDigit ? number : number + digit));
  return plain === '' ? undefined : plain;
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
