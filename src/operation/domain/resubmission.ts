import {
  canonicalJson,
  Cpf,
  Decimal,
  isBusinessDay,
  isJsonObject,
  parseCalendarDate,
  PIX_KEY_EXPECTED,
  readPixKey,
  yearMonthDay,
  type CalendarDate,
  type HolidayCalendar,
  type JsonObject,
  type JsonValue,
} from '../../kernel';
import { ACCOUNT_NUMBERS, ACCOUNT_TYPES } from './bank-account';
import type { AccountForm } from './products';
import { likenessTo, type Likeness } from './refused-account';
import type { RefusedPayment } from './refused-payment';

/** A field of the request that must be mended. The message never quotes the value: it may be personal. */
export interface RequestProblem {
  readonly path: string;
  readonly message: string;
}

export type RequestReading =
  | { readonly kind: 'valid'; readonly body: JsonObject }
  | { readonly kind: 'invalid'; readonly problems: readonly RequestProblem[] };

export interface ResubmissionFacts {
  /** The day it is in São Paulo. */
  readonly today: CalendarDate;
  readonly calendar: HolidayCalendar;
  /** undefined while the operation is not linked to its auction: then no new account can be checked. */
  readonly borrowerCpf: Cpf | undefined;
  /** Of the product, how another account is written. */
  readonly newAccount: AccountForm;
  /** The latest refusal of the payment. Where the account is not the borrower's, the bank would say so again. */
  readonly refused: RefusedPayment | undefined;
  /** The keyed index of an account's number, as it is kept of the one that refused. */
  readonly accountIndexOf: (number: string) => string;
}

/** Of our own: a person has looked, and the account that ends like the one that refused is another one. QI never sees it. */
const SAID = 'is_another_account';
const BODY_FIELDS = ['disbursement_date', 'disbursement_bank_accounts', SAID];
const OF_EVERY_ACCOUNT = ['name', 'document_number', 'percentage_receivable'];
const NUMBERS = Object.keys(ACCOUNT_NUMBERS);

/** What one form of an account is made of. */
interface Form {
  readonly transfer: 'key' | 'manual' | undefined;
  readonly texts: readonly string[];
  readonly optionalTexts: readonly string[];
  readonly bank: readonly ('bank_code' | 'ispb_number')[];
}

const BY_KEY: Form = { transfer: 'key', texts: ['pix_key'], optionalTexts: [], bank: [] };
const FORMS: Readonly<Record<AccountForm, Form>> = {
  bank: {
    transfer: undefined,
    texts: NUMBERS,
    optionalTexts: ['account_type'],
    bank: ['bank_code', 'ispb_number'],
  },
  pix: { transfer: 'manual', texts: NUMBERS, optionalTexts: [], bank: ['bank_code'] },
  pix_typed: {
    transfer: 'manual',
    texts: [...NUMBERS, 'account_type'],
    optionalTexts: [],
    bank: ['bank_code'],
  },
};

const WHOLE = new Decimal(100);

/**
 * Checks QI's own body of change_disbursement_date (manual 001) before anything is sent: a business day not in the
 * past and, where the account changes, an account of the borrower. Left out, the account stays as it was.
 * What comes out is what QI prints for the product: `bank_code` a number, or three digits where the money goes by PIX,
 * `ispb_number` eight digits, the CPF without punctuation.
 */
export function readResubmission(body: JsonValue | undefined, facts: ResubmissionFacts): RequestReading {
  if (!isJsonObject(body))
    return { kind: 'invalid', problems: [{ path: '', message: 'o corpo deve ser um objeto JSON' }] };
  const problems: RequestProblem[] = [];
  const report = (path: string, message: string): void => void problems.push({ path, message });

  refuseUnknownFields(body, BODY_FIELDS, '', report);
  const date = readDate(body['disbursement_date'], facts, report);
  const given = body['disbursement_bank_accounts'];
  if (given === undefined && facts.refused?.isOfAnotherHolder === true)
    report(
      'disbursement_bank_accounts',
      'o banco informou que a conta é de outro titular: informe outra conta do trabalhador',
    );
  const said = body[SAID];
  if (said !== undefined && typeof said !== 'boolean') report(SAID, 'informe true ou false');
  const accounts = given === undefined ? undefined : readAccounts(given, facts, report);
  const mustBeSaid = said === undefined || said === false;
  if (mustBeSaid && accounts?.some((each) => likenessOf(each, facts) === 'ends_alike') === true)
    report(SAID, 'a conta termina como a que recusou o pagamento: confira o número e informe se é outra');

  if (problems.length > 0 || date === undefined) return { kind: 'invalid', problems };
  return {
    kind: 'valid',
    body: { disbursement_date: date, ...(accounts && { disbursement_bank_accounts: accounts }) },
  };
}

