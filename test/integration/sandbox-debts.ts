import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxPartner } from './sandbox-partner';

/** What the specs of the sandbox's issued debts share: printed bodies, CPFs to order, and the steps to a debt. */

export type Json = Record<string, unknown>;

/** A debt may be paid out until so many days from now; what falls due by then is no withdrawal to come. */
const PAID_WITHIN_DAYS = 3;

const PAYLOADS = join(__dirname, '..', 'contracts', 'qi', 'payloads');

/** A printed body of the manuals. */
export function printedBody(name: string): Json {
  return JSON.parse(readFileSync(join(PAYLOADS, `${name}.json`), 'utf8')) as Json;
}

/** The CPF that begins so, with its check digits. */
export function cpfFrom(prefix: string): string {
  const stem = (prefix + '123456789').slice(0, 9);
  const digit = (digits: string): string => {
    const sum = Array.from(digits).reduce(
      (total, each, i) => total + Number(each) * (digits.length + 1 - i),
      0,
    );
    return String(((sum * 10) % 11) % 10);
  };
  const first = digit(stem);
  return stem + first + digit(stem + first);
}

/** Days from now, in Sao Paulo. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', {
    timeZone: 'America/Sao_Paulo',
  });
}

interface Period {
  readonly due_date: string;
  readonly amount: number;
}

/** The body of a debt on these periods, everything else as printed. */
export function debtOn(cpf: string, periods: readonly Period[], change: Json = {}): Json {
  const printed = printedBody('fgts/11-request-debt-create');
  const account = { ...(printed['disbursement_bank_account'] as Json), document_number: cpf };
  return {
    ...printed,
    borrower: { ...(printed['borrower'] as Json), individual_document_number: cpf },
    collaterals: [{ collateral_type: 'fgts_balance', collateral_data: { periods }, percentage: 1 }],
    financial: {
      ...(printed['financial'] as Json),
      desired_installments: periods.map(({ due_date, amount }) => ({ due_date, total_amount: amount })),
      disbursement_start_date: inDays(0),
      disbursement_end_date: inDays(PAID_WITHIN_DAYS),
      issue_date: inDays(0),
    },
    disbursement_bank_account: account,
    ...change,
  };
}

/** Asks for the balance and waits for its webhook. @returns what falls due once a debt like the one above is paid out */
export async function periodsOf(partner: SandboxPartner, cpf: string): Promise<Period[]> {
  const asked = await partner.call('POST', '/baas/v2/fgts/available_balance', { document_number: cpf });
  const news = await partner.news(String(asked.body['available_balance_key']), 'success');
  return (news.data?.['periods'] as Period[]).filter(({ due_date }) => due_date > inDays(PAID_WITHIN_DAYS));
}

/** A debt on the first two periods that the balance names. */
export async function issued(partner: SandboxPartner, cpf: string, change: Json = {}): Promise<string> {
  const periods = await periodsOf(partner, cpf);
  const answer = await partner.call('POST', '/debt', debtOn(cpf, periods.slice(0, 2), change));
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return String(answer.body['key']);
}

/** Every number to nine decimals: what the manuals print beyond that is the noise of binary fractions. */
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(9));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}

/** Who the first of QI's mocked servants is, and where employed. */
export const SERVANT = '25256363506';
export const LINK = { authority_code: '17000', registration_code: '1354387' };

/** The body of a federal payroll debt of this servant, everything else as printed but for dates and rate. */
export function payrollDebt(cpf: string, collateral: Json = {}, change: Json = {}): Json {
  const printed = printedBody('federal-payroll/08-request-debt-issue-new-credit');
  const [first] = printed['collaterals'] as Json[];
  const address = {
    street: 'Rua',
    state: 'DF',
    city: 'Brasília',
    neighborhood: 'Asa',
    number: '1',
    postal_code: '70000000',
  };
  return {
    ...printed,
    borrower: {
      ...(printed['borrower'] as Json),
      individual_document_number: cpf,
      birth_date: '1980-01-01',
      address,
    },
    financial: {
      ...(printed['financial'] as Json),
      disbursement_date: inDays(0),
      first_due_date: inDays(40),
      monthly_interest_rate: 0.0179,
    },
    collaterals: [
      { ...first, collateral_data: { ...(first?.['collateral_data'] as Json), ...LINK, ...collateral } },
    ],
    disbursement_bank_account: {
      ...(printed['disbursement_bank_account'] as Json),
      document_number: cpf,
    },
    requester_identifier_key: 'ours',
    ...change,
  };
}
