import type { JsonObject } from '../kernel';
import type { BalanceSnapshot, SimulatedFigures } from '../origination';
import type { Fields } from './fields';
import { readBalanceWebhook, type BalanceReading } from './read-balance-webhook';
import { fieldsIn, figuresOf } from './read-debt';

/** A webhook about a balance at Caixa: `available_balance` of the manual, `fgts_available_balance` of the older pages. */
export function readBalanceNews(document: JsonObject): BalanceReading {
  return readBalanceWebhook(document, (data) => {
    const snapshot = readSnapshot(data);
    return snapshot && { kind: 'received', snapshot };
  });
}

/** The key that QI gave a query, out of its answer. */
export function readBalanceKey(body: string): string | undefined {
  return fieldsIn(body)?.key('available_balance_key');
}

/**
 * The result of a query by its key: what the webhook says and, only here, what stands against the balance (T-76). It may be read
 * before QI has it, and one that failed is read too: their zeros are no figures.
 */
export function readBalanceResult(body: string): BalanceSnapshot | undefined {
  const fields = fieldsIn(body);
  return fields && hasSucceeded(fields) ? readSnapshot(fields) : undefined;
}

function hasSucceeded(fields: Fields): boolean {
  const [status, flag] = [fields.word('status'), fields.flag('has_succeeded')];
  if (flag === false) return false;
  return status === undefined ? flag === true : SUCCESS.includes(status);
}

const SUCCESS: readonly string[] = ['success', 'succeeded'];

/** Every period with a date and an amount; undefined when one of them cannot be read: part of a balance is none. */
function readSnapshot(fields: Fields): BalanceSnapshot | undefined {
  const listed = fields.children('periods') ?? [];
  const periods = listed.flatMap((period) => {
    const [dueDate, amount] = [period.date('due_date'), period.decimal('amount')];
    return dueDate !== undefined && amount?.gte(0) === true ? [{ dueDate, amount }] : [];
  });
  if (periods.length !== listed.length || !fields.mentions('periods')) return undefined;
  return {
    product: 'fgts',
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
  const isReadable = figures.disbursedIssueAmount !== undefined && figures.periods !== undefined;
  return isReadable ? figures : undefined;
}
