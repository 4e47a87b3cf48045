import type { JsonObject } from '../kernel';
import type { BalanceNews, BalanceSnapshot, IssuedDebt, SimulatedFigures } from '../origination';
import { Fields } from './fields';
import { readJsonObject } from './json-bytes';
import { readEnvelope } from './read-envelope';
import { unreadable, type Unreadable } from './unreadable';

export type BalanceReading =
  | { readonly kind: 'read'; readonly key: string; readonly news: BalanceNews }
  | Unreadable;

const UNSPECIFIED = 'unspecified';

/** A webhook about a balance query: `available_balance` of the manual, `fgts_available_balance` of the older pages. */
export function readBalanceNews(document: JsonObject): BalanceReading {
  const { key, status } = readEnvelope(document);
  if (key === undefined) return unreadable('key_missing');
  const data = new Fields(document).child('data');
  switch (status?.trim().toLowerCase()) {
    case 'success':
    case 'succeeded': {
      const snapshot = readSnapshot(data);
      return snapshot === undefined
        ? unreadable('content_unclear')
        : { kind: 'read', key, news: { kind: 'received', snapshot } };
    }
    case 'failed':
    case 'failure':
      return {
        kind: 'read',
        key,
        news: {
          kind: 'refused',
          code: data.word('error_enumerator', 'enumerator') ?? UNSPECIFIED,
          description: data.text('error_description', 'description'),
          // The name reads the other way round: it is the first day on which it is permitted (T-77).
          permittedFrom: data.child('error_data').date('operation_not_allowed_until_date'),
        },
      };
    default:
      return unreadable('status_unknown');
  }
}

/** The key that QI gave a query, out of its answer. */
export function readBalanceKey(body: string): string | undefined {
  return fieldsIn(body)?.key('available_balance_key');
}

/** The result of a query by its key: what the webhook says and, only here, what stands against the balance (T-76). */
export function readBalanceResult(body: string): BalanceSnapshot | undefined {
  const fields = fieldsIn(body);
  return fields && readSnapshot(fields);
}

/** Every period with a date and an amount; undefined when one of them cannot be read: part of a balance is none. */
function readSnapshot(fields: Fields): BalanceSnapshot | undefined {
  const listed = fields.children('periods') ?? [];
  const periods = listed.flatMap((period) => {
    const [dueDate, amount] = [period.date('due_date'), period.decimal('amount')];
    return dueDate !== undefined && amount?.gte(0) === true ? [{ dueDate, amount }] : [];
  });
  if (periods.length !== listed.length || !fields.mentions('periods')) return undefined;
  return {
    referenceDate: fields.date('reference_date'),
    periods,
    activeContracts: fields.count('number_of_active_contracts'),
    hasUnavailableBalance: fields.flag('has_unavailable_balance'),
  };
}

/** The figures of a simulation: those of its one option, else those beside it. */
export function readFigures(body: string): SimulatedFigures | undefined {
  const data = fieldsIn(body)?.child('data');
  if (data === undefined) return undefined;
  const [option = data] = data.children('disbursement_options') ?? [];
  const figures = figuresOf(option);
  return figures.disbursedIssueAmount === undefined ? undefined : figures;
}

/** A debt as QI made or found it. `none`: QI answers that there is no such debt. */
export function readIssuedDebt(body: string): IssuedDebt | 'none' | undefined {
  const document = fieldsIn(body);
  if (document === undefined) return undefined;
  const listed = document.children('data', 'debts');
  if (listed !== undefined) {
    const [only] = listed;
    if (listed.length === 0) return 'none';
    const key = listed.length === 1 ? only?.key('key', 'debt_key', 'credit_operation_key') : undefined;
    return key === undefined || only === undefined
      ? undefined
      : { creditOperationKey: key, options: optionsOf(only) };
  }
  const key = document.key('key', 'debt_key', 'credit_operation_key');
  return key === undefined
    ? undefined
    : { creditOperationKey: key, options: optionsOf(document.child('data')) };
}

function optionsOf(data: Fields): IssuedDebt['options'] {
  return (data.children('disbursement_options') ?? []).map((option) => ({
    ...figuresOf(option),
    disbursementDate: option.date('disbursement_date'),
  }));
}

function figuresOf(option: Fields): SimulatedFigures {
  const rates = option.has('prefixed_interest_rate')
    ? option.child('prefixed_interest_rate')
    : option.child('pre_fixed_interest_rate');
  return {
    issueAmount: option.decimal('issue_amount'),
    disbursedIssueAmount: option.decimal('disbursed_issue_amount'),
    totalIof: option.decimal('iof_amount', 'total_iof'),
    monthlyCet: option.rate('cet'),
    annualCet: option.rate('annual_cet'),
    monthlyInterestRate: rates.rate('monthly_rate'),
    periods: (option.children('installments') ?? []).flatMap((installment) => {
      const [dueDate, amount] = [installment.date('due_date'), installment.decimal('total_amount')];
      return dueDate === undefined || amount === undefined ? [] : [{ dueDate, amount }];
    }),
  };
}

function fieldsIn(body: string): Fields | undefined {
  const document = readJsonObject(Buffer.from(body));
  return document && new Fields(document);
}
