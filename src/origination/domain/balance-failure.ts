import { MINUTE_MS, instantOf, type CalendarDate } from '../../kernel';

/**
 * When a balance is asked for again. at_date: by itself, on the date that came with the failure. later: by itself, after a
 * while. on_request: when the borrower has done something. never: nothing changes it.
 */
export type BalanceRetry = 'at_date' | 'later' | 'on_request' | 'never';

export interface BalanceFailure {
  /** What it means. */
  readonly meaning: string;
  /** What the borrower is told to do. */
  readonly advice: string;
  readonly retry: BalanceRetry;
}

/** By QI's enumerator. */
export type BalanceFailures = Readonly<Record<string, BalanceFailure>>;

/** What is known of a query that failed. */
interface FailedQuery {
  readonly code: string;
  /** The first day on which it is permitted again, where one was given. */
  readonly permittedFrom: CalendarDate | undefined;
  /** How often it had failed before. */
  readonly failures: number;
  readonly now: Date;
}

const OPENS_AT_HOUR = 8;

/** What is no reason of a balance's, but happens to every query. */
export const OWN_FAILURES: BalanceFailures = {
  query_canceled: {
    meaning: 'A consulta do saldo foi cancelada.',
    advice: 'Consultar de novo quando o cliente quiser.',
    retry: 'on_request',
  },
  issue_not_taken: {
    meaning: 'Duas pessoas conferiram que a QI não recebeu o pedido de emissão.',
    advice: 'Emitir de novo, simular outra vez ou encerrar a proposta.',
    retry: 'on_request',
  },
  issue_withheld: {
    meaning:
      'Antes de a emissão chegar à QI, as regras mudaram ou a data de desembolso passou, e ela não foi enviada.',
    advice: 'Simular de novo: o cliente precisa aceitar a nova oferta.',
    retry: 'on_request',
  },
  balance_overdue: {
    meaning: 'A QI recebeu a consulta e não a respondeu no tempo esperado.',
    advice: 'A consulta é repetida sozinha; a resposta à anterior que ainda vier também vale.',
    retry: 'later',
  },
  balance_key_missing: {
    meaning: 'A QI respondeu sem dizer qual é a consulta.',
    advice: 'Consultar de novo; se acontecer outra vez, avisar a QI.',
    retry: 'on_request',
  },
};

/** What is said of a failure that no manual names: it is shown, and nothing is done by itself. */
const UNKNOWN: BalanceFailure = {
  meaning: 'A QI informou um motivo que não conhecemos.',
  advice: 'Conferir o motivo com a QI antes de consultar de novo.',
  retry: 'on_request',
};

/** @returns undefined for a code that is no reason of a balance as far as anybody knows */
export function knownFailure(failures: BalanceFailures, code: string): BalanceFailure | undefined {
  return [OWN_FAILURES, failures].find((each) => Object.hasOwn(each, code))?.[code];
}

export function balanceFailure(failures: BalanceFailures, code: string): BalanceFailure {
  return knownFailure(failures, code) ?? UNKNOWN;
}

/** Those with which the other side says from when on it will answer. */
export function codesWithADate(failures: BalanceFailures): readonly string[] {
  return Object.keys(failures).filter((code) => failures[code]?.retry === 'at_date');
}

/**
 * When a balance is asked for again by itself: on the date that was given, from the morning on, or after a while. A date
 * that is there already, and the query refused all the same, is treated as a failure that passes: asked for ever it would
 * use up the quota.
 * @returns undefined where a person has to ask
 */
export function nextQueryAt(
  known: BalanceFailures,
  { code, permittedFrom, failures, now }: FailedQuery,
  limits: { readonly retry_after_minutes: number; readonly max_retries: number },
): Date | undefined {
  const { retry } = balanceFailure(known, code);
  if (retry === 'at_date') {
    if (permittedFrom === undefined) return undefined;
    const morning = instantOf(permittedFrom, OPENS_AT_HOUR);
    if (morning > now) return morning;
  } else if (retry !== 'later') return undefined;
  if (failures >= limits.max_retries) return undefined;
  return new Date(now.getTime() + limits.retry_after_minutes * MINUTE_MS);
}