type Report = (path: string, message: string) => void;

function refuseUnknownFields(
  object: JsonObject,
  known: readonly string[],
  path: string,
  report: Report,
): void {
  for (const name of Object.keys(object))
    if (!known.includes(name)) report(`${path}${name}`, 'campo desconhecido');
}

function readDate(
  value: JsonValue | undefined,
  facts: ResubmissionFacts,
  report: Report,
): CalendarDate | undefined {
  const path = 'disbursement_date';
  const date = typeof value === 'string' ? parseCalendarDate(value) : undefined;
  if (date === undefined) {
    report(path, 'informe uma data que exista, no formato AAAA-MM-DD');
    return undefined;
  }
  const { firstYear, lastYear } = facts.calendar;
  const { year } = yearMonthDay(date);
  if (date < facts.today) report(path, 'a data já passou');
  else if (year < firstYear || year > lastYear) report(path, 'a data está fora do calendário de feriados');
  else if (!isBusinessDay(date, facts.calendar)) report(path, 'a data não é um dia útil bancário');
  return date;
}

function readAccounts(value: JsonValue, facts: ResubmissionFacts, report: Report): JsonObject[] {
  const path = 'disbursement_bank_accounts';
  if (!Array.isArray(value) || value.length === 0) {
    report(path, 'informe ao menos uma conta, ou omita o campo para manter a conta atual');
    return [];
  }
  if (facts.borrowerCpf === undefined)
    report(path, 'o CPF do trabalhador ainda não é conhecido: não há como conferir a conta');
  const accounts = value.map((account, i) => readAccount(account, facts, `${path}.${i}.`, report));
  const total = accounts.reduce((sum, account) => {
    const share = account['percentage_receivable'];
    return Decimal.isDecimal(share) ? sum.plus(share) : sum;
  }, new Decimal(0));
  const allShares = accounts.every((account) => Decimal.isDecimal(account['percentage_receivable']));
  if (allShares && !total.eq(WHOLE)) report(path, 'os percentuais das contas devem somar 100');
  return accounts;
}

function readAccount(value: JsonValue, facts: ResubmissionFacts, path: string, report: Report): JsonObject {
  if (!isJsonObject(value)) {
    report(path.slice(0, -1), 'a conta deve ser um objeto');
    return {};
  }
  const form = formOf(value, facts.newAccount);
  const { transfer, texts, optionalTexts, bank } = form;
  const named = [...OF_EVERY_ACCOUNT, ...texts, ...optionalTexts, ...bank];
  refuseUnknownFields(value, transfer ? [...named, 'pix_transfer_type'] : named, path, report);
  const account: JsonObject = transfer ? { pix_transfer_type: transfer } : {};
  const told = value['pix_transfer_type'];
  if (transfer !== undefined && told !== undefined && told !== transfer)
    report(`${path}pix_transfer_type`, 'informe key com uma chave PIX, manual com uma conta');
  for (const name of ['name', ...texts, ...optionalTexts]) {
    const text = value[name];
    if (text === undefined && optionalTexts.includes(name)) continue;
    const reading = typeof text === 'string' ? readText(name, text.trim(), facts) : EMPTY;
    if (reading.ok) account[name] = reading.value;
    else report(`${path}${name}`, reading.expected);
  }
  account['document_number'] = readOwner(value['document_number'], facts, `${path}document_number`, report);
  Object.assign(account, readBank(value, form, path, report));
  refuseTheSame(account, facts, path, report);
  const share = value['percentage_receivable'];
  if (Decimal.isDecimal(share) && share.gt(0) && share.lte(WHOLE)) account['percentage_receivable'] = share;
  else report(`${path}percentage_receivable`, 'informe um percentual maior que 0 e até 100');
  return account;
}

