import { Decimal, type JsonObject } from '../../src/kernel';
import type { Behaviour } from '../behaviour';
import { isoWithoutZone } from '../printed-time';
import type { BalanceQuery } from './balance-query';
import { BALANCE_ERRORS } from './outcomes';
import type { Period } from './caixa';

/** What QI answers and tells about balance queries, in the manual's shapes. */

export const printedPeriods = (periods: readonly Period[]): JsonObject[] =>
  periods.map(({ dueDate, amount }) => ({ due_date: dueDate, amount }));

export function queryPending(query: BalanceQuery): JsonObject {
  return {
    available_balance_key: query.key,
    document_number: query.documentNumber,
    status: 'pending',
    status_events: [{ event_datetime: isoWithoutZone(query.askedAt), status: 'pending' }],
  };
}

/** The query as it stands: its figures at the top, and what the webhook does not tell. */
export function queryResult(query: BalanceQuery, activeContracts: number): JsonObject {
  const { result } = query;
  const found = result?.kind === 'success';
  return {
    available_balance_key: query.key,
    document_number: query.documentNumber,
    status: query.status,
    reference_date: found ? result.referenceDate : null,
    number_of_active_contracts: found ? new Decimal(activeContracts) : null,
    has_unavailable_balance: activeContracts > 0,
    periods: found ? printedPeriods(result.periods) : [],
    has_succeeded: found,
    error_message:
      result?.kind === 'failed' ? (BALANCE_ERRORS[result.enumerator] ?? result.enumerator) : null,
  };
}

export function queryNews(
  query: BalanceQuery,
  at: Date,
  type: Behaviour['contract']['fgts']['balance_webhook'],
): JsonObject {
  return {
    webhook_type: type,
    event_datetime: isoWithoutZone(at),
    key: query.key,
    status: query.status,
    data: newsData(query, type === 'available_balance' ? 'error_' : ''),
  };
}

function newsData({ result }: BalanceQuery, prefix: '' | 'error_'): JsonObject {
  if (result === undefined) return {};
  if (result.kind === 'success')
    return { reference_date: result.referenceDate, periods: printedPeriods(result.periods) };
  return {
    [`${prefix}description`]: BALANCE_ERRORS[result.enumerator] ?? result.enumerator,
    [`${prefix}enumerator`]: result.enumerator,
    ...(result.permittedFrom === undefined
      ? {}
      : { error_data: { operation_not_allowed_until_date: result.permittedFrom } }),
  };
}