type TextReading =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly expected: string };
const EMPTY: TextReading = { ok: false, expected: 'informe um texto' };

/** As the account of a proposal is read (`borrower-data.ts`). */
function readText(name: string, text: string, { borrowerCpf }: ResubmissionFacts): TextReading {
  if (text === '') return EMPTY;
  if (name === 'pix_key') {
    const key = readPixKey(text, borrowerCpf?.reveal() ?? '');
    return key === undefined ? { ok: false, expected: PIX_KEY_EXPECTED } : { ok: true, value: key };
  }
  if (name === 'account_type' && !ACCOUNT_TYPES.some((type) => type === text))
    return { ok: false, expected: `informe um destes: ${ACCOUNT_TYPES.join(', ')}` };
  const number = Object.entries(ACCOUNT_NUMBERS).find(([field]) => field === name)?.[1];
  return number === undefined || number.form.test(text)
    ? { ok: true, value: text }
    : { ok: false, expected: number.expected };
}

function formOf(value: JsonObject, newAccount: AccountForm): Form {
  return newAccount !== 'bank' && value['pix_key'] !== undefined ? BY_KEY : FORMS[newAccount];
}

/** Typed again, the account that refused the payment refuses it again; on purpose it is kept by not naming any. */
function refuseTheSame(account: JsonObject, facts: ResubmissionFacts, path: string, report: Report): void {
  if (likenessOf(account, facts) !== 'same') return;
  report(
    `${path}account_number`,
    facts.refused?.isOfAnotherHolder === true
      ? 'é a conta que o banco recusou por ser de outro titular: informe outra'
      : 'é a conta que recusou o pagamento: informe outra, ou escolha pagar na mesma conta se o banco confirmou que agora aceita',
  );
}

function likenessOf(account: JsonObject, { refused, accountIndexOf }: ResubmissionFacts): Likeness {
  if (refused === undefined) return 'another';
  const text = (name: string): string => {
    const value = account[name];
    return Decimal.isDecimal(value) ? value.toFixed() : typeof value === 'string' ? value : '';
  };
  const typed = {
    banks: [text('bank_code'), text('ispb_number')].filter((bank) => bank !== ''),
    branch: text('branch_number'),
    number: text('account_number'),
    digit: text('account_digit'),
  };
  return likenessTo(refused, typed, accountIndexOf);
}

function readOwner(
  value: JsonValue | undefined,
  { borrowerCpf }: ResubmissionFacts,
  path: string,
  report: Report,
): string {
  const cpf = typeof value === 'string' ? Cpf.parse(value) : undefined;
  if (!cpf?.isValid) report(path, 'informe um CPF válido');
  else if (borrowerCpf !== undefined && !cpf.equals(borrowerCpf))
    report(path, 'a conta deve ser do próprio trabalhador: o CPF é outro');
  return cpf?.reveal() ?? '';
}

/** Left zeros are part of both codes, but with the ISPB, which is text, QI prints the bank's code as a number. */
function readBank(value: JsonObject, { bank, transfer }: Form, path: string, report: Report): JsonObject {
  if (bank.length === 0) return {};
  const code = digitsOf(value['bank_code'], 3);
  const ispb = digitsOf(value['ispb_number'], 8);
  if (value['bank_code'] !== undefined && code === undefined)
    report(`${path}bank_code`, 'informe o código do banco, até 3 dígitos');
  if (value['ispb_number'] !== undefined && ispb === undefined)
    report(`${path}ispb_number`, 'informe o ISPB, até 8 dígitos');
  if (bank.every((name) => value[name] === undefined))
    report(
      `${path}bank_code`,
      bank.includes('ispb_number') ? 'informe o código do banco ou o ISPB' : 'informe o código do banco',
    );
  if (transfer !== undefined) return code === undefined ? {} : { bank_code: code.padStart(3, '0') };
  return {
    ...(code !== undefined && { bank_code: new Decimal(code) }),
    ...(ispb !== undefined && { ispb_number: ispb.padStart(8, '0') }),
  };
}

function digitsOf(value: JsonValue | undefined, most: number): string | undefined {
  const text = Decimal.isDecimal(value) ? canonicalJson(value) : value;
  return typeof text === 'string' && new RegExp(`^\\d{1,${most}}$`).test(text) ? text : undefined;
}
